"""Export: choose, narrow, order the columns, see what it will cost, get the workbook."""

from pathlib import Path

import openpyxl
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QPushButton

from lwdesk.catalog import EXPORTS
from lwdesk.practice.switches import Fault
from lwdesk.ui.exporting.charts import cell_text
from lwdesk.ui.form import DateField, ReferenceField
from tests.ui.actions import click


@pytest.fixture
def page(desktop, qtbot):
    """The export page, over the practice school."""
    desktop.context.start_practice()
    qtbot.waitUntil(lambda: desktop.context.school is not None, timeout=15000)
    return desktop.window.show_page("export")


def looked(page, qtbot):
    qtbot.waitUntil(lambda: page.form.before.table.rowCount() > 0, timeout=15000)


def test_every_export_is_there_and_found_by_a_word_of_it(page):
    assert set(page.choose.cards) == set(EXPORTS)
    page.choose.search.setText("graded")
    assert [name for name, card in page.choose.cards.items() if card.isVisible()] == ["grades"]
    page.choose.search.setText("no such thing")
    assert page.choose._nothing.isVisible()


def test_options_of_a_gradebook_show_what_is_usual(page, qtbot):
    page.choose.cards["gradebook"].click()
    form = page.form
    boxes = [form.which.fields[name].box.currentText() for name in ("retakes", "sheets", "suspended")]
    assert boxes == ["The best", "One for each course", "Yes"] and form.which.where == {}
    assert not form.order.isVisible()
    form.which.fields["retakes"].set_text("last")
    form.which.fields["suspended"].set_text("no")
    assert form.which.where == {"retakes": "last", "suspended": "no"}
    form.which.forget()
    assert form.which.where == {}
    looked(page, qtbot)


def test_users_by_role_with_chosen_columns(page, desktop, qtbot, tmp_path):
    page.choose.cards["users"].click()
    looked(page, qtbot)
    form, target = page.form, tmp_path / "people.xlsx"
    assert form.cost.text().startswith("Takes ")
    assert isinstance(form.which.fields["registered_after"], DateField)
    form.order.tick(False)
    assert not form.start_.isEnabled()
    for line in (1, 0):
        form.order.list.item(line).setCheckState(Qt.CheckState.Checked)
    form.order.list.setCurrentRow(1)
    form.order.shift(-1)
    assert form.order.columns == ["username", "email"] and form.before.table.columnCount() == 2
    form.which.fields["role"].set_text("instructor")
    qtbot.waitUntil(lambda: 0 < form.before.table.rowCount() < 20, timeout=15000)
    form.target.path_field.setText(str(tmp_path / "nowhere" / "people.xlsx"))
    page.go_on()
    wrong = form.target.box.wrong
    qtbot.waitUntil(wrong.isVisible, timeout=15000)
    assert "Can't save in the folder" in wrong.text()
    expected = form.before.table.rowCount()
    form.target.path_field.setText(str(target))
    page.go_on()
    qtbot.waitUntil(target.exists, timeout=15000)
    assert desktop.window.page.id == "job"
    book = openpyxl.load_workbook(target)
    rows = list(book.worksheets[0].iter_rows(values_only=True))
    assert (
        rows[0] == ("Username", "Email", "ID") and len(rows) == expected + 1
    )  # by its id a row is found again
    book.close()
    page = desktop.window.show_page("export", entry="users")
    assert page.form.order.columns == ["username", "email"], "remembered"
    assert page.form.target.path.startswith(str(tmp_path))


def test_a_field_of_the_user_is_added_to_an_export_about_users(page, qtbot, tmp_path):
    page.open("payments")
    looked(page, qtbot)
    form, more = page.form, page.form.order.more
    qtbot.waitUntil(lambda: more.findText("Department") > 0, timeout=15000)
    more.setCurrentIndex(more.findText("Department"))
    more.activated.emit(more.currentIndex())
    columns = form.order.columns
    assert columns.index("user_id:fields.cf_department") == columns.index("user_id:last_name") + 1
    table = form.before.table
    heads = [table.horizontalHeaderItem(n).text() for n in range(table.columnCount())]
    qtbot.waitUntil(
        lambda: "Department" in [table.horizontalHeaderItem(n).text() for n in range(table.columnCount())],
        timeout=15000,
    )
    assert "Department" not in heads
    target = tmp_path / "payments.xlsx"
    form.target.path_field.setText(str(target))
    page.go_on()
    qtbot.waitUntil(target.exists, timeout=15000)
    head = [cell.value for cell in openpyxl.load_workbook(target).worksheets[0][1]]
    assert head[2:6] == ["Email", "First name", "Last name", "Department"]
    page.open("courses")
    assert not page.form.order.more.isVisible()


