"""The schools: their sessions, the pace, and what each of them has."""
