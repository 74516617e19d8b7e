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
FOLDER = Path(tempfile.gettempdir()) / "lwdesk"  # it is seen in the pictures, so it is always the same
STEPS = ("file", "what", "match", "check", "review")


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
        home = Home(folder / "home")
        settings = Settings(home)
        settings.change("window", "theme", theme)
        settings.change("window", "exports", str(folder))
        self.theme, self.folder = theme, folder
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
        for page in ("jobs", "schools", "settings", "home"):
            self.window.show_page(page)
            wait(800)
            self.take(page)

    def import_(self) -> None:
        page = self.window.show_page("import", path=ROSTER)
        for at, name in enumerate(STEPS):
            until(lambda at=at: page.at == at and page.next.isEnabled())  # type: ignore[misc]
            self.take(f"import-{name}")
            page.go_on()
        until(lambda: page.view.now is not None and page.view.now.state == "running")
        wait(300)
        self.take("import-run")
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
    for theme in ("light", "dark"):
        shutil.rmtree(FOLDER, ignore_errors=True)
        FOLDER.mkdir()
        tour = Tour(app, theme, FOLDER)
        try:
            tour.go()
        finally:
            tour.close()
        tour.window.deleteLater()
    shutil.rmtree(FOLDER)


if __name__ == "__main__":
    main()
