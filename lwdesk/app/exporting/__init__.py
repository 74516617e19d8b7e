"""From a list of the school to a workbook: filters, costs, pages, the file."""
