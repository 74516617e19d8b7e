"""Numbers in cells: as Excel holds them, and as typed; the column decides which sign is the decimal one."""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from typing import Any, ClassVar

from lwdesk.base.text import N_, _, shorten
from lwdesk.catalog.cells.currencies import Currency, common, parted
from lwdesk.catalog.cells.kinds import Amount, Kind, clean, finite, text_of
from lwdesk.catalog.cells.numerals import readings, unmistakable
from lwdesk.catalog.cells.problems import ERROR, NOTE, WARNING, Problem, Report, ignore_problem

# "49.-" and "49,--": no cents.
_NO_CENTS = re.compile(r"(?<=\d)[.,]\s?[-–—]{1,2}$")
_BRACKETS = re.compile(r"\((.+)\)")


@dataclass(frozen=True)
class Typed:
    """A number as it was typed: its digits, and what was around them."""

    digits: str
    currencies: list[Currency]
    percent: bool
    negative: bool

    @property
    def readings(self) -> dict[str, str]:
        """Decimal mark -> the plain number, as `numerals.readings` has it."""
        found = readings(self.digits)
        return {mark: f"-{n}" for mark, n in found.items() if n[0] != "-"} if self.negative else found


def typed(text: str) -> Typed:
    """Take the currency, the percent sign and the brackets of a negative number off a text."""
    rest, currencies = parted(text)
    inside = _BRACKETS.fullmatch(rest)
    if inside:
        rest, more = parted(inside[1].strip())
        currencies += more
    percent = rest.endswith(("%", "٪")) or rest.startswith("%")
    rest = _NO_CENTS.sub("", rest.strip("%٪ "))
    return Typed(rest, currencies, percent, bool(inside))


