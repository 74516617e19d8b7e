"""The results workbook of a job: beside the user's file, written when the job ends, and again after a retry."""

import hashlib
import json
import threading
from pathlib import Path

from lwdesk.app.job import results
from lwdesk.app.job.sheet_rows import figures
from lwdesk.base.file_names import beside
from lwdesk.base.paths import Home, digest_of, free_name
from lwdesk.base.text import _
from lwdesk.jobs.journal import Journal

# One at a time: the end of a job and the button of the window may ask for the same file.
_writing = threading.Lock()


def written(journal: Journal, home: Home, target: str = "") -> str:
    """The path of the results as of now; written where they are not there, to `target` or to a place of
    its own. Raises UserError where that can't be written."""
    with _writing:
        made, state = journal.get("results"), _state(journal)
        if made and not target and journal.get("results_of") == state and Path(made).exists():
            return str(made)
        path = Path(target) if target else _place(journal, home)
        found = results.write(journal, path).paths[0]
        journal.put(results=str(found), results_of=state, results_digest=digest_of(found))
        return str(found)


def _state(journal: Journal) -> list[list[object]]:
    """What the results depend on: calls and rows by state, when the last call ended, what the user changed."""
    counts = [*sorted(journal.call_counts().items()), *sorted(figures(journal).items())]
    [[ended]] = journal.ask("SELECT max(ended) FROM call")
    edits = json.dumps(journal.get("edits") or {}, sort_keys=True)
    return [*map(list, counts), [ended, hashlib.sha256(edits.encode()).hexdigest()]]


def _place(journal: Journal, home: Home) -> Path:
    """The results of before, unless they were changed; else an unused path beside the user's file, or in the app's
    folder if the file is gone."""
    made = journal.get("results")
    if made and Path(made).exists() and digest_of(Path(made)) == journal.get("results_digest"):
        return Path(made)
    file = Path(journal.get("file"))
    if file.parent.is_dir() and file.exists():
        return results.default_path(journal)
    return free_name(beside(home.folder("results") / file.name, _("results"), ".xlsx"))
