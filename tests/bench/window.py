"""The window: how long its event loop is ever blocked, what it holds in memory, how soon it is there."""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.bench import rosters
from tests.bench.measure import Figure, Line, measured, school
from tests.bench.start import COMMAND, modules, start

ROWS, MANY, USERS = 100_000, 500_000, 20_000
PASTED = 20_000  # rows that are copied, pasted and emptied; five times as many are pasted on the home page
MOST, MEMORY, SOON = 50, 400, 1.0  # ms, MB, s
RUNNING = 20  # seconds of the run that are watched


def lines(folder: Path) -> Iterator[Line]:
    with tempfile.TemporaryDirectory(dir=folder) as home:
        yield _start(Path(home))
    loaded = "PySide6" in modules()
    says = "loads Qt" if loaded else "loads no Qt"
    yield Line("lwdesk operations", measured(start, *COMMAND), says, "no Qt", not loaded)
    roster = folder / "roster.xlsx"
    measured(rosters.make, roster, ROWS, USERS)
    with (
        school("--no-limit", "--users", str(USERS)) as there,
        tempfile.TemporaryDirectory(dir=folder) as home,
    ):
        yield from _shown(f"import of {ROWS:,} rows", measured(carry, roster, there, home))
    with tempfile.TemporaryDirectory(dir=folder) as home:
        yield from _shown(f"cells of {PASTED:,} rows", measured(use_cells, home))
    with tempfile.TemporaryDirectory(dir=folder) as home:
        measured(make_job, home, MANY)
        yield from _shown(f"job of {MANY:,} rows", measured(watch, home))


def _shown(what: str, done: Figure) -> Iterator[Line]:
    """A line for each step, and one for the memory."""
    for step in done.found["steps"]:
        says = "{longest:.0f} ms blocked at most ({work:.0f} at work; idle process {idle:.0f}), 99.9 % {most:.0f} ms"
        figure = Figure(step["seconds"], step["cpu"], done.peak)
        met = step["longest"] < MOST
        yield Line(f"window, {what}: {step['name']}", figure, says.format_map(step), f"{MOST} ms", met)
    says = f"{done.peak:.0f} MB window, {done.found['helper']:.0f} MB helper process"
    yield Line(f"window, {what}: memory", done, says, f"{MEMORY} MB", done.peak < MEMORY)


# The import --------------------------------------------------------------------------------------------------


def carry(roster: str, there: dict[str, str], home: str) -> dict[str, Any]:
    """A roster from the drop to the run, by the window; somebody types, filters and scrolls all the time."""
    from lwdesk.app.school.schools import School
    from lwdesk.ui.pages.import_page import MATCH, REVIEW, SEND
    from tests.bench.pulse import JobsStatus, helper, pause, scroll, wait, window

    with window(Path(home)) as desktop:
        where = School("Riverside", there["url"], there["client_id"], "#7a4fb5")
        chosen = lambda _found: desktop.context.choose("Riverside")  # noqa: E731
        desktop.work.ask("schools.connect", where, there["client_secret"], False, done=chosen)
        wait(lambda: desktop.context.school is not None)
        desktop.window.show_page("import")
        page: Any = desktop.window.page
        pause(0.5)
        pulse = JobsStatus()

        def go(step: int) -> None:
            wait(lambda: page.next.isEnabled())
            page.go_on()
            wait(lambda: page.at >= step)
            if step < SEND:
                wait(lambda: not page.parts[step].busy)

        with pulse.step("open"):
            page.opened(Path(roster))
            wait(lambda: not page.parts[0].busy)
        with pulse.step("match"):
            go(MATCH)
        review = page.parts[REVIEW]
        view = review.view
        with pulse.step("first rows"):
            wait(lambda: page.next.isEnabled())
            page.go_on()
            wait(lambda: view.model is not None and view.model.rowCount())
        with pulse.step("check"):
            wait(lambda: not review.busy)
        with pulse.step("scroll, search, filter, sort, edit the grid while it is planned"):
            view.choose("failed")
            _use(view.table, view.search, "mueller")
            view.edited.emit({view.model.id_at(5): {0: "somebody@example.com"}})
            while review.busy:
                scroll(view.table, 0.2)
        with pulse.step("plan"):
            wait(lambda: page.wizard.review is not None)
        with pulse.step("scroll, search the plan"):
            view.choose("")
            _use(view.table, view.search, "vip", sort=False)
        with pulse.step(f"run ({RUNNING} s), scroll, search, filter, sort"):
            go(SEND)
            sheet = page.view.sheet
            wait(lambda: sheet.model is not None and sheet.model.rowCount())
            end = time.monotonic() + RUNNING
            while time.monotonic() < end:
                _use(sheet.table, sheet.search, "example")
        with pulse.step("pause"):
            desktop.work.ask("runs.pause", page.view.job, done=lambda _none: None)
            wait(lambda: page.view.job not in desktop.context.jobs_status.running)
        return {"steps": pulse.steps(), "helper": helper(desktop)}


