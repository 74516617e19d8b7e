"""Filters that test a field of each row: LearnWorlds has no query for them, or takes only so many ids in one."""

from lwdesk.base.text import N_
from lwdesk.catalog.cells.dates import Date
from lwdesk.catalog.cells.kinds import Reference, Several, User
from lwdesk.catalog.model import Column


def days(reads: str, first: str, last: str, prefix: str = "") -> tuple[Column, Column]:
    """The first and the last day of a span, of the time at `reads`; `first` and `last` are the titles."""
    return (
        Column(f"{prefix}from", first, Date(), reads=reads),
        Column(f"{prefix}until", last, Date(), reads=reads),
    )


def one_of(column_id: str, title: str, to: tuple[str, ...], reads: str) -> Column:
    """Some records of the listings `to`: the row shows the id of one of them at `reads`."""
    help = N_("By title or id, separated by semicolons.")
    return Column(column_id, title, Several(Reference(to)), reads=reads, help=help)


def only_users(reads: str) -> Column:
    """Some users, whose ids the service takes, and rows show at `reads`."""
    return Column(
        "users",
        N_("Users"),
        Several(User(by_id=True), commas=True),
        at="users",
        reads=reads,
        help=N_("Emails or user ids, separated by semicolons. If blank: all users."),
    )