def test_courses_are_chosen_from_the_schools_list(page, qtbot):
    page.open("grades")
    field = page.form.which.fields["course"]
    assert isinstance(field, ReferenceField)
    qtbot.waitUntil(lambda: field.box.count() > 3, timeout=15000)
    looked(page, qtbot)
    click(qtbot, page, "All exports")
    assert page.choose.isVisible()


def test_without_a_school_it_says_what_to_do(desktop):
    page = desktop.window.show_page("export", entry="grades")
    assert not page.form.start_.isVisible()


def test_what_is_missing_is_fetched_by_a_retry(connected, practice, qtbot, tmp_path):
    practice.switches.faults.append(Fault("success false", "GET", path="^/?v2/courses$|courses$", times=1))
    target, ids = tmp_path / "courses.xlsx", []
    connected.work.ask("exports.start", "Riverside", "courses", {}, str(target), [], done=ids.append)
    qtbot.waitUntil(target.exists, timeout=15000)
    view = connected.window.show_page("job", job=ids[0]).view
    qtbot.waitUntil(lambda: view.now is not None and view.now.calls.get("failed", 0) == 1, timeout=15000)
    click(qtbot, connected.window.page, "Get missing data")
    qtbot.waitUntil(lambda: view.now.lines > 0 and view.now.state == "finished", timeout=15000)
    qtbot.waitUntil(lambda: rows_in(target) == view.now.lines, timeout=15000)


def rows_in(path):
    book = openpyxl.load_workbook(path)
    found = book.worksheets[0].max_row - 1
    book.close()
    return found


def test_a_file_that_exists_is_replaced_only_when_somebody_says_so(page, qtbot, tmp_path):
    page.open("users")
    looked(page, qtbot)
    target = tmp_path / "people.xlsx"
    target.write_bytes(b"her pivot sheets")
    page.form.target.path_field.setText(str(target))
    page.go_on()
    qtbot.waitUntil(page.banner.isVisible, timeout=15000)
    assert "already exists" in page.banner.accessibleName() and target.read_bytes() == b"her pivot sheets"
    click(qtbot, page, "Replace the file")
    qtbot.waitUntil(lambda: target.read_bytes()[:2] == b"PK", timeout=15000)


def test_a_name_without_a_folder_goes_where_exports_go(page, qtbot, tmp_path):
    page.context.settings.change("window", "exports", str(tmp_path))
    page.open("users")
    page.form.target.path_field.setText("March.xlsx")
    assert page.form.target.path == str(tmp_path / "March.xlsx")
    page.form.target.path_field.setText("~/March.xlsx")
    assert page.form.target.path == str(Path.home() / "March.xlsx")
    page.form.target.path_field.setText("")
    assert page.form.target.path == ""


def test_only_the_file_that_was_named_is_replaced(page, qtbot, tmp_path):
    page.open("users")
    looked(page, qtbot)
    named, other = tmp_path / "a.xlsx", tmp_path / "b.xlsx"
    named.write_bytes(b"A")
    other.write_bytes(b"her pivot sheets")
    page.form.target.path_field.setText(str(named))
    page.go_on()
    qtbot.waitUntil(page.banner.isVisible, timeout=15000)
    replace = next(b for b in page.banner.findChildren(QPushButton) if b.text() == "Replace the file")
    page.form.target.path_field.setText(str(other))
    assert page.banner.isHidden()
    replace.click()  # as fast as a click can be
    qtbot.waitUntil(page.banner.isVisible, timeout=15000)
    assert "“b.xlsx” already exists" in page.banner.accessibleName()
    assert (named.read_bytes(), other.read_bytes()) == (b"A", b"her pivot sheets")


def test_a_new_name_from_the_dialog_replaces_no_files_beside_it(page, qtbot, tmp_path, monkeypatch):
    page.open("gradebook")
    looked(page, qtbot)
    notes = tmp_path / "grades - Course users.csv"
    notes.write_text("notes of a year")
    chosen = (str(tmp_path / "grades.csv"), "")
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_args: chosen)
    click(qtbot, page.form, "Choose…")
    page.go_on()
    qtbot.waitUntil(page.banner.isVisible, timeout=15000)
    assert "“grades - Course users.csv” already exists" in page.banner.accessibleName()
    assert notes.read_text() == "notes of a year"