def _use(table: Any, search: Any, text: str, *, sort: bool = True) -> None:
    """What a person does to a table: scroll, search while scrolling, show all again, sort."""
    from PySide6.QtCore import Qt

    from tests.bench.pulse import filled, scroll, write

    scroll(table, 1)
    with filled(table):
        write(search, text)
        scroll(table, 1)
    with filled(table):
        search.clear()
        scroll(table, 1)
    for order in (Qt.SortOrder.DescendingOrder, Qt.SortOrder.AscendingOrder) if sort else ():
        with filled(table):
            table.sortByColumn(2, order)
            scroll(table, 1)


# The cells ---------------------------------------------------------------------------------------------------


def use_cells(home: str) -> dict[str, Any]:
    """Paste a roster on the home page; copy all of its cells, empty and paste a column of them, by keys."""
    from PySide6.QtCore import QItemSelection, QItemSelectionModel, Qt
    from PySide6.QtTest import QTest
    from PySide6.QtWidgets import QApplication

    from lwdesk.ui.pages.import_page import MATCH, REVIEW
    from tests.bench.pulse import JobsStatus, helper, pause, wait, window

    ctrl = Qt.KeyboardModifier.ControlModifier
    clipboard = QApplication.clipboard

    def roster(rows: int) -> str:
        lines = ("\t".join(map(str, cells)) for cells in rosters.rows(rows, []))
        return "\n".join(("\t".join(rosters.HEADERS), *lines))

    with window(Path(home)) as desktop:
        desktop.context.settings.change("window", "exports", home)
        wait(lambda: desktop.work.process is not None)
        page: Any = desktop.window.show_page("import")
        pause(0.5)
        pulse = JobsStatus()
        for rows in (5 * PASTED, PASTED):
            clipboard().setText(roster(rows))
            desktop.window.show_page("home")
            desktop.window.activateWindow()
            desktop.window.setFocus()
            page.wizard.preview = None
            pause(0.5)
            with pulse.step(f"paste {rows:,} rows on the home page"):
                QTest.keyClick(desktop.window, Qt.Key.Key_V, ctrl)
                wait(lambda: page.wizard.preview is not None and not page.parts[0].busy)
        for step in (MATCH, REVIEW):
            wait(lambda: page.next.isEnabled())
            page.go_on()
            wait(lambda step=step: page.at >= step and not page.parts[step].busy)
        view, review = page.parts[REVIEW].view, page.parts[REVIEW]
        wait(lambda: view.model is not None and view.model.rowCount() == PASTED)

        def press(key: Qt.Key) -> None:
            view.table.setFocus()
            QTest.keyClick(
                view.table, key, ctrl if key != Qt.Key.Key_Delete else Qt.KeyboardModifier.NoModifier
            )

        def column(place: int) -> None:
            block = QItemSelection(view.model.index(0, place), view.model.index(PASTED - 1, place))
            view.table.selectionModel().select(block, QItemSelectionModel.SelectionFlag.ClearAndSelect)

        with pulse.step("copy all"):
            clipboard().setText("before")
            press(Qt.Key.Key_A)
            press(Qt.Key.Key_C)
            wait(lambda: clipboard().text().count("\n") == PASTED - 1)
        with pulse.step("empty a column"):
            column(9)
            press(Qt.Key.Key_Delete)
            wait(lambda: not review.busy)
        clipboard().setText("\n".join(f"Firm {n}" for n in range(PASTED)))
        with pulse.step("paste a column"):
            view.table.clearSelection()
            view.table.setCurrentIndex(view.model.index(0, 9))
            press(Qt.Key.Key_V)
            wait(lambda: review.busy)
            wait(lambda: not review.busy)
        with pulse.step("fill a column, undo that"):
            column(9)
            press(Qt.Key.Key_D)
            wait(lambda: not review.busy)
            press(Qt.Key.Key_Z)
            wait(lambda: not review.busy)
        return {"steps": pulse.steps(), "helper": helper(desktop)}


