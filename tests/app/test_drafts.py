"""Drafts: guessed, matched, checked with and without a school, fixed cell by cell and all alike, planned, tried."""

import gc
import os
import time
import weakref
from contextlib import closing
from pathlib import Path

import openpyxl
import pytest

from lwdesk.app.desk import Desk
from lwdesk.app.exporting import exports, workbook
from lwdesk.app.importing.draft_answers import DraftRequest
from lwdesk.app.importing.guess import guesses
from lwdesk.app.importing.opened import Choices
from lwdesk.app.importing.tidying import tidy
from lwdesk.app.job.rows import Filter
from lwdesk.app.job.sheet_rows import SheetRows
from lwdesk.app.job.status import job_status
from lwdesk.app.school.schools import School
from lwdesk.base.errors import UserError
from lwdesk.base.paths import Home
from lwdesk.catalog import IMPORTS
from lwdesk.catalog.model import TAKES
from lwdesk.jobs.journal import SUFFIX, Journal
from lwdesk.practice.server import Practice
from lwdesk.sheets.read import open_source
from lwdesk.sheets.table import Header
from tests.app.desk import ready, riverside
from tests.app.desk import workbook as write_sheet

HEADERS = ["Email", "Username", "Course 1", "Course 2", "Password", "Marketing emails"]
ROWS = [
    ["ana@x.example", "Ana", "AI at Work", "", "secret-1", "yes"],
    ["ben at x.example", "Ben", "AI at Wrk", "Welcome to the Schol; AI at Wrk", "secret-2", "perhaps"],
    ["cyd@x.example", "Cyd", "", "AI at Wrk", "", "perhaps"],
    ["dee@x.example", "Dee", "", "", "", ""],
]


@pytest.fixture(scope="module")
def practice():
    with Practice(users=30, limit=False) as school:
        yield school


@pytest.fixture
def desk(home, practice):
    with riverside(home, practice) as found:
        yield found


@pytest.fixture
def sheet(tmp_path):
    book = openpyxl.Workbook()
    for row in (HEADERS, *ROWS):
        book.active.append(row)
    path = tmp_path / "people.xlsx"
    book.save(path)
    return path


def asked(sheet, school="Riverside", **choices) -> DraftRequest:
    return DraftRequest(str(sheet), ("roster",), school, Choices(**choices))


def group(found, code):
    return next((g for g in found.groups if g.code == code), None)


@pytest.mark.parametrize(
    ("headers", "first"),
    [
        (["E-mail", "Full name", "Courses", "Tags", "Seat"], "roster"),
        (["Email", "Username"], "roster"),
        (["User", "Tags"], "tag"),
        (["Email", "Product"], "enroll"),
    ],
)
def test_the_headers_tell_what_is_meant(headers, first):
    assert guesses([Header("A", text) for text in headers])[0].id == first


def test_nothing_is_taken_away_by_a_guess():
    best = guesses([Header("A", "User"), Header("B", "Product")])[0]
    assert all(use.operation.risk != TAKES for use in IMPORTS[best.id].uses)


def test_a_match_says_where_each_header_goes_and_what_is_missing(desk, sheet):
    found = desk.drafts.match(asked(sheet))
    goes = {line.header: line.column for line in found.lines}
    assert goes["Course 1"] == goes["Course 2"] == "courses" and goes["Email"] == "email"
    assert found.missing == [] and found.trouble is None
    assert desk.drafts.match(asked(sheet, ignored=["Email"])).missing == ["email"]
    with pytest.raises(UserError, match="Email"):
        desk.drafts.check(asked(sheet, ignored=["Email"]))


def test_without_a_school_titles_are_not_looked_up(desk, sheet):
    found = desk.drafts.check(asked(sheet, school=""))
    assert group(found, "unknown") is None and group(found, "email").count == 1
    with pytest.raises(UserError):
        desk.drafts.plan(found.job)


