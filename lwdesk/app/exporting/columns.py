"""The columns of an export's sheet: those of its entry, the school's custom fields, and what is added of its users."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from lwdesk.app.exporting.names import fields_of
from lwdesk.app.school.session import Session
from lwdesk.base.errors import UserError
from lwdesk.base.text import _, fold, suggestion
from lwdesk.catalog import EXPORTS
from lwdesk.catalog.export_model import FIELD_OF, TEXT, USER_FIELDS, Export, Name, Out, name_column
from lwdesk.catalog.model import custom_column

# After the name of a field, in a chosen column: all of its keys that have no column of their own (custom fields).
REST = ".*"
CUSTOM = "fields."
_USERS = EXPORTS["users"]


def places(entry: Export) -> list[str]:
    """The columns of an export that can be chosen, in the order of the sheet; its custom fields as one."""
    found = [column.at for column in entry.outs]
    if entry.open:
        found.insert(len(found) - len(entry.ids), entry.open + REST)
    return found


def columns_of(entry: Export, keys: Collection[str], chosen: Sequence[str] = ()) -> list[Out]:
    """The columns of the sheet: those that were chosen, in their order, else all; `keys` are of its custom fields."""
    known: dict[str, list[Out]] = {column.at: [column] for column in entry.outs}
    titles = {column.heading for column in entry.outs}
    rest = []
    for key in sorted(keys):
        place, title = f"{entry.open}.{key}", custom_column(key).title
        if place not in known:
            rest.append(Out(place, f"{title} ({key})" if title in titles else title))
            titles.add(title)
    known[entry.open + REST] = [column for column in rest if column.at not in chosen]
    known.update({column.at: [column] for column in rest if column.at in chosen})
    found: list[Out] = []
    for place in chosen or places(entry):
        more = added(entry, place) if place not in known else None
        found += known.get(place, [more] if more else [])
    return found


def added(entry: Export, place: str) -> Name | None:
    """The column of a user's field that the export has not by itself, from its place; None for any other place."""
    at, mark, field = place.partition(FIELD_OF)
    who = next((c for c in entry.columns if c.at == at and c.refers and c.refers.to == ("user",)), None)
    if not mark or who is None:
        return None
    known = next((column for column in _USERS.outs if column.at == field), None)
    if known is not None and FIELD_OF not in field:
        title, kind = known.heading, known.kind
    elif field.startswith(f"{CUSTOM}cf_"):
        title, kind = custom_column(field.removeprefix(CUSTOM)).title, TEXT
    else:
        return None
    if any(column.heading == title for column in entry.outs):
        title = _("{who}: {what}").format(who=_("User"), what=title)
    return name_column(who, field, title, kind)


def user_fields(custom: Iterable[str]) -> dict[str, str]:
    """What can be added of users: place in a user's record -> title; `custom` are the keys of the school's fields."""
    shown = {field for field, _title in USER_FIELDS}
    own = (c for c in _USERS.outs if FIELD_OF not in c.at and c.at not in shown and c.at != "id")
    found = {column.at: column.heading for column in own}
    return found | {CUSTOM + key: custom_column(key).title for key in custom}


def with_fields(entry: Export, columns: Sequence[str], wanted: Sequence[str], session: Session) -> list[str]:
    """The places of the columns with fields of the user added, each named by its title, key or place ("department").

    Raises UserError for a name that no field has, saying which there are, and for an export without users.
    """
    if not wanted:
        return list(columns)
    if entry.grid:
        raise UserError(
            _("The columns of {export} can't be chosen").format(export=entry.id),
            "",
            _("Remove --with"),
        )
    if not entry.about:
        raise UserError(
            _("{export} isn't about users").format(export=entry.id),
            "",
            _("Remove --with"),
        )
    fields = user_fields(session.directory.fields())
    names = {fold(name): place for place, title in fields.items() for name in _names(place, title)}
    found = []
    for text in wanted:
        if fold(text) not in names:
            titles = list(fields.values())
            raise UserError(
                _("Users have no field “{name}”").format(name=text),
                "",
                suggestion(text, titles, 80),
            )
        found.append(place_of(entry, names[fold(text)]))
    if entry is _USERS and not columns:
        return []  # it has all fields anyway
    return inserted(list(columns) or places(entry), found)


def place_of(entry: Export, field: str) -> str:
    """The place of the column with a field of the user that a row is about: of one that is there already, or else of an
    added one."""
    who = entry.person
    if who is None or who.refers is None:
        return field
    shows = dict(who.refers.shows)
    at = f"{shows['']}.{field}".lstrip(".") if "" in shows else shows.get(field)
    return at if at in places(entry) else f"{who.at}{FIELD_OF}{field}"


def _names(place: str, title: str) -> tuple[str, ...]:
    """What a field may be called; a custom field without the "cf_" before its key too."""
    key = place.rpartition(".")[2]
    return (key.removeprefix("cf_"), key, place, title)


def inserted(columns: list[str], new: list[str]) -> list[str]:
    """The columns with the new ones after those of the user's name."""
    start = new[0].partition(FIELD_OF)[0] + FIELD_OF
    mine = [n for n, place in enumerate(columns) if place.startswith(start)]
    after = mine[-1] + 1 if mine else len(columns)
    return [*columns[:after], *(place for place in new if place not in columns), *columns[after:]]


def looked_up(entry: Export, chosen: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Listing -> the fields of its records that these columns show, beside what the rows show themselves."""
    return fields_of(
        column for part in parts_of(entry) for column in written_columns(entry, part, (), chosen)
    )


def parts_of(entry: Export, values: Mapping[str, Any] | None = None) -> tuple[Export, ...]:
    """The exports that a file is made of: the entry itself, or its parts; with the `values` of its filters, those that
    they ask for."""
    if entry.pages and values is not None:
        return tuple(EXPORTS[part] for part in entry.pages.parts({name for name in values if values[name]}))
    return tuple(EXPORTS[part] for part in entry.parts) or (entry,)


def written_columns(
    entry: Export, part: Export, keys: Collection[str], chosen: Sequence[str] = ()
) -> list[Out]:
    """The columns of a part that an export writes: of the entry itself those that were chosen."""
    if entry.pages is None:
        return columns_of(part, keys, chosen if part is entry else ())
    sections = [at for name, at in entry.pages.places() if name == part.id]
    return [column for at in sections for column in section_columns(part, keys, at)]


def section_columns(part: Export, keys: Collection[str], chosen: Sequence[str]) -> list[Out]:
    """The columns of a section of a user's page: those at these places, or all that tell more than who the user is."""
    return columns_of(part, keys, chosen or _but_the_user(part))


def _but_the_user(part: Export) -> list[str]:
    """The places of all columns, but those that only say which user a row is about."""
    who = part.person
    if who is None or who.refers is None:
        return places(part)
    own = {place for _field, place in who.refers.shows} | {who.at}
    if ("", "") in who.refers.shows:
        own |= {"username"}
    return [c.at for c in part.outs if c.at not in own and not (isinstance(c, Name) and c.of == who)]


def check_columns(entry: Export, columns: Sequence[str]) -> None:
    """Raise UserError for a place that is no column of the export."""
    known, custom = places(entry), f"{entry.open}.cf_"
    others = [name for name in columns if name not in known and not (entry.open and name.startswith(custom))]
    if unknown := next((name for name in others if added(entry, name) is None), None):
        raise UserError(
            _("{export} has no column “{name}”").format(export=entry.id, name=unknown),
            "",
            suggestion(unknown, known),
        )
