"""Kinds of a school's own fields, learned from the values that its users have. Pure.

LearnWorlds' API has no types for custom fields: all are texts. What nearly all users have in one form
is taken as the field's kind, and a cell in another form gets a warning; it is never an error.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from lwdesk.base.text import N_, _, fold, listing, nearest, shorten
from lwdesk.catalog.cells.answers import signed, worded
from lwdesk.catalog.cells.dates import Date
from lwdesk.catalog.cells.kinds import Text
from lwdesk.catalog.cells.problems import NOTE, WARNING, Problem, Report, ignore_problem

DAY, ANSWER, NUMBER, LIST = "day", "answer", "number", "list"
# Values without which nothing is learned, and the share of them that must have one form.
_LEAST, _SHARE = 5, 0.9
# A closed list has few words, each of them often.
_MOST_WORDS, _LEAST_OFTEN = 15, 3
# The share of a sheet's words that nobody has, from which on it has words of its own.
_OTHERS = 0.3
# Words of a list that a message names.
_NAMED = 6
_FORMS = {
    "%Y-%m-%d": r"\d{4}-\d{2}-\d{2}",
    "%Y/%m/%d": r"\d{4}/\d{2}/\d{2}",
    "%d.%m.%Y": r"\d{1,2}\.\d{1,2}\.\d{4}",
    "%d/%m/%Y": r"(?:0?[1-9]|[12]\d|3[01])/(?:0?[1-9]|1[0-2])/\d{4}",
    "%m/%d/%Y": r"(?:0?[1-9]|1[0-2])/(?:0?[1-9]|[12]\d|3[01])/\d{4}",
    "%d-%m-%Y": r"\d{2}-\d{2}-\d{4}",
}
_DAY = Date()
_NUMERIC = re.compile(r"-?\d+(?:[.,]\d+)?")


@dataclass(frozen=True)
class Field(Text):
    """A custom field whose values are known: days in the `form` of strftime, yes and no, numbers, or one of `words`.

    `example` is a value that a user has. `others`: the sheet has words of its own, so that one more is no slip.
    """

    name = N_("text")
    what: str = ""
    form: str = ""
    words: tuple[str, ...] = ()
    example: str = ""
    day: Date = _DAY
    others: bool = False

    def tuned(self, cells: Iterable[object]) -> "Field":
        """Take the order of day and month that the column's own cells have, and whether its words are others."""
        if self.what == DAY:
            return replace(self, day=self.day.tuned(cells))
        if self.what == LIST:
            texts = {cell.strip() for cell in cells if isinstance(cell, str)}
            new = [text for text in texts if text not in self.words and not self._close(text)]
            return replace(self, others=len(new) > 1 and len(new) >= _OTHERS * len(texts))
        return self

    def read(self, cell: object, report: Report) -> str | None:
        if self.what == DAY and isinstance(cell, date):
            day = cell.date() if isinstance(cell, datetime) else cell
            return day.strftime(self.form)
        value = super().read(cell, report)
        if value is not None and (problem := getattr(self, f"_odd_{self.what}")(value)) is not None:
            report(problem)
        return value

    def _odd_day(self, value: str) -> Problem | None:
        if re.fullmatch(_FORMS[self.form], value):
            return None
        meant = self.day.read(value, ignore_problem)
        fix = meant.strftime(self.form) if meant is not None else None
        return self._other_form(value, "field-day", fix)

    def _odd_number(self, value: str) -> Problem | None:
        return None if _NUMERIC.fullmatch(value) else self._other_form(value, "field-number", None)

    def _odd_answer(self, value: str) -> Problem | None:
        if value in self.words:
            return None
        answer = _answer(value)
        fix = next((word for word in self.words if answer is not None and _answer(word) is answer), None)
        return self._other_form(value, "field-answer", fix)

    def _odd_list(self, value: str) -> Problem | None:
        if value in self.words:
            return None
        close, text = self._close(value), shorten(value)
        if close:
            message = _("No user has “{text}” in this field. Did you mean “{close}”?").format(
                text=text, close=close[0]
            )
        else:
            words = listing([*self.words[:_NAMED]])
            message = _("No user has “{text}” in this field. Other users have {words}.").format(
                text=text, words=words
            )
        level = NOTE if self.others and not close else WARNING
        return Problem(level, "field-list", message, fix=close[0] if close else None, choices=self.words)

    def _close(self, value: str) -> list[str]:
        """The word of the list that may be meant, or none."""
        same = [word for word in self.words if fold(word) == fold(value)]
        return same[:1] or nearest(value, self.words, most=1)

    def _other_form(self, value: str, code: str, fix: str | None) -> Problem:
        message = _("Other users' values look like {example}. This one is {text}.")
        message = message.format(example=shorten(self.example), text=shorten(value))
        return Problem(WARNING, code, message, fix=fix)


def learned(values: Mapping[str, int]) -> Field | None:
    """The kind of a field of which these values are known, with how often; None where they show none."""
    total = sum(values.values())
    if total < _LEAST:
        return None
    example = max(values, key=lambda value: values[value])
    if form := _form(values, total):
        latest = max(value for value in values if re.fullmatch(_FORMS[form], value))
        return Field(what=DAY, form=form, example=latest, day=Date(_leads(form)))
    words = tuple(sorted(values, key=lambda value: -values[value]))
    if all(_answer(value) is not None for value in values) and len(words) <= 2:
        return Field(what=ANSWER, words=words, example=example)
    if sum(n for value, n in values.items() if _NUMERIC.fullmatch(value)) >= _SHARE * total:
        return Field(what=NUMBER, example=example)
    often = [word for word in words if values[word] >= _LEAST_OFTEN]
    if (
        len(words) <= _MOST_WORDS
        and len(often) >= 2
        and sum(values[word] for word in often) >= _SHARE * total
    ):
        return Field(what=LIST, words=tuple(often), example=example)
    return None


def _form(values: Mapping[str, int], total: int) -> str:
    """The one form of days that nearly all values have; "" where it is none, or can be two."""
    shares = {
        form: sum(n for value, n in values.items() if re.fullmatch(pattern, value))
        for form, pattern in _FORMS.items()
    }
    best = max(shares.values())
    fits = [form for form, share in shares.items() if share == best]
    return fits[0] if best >= _SHARE * total and len(fits) == 1 else ""


def _leads(form: str) -> bool | None:
    return {"%d/%m/%Y": True, "%m/%d/%Y": False}.get(form)


def _answer(text: str) -> bool | None:
    return signed(text) if signed(text) is not None else worded(text)
