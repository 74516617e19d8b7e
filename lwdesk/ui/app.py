"""The application: its theme, its handler of unexpected errors, and its one window."""

import gc
import logging
import os
import signal
import sys
import threading
from pathlib import Path
from types import TracebackType
from typing import Any

import shiboken6
from PySide6.QtCore import QEvent, QLocale, Qt, Signal
from PySide6.QtGui import QFileOpenEvent, QIcon
from PySide6.QtWidgets import QApplication, QMessageBox

from lwdesk.app.helper import bug
from lwdesk.app.settings import Settings
from lwdesk.base import log
from lwdesk.base.errors import UserError
from lwdesk.base.paths import Home
from lwdesk.base.text import _, set_language, system_language
from lwdesk.ui import qt_words
from lwdesk.ui.bridge import Bridge
from lwdesk.ui.context import Context
from lwdesk.ui.main_window import MainWindow
from lwdesk.ui.single_window import SingleWindow, hand_over
from lwdesk.ui.theme import SYSTEM, Theme
from lwdesk.ui.work import Work


class Desktop:
    """The window with everything it needs. `close` ends the helper process."""

    def __init__(self, app: QApplication, home: Home):
        self.app, chosen = app, Settings(home).section("window")
        language = self._set_language(chosen)
        self.theme = Theme(app, chosen.get("theme", SYSTEM), float(chosen.get("scale", 1.0)))
        self.bridge = Bridge()
        self.work = Work(self.bridge, home, language)
        self.context = Context(home, self.theme, self.work, self.bridge)
        self.context.choose_last()
        self.window = MainWindow(self.context)
        if shape := chosen.get("size"):
            self.window.fit_screen(*shape)
        self.window.show_page("home")
        self.context.rebuild_needed.connect(self.rebuild, Qt.ConnectionType.QueuedConnection)
        self.context.poll_status()
        self.single = SingleWindow(home, lambda path: self.bridge.post(lambda: self.open(path)))
        gc.freeze()  # looking for garbage among all that stays would stop the window for 20 ms, again and again

    def rebuild(self) -> None:
        """Rebuild all pages in the chosen language. Running jobs go on."""
        self.work.set_language(self._set_language(Settings(self.context.home).section("window")))
        self.window.rebuild()

    def _set_language(self, chosen: dict[str, Any]) -> str:
        """Set the language that was chosen, else the system's. Returns it."""
        language = str(chosen.get("language") or system_language() or QLocale.system().name())
        set_language(language)
        qt_words.install(self.app, language)
        return language

    def open(self, path: Path | None) -> None:
        """Bring the window to the front, with a file to import where one is named."""
        self.window.leaving.come_back()
        if path is not None:
            self.window.page.opened(path)

    def close(self) -> None:
        """End in good order: what runs is stopped and can be resumed."""
        self.single.close()
        self.context.poll_status(False)
        self.work.close()
        self.bridge.close()
        self.theme.close()


class _Application(QApplication):
    """Says so when macOS asks it to open a file; other systems name the file at the start."""

    asked = Signal(str)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QFileOpenEvent):
            self.asked.emit(event.file())
        return super().event(event)


def run(path: Path | None = None, home_folder: str | None = None) -> int:
    """Open the window, with a file to import where one is named. Returns the exit status: 1 where there is no screen
    or the folder for jobs and settings can't be used."""
    if not _has_screen():
        sys.stderr.write(
            "lwdesk: " + _("lwdesk can't open a window here. To see its commands, run lwdesk --help.") + "\n"
        )
        return 1
    app = _Application(sys.argv[:1])
    app.setApplicationName("lwdesk")
    app.setDesktopFileName("lwdesk")
    app.setWindowIcon(QIcon(str(Path(__file__).with_name("icon.svg"))))
    home = Home.find(home_folder)
    try:
        log.start(home.logs)
        if hand_over(home, path):
            return 0
        desktop = Desktop(app, home)
    except UserError as error:
        if sys.stderr is not None:  # a program of Windows without a console has none
            sys.stderr.write(f"lwdesk: {error}\n")
        QMessageBox(QMessageBox.Icon.Critical, "lwdesk", str(error)).exec()
        return 1
    _catch(desktop.bridge)
    signal.signal(signal.SIGTERM, lambda _number, _frame: app.exit())  # the session ends
    desktop.window.leaving.left.connect(app.exit)
    app.asked.connect(lambda name: desktop.open(Path(name)))
    desktop.window.show()
    desktop.context.watch_for_updates()
    if path is not None:
        desktop.window.page.opened(path)
    status = app.exec()
    end(desktop)
    return status


def _has_screen() -> bool:
    """Whether Qt finds a screen; on Linux without one it would abort the process instead of raising."""
    names = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    return not sys.platform.startswith("linux") or any(os.environ.get(name) for name in names)


def end(desktop: Desktop) -> None:
    """Close, and take the window away before the interpreter takes its parts one by one."""
    desktop.close()
    shiboken6.delete(desktop.window)


def _catch(bridge: Bridge) -> None:
    """Errors in slots and threads are written down and shown on the page, not swallowed."""

    def caught(kind: type[BaseException], error: BaseException | None, trace: TracebackType | None) -> None:
        if error is None or issubclass(kind, KeyboardInterrupt):
            return
        logging.getLogger("lwdesk").error("not expected", exc_info=(kind, error, trace))
        bridge.post(lambda: bridge.report(bug(error), None))

    sys.excepthook = caught
    threading.excepthook = lambda args: caught(args.exc_type, args.exc_value, args.exc_traceback)
