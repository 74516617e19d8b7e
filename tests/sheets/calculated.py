"""Calculates the formulas of a workbook as Excel does, the few functions that lwdesk writes."""

import re
from datetime import datetime
from functools import cache
from statistics import fmean

import openpyxl

_TOKEN = re.compile(
    r"""\s*("(?:[^"]|"")*"|'(?:[^']|'')*'!\$?[A-Z]+:\$?[A-Z]+|\$?[A-Z]+\$?\d+(?::\$?[A-Z]+\$?\d+)?|[A-Z]+\(|[\d.]+|[&+,)(])"""
)
_EPOCH = datetime(1899, 12, 30)


def serial(value):
    """What Excel counts with: the number of a date."""
    return (value - _EPOCH).total_seconds() / 86400 if isinstance(value, datetime) else value


class Book:
    """A workbook with its formulas; `sheets` are those that have some."""

    def __init__(self, path):
        self._formulas, self.values = (
            openpyxl.load_workbook(path),
            openpyxl.load_workbook(path, data_only=True),
        )
        self._span = cache(self._read_span)

    @property
    def formulas(self):
        """(Sheet, cell, formula, saved value) of every formula."""
        return [
            (sheet.title, cell.coordinate, cell.value, self.values[sheet.title][cell.coordinate].value)
            for sheet in self._formulas
            for row in sheet.iter_rows()
            for cell in row
            if isinstance(cell.value, str) and cell.data_type == "f"
        ]

    def rows(self, title):
        """The rows of a sheet below its header, as dicts of the saved values."""
        head, *rows = self.values[title].iter_rows(values_only=True)
        return [dict(zip(head, row, strict=True)) for row in rows]

    @property
    def titles(self):
        return self.values.sheetnames

    def calculate(self, title, formula):
        """What a formula on a sheet comes to."""
        tokens = [found[1] for found in _TOKEN.finditer(formula[1:])]
        assert "".join(tokens) == formula[1:], formula
        return self._joined(title, tokens)

    def _joined(self, title, tokens):
        found = self._sum(title, tokens)
        while tokens[:1] == ["&"]:
            tokens.pop(0)
            found = text(found) + text(self._sum(title, tokens))
        return found

    def _sum(self, title, tokens):
        """Binds more than the joining of texts."""
        found = self._one(title, tokens)
        while tokens[:1] == ["+"]:
            tokens.pop(0)
            found += self._one(title, tokens)
        return found

    def _one(self, title, tokens):
        token = tokens.pop(0)
        if token[0] == '"':
            return token[1:-1].replace('""', '"')
        if token[0] == "'":
            sheet, _, columns = token.rpartition("!")
            return self._span(sheet[1:-1].replace("''", "'"), columns.replace("$", "").split(":")[0])
        if token[-1] == "(":
            arguments = []
            while tokens[0] != ")":
                arguments.append(self._joined(title, tokens))
                if tokens[0] == ",":
                    tokens.pop(0)
            tokens.pop(0)
            return _FUNCTIONS[token[:-1]](*arguments)
        if token[0].isdigit():
            return float(token)
        if ":" in token:
            return tuple(cell.value for row in self.values[title][token.replace("$", "")] for cell in row)
        return serial(self.values[title][token.replace("$", "")].value)

    def _read_span(self, sheet, column):
        """A whole column; the row after the last is as empty as all below it."""
        return (*(serial(cell.value) for cell in self.values[sheet][column]), None)


def text(value):
    return f"{value:g}" if isinstance(value, float) and value == int(value) else str(value)


def meets(value, criterion):
    """Whether a cell meets a criterion of COUNTIFS."""
    operator, wanted = re.fullmatch(r"(>=|<=|<>|=|<|>)?(.*)", text(criterion), re.DOTALL).groups()
    number = wanted.replace(".", "", 1).lstrip("-").isdigit()
    if operator in (">=", "<", ">", "<="):
        assert number
        low = isinstance(value, int | float) and not isinstance(value, bool)
        return low and {">=": value >= float(wanted), "<": value < float(wanted)}[operator]
    if not wanted:
        return value in (None, "")
    if number:
        return value is not None and text(value) == wanted
    pattern = "".join(
        {"*": ".*", "?": "."}.get(part, re.escape(part[-1]))
        for part in re.findall(r"~[~*?]|.", wanted, re.DOTALL)
    )
    return isinstance(value, str) and re.fullmatch(pattern, value, re.IGNORECASE | re.DOTALL) is not None


def _meeting(pairs):
    spans, criteria = pairs[::2], pairs[1::2]
    cells = zip(*spans, strict=True)
    return [all(map(meets, row, criteria)) for row in cells]


def countifs(*pairs):
    return sum(_meeting(pairs))


def sumifs(adds, *pairs):
    return sum(
        value
        for value, met in zip(adds, _meeting(pairs), strict=True)
        if met and isinstance(value, int | float)
    )


def numbers(span):
    return [one for one in span if isinstance(one, int | float) and not isinstance(one, bool)]


def edate(day, months):
    date = datetime.fromordinal(int(day) + _EPOCH.toordinal())
    number = date.year * 12 + date.month - 1 + int(months)
    return serial(date.replace(year=number // 12, month=number % 12 + 1))


_FUNCTIONS = {
    "COUNTIFS": countifs,
    "SUMIFS": sumifs,
    "EDATE": edate,
    "COUNTIF": countifs,
    "COUNT": lambda span: len(numbers(span)),
    "AVERAGE": lambda span: fmean(numbers(span)) if numbers(span) else None,
    "IFERROR": lambda value, other: other if value is None else value,
    "SUBSTITUTE": lambda value, old, new: value.replace(old, new),
}
