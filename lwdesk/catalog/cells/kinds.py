"""Kinds of columns: how a cell becomes a value, how a value looks in a cell and on the wire. Pure.

A kind's `read` returns the value, or None for an empty cell, and reports what it found or repaired. A value
it cannot read is reported as an error and None is returned.
"""

import math
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import Any, ClassVar

from lwdesk.base.marks import NO_RESULT
from lwdesk.base.text import N_, _, fold, nearest, quoted, shorten, split_list, unquoted
from lwdesk.catalog.cells import answers
from lwdesk.catalog.cells.cell_checks import check_text, look_alikes
from lwdesk.catalog.cells.problems import ERROR, NOTE, WARNING, Problem, Report, ignore_problem

# What no one sees and no one means: zero-width marks, marks of direction, control characters, halves of letters.
_INVISIBLE = dict.fromkeys(
    [0xAD, 0x61C, 0x180E, 0x200E, 0x200F, 0x200B, 0xFEFF, 0x7F]
    + [*range(0x202A, 0x202F), *range(0x2060, 0x206A)]
    + [code for code in range(0x20) if chr(code) not in "\t\n\r"]
    + [*range(0xD800, 0xE000)]
)
# These join or part letters of many scripts and of emoji; they only belong between letters.
_JOINERS = "\u200c\u200d"
_BLANKS = " \t\r\n"  # not the fixed blank, which may be half of a mixed-up letter
_SPACES = re.compile(r"[\s\u00a0\u2000-\u200a\u202f\u205f\u3000]+")
_EMAIL = re.compile(r"[^\s@<>,;:\"()\[\]\\]+@(?:[^\s@<>,;:\"()\[\]\\.]+\.)+[^\s@<>,;:\"()\[\]\\.]{2,}")
# An email that starts or ends in a quote, or has dots or dashes where hardly any has: a second look is due.
_ODD_EMAIL = re.compile(r"^['.]|\.\.|\.@|@-|-\.|\.-|'$")
# What word processors make of an apostrophe.
_APOSTROPHES = dict.fromkeys(map(ord, "’‘ʼ‛′"), "'")
_USER_ID = re.compile(r"[0-9a-f]{24}")
# Errors as Excel shows them in several languages, those of LibreOffice, and a number wider than its column.
_EXCEL_ERROR = re.compile(
    r"#(?:N/A|N/D|N/B|N/V|NV|Δ/Υ|Н/Д|(?:DIV|DZIEL|ДЕЛ|ΔΙΑΙΡ|¡DIV)/0!?"
    r"|(?:REF|VALUE|NAME|NULL|NUM|SPILL|CALC|FIELD|BLOCKED|CONNECT|BUSY|PYTHON|EXTERNAL|UNKNOWN|GETTING_DATA"
    r"|BEZUG|WERT|ZAHL|ÜBERLAUF|NOMBRE|NOM|VALEUR|NUL|PROPAGATION|¡REF|¡VALOR|¿NOMBRE|¡NUM|¡NULO|¡DESBORDAMIENTO"
    r"|VALOR|NOME|NÚM|NULO|DESPEJAR|RIF|VALORE|NULLO|VERW|WAARDE|NAAM|GETAL|LEEG|OVERLOOP"
    r"|ADR|ARG|NAZWA|LICZBA|ZERO|ROZLANIE|ΑΝΑΦ|ΤΙΜΗ|ΟΝΟΜΑ|ΑΡΙΘ|ΚΕΝΟ|ССЫЛКА|ЗНАЧ|ИМЯ|ЧИСЛО|ПУСТО)[!?]|REF|##+)"
    r"|Err:\d{3}"
)


class Amount(float):
    """A number with the currency beside it."""

    currency: str

    def __new__(cls, number: float, currency: str) -> "Amount":
        made = super().__new__(cls, number)
        made.currency = currency
        return made

    @property
    def plain(self) -> float | int:
        """The number alone."""
        return int(self) if self.is_integer() else float(self)


