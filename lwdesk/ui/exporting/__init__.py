"""The parts of the Export page: what, which, columns, where to, and a look before."""
