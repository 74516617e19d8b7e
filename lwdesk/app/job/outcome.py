"""The outcome of a job in words, for titles and lists: the same in the window and on the command line."""

from collections.abc import Mapping

from lwdesk.base.text import _, ngettext, number
from lwdesk.jobs.states import CONFLICT, DONE, FAILED, UNCHANGED, UNSURE


def attention(counts: Mapping[str, int]) -> int:
    """How many rows the user has to look at. `counts`: the rows by outcome."""
    return sum(counts.get(outcome, 0) for outcome in (FAILED, UNSURE, CONFLICT))


def outcome_words(kind: str, counts: Mapping[str, int]) -> str:
    """What became of the rows of an import or undo: "196 of 205 rows imported. 9 need attention."."""
    words = _as_wanted(kind == "undo", counts.get(DONE, 0) + counts.get(UNCHANGED, 0), sum(counts.values()))
    if need := attention(counts):
        more = ngettext("{n} needs attention.", "{n} need attention.", need)
        words = _("{outcome}. {more}").format(outcome=words, more=more)
    return words


def _as_wanted(undo: bool, good: int, total: int) -> str:
    """How many rows are as wanted, of all."""
    if undo and good == total:
        return ngettext("{n} row undone", "{n} rows undone", total)
    if undo:
        return ngettext("{good} of {n} row undone", "{good} of {n} rows undone", total, good=number(good))
    if good == total:
        return ngettext("{n} row imported", "{n} rows imported", total)
    return ngettext("{good} of {n} row imported", "{good} of {n} rows imported", total, good=number(good))
