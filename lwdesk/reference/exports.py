"""The page of an export: what it brings, what it costs, how it can be narrowed, its columns."""

from collections.abc import Iterator

from lwdesk.base.text import _
from lwdesk.catalog import EXPORTS, recipe
from lwdesk.catalog.export_model import Export, Parents
from lwdesk.reference import cells, counterparts
from lwdesk.reference.markdown import anchor, code, command_line, heading, link, points, table, text
from lwdesk.reference.markdown import page as page_of


def page(entry: Export, *, technical: bool = True) -> str:
    """The page of an export. `technical`: with ids, requests, and what is for developers and the command line."""
    home = link(_(entry.family), f"../README.md#{anchor(_(entry.family))}")
    facts = points(_facts(entry, technical))
    return page_of(
        heading(_(entry.title), 1),
        " ".join((_("Export"), code(entry.id), "·", home)) if technical else "",
        text(_(entry.doc)),
        heading(_("Good to know")) if facts else "",
        facts,
        heading(_("Sections") if entry.pages else _("Sheets")) if entry.parts else "",
        "\n".join(f"- {link(_(EXPORTS[part].title), f'{part}.md')}" for part in entry.parts),
        heading(_("Filters")) if entry.choices else "",
        _filters(entry, technical),
        heading(_("Columns")) if entry.outs else "",
        table(
            (_("Column"), _("Type")),
            ([text(c.heading), _(cells.OUT[c.kind])] for c in entry.outs),
        ),
        _("Your school's custom fields follow, one column each.") if entry.open else "",
        command_line(f"lwdesk export {entry.id} -o {entry.id}.xlsx") if technical else "",
    )


def _facts(entry: Export, technical: bool) -> Iterator[tuple[str, str]]:
    if technical:
        yield _("Requests"), cost(entry)
    yield _("Related imports"), counterparts.links(counterparts.changed_by(entry), "../imports")
    if entry.returns:
        uses = recipe((entry.returns,)).uses
        changing = ", ".join(link(_(u.operation.title), f"../imports/{u.operation.id}.md") for u in uses)
        yield (
            _("Edit and send back"),
            _(
                "Edit the workbook and drop it on lwdesk again. Only the cells you edited are sent, with {operation}."
            ).format(operation=changing),
        )
    if entry.files:
        yield (
            _("Files"),
            _("You can also download the files that the rows link to, into a folder next to the workbook."),
        )
    if technical:
        calls = [call for _word, call in entry.variants] or [call for call in (entry.call,) if call]
        calls += [entry.join.call] if entry.join else []
        yield _("LearnWorlds API"), ", ".join(map(code, calls))


def cost(entry: Export) -> str:
    """How many requests an export makes."""
    if entry.parts:
        return _("The sum of its sheets. Counted before the export starts.")
    rows = _("one for {n} rows").format(n=entry.size)
    if entry.variants:
        rows = _("{n} lists, {each}").format(n=len(entry.variants), each=rows)
    if not entry.per:
        return f"{rows[0].upper()}{rows[1:]}."
    joined = _(" and one more") if entry.join else ""
    ways = _(" or ").join(dict.fromkeys(_chain(parents) for parents in entry.per))
    return _("For each {parents}: {rows}, at least one{more}. Use filters to make it faster.").format(
        parents=ways, rows=rows, more=joined
    )


def _chain(parents: Parents) -> str:
    """course, unit of each course."""
    return _(" of each ").join(level.name.replace("_", " ") for level in reversed(parents.path))


def _filters(entry: Export, technical: bool) -> str:
    heads = (_("Filter"), _("What to write"), _("About"))
    return table(heads, ([cells.title(c, technical), cells.kind(c), cells.about(c)] for c in entry.choices))
