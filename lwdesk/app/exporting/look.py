"""What a preview of an export shows: its first rows and cost. Apart from what makes it, so that the window starts
without the API."""

from dataclasses import dataclass

from lwdesk.base.text import _, listing, ngettext

# Rows that a look shows.
ROWS = 20


@dataclass(frozen=True)
class Look:
    """`columns` are (place, title), `rows` the texts of their cells. `total` rows the whole export has, where the
    school tells. `requests` and `seconds` of the whole: `exact`, or extrapolated from the first pages. `tested` are the
    titles of the filters that LearnWorlds has no query for, `read` the rows that were tested for this preview. `notes`
    are sentences about the sheet whose users are wanted, and about days that were said relative to today. `files` are
    the links to files in all rows."""

    columns: list[tuple[str, str]]
    rows: list[list[str]]
    total: int | None
    requests: int
    seconds: float
    exact: bool
    names: int = 0
    tested: tuple[str, ...] = ()
    read: int = 0
    notes: tuple[str, ...] = ()
    files: int = 0

    def cost(self, time: str) -> str:
        """Requests and time, as exactly as they are known; `time` are the words for the seconds."""
        requests = ngettext("{n} request", "{n} requests", self.requests)
        words = _("{requests}, {time}") if self.exact else _("about {requests}, {time}")
        found = words.format(requests=requests, time=time)
        if not self.names:
            return found
        names = ngettext("{n} of them to look up names", "{n} of them to look up names", self.names)
        return f"{found} ({names})"

    def downloads(self) -> str:
        """How many files the rows link to, as exactly as that is known."""
        if self.exact:
            return ngettext("{n} file to download", "{n} files to download", self.files)
        return ngettext("about {n} file to download", "about {n} files to download", self.files)

    def reading(self) -> str:
        """Why rows are read that do not fit; "" where none are."""
        if not self.tested:
            return ""
        words = _(
            "LearnWorlds can't filter by {filters}, so lwdesk reads more rows and keeps the ones that match."
        )
        return words.format(filters=listing(self.tested))