# The big job -------------------------------------------------------------------------------------------------


def make_job(home: str, rows: int) -> None:
    """A finished job of so many rows, as an import leaves it."""
    from lwdesk.base.paths import Home
    from lwdesk.jobs.journal import SUFFIX, Journal
    from lwdesk.jobs.states import DONE, FAILED, Call, End, Row, Step

    journal = Journal(Home(Path(home)).jobs / f"20260101-120000-roster-0001{SUFFIX}", create=True)
    with journal.writing():
        journal.put(
            kind="import", what="roster", state="finished", school="Riverside", root="", created=1.7e9
        )
        journal.put(file="roster.xlsx", headers=list(rosters.HEADERS), letters={})
        journal.add_rows(
            Row(n + 2, cells, {"email": f"person{n}@example.com"})
            for n, cells in enumerate(rosters.rows(rows, []))
        )
        for n in range(1, rows + 1):
            call_id = journal.add_call(Call("save-user", "POST", f"/v2/users/{n}", {"tags": ["vip"]}))
            end = End(FAILED, "The school refused.", 422) if n % 50 == 0 else End(DONE, "", 200)
            journal.ended(call_id, end, 1.7e9 + n / 3)
            journal.add_step(Step(n, "save-user", "user", {}, call_id, message="created with tags vip"))
    journal.close()


def watch(home: str) -> dict[str, Any]:
    """Open the page of the job, and use its table."""
    from lwdesk.ui.job_view import JobView
    from tests.bench.pulse import JobsStatus, filled, helper, pause, scroll, wait, window

    with window(Path(home)) as desktop:
        wait(lambda: desktop.work.process is not None)
        pause(0.5)
        pulse = JobsStatus()
        with pulse.step("open"):
            job = next(Path(home).rglob("*.lwjob")).stem
            desktop.context.go("job", job=job)
            view: JobView = desktop.window.page.view  # type: ignore[attr-defined]
            sheet = view.sheet
            wait(lambda: sheet.model is not None and sheet.model.rowCount() == MANY)
        assert sheet.model is not None and sheet.table is not None
        with pulse.step("scroll"):
            scroll(sheet.table, 5)
        with pulse.step("search, show all, sort twice"):
            _use(sheet.table, sheet.search, "person4999")
        for which in ("failed", ""):
            with pulse.step(f"filter: {which or 'all'}"):
                chip = next(b for b in sheet.figures.buttons() if b.property("which") == which)
                with filled(sheet.table):
                    chip.click()
                scroll(sheet.table, 1)
        return {"steps": pulse.steps(), "helper": helper(desktop)}


# The start ---------------------------------------------------------------------------------------------------


def _start(home: Path) -> Line:
    """From the start of the process to a window that is painted and hears, warm."""
    environment = os.environ | {"LWDESK_HOME": str(home), "QT_QPA_PLATFORM": "offscreen"}
    found = []
    for _run in range(7):
        command = [sys.executable, "-c", _FIRST_PAINT, str(time.time())]
        done = subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE, text=True)
        found.append([float(word) for word in done.stdout.split()])
    seconds = statistics.median(seconds for seconds, _cpu, _peak in found[2:])
    cpu = statistics.median(cpu for _seconds, cpu, _peak in found[2:])
    says = f"from {min(found)[0]:.2f} s to {max(found)[0]:.2f} s"
    figure = Figure(seconds, cpu, max(peak for _seconds, _cpu, peak in found))
    return Line("window: from `lwdesk` to painted and usable", figure, says, f"{SOON} s", seconds < SOON)


# The command itself, but for the loop, which ends as soon as the window was painted and an event came after that.
_FIRST_PAINT = """
import sys, time
sys.argv, began = ["lwdesk"], float(sys.argv[1])
from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication

class Watch(QObject):
    def eventFilter(self, thing, event):
        if event.type() == QEvent.Type.Paint and thing.inherits("QPushButton"):
            QTimer.singleShot(0, self.over)
        return False

    def over(self):
        if not starts:
            starts.append(time.time() - began)
            QApplication.instance().quit()

starts, run = [], QApplication.exec
def watched(*_):
    watch = Watch()
    QApplication.instance().installEventFilter(watch)
    return run()
QApplication.exec = watched
from lwdesk.__main__ import main
main()
from tests.bench.measure import peak
print(starts[0], time.process_time(), peak())
"""
