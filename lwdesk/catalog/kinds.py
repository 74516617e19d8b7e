"""Kinds of columns: how a cell becomes a value, how a value looks in a cell and on the wire. Pure.

A kind's `read` returns the value, or None for an empty cell, and reports what it found or repaired. A value
it cannot read is reported as an error and None is returned.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from lwdesk.base.text import _, fold
from lwdesk.catalog.problems import ERROR, NOTE, WARNING, Problem, Report

_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u00ad"))
_SPACES = re.compile(r"[\s\u00a0\u2000-\u200a\u202f\u205f\u3000]+")
_EMAIL = re.compile(r"[^\s@<>,;:\"()\[\]\\]+@(?:[^\s@<>,;:\"()\[\]\\.]+\.)+[^\s@<>,;:\"()\[\]\\.]{2,}")
_USER_ID = re.compile(r"[0-9a-f]{24}")
_EXCEL_ERROR = re.compile(r"#(N/A|REF!|VALUE!|DIV/0!|NAME\?|NULL!|NUM!|SPILL!|CALC!|GETTING_DATA)")
YES = frozenset(
    "yes y true t 1 x ok on ja j oui o si s sim da ναι ν αληθης да 是 はい ✓ ✔ wahr vrai verdadero".split()
)
NO = frozenset(
    "no n false f 0 off nein non nao não ne οχι ο ψευδης нет 否 いいえ ✗ ✘ falsch faux falso".split()
)


def text_of(cell: object) -> str:
    """A typed cell as the text a person sees: 5.0 is 5, a date is ISO."""
    if isinstance(cell, str):
        return cell
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime) and cell.time() == time():
        return cell.date().isoformat()
    if isinstance(cell, date | time):
        return cell.isoformat()
    return str(cell)


def clean(cell: object, report: Report) -> str:
    """The text of a cell without the blanks and invisible characters around it; says so where it removed any.

    An Excel error (#N/A, #REF! ...) is reported as an error and read as empty.
    """
    text = cell if isinstance(cell, str) else text_of(cell)
    if text.isascii() and text.isprintable() and text[:1] not in (" ", "#") and text[-1:] != " ":
        return text
    if text.startswith("#") and _EXCEL_ERROR.fullmatch(text):
        report(
            Problem(
                ERROR,
                "excel-error",
                _("Excel could not compute this cell: it shows {text}.").format(text=text),
            )
        )
        return ""
    tidy = text.translate(_INVISIBLE)
    if "\u00a0" in tidy:
        tidy = tidy.replace("\u00a0", " ")
    tidy = tidy.strip()
    if tidy != text:
        report(Problem(NOTE, "spaces", _("Spaces or invisible characters were removed."), fix=tidy))
    return tidy


@dataclass(frozen=True)
class Kind:
    """The root of all kinds. `name` is the word for people, in templates and reference pages."""

    name = "text"
    many = False

    def read(self, cell: object, report: Report) -> Any:
        """Cell -> value, None when empty or unreadable."""
        return clean(cell, report) or None

    def tuned(self, cells: Iterable[object]) -> "Kind":
        """This kind, adapted to all the cells of one column (as the order of day and month)."""
        return self

    def show(self, value: Any) -> str:
        """Value -> the text of a cell that reads back as the same value."""
        return text_of(value)

    def wire(self, value: Any) -> Any:
        """Value -> what JSON carries."""
        return value


@dataclass(frozen=True)
class Text(Kind):
    """Any text. Numbers are taken as they look; a number that Excel has shortened is refused."""

    name = "text"

    def read(self, cell: object, report: Report) -> str | None:
        if isinstance(cell, float | int) and not isinstance(cell, bool) and abs(cell) >= 1e15:
            message = _("Excel keeps only 15 digits of a number: the last digits of this one are lost.")
            report(Problem(WARNING, "long-number", message))
        text = clean(cell, report)
        if "E+" in text and re.fullmatch(r"\d[.,]\d+E\+\d+", text):
            message = _("Excel has shortened a long number to {text}: its digits are lost.").format(text=text)
            report(Problem(ERROR, "long-number", message))
            return None
        return text or None


@dataclass(frozen=True)
class Email(Kind):
    """An email address. `mailto:`, `Name <a@b>` and full-width letters are repaired with a note."""

    name = "email"

    def read(self, cell: object, report: Report) -> str | None:
        if type(cell) is str and cell.isascii() and _EMAIL.fullmatch(cell) and cell[-1] != ".":
            return cell
        text = clean(cell, report)
        if not text:
            return None
        tidy = self._tidy(text)
        if _EMAIL.fullmatch(tidy):
            if tidy != text:
                report(Problem(NOTE, "email-tidied", _("Taken as {email}.").format(email=tidy), fix=tidy))
            if not tidy.isascii():
                odd = ", ".join(sorted({c for c in tidy if not c.isascii()}))
                message = _("This email has letters that rarely are in an address: {odd}.").format(odd=odd)
                report(Problem(WARNING, "email-letters", message))
            return tidy
        report(self._refusal(text, tidy))
        return None

    @staticmethod
    def _tidy(text: str) -> str:
        tidy = unicodedata.normalize("NFKC", text)
        if (inside := re.fullmatch(r"[^<>]*<\s*([^<>]+?)\s*>", tidy)) is not None:
            tidy = inside[1]
        tidy = re.sub(r"^\s*mailto:\s*", "", tidy, flags=re.I)
        return tidy.strip(" \t;,.<>\"'")

    @staticmethod
    def _refusal(text: str, tidy: str) -> Problem:
        if len(re.findall(r"[^\s@]@[^\s@]", tidy)) > 1:
            message = _("More than one email in the cell “{text}”: give each person a row.").format(text=text)
            return Problem(ERROR, "email-several", message)
        packed = _SPACES.sub("", tidy)
        if packed != tidy and _EMAIL.fullmatch(packed):
            message = _("There are spaces inside the email “{text}”.").format(text=text)
            return Problem(ERROR, "email-spaces", message, fix=packed)
        message = _("“{text}” is not an email address.").format(text=text)
        return Problem(ERROR, "email", message)


@dataclass(frozen=True)
class User(Email):
    """A user of the school: an email, or the 24-character id."""

    name = "email or user id"

    def read(self, cell: object, report: Report) -> str | None:
        if isinstance(cell, str) and _USER_ID.fullmatch(cell.strip().lower()):
            return cell.strip().lower()
        return super().read(cell, report)


@dataclass(frozen=True)
class YesNo(Kind):
    """Yes or no, in many languages and signs."""

    name = "yes or no"

    def read(self, cell: object, report: Report) -> bool | None:
        if isinstance(cell, bool):
            return cell
        text = clean(cell, report)
        if not text:
            return None
        word = fold(text) or text
        if word in YES or word in NO:
            return word in YES
        message = _("“{text}” is neither yes nor no.").format(text=text)
        report(Problem(ERROR, "yes-no", message, choices=(_("yes"), _("no"))))
        return None

    def show(self, value: bool) -> str:
        return "yes" if value else "no"


@dataclass(frozen=True)
class Number(Kind):
    """A number with `.` or `,` as decimal mark, within bounds; `whole` allows no fraction."""

    name = "number"
    low: float | None = None
    high: float | None = None
    whole: bool = False

    def read(self, cell: object, report: Report) -> float | int | None:
        if isinstance(cell, int | float) and not isinstance(cell, bool):
            number: float = cell
        else:
            text = clean(cell, report)
            if not text:
                return None
            parsed = self._parse(unicodedata.normalize("NFKC", text), report)
            if parsed is None:
                report(Problem(ERROR, "number", _("“{text}” is not a number.").format(text=text)))
                return None
            number = parsed
        return self._bounded(number, report)

    def _bounded(self, number: float, report: Report) -> float | int | None:
        if number != number or abs(number) == float("inf"):
            report(Problem(ERROR, "number", _("This is not a number.")))
            return None
        if self.whole and number != int(number):
            report(Problem(ERROR, "number-whole", _("{number} is not a whole number.").format(number=number)))
            return None
        if self.low is not None and number < self.low:
            message = _("{number} is below the smallest allowed, {low}.")
            report(
                Problem(ERROR, "number-low", message.format(number=text_of(number), low=text_of(self.low)))
            )
            return None
        if self.high is not None and number > self.high:
            message = _("{number} is above the largest allowed, {high}.")
            report(
                Problem(ERROR, "number-high", message.format(number=text_of(number), high=text_of(self.high)))
            )
            return None
        return int(number) if number == int(number) else number

    @staticmethod
    def _parse(text: str, report: Report) -> float | None:
        digits = re.sub(r"^(?:[€$£¥₺₽]|[A-Z]{3})\s*|\s*(?:[€$£¥₺₽%]|[A-Z]{3})$", "", text)
        digits = re.sub(r"(?<=\d)[\s'’\u202f](?=\d{3})", "", digits)
        if not re.fullmatch(r"[-+]?\d+(?:[.,]\d+)*", digits):
            return None
        marks = re.findall(r"[.,]", digits)
        if len(set(marks)) == 2 or len(marks) > 1:
            decimal = marks[-1] if len(set(marks)) == 2 and marks.count(marks[-1]) == 1 else ""
        else:
            decimal = marks[0] if marks else ""
            if decimal == "," and re.fullmatch(r"[-+]?[1-9]\d{0,2},\d{3}", digits):
                message = _("Read “{text}” as {n}; write it without a comma if that is wrong.")
                number = digits.replace(",", "")
                report(Problem(WARNING, "number-comma", message.format(text=text, n=number)))
                return float(number)
        for mark in set(marks) - {decimal}:
            digits = digits.replace(mark, "")
        return float(digits.replace(decimal, ".") if decimal else digits)


@dataclass(frozen=True)
class Money(Number):
    """An amount in the school's currency."""

    name = "amount"
    low: float | None = 0


@dataclass(frozen=True)
class Choice(Kind):
    """One of a few words: wire value -> the other words that people write for it."""

    name = "choice"
    options: tuple[tuple[str, tuple[str, ...]], ...] = ()

    @classmethod
    def of(cls, *plain: str, **named: str) -> "Choice":
        """Choice.of("days", weeks="wk week"): wire values, some with blank-separated synonyms."""
        return cls(
            tuple((value, ()) for value in plain) + tuple((k, tuple(v.split())) for k, v in named.items())
        )

    @property
    def values(self) -> tuple[str, ...]:
        return tuple(value for value, _synonyms in self.options)

    def read(self, cell: object, report: Report) -> str | None:
        text = clean(cell, report)
        if not text:
            return None
        word = fold(text)
        for value, synonyms in self.options:
            if word == fold(value) or word in synonyms:
                return value
        message = _("“{text}” is none of: {words}.").format(text=text, words=", ".join(self.values))
        report(Problem(ERROR, "choice", message, choices=self.values))
        return None


@dataclass(frozen=True)
class Reference(Kind):
    """Something the school has, by title or id. `to` names the directory's listings that may hold it."""

    name = "title or id"
    to: tuple[str, ...] = ()


@dataclass(frozen=True)
class Several(Kind):
    """A list in one cell, items apart by `;`, `|` or a line break, and by commas where `commas` says so."""

    item: Kind = Text()
    commas: bool = False
    many = True

    @property
    def name(self) -> str:  # type: ignore[override]
        return _("list of: {kind}").format(kind=self.item.name)

    def read(self, cell: object, report: Report) -> tuple[Any, ...] | None:
        text = clean(cell, report)
        if not text:
            return None
        parts = (part.strip() for part in re.split(r"[;|\n,]" if self.commas else r"[;|\n]", text))
        values = [self.item.read(part, report) for part in parts if part]
        return tuple(dict.fromkeys(value for value in values if value is not None)) or None

    def show(self, value: Iterable[Any]) -> str:
        return "; ".join(self.item.show(item) for item in value)

    def wire(self, value: Iterable[Any]) -> list[Any]:
        return [self.item.wire(item) for item in value]


def tags() -> Several:
    """Tags of a user: a list, commas separate too, for no tag has one."""
    return Several(Text(), commas=True)


def as_choices(kind: Kind, directory: Mapping[str, Iterable[str]]) -> list[str]:
    """The words a drop-down list can offer for a kind; `directory` maps a listing's id to its titles."""
    inner = kind.item if isinstance(kind, Several) else kind
    if isinstance(inner, Choice):
        return list(inner.values)
    if isinstance(inner, YesNo):
        return ["yes", "no"]
    if isinstance(inner, Reference):
        return [title for listing in inner.to for title in directory.get(listing, ())]
    return []