def test_alike_problems_are_mended_together_in_their_place(desk, sheet, home):
    found = desk.drafts.check(asked(sheet))
    unknown = group(found, "unknown")
    assert unknown.values == {"AI at Wrk": 3, "Welcome to the Schol": 1}
    assert unknown.likely["AI at Wrk"] == "AI at Work"
    found = desk.drafts.put(found.job, unknown.key, {"AI at Wrk": "AI at Work"})
    assert set(group(found, "unknown").values) == {"Welcome to the Schol"}
    found = desk.drafts.fix(found.job, group(found, "unknown").key)
    assert group(found, "unknown") is None
    rows = SheetRows(Home(home).jobs / f"{found.job}.lwjob")
    cells = rows.fetch(rows.ids(Filter()))
    rows.close()
    assert cells[2][5].text == "Welcome to the School; AI at Work"
    assert "in the file it is" in cells[2][5].detail


DAMAGED = [
    ["Email", "Name", "Phone", "Company"],
    ["ana@x.example", "Ana Pappa", "06941234567", "Acme"],
    ["family@x.example", "Tom Lee", "06941234568", "MÃ¼ller &amp; Co"],
    ["family@x.example", "Eva Moss", 6941234569, "Acme"],
    [None, "zoe@x.example", "Zoe", "06941234560"],
    ["liz@x.example", "Liz", "06941234561", "Acme"],
]


def test_what_excel_did_is_mended_for_all_at_once(desk, tmp_path, home):
    book = openpyxl.Workbook()
    for row in DAMAGED:
        book.active.append(row)
    book.save(path := tmp_path / "damaged.xlsx")
    found = desk.drafts.check(asked(path))
    assert group(found, "zeros-lost").changes == {"6941234569": "06941234569"}
    assert group(found, "shifted").changes == {"": "zoe@x.example"} and ready(found) == 4
    for code in ("zeros-lost", "shifted", "web-code"):
        found = desk.drafts.fix(found.job, group(found, code).key)
        assert group(found, code) is None
    assert ready(found) == 5 and group(found, "email-shared").count == 2
    found = desk.drafts.edit(found.job, {3: {0: "eva@x.example"}})
    assert group(found, "email-shared") is None, "the other of the two has the email alone now"
    found = desk.drafts.edit(found.job, {1: {0: "Liz@x.example"}, 2: {0: "eva@x.example"}})
    shared = group(found, "email-shared")
    assert shared.count == 4 and shared.message.startswith("Row 6 has the same email for “Liz”."), (
        "both rows say so"
    )
    found = desk.drafts.edit(found.job, {2: {1: "Eva Moss"}})
    assert group(found, "email-shared").count == 2, "the two have one name now"
    found = desk.drafts.edit(found.job, {5: {0: ""}})
    assert group(found, "email-shared") is None
    for _times in range(3):
        found = desk.drafts.undo(found.job)
    assert group(found, "email-shared") is None, "all have their own again"
    rows = SheetRows(Home(home).jobs / f"{found.job}.lwjob")
    texts = [[cell.text for cell in cells[2:]] for cells in rows.fetch([1, 2, 3, 4, 5]).values()]
    rows.close()
    assert texts[2] == ["eva@x.example", "Eva Moss", "06941234569", "Acme"]
    assert texts[3] == ["zoe@x.example", "Zoe", "06941234560", ""]


def test_words_that_are_neither_are_mapped_or_emptied(desk, sheet):
    found = desk.drafts.check(asked(sheet))
    perhaps = group(found, "yes-no")
    assert perhaps.values == {"perhaps": 2}
    mapped = desk.drafts.put(found.job, perhaps.key, {"perhaps": "no"})
    assert group(mapped, "yes-no") is None
    again = desk.drafts.check(asked(sheet))
    emptied = desk.drafts.empty(again.job, group(again, "yes-no").key)
    assert group(emptied, "yes-no") is None


