"""Documents for reading and printing."""
