"""The places in the help about rows that need attention."""

from collections.abc import Set

from lwdesk.app.job.sheet_rows import RowDetail

_TITLES = frozenset({"unknown", "ambiguous", "replaced"})
_EXCEL = frozenset({"long-number", "number-shortened", "excel-error", "formula"})


def of_row(row: RowDetail) -> str:
    """The place about what is wrong with a row, "" where nothing is."""
    if row.errors:
        return f"troubleshooting#{_heading(row.errors)}"
    if row.status.tone == "failed":
        return "troubleshooting#refused"
    return "needs-checking" if row.status.tone == "look" and not row.before else ""


def _heading(codes: Set[str]) -> str:
    """The heading about problems with these codes."""
    if codes & _TITLES:
        return "titles"
    return "excel" if codes & _EXCEL else "cells"
