"""Numbers in cells: as Excel holds them, and as people type them in one country or another."""

import math
import re
from dataclasses import dataclass
from typing import Any, ClassVar

from lwdesk.base.text import N_, _, brief
from lwdesk.catalog.cells.kinds import Kind, clean, finite, text_of
from lwdesk.catalog.cells.problems import ERROR, NOTE, WARNING, Problem, Report

# Sign, whole part with thousands in groups of three (or Indian ones), fraction.
_PLAIN = re.compile(
    r"([-+]?)(\d{1,3}(?:\.\d{3})+|\d{1,3}(?:,\d{3})+|\d{1,2}(?:,\d{2})+,\d{3}|\d+|(?=[.,]\d))([.,]\d+)?"
)


@dataclass(frozen=True)
class Number(Kind):
    """A number with `.` or `,` as decimal mark, within bounds; `whole` allows no fraction."""

    name = N_("number")
    blank: ClassVar[Any] = None
    low: float | None = None
    high: float | None = None
    whole: bool = False

    def read(self, cell: object, report: Report) -> float | int | None:
        if isinstance(cell, int | float) and not isinstance(cell, bool):
            if not finite(cell, report):
                return None
            return self._bounded(round(float(f"{cell:.15g}"), 9) if isinstance(cell, float) else cell, report)
        text = clean(cell, report)
        if not text:
            return None
        parsed = self._parse(text, report)
        if parsed is None or not math.isfinite(parsed):
            report(Problem(ERROR, "number", _("“{text}” is not a number.").format(text=brief(text))))
            return None
        return self._bounded(parsed, report)

    def _bounded(self, number: float, report: Report) -> float | int | None:
        if abs(number) >= 1e15:
            report(Problem(ERROR, "number-long", _("This number has too many digits: 15 at most.")))
            return None
        shown = brief(text_of(number))
        if self.whole and number != int(number):
            message = _("{number} is not a whole number.").format(number=shown)
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

    @classmethod
    def _parse(cls, text: str, report: Report) -> float | None:
        digits = re.sub(r"^(?:[€$£¥₺₽₹]|[A-Z]{3}\b)\s*|\s*(?:[€$£¥₺₽₹%]|\b[A-Z]{3})$", "", text)
        digits = re.sub(r"(?<=\d)[\s'’\u202f](?=\d{3}(?!\d))", "", digits).replace("−", "-")
        found = _PLAIN.fullmatch(digits)
        if not found:
            return None
        sign, whole, rest = found[1], found[2], found[3] or ""
        groups = re.findall(r"[.,]", whole)
        if rest[:1] in groups:  # 1.234.56: the mark of the thousands cannot be the decimal mark
            return None
        if len(groups) == 1 and not rest and not whole.startswith("0"):
            return cls._either(text, sign, whole, report)
        if len(groups) == 1 and not rest:
            return float(sign + whole.replace(",", "."))
        number = sign + re.sub(r"[.,]", "", whole) + rest.replace(",", ".")
        if digits != text and not re.fullmatch(r"[\d\s.,'’-]+", text.strip("€$£¥₺₽₹ +")):
            report(Problem(NOTE, "number-tidied", _("Taken as {n}.").format(n=number), fix=number))
        return float(number)

    @staticmethod
    def _either(text: str, sign: str, whole: str, report: Report) -> float:
        """1,234 and 1.234: thousands in one country, a fraction in another."""
        plain, fraction = re.sub(r"[.,]", "", whole), text_of(float(whole.replace(",", ".")))
        taken, other = (plain, fraction) if "," in whole else (fraction, plain)
        message = _("“{text}” was read as {taken}. If you mean {other}, write it like that.")
        message = message.format(text=brief(text), taken=sign + taken, other=sign + other)
        report(Problem(WARNING, "number-mark", message, choices=(sign + taken, sign + other)))
        return float(sign + taken)


@dataclass(frozen=True)
class Money(Number):
    """An amount in the school's currency."""

    name = N_("amount")
    low: float | None = 0
