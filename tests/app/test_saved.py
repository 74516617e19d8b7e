"""Saved exports: what they keep, what each run writes, and what is said where one can't run."""

import json
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import openpyxl
import pytest

from lwdesk.app.exporting import exports, saved_runs, workbook
from lwdesk.app.exporting.saved import ADD, NEW, REPLACE, SavedExport, SavedExports
from lwdesk.app.school import schools, zones
from lwdesk.app.school.schools import School
from lwdesk.base.errors import UserError
from lwdesk.base.text import set_language, squeeze
from lwdesk.catalog import EXPORTS
from lwdesk.jobs.journal import Journal
from lwdesk.sheets.listed import match

NAME = "Monthly payments"


@pytest.fixture
def last_month(practice, monkeypatch):
    """(First day, last day) of the month with the first payment; today is a day of the month after."""
    first = min(payment["created"] for payment in practice.school.payments)
    start = datetime.fromtimestamp(first, UTC).date().replace(day=1)
    after = (start + timedelta(days=31)).replace(day=1)
    go_to(monkeypatch, after + timedelta(days=9))
    return start, after - timedelta(days=1)


def go_to(monkeypatch, day):
    monkeypatch.setattr(zones, "today", lambda _zone: day)


@pytest.fixture
def store(desk, monkeypatch):
    monkeypatch.setattr(schools, "schools", lambda _settings: [School("Test", "https://x.example", "id")])
    return SavedExports(desk.home)


def monthly(desk, file="Payments {year}-{month}.xlsx", **more):
    facts = {"where": {"from": "last month", "until": "τον προηγούμενο μήνα"}, "zone": "UTC", **more}
    return SavedExport(NAME, "payments", "Test", str(desk.folder / file), **facts)


def run(desk, store, name=NAME):
    """Run a saved export to its end. Returns what was written."""
    saved = store.find(name)
    saved_runs.check(saved, desk.settings)
    with saved_runs.started(desk.home, saved, desk.session) as journal:
        assert exports.engine(journal, desk.session).run() == "finished"
        written = saved_runs.conclude(journal, desk.home)
    journal.close()
    return written


def column(path, header):
    book = openpyxl.load_workbook(path)
    head, *rows = book.worksheets[0].iter_rows(values_only=True)
    book.close()
    return [row[head.index(header)] for row in rows]


def about(path):
    book = openpyxl.load_workbook(path)
    found = dict(row[:2] for row in book["About"].iter_rows(values_only=True))
    book.close()
    return found


def paid_within(practice, first, last):
    days = [(p["id"], datetime.fromtimestamp(p["created"], UTC).date()) for p in practice.school.payments]
    return sorted(id for id, day in days if first <= day <= last)


