"""The topics of the help in the language that is spoken, as Markdown that is ready to be shown.

A file of the guide is Markdown with three additions: `[[Undo…]]` is a text of the window, shown as the window has
it; `{{one_change}}` is a fact, computed by the program (`facts`); and `## Title {#id}` gives a heading a name that is
the same in all languages. Links lead to other topics (`undo.md#limits`), to pages of the window (`page:schools`), or
start the tour (`tour:start`). Pictures (`picture:match`) are drawn by the window.
"""

import posixpath
import re
from dataclasses import dataclass
from pathlib import Path

from lwdesk.base.text import _, language
from lwdesk.catalog import EXPORTS, IMPORTS
from lwdesk.help import facts
from lwdesk.reference import exports, imports

FOLDER = Path(__file__).parent
# The guide, in the order of the list.
GUIDE = (
    *("first-import", "roster", "connect", "time", "emails", "undo", "needs-checking"),
    *("jobs", "exports", "data", "keyboard", "troubleshooting"),
)
_HEADING = re.compile(r"^(#+) +(.*?)(?: +\{#([\w-]+)\})?$", re.MULTILINE)
_LABEL = re.compile(r"\[\[(.+?)\]\]")
_FACT = re.compile(r"\{\{(\w+)\}\}")
_LINK = re.compile(r"\]\((?!\w+:)([^)#]*)\.md(#[\w-]+)?\)")


@dataclass(frozen=True)
class Topic:
    """A topic: its Markdown, and the name of each of its headings in order, the title's first."""

    id: str
    title: str
    text: str
    anchors: tuple[str, ...]


def contents() -> list[tuple[str, list[tuple[str, str]]]]:
    """The groups of topics: title, and id and title of each topic."""
    return [
        (_("Guide"), [(topic, _title(_file(topic))) for topic in GUIDE]),
        (_("Imports"), [(f"imports/{entry.id}", _(entry.title)) for entry in IMPORTS.values()]),
        (_("Exports"), [(f"exports/{entry.id}", _(entry.title)) for entry in EXPORTS.values()]),
    ]


def read(topic: str) -> Topic:
    """A topic by its id: `undo`, `imports/roster`. Raises KeyError where there is none."""
    folder, _slash, entry = topic.rpartition("/")
    if folder == "imports":
        text = imports.page(IMPORTS[entry], technical=False)
    elif folder == "exports":
        text = exports.page(EXPORTS[entry], technical=False)
    elif topic in GUIDE:
        text = _filled(_file(topic))
    else:
        raise KeyError(topic)
    text = _LINK.sub(lambda found: f"]({_target(topic, found[1])}{found[2] or ''})", text)
    anchors = tuple(found[3] or f"part-{n}" for n, found in enumerate(_HEADING.finditer(text)))
    return Topic(topic, _title(text), _HEADING.sub(r"\1 \2", text), anchors)


def _file(topic: str) -> str:
    return (FOLDER / language() / f"{topic}.md").read_text("utf-8")


def _title(text: str) -> str:
    found = _HEADING.search(text)
    assert found is not None
    return found[2]


def _filled(text: str) -> str:
    """The text with the words of the window and the facts in it."""
    known = facts.known()
    return _FACT.sub(lambda found: known[found[1]], _LABEL.sub(lambda found: f"**{_(found[1])}**", text))


def _target(topic: str, path: str) -> str:
    """The topic that a link of another one leads to."""
    return posixpath.normpath(posixpath.join(posixpath.dirname(topic), path))
