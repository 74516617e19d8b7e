"""Existing jobs: status, rows, results, retry, undo, and the queue of running jobs."""
