"""Printing: tables, plans, progress, the JSON line for scripts, and the question before anything is sent."""

import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lwdesk.app.targets import check_free
from lwdesk.base.errors import UserError
from lwdesk.base.text import _, listing, ngettext
from lwdesk.catalog import OPERATIONS
from lwdesk.jobs.states import READY, SENDING

if TYPE_CHECKING:  # commands that only list things start without the engine and the wire
    from lwdesk.app.importing.summary import Plan
    from lwdesk.jobs.engine import Engine


def as_json(facts: dict[str, Any]) -> None:
    """The last line on stdout: one JSON object."""
    print(json.dumps(facts, ensure_ascii=False, default=str), flush=True)


def table(rows: Iterable[Sequence[object]]) -> None:
    """Columns of text, aligned."""
    lines = [[str(cell) for cell in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    for line in lines:
        print("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip())


def duration(seconds: float) -> str:
    """A duration as text."""
    whole = max(1, round(seconds))
    if whole < 100:
        return ngettext("{n} second", "{n} seconds", whole)
    if whole < 5400:
        return ngettext("{n} minute", "{n} minutes", round(whole / 60))
    return _("{hours} h {minutes} min").format(hours=whole // 3600, minutes=whole % 3600 // 60)


def plan(found: "Plan") -> None:
    """Print a plan."""
    print(_("What would happen:"))
    words = (
        (found.create, ngettext("row creates something", "rows create something", found.create)),
        (found.update, ngettext("row changes something", "rows change something", found.update)),
        (
            found.unchanged,
            ngettext("row is already up to date", "rows are already up to date", found.unchanged),
        ),
        (
            found.conflict,
            ngettext(
                "row was changed in LearnWorlds after the export",
                "rows were changed in LearnWorlds after the export",
                found.conflict,
            ),
        ),
        (found.failed, ngettext("row has a problem", "rows have a problem", found.failed)),
        (found.skipped, ngettext("row is skipped", "rows are skipped", found.skipped)),
    )
    for number, text in words:
        if number:
            print(f"  {number:>7}  {text}")
    if not found.calls:
        print("  " + _("nothing to send"))
        return
    for op, number in found.operations.items():
        calls = ngettext("{n} call", "{n} calls", number)
        print(f"  {calls:>14}  {_(OPERATIONS[op].title)}")
    mails = (
        ngettext("{n} email will be sent", "{n} emails will be sent", found.mails)
        if found.mails
        else _("no emails will be sent")
    )
    if found.invitations:
        invited = ngettext("{n} invitation is sent", "{n} invitations are sent", found.invitations)
        mails = f"{mails}, {invited}" if found.mails else invited
    seats = ", " + ngettext("{n} seat is used", "{n} seats are used", found.seats) if found.seats else ""
    line = _("about {time}; {mails}{seats}")
    print("  " + line.format(time=duration(found.estimated_seconds), mails=mails, seats=seats))


def confirm(question: str, yes: bool) -> bool:
    """Ask on a terminal. Raises UserError where there is none and no --yes."""
    if yes:
        return True
    if not sys.stdin.isatty():
        raise UserError(
            _("Nothing was sent"),
            _("lwdesk can't ask for confirmation here"),
            _("Add --yes to continue without asking"),
        )
    return input(f"{question} [y/N] ").strip().lower() in ("y", "yes", _("yes"))


def waiting(text: str) -> None:
    """Print what is waited for, beside the progress bar if there is one."""
    print(f"\r{text}\x1b[K" if sys.stderr.isatty() else text, file=sys.stderr, flush=True)


def may_replace(paths: Iterable[Path], overwrite: bool) -> bool:
    """Whether files may be written where some exist: asked on a terminal, agreed to with `overwrite`.

    Raises AlreadyThere where one exists and nobody can be asked.
    """
    there = [path for path in paths if path.exists()]
    if overwrite or not there:
        return True
    if not sys.stdin.isatty():
        check_free(there, _("Choose another name, or add --overwrite to replace it"))
    names = listing([path.name for path in there])
    question = _("{name} already exists. Replace it? [y/N] ").format(name=names)
    if input(question).strip().lower() in ("y", "yes", _("yes")):
        return True
    print(_("Nothing was written."))
    return False


@contextmanager
def progress(engine: "Engine") -> Iterator[None]:
    """A progress bar on a terminal while the block runs, fed by what the journal says."""
    if not sys.stderr.isatty():
        yield
        return
    import threading

    from tqdm import tqdm

    done = threading.Event()

    def watch() -> None:
        with tqdm(unit=_(" calls"), dynamic_ncols=True, smoothing=0.05) as bar:
            while not done.wait(0.3):
                _update(bar, engine.journal.call_counts())
            _update(bar, engine.journal.call_counts())

    thread = threading.Thread(target=watch, daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join(5)


def _update(bar: Any, counts: dict[str, int]) -> None:
    total = sum(counts.values())
    bar.total = total
    bar.n = total - counts.get(READY, 0) - counts.get(SENDING, 0)
    bar.refresh()
