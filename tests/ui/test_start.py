"""The first start: practise with one click."""

import subprocess
import sys

from lwdesk.base.paths import Home
from lwdesk.ui.app import Desktop
from tests.ui.actions import TIMEOUT_MS, click, open_review_step, send
from tests.ui.conftest import close


def test_practice_school_is_one_click_away_and_marked(desktop: Desktop, qtbot):
    assert desktop.window.page.first.isVisible()
    click(qtbot, desktop.window.page, "Try it with the practice school")
    qtbot.waitUntil(lambda: desktop.context.school is not None, timeout=15000)
    assert desktop.window.header.practice.isVisible()
    assert not desktop.window.page.first.isVisible()


def test_the_command_line_never_loads_qt():
    command = [sys.executable, "-X", "importtime", "-m", "lwdesk", "operations"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert "PySide6" not in done.stderr and "lwdesk.ui" not in done.stderr


def test_the_window_starts_without_what_only_its_helper_needs():
    code = "import lwdesk.ui.app, lwdesk.ui.main_window, sys; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    libraries = {
        "requests",
        "urllib3",
        "xlsxwriter",
        "openpyxl",
        "python_calamine",
        "keyring",
        "starlette",
        "uvicorn",
    }
    assert not libraries & {name.partition(".")[0] for name in done.stdout.split()}


def test_the_practice_school_comes_back_with_its_data_and_its_jobs(desktop: Desktop, roster, qapp, qtbot):
    desktop.context.start_practice()
    qtbot.waitUntil(lambda: desktop.context.school is not None, timeout=TIMEOUT_MS)
    page = open_review_step(desktop, roster, qtbot)
    send(page, qtbot)
    job = page.view.job
    desktop.work.close()
    again = Desktop(qapp, Home(desktop.context.home.root))
    again.window.show()
    try:
        qtbot.waitUntil(lambda: again.context.school is not None, timeout=TIMEOUT_MS)
        assert again.context.school.practice and again.window.header.practice.isVisible()
        page = open_review_step(again, roster, qtbot)
        assert page.wizard.review.plan.unchanged == 1  # Ana is there already
        found = again.window.show_page("job", job=job)
        click(qtbot, found, "Undo")
        qtbot.waitUntil(lambda: found.view.job != job and found.view.now is not None, timeout=TIMEOUT_MS)
        click(qtbot, found, "Undo 1 row")
        qtbot.waitUntil(lambda: found.view.now.state == "finished", timeout=TIMEOUT_MS)
        assert found.view.now.calls["done"] >= 1
        qtbot.waitUntil(lambda: not again.context.jobs_status.running, timeout=TIMEOUT_MS)
        page = again.window.show_page("schools")
        click(qtbot, page.list, "Reset")
        click(qtbot, page.banner, "Reset")
        qtbot.waitUntil(lambda: "has its sample data again" in page.banner.title.text(), timeout=TIMEOUT_MS)
        page = open_review_step(again, roster, qtbot)
        assert page.wizard.review.plan.unchanged == 0
    finally:
        close(again)
