"""Closing the window in mid job, and starting the program while its window is open."""

import os
import subprocess
import sys

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QSystemTrayIcon

from lwdesk.app.job.status import job_status
from tests.ui.actions import TIMEOUT_MS, click, running_import


@pytest.fixture
def tray(monkeypatch):
    """A desktop with a tray. Yields what is shown there: (title, words) of each message."""
    shown: list[tuple[str, str]] = []
    monkeypatch.setattr(QSystemTrayIcon, "isSystemTrayAvailable", lambda: True)
    monkeypatch.setattr(
        QSystemTrayIcon, "showMessage", lambda _tray, title, words, *_more: shown.append((title, words))
    )
    yield shown
    QApplication.setQuitOnLastWindowClosed(True)


def state(desktop, job):
    return job_status(desktop.context.home.jobs / f"{job}.lwjob").state


def close_in_mid_job(desktop, slow, tmp_path, qtbot, rows=40):
    """Close the window while it sends. Returns the job, and the question that is asked then."""
    page = running_import(desktop, slow, tmp_path, qtbot, rows=rows)
    job = page.view.job
    qtbot.waitUntil(lambda: job in desktop.context.jobs_status.running, timeout=TIMEOUT_MS)
    assert not desktop.window.close()
    question = desktop.window.leaving.question
    qtbot.waitUntil(question.isVisible, timeout=TIMEOUT_MS)
    return job, question


def test_a_window_without_jobs_closes_at_once(desktop):
    assert desktop.window.close()
    assert desktop.window.leaving.question is None


def test_escape_keeps_the_window_and_the_job(desktop, slow, tmp_path, qtbot):
    job, question = close_in_mid_job(desktop, slow, tmp_path, qtbot)
    assert question.text() == "1 job is still running"
    qtbot.keyClick(question, Qt.Key.Key_Escape)
    assert desktop.window.isVisible() and state(desktop, job) == "running"


def test_jobs_go_on_behind_the_tray_and_the_outcome_is_told_there(desktop, slow, tmp_path, qtbot, tray):
    job, question = close_in_mid_job(desktop, slow, tmp_path, qtbot)
    assert question.defaultButton().text() == "Keep sending in the background"
    qtbot.keyClick(question.defaultButton(), Qt.Key.Key_Return)
    leaving = desktop.window.leaving
    assert not desktop.window.isVisible() and leaving.tray.isVisible()
    assert tray == [("lwdesk keeps sending", "Click this icon to see its progress.")]
    assert not QApplication.quitOnLastWindowClosed()
    qtbot.waitUntil(lambda: len(tray) == 2, timeout=TIMEOUT_MS)
    assert state(desktop, job) == "finished"
    assert tray[1] == ("40 rows imported", "Click to open lwdesk.")
    leaving.tray.activated.emit(QSystemTrayIcon.ActivationReason.Trigger)
    assert desktop.window.isVisible() and not leaving.tray.isVisible()
    assert QApplication.quitOnLastWindowClosed()


def test_without_a_tray_the_window_stays_in_the_taskbar(desktop, slow, tmp_path, qtbot):
    job, question = close_in_mid_job(desktop, slow, tmp_path, qtbot)
    click(qtbot, question, "Keep sending in the background")
    assert desktop.window.isMinimized()
    qtbot.waitUntil(lambda: state(desktop, job) == "finished", timeout=TIMEOUT_MS)


def test_a_stopped_job_can_be_resumed_next_time(desktop, slow, tmp_path, qtbot):
    job, question = close_in_mid_job(desktop, slow, tmp_path, qtbot)
    click(qtbot, question, "Stop and resume next time")
    assert not desktop.window.isVisible()
    desktop.work.close()
    assert state(desktop, job) == "interrupted"


def test_the_end_of_the_session_asks_nothing(desktop, slow, tmp_path, qtbot, qapp):
    page = running_import(desktop, slow, tmp_path, qtbot, rows=40)
    qtbot.waitUntil(lambda: page.view.job in desktop.context.jobs_status.running, timeout=TIMEOUT_MS)
    qapp.commitDataRequest.emit(None)
    assert desktop.window.close()


def test_a_second_start_hands_its_file_to_the_open_window(desktop, roster, qtbot):
    command = [sys.executable, "-m", "lwdesk", "--home", str(desktop.context.home.root), str(roster)]
    desktop.window.showMinimized()
    second = subprocess.Popen(command, env=os.environ | {"QT_QPA_PLATFORM": "offscreen"})
    qtbot.waitUntil(lambda: second.poll() is not None, timeout=TIMEOUT_MS)
    assert second.returncode == 0
    qtbot.waitUntil(lambda: desktop.window.page.id == "import", timeout=TIMEOUT_MS)
    page = desktop.window.page
    qtbot.waitUntil(lambda: page.wizard.path == roster, timeout=TIMEOUT_MS)
    assert not desktop.window.isMinimized()