def test_an_edit_checks_its_row_anew_and_keeps_the_password_of_the_file(desk, sheet, home):
    found = desk.drafts.check(asked(sheet))
    found = desk.drafts.edit(found.job, {2: {0: "ben@x.example", 2: "", 3: "", 5: "no"}})
    assert ready(found) == 3 and group(found, "email") is None
    rows = SheetRows(Home(home).jobs / f"{found.job}.lwjob")
    assert rows.fetch([2])[2][6].text == "secret-2"
    rows.close()
    later = desk.drafts.check(asked(sheet, ignored=["Marketing emails"]), found.job)
    assert later.job != found.job and ready(later) == 3
    assert group(later, "email") is None, "edits are made again in the draft that follows"


def test_an_edited_password_stays_when_another_cell_is_edited(desk, sheet, home):
    found = desk.drafts.check(asked(sheet))
    desk.drafts.edit(found.job, {2: {4: "better-2"}})
    desk.drafts.edit(found.job, {2: {0: "ben@x.example"}})
    rows = SheetRows(Home(home).jobs / f"{found.job}.lwjob")
    assert rows.fetch([2])[2][6].text == "better-2"
    rows.close()


def test_the_cells_of_a_sheet_are_released_once_they_are_checked(desk, sheet):
    source = weakref.ref(open_source(sheet))
    assert source() is not None
    desk.drafts.check(asked(sheet))
    gc.collect()
    assert source() is None


def test_another_helper_goes_on_with_a_draft(desk, sheet, home, practice, monkeypatch):
    monkeypatch.setenv("LWDESK_CLIENT_SECRET", practice.client_secret)
    found = desk.drafts.check(asked(sheet))
    desk.drafts._open[found.job].release()  # as the end of its program does
    other = Desk(Home(home))
    found = other.drafts.edit(found.job, {2: {0: "ben@x.example"}})
    assert group(found, "email") is None
    other.close()


def test_a_check_anew_keeps_what_can_be_undone_unless_the_file_is_another(desk, sheet):
    first = desk.drafts.check(asked(sheet))
    desk.drafts.edit(first.job, {2: {0: "ben@x.example"}})
    found = desk.drafts.undo(desk.drafts.edit(first.job, {3: {1: "Cyda"}}).job)
    found = desk.drafts.check(asked(sheet, school=""), before=found.job)
    assert (found.undo, found.redo) == (True, True) and group(found, "email") is None
    found = desk.drafts.undo(desk.drafts.redo(found.job).job)
    assert group(desk.drafts.undo(found.job), "email").count == 1
    book = openpyxl.load_workbook(sheet)
    book.active.append(["eve@x.example", "Eve"])
    book.save(sheet)
    found = desk.drafts.check(asked(sheet), before=found.job)
    assert (found.undo, found.redo) == (False, False)


def test_rows_are_found_by_problem_and_by_text(desk, sheet, home):
    found = desk.drafts.check(asked(sheet))
    rows = SheetRows(Home(home).jobs / f"{found.job}.lwjob")
    assert sorted(rows.ids(Filter("failed,check"))) == [2, 3]
    assert list(rows.ids(Filter(" ".join(group(found, "email").key)))) == [2]
    assert list(rows.ids(Filter(search="cyd@"))) == [3]
    assert list(rows.ids(Filter(sort=3, down=True))) == [4, 3, 2, 1]
    rows.close()


def test_a_trial_holds_rows_back_and_lets_them_go(desk, sheet, home):
    job = desk.drafts.check(asked(sheet)).job
    review = desk.drafts.plan(job, 1)
    assert (review.plan.create, review.held) == (1, 1)
    path = Home(home).jobs / f"{job}.lwjob"
    rows = SheetRows(path)
    assert ("Email", "", "ana@x.example") in rows.detail(1).changes
    assert rows.fetch([1])[1][0].text == "Check 1 cell" or rows.fetch([1])[1][0].text == "New"
    rows.close()
    desk.runs.start(job)
    wait_for(path)
    rows = SheetRows(path)
    assert list(rows.ids(Filter("created"))) == [1] and rows.fetch([1])[1][0].text == "Created"
    rows.close()
    review = desk.drafts.plan(job)
    assert (review.plan.create, review.held) == (1, 0)
    desk.drafts.drop(job)
    assert path.exists(), "a job that sent something is never dropped"


