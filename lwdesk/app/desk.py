"""The facade of the app for the window: its parts and methods are called by name, in the helper process."""

import threading
from pathlib import Path

from lwdesk.app.diagnostics import Diagnostics
from lwdesk.app.exporting.starts import Exporting
from lwdesk.app.importing import pasted
from lwdesk.app.importing.drafts import Drafts
from lwdesk.app.importing.tidying import tidy
from lwdesk.app.job.jobs import Jobs
from lwdesk.app.job.passwords import wipe_old
from lwdesk.app.job.runs import Runs
from lwdesk.app.school.connections import Connections
from lwdesk.app.updates import Updates
from lwdesk.base.paths import Home
from lwdesk.base.text import set_language


class Words:
    """The language of the helper's messages."""

    def set_language(self, language: str) -> None:
        """Set the language."""
        set_language(language)


class Pasted:
    """Cells copied from a spreadsheet."""

    def keep(self, text: str, folder: str) -> str:
        """Write the cells in a text of the clipboard to a new CSV file in the folder. Returns its path."""
        return str(pasted.keep(text, Path(folder)))


class Desk:
    """The parts of the app behind one window. Their public methods take and return plain data."""

    def __init__(self, home: Home):
        self.words = Words()
        self.pasted = Pasted()
        self.schools = Connections(home)
        self.runs = Runs(home, self.schools)
        self.drafts = Drafts(home, self.schools)
        self.exports = Exporting(home, self.schools, self.runs)
        self.diagnostics = Diagnostics(home)
        self.updates = Updates(home)
        self.jobs = Jobs(home, self.schools, self.runs)
        for work in (tidy, wipe_old):
            threading.Thread(target=work, args=(home,), name="tidying", daemon=True).start()

    def close(self) -> None:
        """Stop running jobs cleanly, then close the sessions."""
        self.runs.close()
        self.schools.close()
