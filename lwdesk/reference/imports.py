"""The page of an import: what it does, what it costs, what it takes back, its columns."""

from collections.abc import Callable, Iterator

from lwdesk.base.text import N_, _
from lwdesk.catalog import LISTINGS, MEMBERSHIPS, OPERATIONS
from lwdesk.catalog.effects.mints import Mints
from lwdesk.catalog.model import ADDS, CHANGES, LOOK, NEVER, SAFE, TAKES
from lwdesk.catalog.operation import Operation, Recipe, Use
from lwdesk.reference import cells, counterparts
from lwdesk.reference.markdown import anchor, code, command_line, heading, link, points, text
from lwdesk.reference.markdown import page as page_of

RISKS = {
    ADDS: N_("Only adds data. Existing data isn't changed."),
    CHANGES: N_("Changes existing data."),
    TAKES: N_("Removes data or access. lwdesk asks you to type the school's name before it starts."),
}
_COMMANDS = "lwdesk template {id} -o {id}.xlsx\nlwdesk import {id}.xlsx --operation {id} --dry-run"
_LOST = {
    SAFE: N_("lwdesk sends it again. Sending it twice is harmless."),
    LOOK: N_("lwdesk looks for it in the school, and sends it again only if it isn't there."),
    NEVER: N_("lwdesk looks for it in the school. If it isn't there, the row says so, and you decide."),
}


def risk(entry: Recipe) -> str:
    """The greatest risk of a recipe's operations."""
    return max((use.operation.risk for use in entry.uses), key=list(RISKS).index)


def page(entry: Recipe, *, technical: bool = True) -> str:
    """The page of an import. `technical`: with ids, requests, and what is for developers and the command line."""
    home = link(_(entry.family), f"../README.md#{anchor(_(entry.family))}")
    usual = tuple(column for column in entry.columns if not column.rare)
    rare = tuple(column for column in entry.columns if column.rare)
    single = len(entry.uses) == 1 and entry.uses[0].operation.id == entry.id
    return page_of(
        heading(_(entry.title), 1),
        " ".join((_("Import"), code(entry.id), "·", home)) if technical else "",
        text(_(entry.doc)),
        "" if single else _parts(entry),
        heading(_("Good to know")),
        points(_facts(entry, technical)),
        heading(_("Columns")),
        _("Columns with a star are required in every row."),
        cells.columns(usual, technical),
        _("You can also import your school's custom fields.") if entry.custom else "",
        heading(_("More columns")) if rare else "",
        _("Imported if they're in your sheet, but not included in templates.") if rare else "",
        cells.columns(rare, technical),
        command_line(_COMMANDS.format(id=entry.id)) if technical else "",
    )


def _parts(entry: Recipe) -> str:
    """What a recipe does, in its order."""
    lines = [
        f"{n}. {operation_link(use.operation)}{_when(entry, use)}" for n, use in enumerate(entry.uses, 1)
    ]
    return _("For each row, in this order:") + "\n\n" + "\n".join(lines)


def _when(entry: Recipe, use: Use) -> str:
    wanted = [text(_(column.title)) for column in entry.columns if column.id in use.wanted]
    return _(", if {columns} is filled in").format(columns=_(" or ").join(wanted)) if wanted else ""


def operation_link(operation: Operation) -> str:
    """A link to an operation's page."""
    return link(_(operation.title), f"{operation.id}.md")


def _facts(entry: Recipe, technical: bool) -> Iterator[tuple[str, str]]:
    found = counterparts.operations(entry)
    yield _("Risk"), _(RISKS[risk(entry)])
    yield _("Emails sent"), _mails(entry)
    yield _("Undo"), _each(found, undo)
    yield _("Importing the same sheet again"), _again(found)
    yield _("If the connection breaks"), _each(found, lambda operation: _(_LOST[operation.repeat]))
    if technical:
        yield _("Requests"), _each(found, sending)
        yield _("Looked up before"), _looked(found)
    yield _("Related exports"), counterparts.links(counterparts.shown_by(entry), "../exports")
    if technical:
        yield _("LearnWorlds API"), ", ".join(dict.fromkeys(code(op.call) for op in found))


def _each(found: list[Operation], words: Callable[[Operation], str]) -> str:
    """The words for each operation, those with the same words together."""
    grouped: dict[str, list[str]] = {}
    for operation in found:
        grouped.setdefault(words(operation), []).append(text(_(operation.title)))
    if len(grouped) == 1:
        return next(iter(grouped))
    return "".join(f"\n  - {', '.join(titles)}: {one}" for one, titles in grouped.items())


def _mails(entry: Recipe) -> str:
    mails = [c for op in counterparts.operations(entry) if op.mails and (c := op.column(op.mails))]
    names = list(dict.fromkeys(f"“{text(_(column.title))}”" for column in mails))
    if not names:
        return _("None.")
    return _("Only in rows that say yes under {columns}.").format(columns=_(" or ").join(names))


def undo(operation: Operation) -> str:
    """How an operation is undone, and what of it is not."""
    lasting = text(_(operation.no_undo)) if operation.no_undo else ""
    if not operation.undo:
        return lasting
    if operation.undo == operation.id:
        words = _("Restores the earlier values, unless someone has changed them since.")
    else:
        words = _("With “{operation}”, unless someone has changed it since.").format(
            operation=operation_link(OPERATIONS[operation.undo])
        )
    return " ".join(filter(None, (words, lasting)))


def _again(found: list[Operation]) -> str:
    makers = [op for op in found if isinstance(op.effect, Mints)]
    if makers:
        return _("Creates new codes each time.")
    return _("Rows that are already up to date are skipped: nothing is sent for them.")


def sending(operation: Operation) -> str:
    """The requests that an operation sends."""
    if isinstance(operation.effect, Mints):
        return _("One for each {n} codes.").format(n=operation.effect.most)
    if operation.batch:
        return _("One for up to {n} rows that go to the same place.").format(n=operation.batch.batch)
    if any(column.each for column in operation.columns):
        return _("One for each item of a row that changes something.")
    return _("One for each row that changes something.")


def _looked(found: list[Operation]) -> str:
    """What is read from the school before anything is sent."""
    listings = [LISTINGS[name] for op in found if (name := counterparts.sources(op)[0]) in LISTINGS]
    rates = _("{what} (one by one)"), _("{what} ({n} a request)")
    titles = [
        rates[bool(one.walk)].format(what=text(_(one.title)), n=one.size) for one in dict.fromkeys(listings)
    ]
    members = [name for op in found if (name := counterparts.sources(op)[1]) in MEMBERSHIPS]
    if members:
        titles.append(_("who has what already"))
    if not titles:
        return ""
    things = ", ".join(titles)
    if not members and not any(one.walk for one in listings):
        return things
    return _("{things}; as a list or one by one, whichever is fewer requests.").format(things=things)