def text_of(cell: object) -> str:
    """A typed cell as the text a person sees: 5.0 is 5, a date is ISO, a number has Excel's 15 digits."""
    if isinstance(cell, str):
        return cell
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        text = str(int(cell)) if cell.is_integer() else f"{cell:.15g}"
        return text if "e" not in text else f"{cell:.9f}".rstrip("0").rstrip(".")
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(" ")
    if isinstance(cell, date | time):
        return cell.isoformat()
    return str(cell)


def clean(cell: object, report: Report) -> str:
    """The text of a cell without the blanks and invisible characters around it; says so where it removed any.

    An Excel error (#N/A, #REF! ...) and a formula without a saved result are reported as errors and read as empty.
    """
    text = cell if isinstance(cell, str) else text_of(cell)
    if text.isascii() and text.isprintable() and text[:1] not in (" ", "#", "E") and text[-1:] != " ":
        return text
    if text == NO_RESULT:
        message = _(
            "This cell contains a formula whose result isn't saved. Open the file in Excel, save it, and drop it again."
        )
        report(Problem(ERROR, "formula", message))
        return ""
    if _EXCEL_ERROR.fullmatch(text.strip()):
        message = _("Excel shows {text} in this cell instead of a value. Fix its formula, or type the value.")
        report(Problem(ERROR, "excel-error", message.format(text=text.strip())))
        return ""
    tidy = text.translate(_INVISIBLE).replace("\u00a0", " ").strip().strip(_JOINERS).strip()
    if tidy and tidy != text:
        report(Problem(NOTE, "spaces", _("Spaces or invisible characters were removed."), fix=tidy))
    return tidy


def finite(cell: object, report: Report) -> bool:
    """Whether a number is one: a computation can end in none."""
    if isinstance(cell, float) and not math.isfinite(cell):
        report(Problem(ERROR, "number", _("The formula in this cell has a result that isn't a number.")))
        return False
    return True


@dataclass(frozen=True)
class Kind:
    """The root of all kinds. `name` is shown to users, translated where it is shown."""

    name = N_("text")
    many = False
    blank: ClassVar[Any] = ""  # what a value is set to when it is to be empty again

    def read(self, cell: object, report: Report) -> Any:
        """Cell -> value, None when empty or unreadable."""
        return (clean(cell, report) or None) if finite(cell, report) else None

    def tuned(self, cells: Iterable[object]) -> "Kind":
        """This kind, adapted to all the cells of one column (as the order of day and month)."""
        return self

    def show(self, value: Any) -> str:
        """Value -> the text of a cell that reads back as the same value."""
        return text_of(value)

    def serialize(self, value: Any) -> Any:
        """Value -> what JSON carries."""
        return value


@dataclass(frozen=True)
class Text(Kind):
    """Any text. Numbers are taken as they look; a number that Excel has shortened is refused."""

    name = N_("text")

    def read(self, cell: object, report: Report) -> str | None:
        if not finite(cell, report):
            return None
        if isinstance(cell, float | int) and not isinstance(cell, bool) and abs(cell) >= 1e15:
            message = _(
                "Excel keeps only 15 digits of a number, so the last digits of this one may be wrong."
                " Format the column as text and type it again."
            )
            report(Problem(WARNING, "long-number", message))
        if isinstance(cell, str) and (found := check_text(cell.strip(_BLANKS))) is not None:
            report(found)
            return None if found.level == ERROR else clean(cell, ignore_problem) or None
        return clean(cell, report) or None


