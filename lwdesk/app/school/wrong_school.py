"""Detects files that look like another school's: an import into the wrong school is noticed too late."""

from contextlib import closing, suppress

from lwdesk.base.errors import AppError
from lwdesk.base.paths import Home
from lwdesk.base.text import _
from lwdesk.jobs.journal import SUFFIX, Journal
from lwdesk.jobs.states import DRAFT, PLANNED

# From so many rows on, and such a share of them that the school knows nothing of, it is likely.
_FEW, _SHARE = 4, 0.5


def suspicion(journal: Journal, home: Home) -> str:
    """Why a planned job looks like one for another school, in a sentence; empty where it does not."""
    rows = journal.ask("SELECT count(*) FROM row WHERE coalesce(outcome, '') != 'skipped'")[0][0]
    strange = journal.ask(
        "SELECT count(*) FROM row WHERE id IN (SELECT row FROM step WHERE outcome = 'failed')"
        ' OR CAST(problems AS TEXT) LIKE \'%"code":"unknown"%\''
    )[0][0]
    if strange >= _FEW and strange >= rows * _SHARE:
        text = _("{n} of {rows} rows mention users, courses, or other items that this school doesn't have.")
        return text.format(n=strange, rows=rows)
    before = _sent_elsewhere(journal, home)
    if before:
        return _("This file was already imported into “{school}”.").format(school=before)
    return ""


def _sent_elsewhere(journal: Journal, home: Home) -> str:
    digest, root = journal.get("digest"), journal.get("root")
    for path in sorted(home.jobs.glob(f"*{SUFFIX}"), reverse=True):
        # A damaged one is shown in the list of jobs.
        with suppress(AppError), closing(Journal(path)) as other:
            same = other.get("digest") == digest and other.get("root") != root
            if same and other.get("kind") == "import" and other.get("state") not in (DRAFT, PLANNED):
                return str(other.get("school"))
    return ""
