"""What the workbook of an export answers beside its list: sums of its rows, grids of users, further lists."""

from dataclasses import dataclass

# How rows are grouped by a column: by its value, by the month of its day, by each item of its list, or by how far its
# day is from that of the export.
VALUE, MONTH, ITEM, SPAN = "value", "month", "item", "span"


@dataclass(frozen=True)
class Span:
    """Days between `first` and `last`, both counted from the day of the export on and negative before it; None: no end.
    `never`: no day at all."""

    title: str
    first: int | None = None
    last: int | None = None
    never: bool = False


@dataclass(frozen=True)
class By:
    """A column that rows are grouped by; `at` is its place. Rows where it is empty are a group of their own where
    `empty`, else they are skipped. `spans` are all the groups, in their order. `id` are the places of the columns that
    tell apart what has the same title in that column: then groups are by these."""

    at: str
    how: str = VALUE
    empty: bool = False
    spans: tuple[Span, ...] = ()
    id: tuple[str, ...] = ()


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
        """Those of the list's columns that it shows."""
        return {by.at for by in self.by} | {figure.at for figure in self.figures if figure.at}

    @property
    def ids(self) -> tuple[str, ...]:
        """The columns that the list needs besides, though they may be hidden."""
        return tuple(place for by in self.by for place in by.id)


# What is in the cells of a grid.
GRADES, PROGRESS = "grades", "progress"


@dataclass(frozen=True)
class Grid:
    """Sheets with a row for each user and a column for each activity or course, made of the lists of their export.

    `kind` says what is in the cells; `title` is the name of the first sheet, where it isn't a course's; `fields` are of
    users, needed beside their names. Who is in a course is told by the list `members`, and by the list `suspended` for
    users whom it leaves out; or by the list `each`, asked for each user, where that is fewer requests. `everyone` are
    lists of figures that can't be narrowed to some users.
    """

    kind: str
    title: str
    fields: tuple[str, ...]
    members: str
    suspended: str
    each: str
    everyone: tuple[str, ...] = ()