@dataclass(frozen=True)
class Email(Kind):
    """An email address. `mailto:`, `Name <a@b>` and full-width letters are repaired with a note."""

    name = N_("email")

    def read(self, cell: object, report: Report) -> str | None:
        if type(cell) is str and cell.isascii() and _EMAIL.fullmatch(cell) and not _ODD_EMAIL.search(cell):
            return cell
        text = clean(cell, report)
        if not text:
            return None
        tidy = self._tidy(text)
        if not _EMAIL.fullmatch(tidy):
            report(self._refusal(text, tidy))
            return None
        if tidy != text:
            report(Problem(NOTE, "email-tidied", _("Read as {email}.").format(email=tidy), fix=tidy))
        if (plain := tidy.translate(_APOSTROPHES)) != tidy:
            message = _("{email} has a typographic apostrophe, which emails don't have. Did you mean {fix}?")
            message = message.format(email=shorten(tidy), fix=shorten(plain))
            report(Problem(WARNING, "email-quote", message, fix=plain))
        elif not tidy.isascii():
            odd = ", ".join(sorted({c for c in tidy if not c.isascii()}))
            if latin := look_alikes(tidy):
                message = _(
                    "These letters in the email only look like Latin ones: {odd}."
                    " Emails to this address would not arrive."
                )
                report(Problem(ERROR, "email-double", message.format(odd=shorten(odd)), fix=latin))
                return None
            message = _("These characters are unusual in an email: {odd}. Is it spelled correctly?")
            report(Problem(WARNING, "email-letters", message.format(odd=shorten(odd))))
        elif _ODD_EMAIL.search(tidy):
            message = _("{email} has a dot or hyphen in an unusual place. Is it spelled correctly?")
            report(Problem(WARNING, "email-dots", message.format(email=shorten(tidy))))
        return tidy

    @staticmethod
    def _tidy(text: str) -> str:
        tidy = unicodedata.normalize(
            "NFKC", text.replace("´", "’")
        )  # an accent by itself would become a blank
        for joiner in _JOINERS:
            tidy = tidy.replace(joiner, "")
        if (inside := re.fullmatch(r"[^<>]*<\s*([^<>]+?)\s*>[\s;,.]*", tidy)) is not None:
            tidy = inside[1]
        if link := re.match(r"\s*mailto:\s*", tidy, flags=re.I):
            tidy = tidy[link.end() :].partition("?")[0]
        return tidy.strip(" \t;,.<>\"'")

    def _refusal(self, text: str, tidy: str) -> Problem:
        shown = shorten(text)
        if len(re.findall(r"[^\s@]@[^\s@]", tidy)) > 1:
            message = _("The cell “{text}” contains more than one email. Put each user in a separate row.")
            return Problem(ERROR, "email-several", message.format(text=shown))
        packed = _SPACES.sub("", tidy)
        parts = [word.strip(";,.:") for word in re.split(r"[\s()]+", tidy) if word]
        inside = next((word for word in parts if _EMAIL.fullmatch(word)), None)
        one = packed != tidy and _EMAIL.fullmatch(packed) is not None
        if one and (inside is None or (len(parts) == 2 and parts[0].islower())):
            message = _("The email “{text}” contains spaces.").format(text=shown)
            return Problem(ERROR, "email-spaces", message, fix=packed)
        if inside is not None:
            message = _("The cell “{text}” contains more than an email.").format(text=shown)
            return Problem(ERROR, "email-more", message, fix=inside)
        return Problem(ERROR, "email", self._odd().format(text=shown))

    def _odd(self) -> str:
        return _("“{text}” isn't an email address.")


@dataclass(frozen=True)
class User(Email):
    """A user of the school: an email, or the 24-character id. `by_id`: the service takes the id alone."""

    name = N_("email or user ID")
    by_id: bool = False

    def read(self, cell: object, report: Report) -> str | None:
        if isinstance(cell, str) and "@" not in cell:
            word = clean(cell, ignore_problem).lower()
            if _USER_ID.fullmatch(word):
                return word
        return super().read(cell, report)

    def _odd(self) -> str:
        return _("“{text}” is neither an email address nor a user ID of 24 characters.")


