"""How a job and its outcomes are called on screen."""

from pathlib import Path
from typing import Any

from lwdesk.base.text import N_, _, ngettext
from lwdesk.jobs.states import CONFLICT, DONE, FAILED, READY, SENDING, SKIPPED, UNCHANGED, UNSURE
from lwdesk.ui.words import entry_title, number

# Outcome -> tone.
TONES = {
    DONE: "done",
    UNCHANGED: "plain",
    FAILED: "failed",
    SKIPPED: "plain",
    UNSURE: "look",
    CONFLICT: "look",
}
OUTCOME_WORDS = {
    DONE: N_("done"),
    UNCHANGED: N_("already up to date"),
    FAILED: N_("failed"),
    SKIPPED: N_("skipped"),
    UNSURE: N_("needs checking"),
    CONFLICT: N_("conflict"),
    READY: N_("waiting"),
    SENDING: N_("sending"),
}
# Outcome -> what a number of rows is called by it.
ROW_WORDS = {
    DONE: N_("rows done"),
    UNCHANGED: N_("rows already up to date"),
    CONFLICT: N_("rows changed in LearnWorlds after the export"),
    FAILED: N_("rows failed"),
    SKIPPED: N_("rows skipped"),
    UNSURE: N_("rows need checking"),
}
_STATES = {
    "planned": (N_("not started"), "plain"),
    "running": (N_("running"), "accent"),
    "interrupted": (N_("interrupted"), "look"),
    "cancelled": (N_("cancelled"), "plain"),
    "damaged": (N_("cannot be read"), "failed"),
    "draft": (N_("draft"), "plain"),
}


def title_of(facts: dict[str, Any]) -> tuple[str, str]:
    """(the file's name, what was done with it)."""
    what = entry_title(facts.get("what") or "")
    if facts.get("kind") == "undo":
        what = _("Undo: {what}").format(what=what)
    if facts.get("kind") == "export":
        what = _("Export: {what}").format(what=what)
    name = Path(facts.get("file") or facts["job"]).name
    return name, what


def chips_of(facts: dict[str, Any]) -> list[tuple[str, str]]:
    """(text, tone) of the chips that show a job's state."""
    state, calls = facts["state"], facts.get("calls") or {}
    found = [(_(_STATES[state][0]), _STATES[state][1])] if state in _STATES else []
    if state in ("damaged", "planned", "draft"):
        return found
    if facts.get("kind") == "export":
        rows = ngettext("{n} row", "{n} rows", facts.get("total") or facts["rows"])
        found.append((rows, "done" if state == "finished" else "plain"))
        return found + _counted(calls, (FAILED,))
    counts = facts.get("counts") or calls
    return found + _counted(counts, (DONE, UNCHANGED, CONFLICT, FAILED, UNSURE))


def _counted(counts: dict[str, int], which: tuple[str, ...]) -> list[tuple[str, str]]:
    return [
        (f"{number(counts[outcome])} {_(OUTCOME_WORDS[outcome])}", TONES[outcome])
        for outcome in which
        if counts.get(outcome)
    ]