def test_a_file_that_the_dialog_agreed_to_replace_is_replaced(page, desktop, qtbot, tmp_path, monkeypatch):
    page.open("courses")
    looked(page, qtbot)
    there = tmp_path / "courses.xlsx"
    there.write_bytes(b"of last year")
    chosen = (
        f"{tmp_path}//courses.xlsx"  # like the "/" of Qt's dialog on Windows, not as this system writes it
    )
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_args: (chosen, ""))
    click(qtbot, page.form, "Choose…")
    page.go_on()
    qtbot.waitUntil(lambda: there.read_bytes() != b"of last year", timeout=15000)
    assert page.banner.isHidden()


def test_a_filter_that_cannot_be_used_is_said_beside_its_field(page, qtbot):
    page.choose.cards["users"].click()
    looked(page, qtbot)
    form = page.form
    form.which.set({"registered_after": "2026-05-01", "registered_before": "2026-04-01"})
    wrong = form.which.boxes["registered_before"].wrong
    qtbot.waitUntil(wrong.isVisible, timeout=15000)
    assert "2026-04-01 is before 2026-05-01" in wrong.text()
    assert "registered_before" not in wrong.text() and page.banner.isHidden()


def test_only_the_users_of_a_sheet(page, qtbot, tmp_path, monkeypatch):
    page.open("users")
    looked(page, qtbot)
    form = page.form
    emails = [form.before.table.item(n, 0).text() for n in range(3)]
    sheet = tmp_path / "people.csv"
    sheet.write_text("\n".join(["Email", *map(str.upper, emails), "no@one.example"]))
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_about: (str(sheet), ""))
    form.which.fields["users_of"].pick.click()
    assert form.which.where == {"users_of": str(sheet)}
    qtbot.waitUntil(lambda: form.before.table.rowCount() == 3, timeout=15000)
    assert "no@one.example" in form.before.words.text()
    form.which.fields["users_of"].set_text("Ana")
    qtbot.waitUntil(form.which.boxes["users_of"].wrong.isVisible, timeout=15000)


def test_the_columns_go_beside_the_rows_of_the_users_sheet(page, desktop, qtbot, tmp_path):
    page.open("users")
    looked(page, qtbot)
    form = page.form
    emails = [form.before.table.item(n, 0).text() for n in range(3)]
    sheet = tmp_path / "class.csv"
    sheet.write_text("\n".join(["Email,Class", *(f"{email},2B" for email in emails)]))
    own = form.target.path
    assert form.target.beside.isHidden()
    form.which.fields["users_of"].set_text(str(sheet))
    qtbot.waitUntil(form.target.beside.isVisible, timeout=15000)
    form.target.beside.click()
    target = tmp_path / "class - Users.csv"
    assert form.target.path == str(target)
    form.target.beside.click()
    assert form.target.path == own
    form.target.beside.click()
    form.order.tick(False)
    form.order.list.item(3).setCheckState(Qt.CheckState.Checked)
    page.go_on()
    qtbot.waitUntil(target.exists, timeout=15000)
    headers, *rows = target.read_text("utf-8-sig").splitlines()
    assert headers == "Email,Class,Last name"
    assert [row.split(",")[:2] for row in rows] == [[email, "2B"] for email in emails]
    assert all(row.split(",")[2] for row in rows)


@pytest.mark.parametrize(
    ("kind", "value", "text"),
    [
        ("date", 46349, "2026-11-23"),
        ("month", 46327, "2026-11"),
        ("seconds", 1.5, "36:00:00"),
        ("percent", 0.5, "50%"),
        ("money", 1234.5, "1,234.50"),
        ("date", None, ""),
    ],
)
def test_a_figure_is_shown_as_the_workbook_shows_it(qapp, kind, value, text):
    assert cell_text(value, kind) == text


