"""Workbooks and CSV files: read them as tables, write new ones, put results beside a person's own rows."""