def test_each_run_brings_the_month_before_in_a_file_of_its_own(
    desk, practice, store, last_month, monkeypatch
):
    store.save(monthly(desk))
    first, last = last_month
    (path,) = run(desk, store).paths
    assert path.name == f"Payments {first:%Y-%m}.xlsx"
    assert sorted(column(path, "ID")) == paid_within(practice, first, last) != []
    words = f"Paid from: {first} (last month); Paid until: {last} (τον προηγούμενο μήνα)"
    assert about(path)["Filters"] == words and "refund" in about(path)["Later changes"]
    go_to(monkeypatch, zones.today(UTC) + timedelta(days=31))
    (path,) = run(desk, store).paths
    second = last + timedelta(days=1)
    assert path.name == f"Payments {second:%Y-%m}.xlsx"
    assert sorted(column(path, "ID")) == paid_within(
        practice, second, (second + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    )


def test_a_run_that_is_resumed_in_the_next_month_keeps_its_days(
    desk, practice, store, last_month, monkeypatch
):
    store.save(monthly(desk))
    with saved_runs.started(desk.home, store.find(NAME), desk.session) as journal:
        journal.close()
    go_to(monkeypatch, last_month[1] + timedelta(days=60))
    journal = Journal(journal.path)
    assert exports.engine(journal, desk.session).run() == "finished"
    path = saved_runs.conclude(journal, desk.home).paths[0]
    journal.close()
    assert sorted(column(path, "ID")) == paid_within(practice, *last_month)


def test_no_file_is_replaced_but_the_last_runs_own_unchanged_one(desk, store, last_month):
    store.save(monthly(desk))
    (first,) = run(desk, store).paths
    again = run(desk, store)
    assert again.paths[0].name == f"{first.stem} (2).xlsx" and "already existed" in again.notes[0]
    store.save(replace(monthly(desk, "Payments.xlsx", mode=REPLACE), name="Same"))
    (same,) = run(desk, store, "Same").paths
    assert run(desk, store, "Same").paths == (same,) and run(desk, store, "Same").notes == ()
    same.write_bytes(same.read_bytes() + b" ")
    edited = same.read_bytes()
    moved = run(desk, store, "Same")
    assert moved.paths[0].name == "Payments (2).xlsx" and "changed after the last run" in moved.notes[0]
    assert same.read_bytes() == edited
    assert "changed after the last run" in about(moved.paths[0])["Note"]


@pytest.mark.parametrize("mode", [NEW, REPLACE])
def test_no_file_beside_the_first_one_is_replaced_either(desk, store, mode):
    notes = desk.folder / "grades - Course users.csv"
    notes.write_text("notes of a year")
    store.save(SavedExport(NAME, "gradebook", "Test", str(desk.folder / "grades.csv"), mode=mode))
    written = run(desk, store)
    assert {path.name.partition(" - ")[0].removesuffix(".csv") for path in written.paths} == {"grades (2)"}
    assert "grades - Course users.csv already existed" in written.notes[0]
    assert notes.read_text() == "notes of a year" and not (desk.folder / "grades.csv").exists()


def test_a_file_beside_the_first_one_that_appears_while_it_runs_is_not_replaced(desk):
    notes, target = desk.folder / "grades - Course users.csv", desk.folder / "grades.csv"
    with closing(exports.create(desk.home, "gradebook", {}, desk.session, target)) as journal:
        assert exports.engine(journal, desk.session).run() == "finished"
        notes.write_text("made meanwhile")
        written = workbook.write_wanted(journal)
    assert written.paths[0].name == "grades (2).csv" and notes.read_text() == "made meanwhile"


def test_of_several_files_none_is_replaced_where_one_is_open_in_another_program(desk):
    target = desk.folder / "grades.csv"
    for path in exports.files_of("gradebook", target):
        path.write_text("of last week")
    with closing(exports.create(desk.home, "gradebook", {}, desk.session, target)) as journal:
        assert exports.engine(journal, desk.session).run() == "finished"
        target.with_name(f".~lock.{target.name}#").touch()
        with pytest.raises(UserError, match="open in another program"):
            workbook.write_wanted(journal)
    assert {path.read_text() for path in desk.folder.glob("*.csv")} == {"of last week"}


def test_a_folder_for_each_year_is_made(desk, store, last_month):
    store.save(monthly(desk, "{year}/Payments {date}.csv"))
    (path,) = run(desk, store).paths
    assert path == desk.folder / f"{last_month[0]:%Y}" / f"Payments {zones.today(UTC)}.csv"


def test_the_month_of_a_period_that_goes_on_is_that_of_today(desk, monkeypatch):
    go_to(monkeypatch, date(2026, 12, 10))
    place = lambda **where: saved_runs.place(monthly(desk, where=where)).stem  # noqa: E731
    assert place(**{"from": "this year"}) == "Payments 2026-12"
    assert place(**{"from": "last quarter", "until": "last quarter"}) == "Payments 2026-09"
    assert place(**{"from": "2020-01-01"}) == place() == "Payments 2026-12"


def test_names_are_unique_and_a_saved_export_can_be_changed_renamed_and_deleted(desk, store):
    store.save(monthly(desk))
    with pytest.raises(UserError, match="A saved export named “MONTHLY payments” already exists") as caught:
        SavedExports(desk.home).save(replace(monthly(desk), name="MONTHLY  payments"))
    assert caught.value.field == "name"
    for name in (" ", "-o", "x" * 61):
        with pytest.raises(UserError, match="needs a name"):
            store.save(replace(monthly(desk), name=name))
    store.note(NAME, rows=7)
    store.save(replace(monthly(desk), zone="Europe/Athens"), was=NAME)
    assert store.find("monthly payments").zone == "Europe/Athens" and store.find(NAME).last.rows == 7
    assert store.rename(NAME, "Κάθε μήνα") == "Κάθε μήνα"
    with pytest.raises(UserError, match="Available: “Κάθε μήνα”"):
        store.find(NAME)
    text = (desk.home.root / "saved-exports.json").read_text("utf-8")
    assert "Κάθε μήνα" in text and json.loads(text)["version"] == 1
    store.delete("Κάθε μήνα")
    assert store.all() == []


def test_a_placeholder_that_there_is_none_of_is_refused(desk, store):
    with pytest.raises(UserError, match=r"\{quarter\} isn\'t a placeholder") as caught:
        store.save(monthly(desk, "Payments {quarter}.xlsx"))
    assert caught.value.field == "path"


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"export": "receipts"}, "no export “receipts”"),
        ({"where": {"paid": "last month"}}, "payments has no filter “paid”"),
        ({"columns": ("created", "vat")}, "payments has no column “vat”"),
        ({"zone": "Europe/Sparta"}, "no time zone “Europe/Sparta”"),
        ({"school": "Old school"}, "The school “Old school” of “Monthly payments” was removed"),
    ],
)
def test_what_is_no_longer_there_is_said_with_what_to_do(desk, store, change, why):
    store.save(replace(monthly(desk), **change))
    (offer,) = saved_runs.offers(desk.home)
    assert why in offer.wrong and "delete" in offer.wrong


