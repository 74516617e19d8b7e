"""How a job and its outcomes are called on screen."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from lwdesk.app.importing.summary import Plan
from lwdesk.app.job.outcome import attention, outcome_words
from lwdesk.app.job.status import JobStatus, Stays
from lwdesk.base.text import N_, _, ngettext, shorten
from lwdesk.jobs.states import CONFLICT, DONE, FAILED, READY, SENDING, SKIPPED, UNCHANGED, UNSURE
from lwdesk.ui.words import capital, duration, entry_title, number

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
# Imports whose rows are users, which they create or update.
_OF_USERS = ("roster", "save-user", "create-user")
_STATES = {
    "planned": (N_("not started"), "plain"),
    "running": (N_("running"), "accent"),
    "interrupted": (N_("interrupted"), "look"),
    "cancelled": (N_("canceled"), "plain"),
    "damaged": (N_("can't be read"), "failed"),
    "draft": (N_("not sent yet"), "plain"),
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


def send_words(what: str, plan: Plan) -> str:
    """The button that starts a plan: what it does to the school."""
    rows = plan.create + plan.update
    if what not in _OF_USERS:
        return ngettext("{what}: {n} row", "{what}: {n} rows", rows, what=entry_title(what))
    create, update = plan.new_users or plan.create, plan.changed_users or plan.update
    if plan.create and plan.update:
        words = number(update)
        return ngettext(
            "Create {n} user and update {update}",
            "Create {n} users and update {update}",
            create,
            update=words,
        )
    if plan.create:
        return ngettext("Create {n} user", "Create {n} users", create)
    return ngettext("Update {n} user", "Update {n} users", update)


def plan_facts(plan: Plan) -> str:
    """Emails, invitations, seats and time of a plan, in a line."""
    parts = []
    mails = ngettext("{n} email will be sent", "{n} emails will be sent", plan.mails)
    if plan.mails or not plan.invitations:
        parts.append(mails if plan.mails else _("no emails"))
    if plan.invitations:
        parts.append(ngettext("{n} invitation is sent", "{n} invitations are sent", plan.invitations))
    if plan.seats:
        parts.append(ngettext("{n} seat is used", "{n} seats are used", plan.seats))
    parts.append(_("about {time}").format(time=duration(plan.estimated_seconds)))
    return capital(" · ".join(parts))


def job_title(found: JobStatus, state: str) -> tuple[str, str]:
    """The outcome of a job as a title, and its tone: "look" where something needs the user, "done" where nothing
    does, "" while it is open."""
    name, _what = title_of(found.facts())
    if state == "planned" and found.kind == "undo" and found.plan is not None and not found.plan.calls:
        return _("Nothing of {name} can be undone").format(name=name), "look"
    titles = {
        "waiting": _("{name} is waiting for its turn"),
        "interrupted": _("{name} was interrupted"),
        "draft": _("{name} isn't sent yet"),
        "planned": _("Undo {name}?") if found.kind == "undo" else _("{name} is ready to send"),
    }
    if state in titles:
        return titles[state].format(name=name), "look" if state == "interrupted" else ""
    if found.kind == "export":
        return _export_title(found, state, name)
    counts = found.rows
    if state != "running":
        title = outcome_words(found.kind, counts)
        if state == "cancelled":
            title = _("Canceled: {outcome}").format(outcome=title)
        return title, "look" if attention(counts) or state == "cancelled" else "done"
    total, good = sum(counts.values()), number(counts.get(DONE, 0) + counts.get(UNCHANGED, 0))
    if failed := counts.get(FAILED):
        return ngettext(
            "{good} of {n} row sent, {failed} failed",
            "{good} of {n} rows sent, {failed} failed",
            total,
            good=good,
            failed=number(failed),
        ), ""
    return ngettext("{good} of {n} row sent", "{good} of {n} rows sent", total, good=good), ""


def _export_title(found: JobStatus, state: str, name: str) -> tuple[str, str]:
    if state == "running":
        return _("Exporting {name}").format(name=name), ""
    if state == "cancelled":
        return _("{name} was canceled").format(name=name), "look"
    if found.calls.get(FAILED):
        return _("{name} is incomplete").format(name=name), "look"
    return ngettext("{n} row exported", "{n} rows exported", found.lines), "done"


def stays_words(stays: Sequence[Stays]) -> tuple[str, str]:
    """What an undo can't take back, and why, with names: a title, and a line for each reason."""
    first = stays[0]
    if first.accounts:
        title = ngettext("{n} account stays in your school", "{n} accounts stay in your school", first.count)
    else:
        total = sum(one.count for one in stays)
        title = ngettext("{n} change can't be undone", "{n} changes can't be undone", total)
    return title, "\n".join(map(_stays_line, stays))


def _stays_line(one: Stays) -> str:
    names = ", ".join(shorten(name) for name in one.names)
    if more := one.count - len(one.names):
        names = ngettext("{names} and {n} more", "{names} and {n} more", more, names=names)
    return f"{names}: {_(one.why)}"
