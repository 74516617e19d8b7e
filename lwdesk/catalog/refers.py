"""Columns of exports with an id that refers to something of the school."""

from lwdesk.base.text import N_
from lwdesk.catalog.export_model import ID, LIST, TITLE_FIELD, Out, Refers

PRODUCTS = ("course", "bundle", "subscription")


def user_id(at: str, title: str = N_("User ID"), *, who: str = "", kind: str = ID, **shows: str) -> Out:
    """The id of a user: `who` it is, unless the row is about that user; `shows` are the fields of the user that the
    record has itself, with their places. `whole`: the place of the user's whole record ("" for the row itself)."""
    places = tuple(("" if field == "whole" else field, place) for field, place in shows.items())
    return Out(at, title, kind, Refers(("user",), who, shows=places))


def id_of(
    listing: str | tuple[str, ...], at: str, title: str, name: str, *, shown: str = "", by: str = ""
) -> Out:
    """The id of one record of a listing; `name` is the title of its name's column, `shown` where the record has it."""
    to = (listing,) if isinstance(listing, str) else listing
    return Out(at, title, ID, Refers(to, name, by, ((TITLE_FIELD, shown),) if shown else ()))


def ids_of(listing: str | tuple[str, ...], at: str, title: str, name: str, *, by: str = "") -> Out:
    """A list of ids."""
    to = (listing,) if isinstance(listing, str) else listing
    return Out(at, title, LIST, Refers(to, name, by))
