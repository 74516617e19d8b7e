"""What stands in a cell whose value the file does not hold, for those who read sheets and those who check them."""

NO_RESULT = "#FORMULA!"
"""A formula whose result was never saved: the program that wrote the file did not calculate it."""
