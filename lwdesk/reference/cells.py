"""What a cell may contain: kinds of columns and of exported values, in words."""

from lwdesk.base.text import N_, _, fold, listing
from lwdesk.catalog import LISTINGS
from lwdesk.catalog.cells.dates import Date
from lwdesk.catalog.cells.kinds import Choice, Kind, Reference, Several
from lwdesk.catalog.cells.numbers import Number
from lwdesk.catalog.export_model import (
    DATETIME,
    DAY,
    DURATION,
    ID,
    LIST,
    MINUTES,
    MONEY,
    NUMBER,
    PERCENT,
    SECONDS,
    TEXT,
    YES_NO,
)
from lwdesk.catalog.model import Column
from lwdesk.catalog.words import in_language
from lwdesk.reference.markdown import code, table, text

# English words that mean a column, beside its title.
_WORDS = 4
# Choices that a cell of the table lists.
_MOST = 12

OUT = {
    TEXT: N_("text"),
    ID: N_("ID"),
    NUMBER: N_("number"),
    PERCENT: N_("percentage"),
    DURATION: N_("duration"),
    MINUTES: N_("duration"),
    SECONDS: N_("duration"),
    MONEY: N_("amount"),
    DATETIME: N_("date and time"),
    DAY: N_("date"),
    YES_NO: N_("yes or no"),
    LIST: N_("list, items separated by semicolons"),
}


def kind(column: Column) -> str:
    """What to write into a cell of the column, as Markdown."""
    found = column.cell_kind
    if not isinstance(found, Several):
        return _one(found)
    inner = _one(found.item)
    if found.commas:
        return _("{kind}; several separated by semicolons or commas").format(kind=inner)
    return _("{kind}; several separated by semicolons").format(kind=inner)


def _one(found: Kind) -> str:
    if isinstance(found, Choice) and found.values:
        words = [code(value) for value in found.values[:_MOST]] + ["…"] * (len(found.values) > _MOST)
        return _("one of {words}").format(words=", ".join(words))
    if isinstance(found, Reference):
        listings = _(" or ").join(_(LISTINGS[name].title) for name in found.to if name in LISTINGS)
        return _("title or ID ({listings})").format(listings=text(listings)) if listings else _(found.name)
    if isinstance(found, Number):
        return _number(found)
    return (
        _("date, like {example}").format(example="2026-12-31") if isinstance(found, Date) else _(found.name)
    )


def _number(found: Number) -> str:
    name = _("whole number") if found.whole else _(found.name)
    if found.low is not None and found.high is not None:
        return _("{number} from {low} to {high}").format(
            number=name, low=f"{found.low:g}", high=f"{found.high:g}"
        )
    if found.low:
        return _("{number} from {low}").format(number=name, low=f"{found.low:g}")
    return name


def columns(found: tuple[Column, ...], technical: bool = True) -> str:
    """A table of columns to fill in; required ones have a star."""
    if not technical:
        return table(
            (_("Column"), _("What to write")), ([_starred(c, technical), _in_short(c)] for c in found)
        )
    heads = (_("Column"), _("What to write"), _("Example"), _("About"))
    return table(heads, ([_starred(c, technical), kind(c), code(c.example), about_header(c)] for c in found))


def _in_short(column: Column) -> str:
    """What to write into a column, with an example, in sentences."""
    words = kind(column)
    if column.example:
        words = _("{kind}. Example: {example}").format(kind=words, example=code(column.example))
    return f"{words[0].upper()}{words[1:]}. {about(column)}".strip()


def _starred(column: Column, technical: bool) -> str:
    """The title of a column to fill in, with a star where it is required."""
    return title(column, technical, " \\*" if column.required and column.derive is None else "")


def title(column: Column, technical: bool, star: str = "") -> str:
    """The title of a column, with its id where that is of use."""
    words = f"**{text(_(column.title))}**{star}"
    return f"{words}<br>{code(column.id)}" if technical else words


def about_header(column: Column) -> str:
    """What a column of a sheet is for, and what else its header may be called."""
    own = {fold(_(column.title)), fold(column.id)}
    english = in_language(column.words or column.id, "en")
    words = [text(word) for word in english if fold(word) not in own]
    found = [_("Also recognized as {words}.").format(words=listing(words, _WORDS))] if words else []
    return " ".join(filter(None, [about(column), *found]))


def about(column: Column) -> str:
    """What a column is for, and what holds where it is empty."""
    sentences = [text(_(column.help))] if column.help else []
    if column.default not in (None, False) and not column.required:
        sentences.append(_("If blank: {value}.").format(value=code(column.kind.show(column.default))))
    if column.secret:
        sentences.append(_("lwdesk deletes passwords after sending them."))
    return " ".join(sentences)