def test_a_user_field_that_the_school_no_longer_has_is_said(desk, store):
    store.save(SavedExport(NAME, "users", "Test", str(desk.folder / "u.xlsx"), {"cf_shoe_size": "44"}))
    with pytest.raises(UserError, match="no longer has the user field “Shoe size”"):
        run(desk, store)


def test_a_second_run_at_once_says_so(desk, store, last_month):
    store.save(monthly(desk))
    with saved_runs.started(desk.home, store.find(NAME), desk.session) as journal:
        with (
            pytest.raises(saved_runs.AlreadyRunning, match=f"already running.*{journal.id}"),
            saved_runs.started(desk.home, store.find(NAME), desk.session),
        ):
            pass
        journal.close()


def test_a_saved_export_that_is_renamed_while_it_runs_keeps_what_the_run_wrote(desk, store, last_month):
    store.save(monthly(desk, "Payments.xlsx", mode=ADD))
    with saved_runs.started(desk.home, store.find(NAME), desk.session) as journal:
        assert exports.engine(journal, desk.session).run() == "finished"
        store.rename("monthly PAYMENTS", "Each month")
        written = saved_runs.conclude(journal, desk.home)
    last = store.find("Each month").last
    assert last.rows == written.rows > 0 and last.time and [*last.files] == [str(written.paths[0])]
    assert run(desk, store, "Each month").notes[0] == "0 rows were added"


def test_a_saved_export_that_is_deleted_while_it_runs_writes_its_file_all_the_same(desk, store, last_month):
    store.save(monthly(desk, "Payments.xlsx", mode=ADD))
    with saved_runs.started(desk.home, store.find(NAME), desk.session) as journal:
        assert exports.engine(journal, desk.session).run() == "finished"
        store.delete(NAME)
        (path,) = saved_runs.conclude(journal, desk.home).paths
    assert len(column(path, "ID")) > 0 and store.all() == []


@pytest.mark.parametrize(
    "text", ['{"version": 1, "exports": []}', "{", '{"version": 1, "exports": {"a": 3}}']
)
def test_a_damaged_file_is_left_alone(desk, store, text):
    path = desk.home.folder(".") / "saved-exports.json"
    path.write_text(text)
    with pytest.raises(UserError, match="can't be read"):
        store.all()
    assert path.read_text() == text
    path.write_text('{"version": 2, "exports": {}}')
    with pytest.raises(UserError, match="newer version"):
        store.save(monthly(desk))


# Rows added to a workbook --------------------------------------------------------------------------------------------