def wait_for(path, state="finished"):
    end = time.monotonic() + 15
    while job_status(path).state != state:
        assert time.monotonic() < end, job_status(path)
        time.sleep(0.02)


def test_a_file_of_strangers_is_met_with_a_question(desk, tmp_path, practice):
    book = openpyxl.Workbook()
    book.active.append(["User", "Tags"])
    for number in range(6):
        book.active.append([f"nobody{number}@elsewhere.example", "autumn"])
    path = tmp_path / "others.xlsx"
    book.save(path)
    found = desk.drafts.check(DraftRequest(str(path), ("tag",), "Riverside", Choices()))
    assert "doesn't have" in desk.drafts.plan(found.job).strange


def test_a_file_that_went_to_another_school_is_met_with_a_question(desk, sheet, home):
    with Practice(users=5, limit=False, seed=2) as elsewhere:
        other = School("Elsewhere", elsewhere.url, elsewhere.client_id)
        desk.schools.connect(other, elsewhere.client_secret, False)
        first = desk.drafts.check(asked(sheet, school="Elsewhere")).job
        desk.drafts.plan(first)
        desk.runs.start(first)
        wait_for(Home(home).jobs / f"{first}.lwjob")
    found = desk.drafts.check(asked(sheet))
    assert "Elsewhere" in desk.drafts.plan(found.job).strange


def test_a_template_is_written_with_the_titles_of_the_school(desk, tmp_path):
    path = tmp_path / "template.xlsx"
    assert desk.drafts.template("roster", str(path), "Riverside") == str(path)
    assert openpyxl.load_workbook(path).active["A1"].value


def test_forgotten_drafts_are_tidied_away(desk, sheet):
    long_ago = time.time() - 20 * 86_400

    def drafted(age=long_ago):
        job = desk.drafts.check(asked(sheet)).job
        for path in jobs.glob(f"{job}*"):
            os.utime(path, (age, age))
        return job

    jobs = Home(desk.jobs._home.root).jobs
    left, kept, reviewed, sent, young = drafted(), drafted(), drafted(), drafted(), drafted(time.time())
    for job in (left, sent, young):
        desk.drafts._open.pop(job).release()  # as the end of its program does
    desk.drafts.plan(reviewed)
    with closing(Journal(jobs / f"{sent}{SUFFIX}")) as journal:
        journal.ask(
            "INSERT INTO call (op, method, path, lane, repeat, state, tries) VALUES ('', '', '', '', '', '', 1)"
        )
    for path in jobs.glob("*"):
        if not path.name.startswith(young):
            os.utime(path, (long_ago, long_ago))
    tidy(desk.jobs._home)
    assert {path.name.partition(".")[0] for path in jobs.iterdir()} == {kept, reviewed, sent, young}
    desk.drafts.drop(kept)
    assert not list(jobs.glob(f"{kept}*"))


def test_a_csv_export_comes_back_with_what_was_edited_in_it(desk, tmp_path, home, practice):
    path, session = tmp_path / "users.csv", desk.schools.session("Riverside")
    journal = exports.create(Home(home), "users", {}, session, path)
    assert exports.engine(journal, session).run() == "finished"
    workbook.write_wanted(journal)
    found, _guesses = desk.drafts.preview(str(path), None, None)
    assert (
        found.origin.operation == "edit-users"
        and "doesn't contain the original values" in found.origin.warning
    )
    text = path.read_text("utf-8-sig")
    ana = practice.school.users[5]
    path.write_text(text.replace(f",{ana.username},", ",Edited,", 1), "utf-8-sig")
    what = DraftRequest(str(path), ("edit-users",), "Riverside", Choices())
    checked = desk.drafts.check(what)
    assert checked.figures == {"ready": 1, "unchanged": len(practice.school.users) - 1}
    assert desk.drafts.plan(checked.job).plan.calls == 1


