"""The index of the reference pages: all entries by family."""

from lwdesk.base.text import _
from lwdesk.catalog import EXPORTS, IMPORTS
from lwdesk.catalog.export_model import Export
from lwdesk.catalog.operation import Recipe
from lwdesk.reference import counterparts, exports
from lwdesk.reference.markdown import anchor, heading, link, table, text
from lwdesk.reference.markdown import page as page_of


def page() -> str:
    """The first page."""
    entries: list[Recipe | Export] = [*IMPORTS.values(), *EXPORTS.values()]
    families = list(dict.fromkeys(entry.family for entry in entries))
    return page_of(
        heading(_("What lwdesk can do"), 1),
        _(
            "Every import takes an Excel or CSV file, checks it, shows what will change, and sends only the "
            "differences. Every export creates a workbook. Each has its own page here."
        ),
        _(
            "This page and the pages it links to are generated from the catalog: run {command} after a change."
        ).format(command="`make reference`"),
        "\n".join(f"- {link(_(family), f'#{anchor(_(family))}')}" for family in families),
        *(_family(family) for family in families),
    )


def _family(family: str) -> str:
    writes = [entry for entry in IMPORTS.values() if entry.family == family]
    lists = [entry for entry in EXPORTS.values() if entry.family == family]
    return page_of(
        heading(_(family)),
        table((_("Import"), _("What it does"), _("Undo")), map(_import, writes)),
        table((_("Export"), _("What it contains"), _("Requests")), map(_export, lists)),
    ).rstrip()


def _import(entry: Recipe) -> tuple[str, ...]:
    undone = [bool(operation.undo) for operation in counterparts.operations(entry)]
    word = _("yes") if all(undone) else _("partly") if any(undone) else _("no")
    return link(_(entry.title), f"imports/{entry.id}.md"), text(_(entry.doc)), word


def _export(entry: Export) -> tuple[str, ...]:
    return link(_(entry.title), f"exports/{entry.id}.md"), text(_(entry.doc)), exports.cost(entry)