@pytest.fixture
def year(practice, monkeypatch):
    """A day in the year after the last payment, and the payments of the year before it."""
    last = max(payment["created"] for payment in practice.school.payments)
    day = datetime.fromtimestamp(last, UTC).date()
    go_to(monkeypatch, date(day.year, 12, 31))
    return day.year


def sheet_of(path):
    book = openpyxl.load_workbook(path)
    head, *rows = book.worksheets[0].iter_rows(values_only=True)
    book.close()
    return {row[head.index("ID")]: dict(zip(head, row, strict=True)) for row in rows}, len(rows)


def test_a_run_adds_what_is_new_and_updates_what_was_refunded_since(desk, practice, store, year):
    school = practice.school
    late = school.payments[-3:]
    del school.payments[-3:]
    store.save(monthly(desk, "Payments.xlsx", mode=ADD, where={"from": "this year"}))
    (path,) = run(desk, store).paths
    found, count = sheet_of(path)
    mine = {p["id"]: p for p in school.payments if datetime.fromtimestamp(p["created"], UTC).year == year}
    assert set(found) == set(mine) and count == len(mine) > 3
    book = openpyxl.load_workbook(path)  # without sums, which would not follow
    assert [s.title for s in book if s.sheet_state == "visible"] == ["Payments", "About"]
    book.close()
    assert "updates rows that changed" in about(path)["Later runs"]
    school.payments += late
    refunded = next(p for p in mine.values() if not p["refund_at"] and p["price"])
    refunded["refund_at"] = refunded["created"] + 86400
    written = run(desk, store)
    assert written.paths == (path,) and written.notes[:2] == ("3 rows were added", "1 row was updated")
    assert f"before {year}-01-01 weren't checked again" in written.notes[2]
    mine |= {p["id"]: p for p in late}
    found, count = sheet_of(path)
    assert count == len(mine) and set(found) == set(mine)
    for id, payment in mine.items():
        assert found[id]["Price"] == payment["price"] or found[id].get("Gross") == payment["price"]
        assert bool(found[id]["Refunded"]) == bool(payment["refund_at"]), id
    before = path.read_bytes()
    assert run(desk, store).notes[:2] == ("0 rows were added", "0 rows were updated")
    assert path.read_bytes() == before


def test_rows_of_a_run_that_was_written_twice_are_added_once(desk, practice, store, year):
    store.save(monthly(desk, "Payments.xlsx", mode=ADD, where={"from": "this year"}))
    (path,) = run(desk, store).paths
    count = sheet_of(path)[1]
    with saved_runs.started(desk.home, store.find(NAME), desk.session) as journal:
        assert exports.engine(journal, desk.session).run() == "finished"
        saved_runs.conclude(journal, desk.home)
        saved_runs.conclude(journal, desk.home)  # as after a crash between the two
    journal.close()
    assert sheet_of(path)[1] == count


def test_a_restructured_or_open_workbook_is_refused_before_any_work(desk, practice, store, year):
    store.save(monthly(desk, "Payments.xlsx", mode=ADD, where={"from": "this year"}))
    (path,) = run(desk, store).paths
    jobs = len(list(desk.home.jobs.glob("*.lwjob")))
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    sheet.delete_cols([cell.value for cell in sheet[1]].index("ID") + 1)
    book.save(path)
    book.close()
    with pytest.raises(UserError, match="including “ID”"):
        run(desk, store)
    path.with_name(f"~${path.name}").touch()
    with pytest.raises(UserError, match="open in another program"):
        run(desk, store)
    assert len(list(desk.home.jobs.glob("*.lwjob"))) == jobs


def test_rows_are_added_to_no_workbook_with_sums(desk, store, year):
    store.save(monthly(desk, "Payments.xlsx", where={"from": "this year"}))
    (path,) = run(desk, store).paths
    before = path.read_bytes()
    store.save(replace(store.find(NAME), mode=ADD), was=NAME)
    with pytest.raises(UserError, match="Rows can't be added to"):
        run(desk, store)
    assert path.read_bytes() == before
    path.unlink()
    assert run(desk, store).paths == (path,) and run(desk, store).notes[0] == "0 rows were added"


