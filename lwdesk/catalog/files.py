"""What an export says of the files that its rows link to, so that they can be downloaded."""

from dataclasses import dataclass

# How long a link lives: at most a minute or so, so that it is followed at once; some hours, so that its page is asked
# for again where the link has expired; without end.
AT_ONCE, HOURS, ALWAYS = "at once", "hours", "always"


@dataclass(frozen=True)
class Files:
    """The files that the rows of an export link to.

    `links` are places of links in a row; the first that has some counts. `titles` and `scans` are the places of what
    the files are called and of what a virus scan said, lists like the links. The names of the files begin with the
    month of the time at `month`, and with what the columns at the places `name` show. `life` is how long the links
    live: where it is AT_ONCE, the row's first link is followed.
    """

    links: tuple[str, ...]
    name: tuple[str, ...]
    month: str
    titles: str = ""
    scans: str = ""
    life: str = ALWAYS
