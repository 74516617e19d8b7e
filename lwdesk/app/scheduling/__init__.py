"""Runs by the system's own scheduler: when, what its entries look like, and the tool that keeps them."""
