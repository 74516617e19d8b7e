"""What the review says above the rows."""

from collections.abc import Mapping

from lwdesk.app.importing.draft_answers import Findings, Review
from lwdesk.app.job.row_status import CHECK, CONFLICT, FAILED, SKIPPED
from lwdesk.base.text import _, ngettext
from lwdesk.ui.words import number

# Edits that a message names, at most.
_MOST_DROPPED = 10


def review_title(counts: Mapping[str, int], review: Review | None) -> str:
    """What has to be done before sending; `counts` are the rows by status, `review` is None until the plan is there."""
    total = sum(counts.values())
    need, odd, apart = (counts.get(status, 0) for status in (FAILED, CHECK, CONFLICT))
    if apart and not need:
        return ngettext(
            "{n} row changed in LearnWorlds after the export",
            "{n} rows changed in LearnWorlds after the export",
            apart,
        )
    if need:
        return ngettext("{need} of {n} row to fix", "{need} of {n} rows to fix", total, need=number(need))
    if odd:
        return ngettext("{odd} of {n} row to check", "{odd} of {n} rows to check", total, odd=number(odd))
    if review is not None and not review.plan.calls:
        return _("Everything is up to date")
    return ngettext("{n} row, no problems", "{n} rows, no problems", total)


def review_words(counts: Mapping[str, int], review: Review | None, school: str) -> str:
    """What becomes of the rows, below the title. `school`: its title, "" for none yet."""
    if review is None:
        if not school:
            return _("Change a cell right here; your file stays as it is.")
        return _("Comparing with {school}… You can fix cells in the meantime.").format(school=school)
    if review.held:
        return ngettext(
            "A trial run: {n} row waits until you have checked the results.",
            "A trial run: {n} rows wait until you have checked the results.",
            review.held,
        )
    words = [_("Nothing has been sent."), _("Fix cells right here; your file stays as it is.")]
    if n := counts.get(FAILED):
        words.append(ngettext("{n} row with an error is skipped.", "{n} rows with errors are skipped.", n))
    if n := counts.get(CHECK):
        words.append(
            ngettext(
                "{n} row to check is sent unless you fix or skip it.",
                "{n} rows to check are sent unless you fix or skip them.",
                n,
            )
        )
    if n := counts.get(SKIPPED):
        words.append(ngettext("{n} row is skipped.", "{n} rows are skipped.", n))
    return " ".join(words)


def dropped_words(found: Findings) -> list[str]:
    """The edits that were not made again in another sheet or a changed file: a title, and which; mostly none."""
    if not found.dropped:
        return []
    title = ngettext("{n} change wasn't kept", "{n} changes weren't kept", len(found.dropped))
    words = _("The file or sheet isn't the same any more. Check these cells and change them again: {changes}")
    shown = "; ".join(found.dropped[:_MOST_DROPPED])
    return [title, words.format(changes=shown if len(found.dropped) <= _MOST_DROPPED else f"{shown}; …")]
