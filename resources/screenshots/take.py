"""A picture of every page in both themes, over the practice school. Run it with `make screenshots`."""

import os
import shutil
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("QT_LOGGING_RULES", "qt.text.font.db=false;qt.qpa.*=false")
os.environ["LWDESK_LANGUAGE"] = "en"

from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication

from lwdesk.app.settings import Settings
from lwdesk.base.paths import Home
from lwdesk.ui.app import Desktop

HERE = Path(__file__).parent
ROSTER = HERE.parent / "demo" / "roster.xlsx"
SIZE = (1366, 768)
# Someone's home: it is seen in the pictures, so it is always the same, and reads like a real one where that can be.
FOLDER = Path("/home/maria") if os.access("/home", os.W_OK) else Path(tempfile.gettempdir()) / "maria"
STEPS = ("file", "match", "review")


def wait(milliseconds: int) -> None:
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


def until(condition: Callable[[], object], seconds: float = 30) -> None:
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise TimeoutError("a page did not get ready for its picture")
        wait(50)


class Tour:
    """Goes through the pages of one window in one theme."""

    def __init__(self, app: QApplication, theme: str, folder: Path):
        home, documents = Home(folder / ".lwdesk"), folder / "Documents"
        documents.mkdir()
        settings = Settings(home)
        settings.change("window", "theme", theme)
        settings.change("window", "exports", str(documents))
        settings.change("window", "tour", True)  # its bubbles cover parts of the pages
        self.theme, self.roster = theme, Path(shutil.copy(ROSTER, documents / "Autumn intake 2026.xlsx"))
        self.desktop = Desktop(app, home)
        self.window = self.desktop.window
        self.window.resize(*SIZE)
        self.window.show()

    def take(self, name: str) -> None:
        focus = self.window.focusWidget()
        if focus is not None:
            focus.clearFocus()
        wait(400)
        self.window.grab().save(str(HERE / f"{name}-{self.theme}.png"))

    def go(self) -> None:
        self.take("first-start")
        self.desktop.context.start_practice()
        until(lambda: self.desktop.context.school is not None)
        self.import_()
        self.export()
        for page in ("jobs", "schools", "settings", "help", "home"):
            self.window.show_page(page)
            wait(800)
            self.take(page)

    def import_(self) -> None:
        page = self.window.show_page("import", path=self.roster)
        for at, name in enumerate(STEPS):
            until(lambda at=at: page.at == at and page.next.isEnabled())  # type: ignore[misc]
            self.take(f"import-{name}")
            page.go_on()
        until(lambda: page.view.now is not None and page.view.now.state == "running")
        wait(700)
        self.take("import-send")
        until(lambda: page.view.now.state == "finished")
        wait(1500)
        self.take("import-results")

    def export(self) -> None:
        page = self.window.show_page("export")
        self.take("export-choose")
        page.open("users")
        until(lambda: page.form.before.table.rowCount() > 0)
        self.take("export")
        page.go_on()
        until(lambda: self.window.page.id == "job")
        view = self.window.page.view
        until(lambda: view.now is not None and view.now.state == "finished")
        self.take("job")

    def close(self) -> None:
        self.window.close()
        self.desktop.close()


def main() -> None:
    app = QApplication([])
    if FOLDER.exists():
        raise SystemExit(f"{FOLDER} is in the way: it may be somebody's")
    for theme in ("light", "dark"):
        FOLDER.mkdir()
        tour = Tour(app, theme, FOLDER)
        try:
            tour.go()
        finally:
            tour.close()
            shutil.rmtree(FOLDER)
        tour.window.deleteLater()


if __name__ == "__main__":
    main()
