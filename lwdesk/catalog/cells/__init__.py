"""Cells of a sheet: what they say, what is wrong with them, and what would fix it. Pure."""