def test_a_finished_export_shows_the_figures_of_its_charts(page, desktop, qtbot, tmp_path):
    page.open("payments")
    looked(page, qtbot)
    target = tmp_path / "payments.xlsx"
    page.form.target.path_field.setText(str(target))
    page.go_on()
    qtbot.waitUntil(target.exists, timeout=15000)
    charts = desktop.window.page.view.charts
    qtbot.waitUntil(charts.isVisible, timeout=15000)
    book = openpyxl.load_workbook(target, data_only=True)
    headers, *rows = book["Summary"].iter_rows(values_only=True)
    months = [row for row in rows if row[1] == rows[0][1]]
    chart = charts.chart
    assert chart.title == f"Net ({rows[0][1]})"
    net = headers.index("Net")
    assert chart.bars == [(f"{row[0]:%Y-%m}", pytest.approx(row[net])) for row in months[-12:]]
    assert f"{chart.bars[-1][0]}: {round(chart.bars[-1][1]):,}" in chart.accessibleDescription()
    table = charts.table
    assert [table.horizontalHeaderItem(n).text() for n in range(table.columnCount())] == list(headers)
    assert table.item(0, net).text() == f"{rows[0][net]:,.2f}" and table.rowCount() == len(rows)
    click(qtbot, charts, "By product")
    products = list(book["By product"].iter_rows(min_row=2, max_row=9, values_only=True))
    bars = charts.chart.bars
    assert [name for name, _net in bars] == [row[0] for row in products if row[1] == products[0][1]]
    assert desktop.window.page.view.calls_table.isHidden()


def test_filters_that_few_need_are_folded_until_they_are_wanted(page, qtbot):
    page.open("users")
    form = page.form
    assert form.which.boxes["users_of"].isVisible() and not form.which.boxes["user_seat"].isVisible()
    click(qtbot, page, "More filters")
    assert form.which.boxes["user_seat"].isVisible() and not form.which.more.isVisible()
    page.open("users")
    page.form.which.set({"user_seat": "Team"})
    qtbot.waitUntil(page.form.which.boxes["user_seat"].isVisible)
    page.open("courses")
    assert page.form.which.more.isHidden()


def test_a_transcript_as_a_pdf(page, qtbot, tmp_path):
    page.open("users")
    looked(page, qtbot)
    email = page.form.before.table.item(0, 0).text()
    page.open("transcript")
    form = page.form
    users, formats = form.which.boxes["users_of"], form.target.formats
    assert form.before.words.text() == "No preview yet."
    page.go_on()
    qtbot.waitUntil(users.wrong.isVisible, timeout=15000)
    assert [formats.itemData(n) for n in range(formats.count())] == [".xlsx", ".pdf"]
    form.which.fields["users_of"].set_text(email)
    looked(page, qtbot)
    assert users.wrong.isHidden() and form.before.table.rowCount() == 1
    form.target.path_field.setText(str(tmp_path / "one.xlsx"))
    formats.setCurrentIndex(1)
    formats.activated.emit(1)
    assert form.target.path == str(tmp_path / "one.pdf")
    page.go_on()
    qtbot.waitUntil((tmp_path / "one.pdf").exists, timeout=15000)


def test_users_by_a_field_of_the_school(page, qtbot):
    page.open("users")
    looked(page, qtbot)
    form = page.form
    qtbot.waitUntil(lambda: "cf_department" in form.which.fields, timeout=15000)
    form.which.fields["cf_department"].set_text("nothing has this")
    qtbot.waitUntil(lambda: form.before.table.isHidden(), timeout=15000)
    assert form.which.where == {"cf_department": "nothing has this"}


def test_the_files_behind_a_list_are_downloaded_where_they_are_wanted(connected, qtbot, tmp_path):
    page = connected.window.show_page("export")
    page.open("payments")
    assert not page.form.target.files_box.isVisible()
    page.open("invoice-links")
    looked(page, qtbot)
    form, target = page.form, tmp_path / "Invoices March.xlsx"
    assert "download" not in form.cost.text() and not form.target.folder.isVisible()
    form.target.path_field.setText(str(target))
    form.target.files_box.click()
    assert "“Invoices March files”" in form.target.folder.text() and form.target.folder.isVisible()
    qtbot.waitUntil(lambda: form.cost.text().endswith("files to download"), timeout=15000)
    assert page.kept()["files"]
    page.go_on()
    qtbot.waitUntil(target.exists, timeout=15000)
    files = list((tmp_path / "Invoices March files").iterdir())
    view = connected.window.page.view
    words = f"{len(files)} of {len(files)} files"
    qtbot.waitUntil(lambda: view.sent.text().endswith(words), timeout=15000)
    assert len(files) > 3
