"""Markdown that GitHub shows well: headings, tables, links."""

import re
from collections.abc import Iterable, Sequence

from lwdesk.base.text import _, squeeze


def text(words: str) -> str:
    """Words of the catalog, so that none of their signs is taken for markup."""
    return re.sub(r"([\\`*_<>|\[\]#])", r"\\\1", squeeze(words))


def code(words: str) -> str:
    """Words as they are typed; nothing for none."""
    return f"`{words.replace('|', chr(92) + '|')}`" if words else ""


def heading(words: str, level: int = 2) -> str:
    return f"{'#' * level} {text(words)}"


def link(title: str, path: str) -> str:
    return f"[{text(title)}]({path})"


def command_line(commands: str) -> str:
    """How to do it on the command line."""
    words = heading(_("From the command line"))
    return f"{words}\n\n```\n{commands}\n```"


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table; its cells are Markdown. Nothing without rows."""
    lines = [f"| {' | '.join(row)} |" for row in rows]
    rule = f"|{' --- |' * len(heads)}"
    return "\n".join([f"| {' | '.join(heads)} |", rule, *lines]) if lines else ""


def points(lines: Iterable[tuple[str, str]]) -> str:
    """A list of (what, words); what has no words is left out."""
    return "\n".join(f"- **{what}**: {words}".replace(": \n", ":\n") for what, words in lines if words)


def anchor(title: str) -> str:
    """The name that GitHub gives to a heading."""
    return re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")


def page(*blocks: str) -> str:
    """A page of blocks, those without words left out."""
    return "\n\n".join(block for block in blocks if block) + "\n"
