"""The marks in cells whose value is missing from the file, shared by readers and checks."""

NO_RESULT = "#FORMULA!"
"""A formula whose result was never saved: the program that wrote the file did not calculate it."""