def test_the_sheet_whose_headers_fit_best_is_opened_and_named(desk, tmp_path):
    book = openpyxl.Workbook()
    book.active.title = "Read me"
    book.active.append(["Notes", "By"])
    book.active.append(["Autumn intake", "Maria"])
    people = book.create_sheet("People")
    people.append(["Email", "Full name", "Tags"])
    people.append(["ana@x.example", "Ana", "autumn"])
    book.save(path := tmp_path / "intake.xlsx")
    found, guessed = desk.drafts.preview(str(path), None, None)
    assert (found.sheet, guessed[0].id) == ("People", "roster")
    assert found.notes[0] == "Opened sheet “People” because its column headers match best."
    chosen, _guessed = desk.drafts.preview(str(path), "Read me", None)
    assert chosen.sheet == "Read me", "a sheet that was chosen stays"


def test_the_first_rows_of_a_large_sheet_are_there_before_the_others(desk, tmp_path, home):
    rows = [[f"person{n}@x.example", f"Person {n}", "AI at Wrk" if n == 1_050 else ""] for n in range(1_100)]
    rows[3][0] = rows[1_090][0] = "nonsense"
    sheet = write_sheet(tmp_path / "many.xlsx", ("Email", "Username", "Course 1"), *rows)
    first = desk.drafts.begin(asked(sheet))
    assert first.left == 100 and first.figures == {"ready": 999, "failed": 1}
    with pytest.raises(UserError, match="is empty"):
        desk.drafts.plan(first.job)
    assert first.job not in [facts["job"] for facts in desk.jobs.all()]
    whole = desk.drafts.finish(first.job)
    assert whole.left == 0 and whole.figures == {"ready": 1_097, "failed": 3}
    assert group(whole, "unknown").count == 1 and group(whole, "email").count == 2
    assert desk.drafts.plan(whole.job).plan.calls == 1_097
    edited = desk.drafts.edit(whole.job, {4: {0: "somebody@x.example"}})
    again = desk.drafts.begin(asked(sheet), edited.job)
    assert desk.drafts.finish(again.job).figures == {"ready": 1_098, "failed": 2}  # with the edit
    assert not (Home(home).jobs / f"{edited.job}{SUFFIX}").exists()


def test_a_job_that_windows_keeps_open_is_in_no_list_and_deleted_later(desk, sheet, home, monkeypatch):
    """Windows doesn't delete a file that is open, as that of the rows is which the window shows."""
    before = desk.drafts.check(asked(sheet)).job
    path, unlink = Home(home).jobs / f"{before}{SUFFIX}", Path.unlink

    def refused(found, missing_ok=False):
        if found == path:
            raise PermissionError(13, "in use")
        unlink(found, missing_ok)

    monkeypatch.setattr(Path, "unlink", refused)
    now = desk.drafts.check(asked(sheet), before).job
    with closing(Journal(path.with_name(f"{now}{SUFFIX}"))) as journal:
        journal.put(state="finished")
    assert path.exists() and [job["job"] for job in desk.jobs.all()] == [now]
    desk.drafts._open.pop(now).release()
    path = path.with_name(f"{now}{SUFFIX}")
    desk.jobs.forget(now)
    assert path.exists() and not desk.jobs.all()
    monkeypatch.setattr(Path, "unlink", unlink)
    for found in path.parent.iterdir():
        os.utime(found, (0, 0))
    tidy(Home(home))
    assert not list(path.parent.iterdir())


def test_a_draft_of_which_only_the_first_rows_were_checked_is_tidied_away(desk, tmp_path, home):
    rows = [[f"person{n}@x.example", f"Person {n}"] for n in range(1_100)]
    sheet = write_sheet(tmp_path / "many.xlsx", ("Email", "Username"), *rows)
    path = Home(home).jobs / f"{desk.drafts.begin(asked(sheet)).job}{SUFFIX}"
    desk.close()
    for found in path.parent.glob(f"{path.name}*"):
        os.utime(found, (0, 0))
    desk.drafts._open.popitem()[1].release()
    tidy(Home(home))
    assert not path.exists()


def test_replacing_nothing_is_nothing_to_undo(desk, sheet):
    found = desk.drafts.check(asked(sheet))
    assert not desk.drafts.put(found.job, group(found, "unknown").key, {}).undo
