"""Spreadsheets and CSV files: reading what people have, writing what opens right in Excel."""