@dataclass(frozen=True)
class YesNo(Kind):
    """Yes or no, in many languages and signs. `languages` are those that the column can be in, None before its cells
    were looked at."""

    name = N_("yes or no")
    blank: ClassVar[Any] = False
    languages: tuple[str, ...] | None = None

    def tuned(self, cells: Iterable[object]) -> "YesNo":
        """The languages that have all the words and letters of the column."""
        texts = [clean(cell, ignore_problem) for cell in cells if isinstance(cell, str)]
        return replace(self, languages=answers.languages([text for text in texts if text]))

    def read(self, cell: object, report: Report) -> bool | None:
        if isinstance(cell, bool):
            return cell
        text = clean(cell, report)
        if not text:
            return None
        for answer in (answers.signed(text), answers.worded(text)):
            if answer is not None:
                return answer
        if answers.is_letter(text):
            return self._lettered(text, report)
        message = _("“{text}” is neither yes nor no. Write yes or no.").format(text=shorten(text))
        report(Problem(ERROR, "yes-no", message, choices=("yes", "no")))
        return None

    def _lettered(self, text: str, report: Report) -> bool | None:
        among = answers.languages([text]) if self.languages is None else self.languages
        answer = answers.lettered(text, among)
        if len(answer) == 1:
            return answer[0]
        both = answer if len(answer) == 2 else answers.lettered(text, answers.languages([text]))
        both = [*both, *(yes for yes in (True, False) if yes not in both)]
        message = _(
            "“{text}” could mean yes or no, and the other cells in this column don't show which. Write yes or no."
        )
        choices = tuple("yes" if yes else "no" for yes in both)
        report(Problem(ERROR, "yes-no-letter", message.format(text=shorten(text)), choices=choices))
        return None

    def show(self, value: bool) -> str:
        return "yes" if value else "no"


# Choices that a message names.
_MOST_WORDS = 12


@dataclass(frozen=True)
class Choice(Kind):
    """One of a few words: wire value -> the other words accepted for it.

    `open`: LearnWorlds may have more words by now, so any other word is taken as it is written, with a warning.
    `labels` are what the window shows instead of them."""

    name = N_("choice")
    options: tuple[tuple[str, tuple[str, ...]], ...] = ()
    open: bool = False
    labels: tuple[str, ...] = ()

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
            if word == fold(value) or word in map(fold, synonyms):
                return value
        if self.open:
            message = _("“{text}” isn't a value lwdesk knows. It's sent as written.")
            report(Problem(WARNING, "choice", message.format(text=shorten(text))))
            return text
        message = _("“{text}” isn't an allowed value. Use one of: {words}.")
        close = nearest(text, self.values, most=1)
        words = self.values if len(self.values) <= _MOST_WORDS else (*self.values[:_MOST_WORDS], "…")
        message = message.format(text=shorten(text), words=", ".join(words))
        report(Problem(ERROR, "choice", message, fix=close[0] if close else None, choices=self.values))
        return None


@dataclass(frozen=True)
class Reference(Kind):
    """Something the school has, by title or id. `to` names the directory's listings that may hold it; `lacking`: what
    the school does not have is taken as it is written, and is no mistake of the sheet."""

    name = N_("title or ID")
    to: tuple[str, ...] = ()
    lacking: bool = False


@dataclass(frozen=True)
class Several(Kind):
    """A list in one cell, items apart by `;`, `|` or a line break, and by commas where `commas` says so; an item in
    quotes is taken whole. What the titles of a school are needed for, to know where an item ends, stays one text until
    they are known (`app.importing.resolve`).
    """

    item: Kind = Text()
    commas: bool = False
    many = True

    @property
    def name(self) -> str:  # type: ignore[override]
        return _("list of: {kind}").format(kind=_(self.item.name))

    def read(self, cell: object, report: Report) -> tuple[Any, ...] | None:
        text = clean(cell, report)
        if not text:
            return None
        if isinstance(self.item, Reference):
            return (text,)
        values = [self.item.read(part, report) for part in self._parts(text)]
        return tuple(dict.fromkeys(value for value in values if value is not None)) or None

    def tuned(self, cells: Iterable[object]) -> "Several":
        parts = {part for cell in cells for part in self._parts(text_of(cell))}
        return replace(self, item=self.item.tuned(parts))

    def _parts(self, text: str) -> list[str]:
        return [unquoted(part) for part in split_list(text, ";|\n," if self.commas else ";|\n")]

    def show(self, value: Iterable[Any]) -> str:
        # the text of a cell whose titles are not looked up yet is a list already
        cell = isinstance(self.item, Reference)
        return "; ".join(
            self.item.show(item) if cell and isinstance(item, str) else quoted(self.item.show(item))
            for item in value
        )

    def serialize(self, value: Iterable[Any]) -> list[Any]:
        return [self.item.serialize(item) for item in value]


def tags() -> Several:
    """Tags of a user: a list, commas separate too; a tag with a comma is written in quotes, as exports write it."""
    return Several(Text(), commas=True)