@dataclass(frozen=True)
class Number(Kind):
    """A number within bounds; `whole` allows no fraction, `percent` a percent sign, `money` a currency.

    `decimal` is the decimal mark of the column, "" until its cells have decided it. `mixed` are the currencies of the
    column where they are several: then no amount with one is taken. `currency` is the code of the school's currency,
    "" where it is not known: amounts in another one are not taken.
    """

    name = N_("number")
    blank: ClassVar[Any] = None
    low: float | None = None
    high: float | None = None
    whole: bool = False
    percent: bool = False
    money: bool = False
    decimal: str = ""
    mixed: tuple[str, ...] = ()
    currency: str = ""

    def tuned(self, cells: Iterable[object]) -> "Number":
        """The decimal mark that the cells say which can be read in one way only; "" where they disagree."""
        texts = [clean(cell, ignore_problem) for cell in cells if isinstance(cell, str)]
        marks: set[str] = set()
        for text in texts:
            found = typed(text).readings
            marks |= found.keys() if len(found) == 1 else set()
        marks.discard("")
        kind = replace(self, decimal=marks.pop()) if len(marks) == 1 else self
        currencies = currencies_of(texts)
        if currencies and common(currencies) is None:
            kind = replace(kind, mixed=tuple(sorted({word for word, _codes in currencies})))
        return kind

    def read(self, cell: object, report: Report) -> float | int | None:
        if isinstance(cell, int | float) and not isinstance(cell, bool):
            if not finite(cell, report):
                return None
            return self._bounded(round(float(f"{cell:.15g}"), 9) if isinstance(cell, float) else cell, report)
        text = clean(cell, report)
        if not text:
            return None
        found = typed(text)
        if (problem := self._refusal(text, found)) is not None:
            report(problem)
            return None
        number = self._chosen(text, found.readings, report)
        value = None if number is None else self._bounded(float(number), report)
        if value is None or number is None:
            return None
        if found.currencies or found.percent or found.negative:
            report(Problem(NOTE, "number-tidied", _("Read as {n}.").format(n=number), fix=number))
        currency = common(found.currencies) if found.currencies else None
        return Amount(value, currency[0]) if currency else value

    def show(self, value: Any) -> str:
        """Never a text that a column could read otherwise."""
        return unmistakable(text_of(value))

    def serialize(self, value: Any) -> Any:
        """A plain number, without its currency."""
        return value.plain if isinstance(value, Amount) else value

    def _refusal(self, text: str, found: Typed) -> Problem | None:
        shown = shorten(text)
        if found.percent and not self.percent:
            message = _("“{text}” is a percentage. Enter a plain number.").format(text=shown)
            return Problem(ERROR, "number-percentage", message)
        if found.currencies and not self.money:
            message = _("“{text}” is an amount of money. Enter a plain number.").format(text=shown)
            return Problem(ERROR, "number-currency", message)
        currency = common(found.currencies) if found.currencies else None
        if found.currencies and (self.mixed or currency is None):
            message = _("This column has amounts in {currencies}, but a school has one currency.")
            listed = ", ".join(self.mixed or [word for word, _codes in found.currencies])
            return Problem(ERROR, "number-currencies", message.format(currencies=listed))
        if currency is not None and self.currency and self.currency not in currency[1]:
            message = _("“{text}” isn't in your school's currency, {currency}. Convert the amount.")
            return Problem(ERROR, "number-foreign", message.format(text=shown, currency=self.currency))
        if text.startswith("=") and not found.readings:
            message = _("“{text}” is a formula, not a number. Type its result.").format(text=shown)
            return Problem(ERROR, "number", message)
        if not found.readings:
            return Problem(ERROR, "number", _("“{text}” isn't a number.").format(text=shown))
        return None

    def _chosen(self, text: str, found: dict[str, str], report: Report) -> str | None:
        """The plain number that is meant; None where it can be two, which is reported."""
        if len(found) == 1:
            return next(iter(found.values()))
        thousands, fraction = sorted(found.values(), key=lambda n: "." in n)
        choices = thousands, unmistakable(fraction)
        if self.decimal:
            chosen = found[self.decimal]
            if chosen == fraction and self.money:
                message = _("“{text}” was read as {taken}, like the other amounts in this column.")
                message = message.format(text=shorten(text), taken=chosen)
                report(Problem(WARNING, "number-mark", message, choices=choices))
            return chosen
        message = _("“{text}” could be {a} or {b}, and no other number in this column shows which.")
        message = message.format(text=shorten(text), a=thousands, b=fraction)
        report(Problem(ERROR, "number-mark", message, choices=choices))
        return None

    def _bounded(self, number: float, report: Report) -> float | int | None:
        if abs(number) >= 1e15:
            report(Problem(ERROR, "number-long", _("This number has too many digits: 15 at most.")))
            return None
        shown = shorten(text_of(number))
        if self.whole and number != int(number):
            message = _("{number} isn't a whole number.").format(number=shown)
            report(Problem(ERROR, "number-whole", message))
            return None
        if self.low is not None and number < self.low:
            message = _("{number} is too small: the smallest allowed is {low}.")
            report(Problem(ERROR, "number-low", message.format(number=shown, low=text_of(self.low))))
            return None
        if self.high is not None and number > self.high:
            message = _("{number} is too large: the largest allowed is {high}.")
            report(Problem(ERROR, "number-high", message.format(number=shown, high=text_of(self.high))))
            return None
        return int(number) if number == int(number) else number


@dataclass(frozen=True)
class Money(Number):
    """An amount in the school's currency."""

    name = N_("amount")
    low: float | None = 0
    money: bool = True


def currencies_of(cells: Collection[object]) -> list[Currency]:
    """The currencies beside the amounts of a column."""
    texts = [clean(cell, ignore_problem) for cell in cells if isinstance(cell, str)]
    return [currency for text in texts for currency in typed(text).currencies]


def foreign(kind: Kind, cells: Collection[object]) -> tuple[object, Problem] | None:
    """A cell with a currency, and the problem of a column whose currency may not be the school's."""
    if not isinstance(kind, Number) or not kind.money or kind.mixed or kind.currency:
        return None
    cell = next((cell for cell in cells if currencies_of([cell])), None)
    if cell is None or (currency := common(currencies_of([cell]))) is None:
        return None
    message = _("The amounts in this column are in {currency}. LearnWorlds uses your school's currency.")
    return cell, Problem(WARNING, "currency", message.format(currency=currency[0]))
