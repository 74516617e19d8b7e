"""A job that is there: its standing, its rows, results, retry, undo, and the line of jobs that run."""
