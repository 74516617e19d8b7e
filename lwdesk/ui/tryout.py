"""A trial of the window: it opens, its helper answers, every page is made, it closes."""

from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication

from lwdesk.base.errors import AppError, Bug
from lwdesk.base.paths import Home
from lwdesk.ui.app import Desktop, end
from lwdesk.ui.pages import PAGES

PATIENCE = 30_000  # milliseconds


def open_and_close(home: Home) -> int:
    """Open the window, paint all pages, and ask the helper process. Returns the number of pages.

    Raises what the helper raises, and Bug where it does not answer.
    """
    app = QApplication.instance() or QApplication([])
    assert isinstance(app, QApplication)
    desktop = Desktop(app, home)
    desktop.window.show()
    try:
        _receive(desktop)
        for page in PAGES:
            desktop.window.show_page(page.id)
            if desktop.window.grab().isNull():
                raise Bug(f"the page {page.id} is not painted")
    finally:
        end(desktop)
    return len(PAGES)


def _receive(desktop: Desktop) -> None:
    waiting, results = QEventLoop(), list[AppError | None]()

    def answered(error: AppError | None) -> None:
        results.append(error)
        waiting.quit()

    desktop.work.ask("runs.status", done=lambda _pulse: answered(None), failed=answered)
    QTimer.singleShot(PATIENCE, waiting.quit)
    waiting.exec()
    if not results:
        raise Bug("the helper does not answer")
    if results[0] is not None:
        raise results[0]
