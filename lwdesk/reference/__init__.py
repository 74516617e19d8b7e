"""The reference pages: every import and every export of the catalog on a page for people, as Markdown."""

from pathlib import Path

from lwdesk.base.paths import ensure_folder, written_whole
from lwdesk.base.text import _
from lwdesk.catalog import EXPORTS, IMPORTS
from lwdesk.reference import exports, imports, index


def pages() -> dict[str, str]:
    """All pages in the language that is spoken: path inside the folder -> text. `README.md` leads to the others."""
    found = {"README.md": index.page()}
    found |= {f"imports/{entry.id}.md": imports.page(entry) for entry in IMPORTS.values()}
    return found | {f"exports/{entry.id}.md": exports.page(entry) for entry in EXPORTS.values()}


def files(folder: Path) -> list[Path]:
    """The files that `write` writes into a folder."""
    return [folder / name for name in pages()]


def write(folder: Path) -> int:
    """Write the pages into a folder, made where it is not there. Returns how many.

    Raises UserError where it cannot be written to.
    """
    found = pages()
    for name, text in found.items():
        path = folder / name
        ensure_folder(path.parent, _("Choose another folder with -o"))
        with written_whole(path) as temporary:
            temporary.write_text(text, "utf-8", newline="\n")
    return len(found)
