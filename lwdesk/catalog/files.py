"""What an export says of the files that its rows link to, so that they can be downloaded."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Files:
    """The files that the rows of an export link to.

    `links` are places of links in a row; the first that has some counts. `titles` and `scans` are the places of what
    the files are called and of what a virus scan said, lists like the links. The names of the files begin with the
    month of the time at `month`, and with what the columns at the places `name` show. `at_once`: links live for a
    minute or so, so that a page's first link is followed as soon as the page is there.
    """

    links: tuple[str, ...]
    name: tuple[str, ...]
    month: str
    titles: str = ""
    scans: str = ""
    at_once: bool = False