def test_columns_with_headers_alike_keep_their_own_values(desk, practice, store, year):
    store.save(monthly(desk, "Payments.xlsx", mode=ADD, where={"from": "this year"}))
    (path,) = run(desk, store).paths
    book = openpyxl.load_workbook(path)
    sheet = book["Payments"]
    head = [cell.value for cell in sheet[1]]
    for row in sheet.iter_rows():  # the columns are pasted over each other
        one, other = row[head.index("Tax")], row[head.index("Tax %")]
        one.value, other.value = other.value, one.value
    book.save(path)
    book.close()
    school = practice.school
    paid = {**school.payments[-1], "id": "n" * 24, "tax_amount": 17.42, "tax_percentage": 24}
    school.payments.append(paid | {"affiliate": {"commission_percentage": 10, "commission_amount": 9}})
    assert run(desk, store).notes[:2] == ("1 row was added", "0 rows were updated")
    new = sheet_of(path)[0]["n" * 24]
    shown = ("Tax", "Tax %", "Commission", "Commission %")
    assert [new[name] for name in shown] == [17.42, 24, 9, 10]


@pytest.mark.parametrize("code", ["en", "el"])
@pytest.mark.parametrize("entry", [e for e in EXPORTS.values() if not e.parts], ids=lambda e: e.id)
def test_the_headers_of_an_export_are_told_apart(entry, code):
    set_language(code)
    headers = [column.heading for column in entry.outs]
    set_language("en")
    titles = [(header,) for header in headers]
    there = {n: squeeze(header) for n, header in enumerate(headers)}
    assert match(titles, there, {}) == ({n: n for n in there}, set())
    for gone in there:
        rest = {n: text for n, text in there.items() if n != gone}
        assert match(titles, rest, {}) == ({n: n for n in rest}, set())


def test_rows_go_to_the_sheet_of_the_run_before_though_it_was_copied(desk, practice, store, year):
    store.save(monthly(desk, "Payments.xlsx", mode=ADD, where={"from": "this year"}))
    (path,) = run(desk, store).paths
    count = sheet_of(path)[1]
    book = openpyxl.load_workbook(path)
    copy = book.copy_worksheet(book["Payments"])
    copy.title = "Payments of May"
    book.move_sheet(copy, -3)
    book.save(path)
    book.close()
    practice.school.payments.append({**practice.school.payments[-1], "id": "n" * 24})
    assert run(desk, store).notes[0] == "1 row was added"
    book = openpyxl.load_workbook(path)
    assert [(s.title, s.max_row - 1) for s in book][:2] == [
        ("Payments of May", count),
        ("Payments", count + 1),
    ]
    book.close()


def test_rows_are_added_to_the_workbook_wherever_it_was_moved(desk, practice, store, year):
    store.save(monthly(desk, "Payments.xlsx", mode=ADD, where={"from": "this year"}))
    (path,) = run(desk, store).paths
    moved = path.rename(desk.folder / "Archive.xlsx")
    store.save(replace(store.find(NAME), target=str(moved)), was=NAME)
    practice.school.payments.append({**practice.school.payments[-1], "id": "n" * 24})
    assert run(desk, store).notes[0] == "1 row was added" and not path.exists()


def test_rows_are_added_to_no_list_of_another_export_or_school(desk, practice, store, year):
    store.save(monthly(desk, "Payments.xlsx", mode=ADD, where={"from": "this year"}))
    (path,) = run(desk, store).paths
    before = path.read_bytes()
    store.save(replace(store.find(NAME), export="users", where={}), was=NAME)
    with pytest.raises(UserError, match="rows of another export or school: “Payments” of “Test”") as caught:
        run(desk, store)
    assert caught.value.field == "path"
    store.save(replace(store.find(NAME), export="payments"), was=NAME)
    desk.session.root = "https://other.example/admin/api"
    with pytest.raises(UserError, match="rows of another export or school"):
        run(desk, store)
    assert path.read_bytes() == before


def test_rows_without_an_id_of_their_own_cannot_be_added(desk, store):
    for entry, file in (("event-logs", "x.xlsx"), ("group-users", "x.xlsx"), ("payments", "x.csv")):
        saved = SavedExport("Log", entry, "Test", str(desk.folder / file), mode=ADD)
        with pytest.raises(UserError, match="whose rows have an ID"):
            saved_runs.check_place_of(saved)
