"""Values that no two records may share, as emails and usernames of users. Pure."""

from collections.abc import Mapping
from typing import Any

from lwdesk.base.text import _
from lwdesk.catalog.effects.facts import display
from lwdesk.catalog.model import Column, Values
from lwdesk.catalog.operation import Operation, Send, State


def with_free_names(
    operation: Operation, listing: str, values: Values, full: Mapping[str, Any], state: State
) -> tuple[dict[str, Any], dict[str, str], str]:
    """The values of a new record with each unique one that was made for it free: "Ana López 2" for a namesake.

    Also the place in the body and the first form of each that was made, and what is to be said of one that the sheet
    gives and another record has.
    """
    found, made, note = dict(full), dict[str, str](), ""
    for column in operation.unique:
        value = full.get(column.id)
        if not isinstance(value, str):
            continue
        if column.derive is None or values.get(column.id) is not None:
            if column.id in values and state.holder(listing, column.field, value) is not None:
                note = note or taken_too(column, value)
            continue
        made[str(column.at)] = value
        found[column.id] = state.free_name(listing, column.field, value)
    return found, made, note


def claim_names(send: Send, listing: str, key: str, state: State) -> None:
    """From now on the record `key` has the unique values that are sent."""
    for column in send.operation.unique:
        if isinstance(value := send.values.get(column.id), str):
            state.claim(listing, column.field, value, key)


def numbered(name: str, n: int) -> str:
    """The n-th form of a name, from 1: "Ana", "Ana 2", "Ana 3"."""
    return name if n == 1 else f"{name} {n}"


def taken_too(column: Column, value: Any) -> str:
    """What is said of a value that another record has too, where only the school knows whether it minds."""
    return _("another user already has the {column} “{value}”").format(
        column=_(column.title), value=display(value)
    )


def taken_by_other(column: Column, value: Any) -> str:
    """Why a value can't be given to a record."""
    message = _(
        "{column}: “{value}” belongs to another user. To swap values between two "
        "users, give one of them a temporary value first."
    )
    return message.format(column=_(column.title), value=display(value))
