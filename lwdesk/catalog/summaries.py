"""What the workbook of an export answers beside its list: sums of its rows, and further lists of its records."""

from dataclasses import dataclass

# How rows are grouped by a column: by its value, by the month of its day, by each item of its list.
VALUE, MONTH, ITEM = "value", "month", "item"


@dataclass(frozen=True)
class By:
    """A column that rows are grouped by; `at` is its place. Rows where it is empty are a group of their own where
    `empty`, else they are skipped."""

    at: str
    how: str = VALUE
    empty: bool = False


@dataclass(frozen=True)
class Figure:
    """What is said of a group: the sum of the column at this place, or how many rows it has."""

    title: str
    at: str = ""


@dataclass(frozen=True)
class Summary:
    """A sheet of sums: a row for each group of the list's rows. The first figure is how many rows it has.

    `chart` is the title of the figure that its chart shows. `apart` is the place of the column whose values are never
    mixed in order and chart, as amounts in several currencies must not be. `doc` says what its sums don't say
    themselves.
    """

    title: str
    by: tuple[By, ...]
    figures: tuple[Figure, ...]
    chart: str = ""
    apart: str = ""
    doc: str = ""

    @property
    def places(self) -> set[str]:
        """Those of the list's columns that it is made of."""
        return {by.at for by in self.by} | {figure.at for figure in self.figures if figure.at}
