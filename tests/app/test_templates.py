"""Templates from the live school: filled in weeks ago, they still mean what was picked from their lists."""

import shutil
import subprocess

import openpyxl
import pytest

from lwdesk.app.importing import imports, templates
from lwdesk.app.importing.opened import Choices
from lwdesk.app.job import results
from lwdesk.sheets.lists import SHEET
from tests.app.desk import connect, idle


@pytest.fixture
def template(desk):
    """The roster's template of the school."""
    school = desk.practice.school
    for n, user in enumerate(school.users):
        user.tags = ["autumn", "vip"] if n % 2 else []
    return templates.write("roster", desk.folder / "template.xlsx", desk.session).paths[0]


def fill(path, *rows):
    """Fill in a template as a person does, below its example row."""
    book = openpyxl.load_workbook(path)
    page = book.worksheets[0]
    letters = {cell.value: cell.column for cell in page[1]}
    for number, row in enumerate(rows, 3):
        for title, value in row.items():
            page.cell(number, letters[title]).value = value
    book.save(path)
    return path


def titles(school):
    """The titles that one course alone has -> its id."""
    all_titles = [course["title"] for course in school.products["course"].values()]
    found = {course["title"]: key for key, course in school.products["course"].items()}
    return {title: key for title, key in found.items() if all_titles.count(title) == 1}


def rename(school, old, new):
    """Give a course another title. Returns its id."""
    key = titles(school)[old]
    school.products["course"][key]["title"] = new
    return key


def bring(desk, path, operation="roster"):
    """Import a filled template in a new session. Returns row -> (outcome, message)."""
    desk.again()
    opened = imports.open_for(desk.session, path, [operation], Choices(), desk.settings)
    journal = imports.create(desk.home, opened, desk.session)
    imports.plan(journal, desk.session)
    desk.run(journal)
    return {n: (word, message) for n, word, message, _made, _time in results.outcomes(journal)}


def test_the_lists_are_those_of_the_school(desk, template):
    book = openpyxl.load_workbook(template)
    page, lists = book.worksheets[0], book[SHEET]
    offered = {
        lists.cell(1, at + 1).value: [lists.cell(row, at).value for row in range(2, 8)]
        for at in range(1, lists.max_column, 3)
    }
    assert {
        "courses",
        "bundles",
        "subscription",
        "seat",
        "tags",
    } <= offered.keys() and lists.sheet_state == "hidden"
    assert set(filter(None, offered["courses"])) & titles(desk.practice.school).keys()
    assert set(filter(None, offered["tags"])) == {"autumn", "vip"}
    headers = {cell.value: cell for cell in page[1]}
    assert all(cell.comment for cell in headers.values())
    custom = [key for key in desk.session.directory.fields() if key.startswith("cf_")]
    assert custom and len(headers) > len(custom)
    phone = page.cell(2, headers["Phone"].column)
    assert phone.number_format == "@" and page.column_dimensions[phone.column_letter].width > 10


def test_a_course_that_was_renamed_is_still_the_course(desk, template):
    school = desk.practice.school
    user, other = idle(desk.practice)[:2]
    first, second = list(titles(school))[:2]
    path = fill(
        template,
        {"Email": user.email, "Courses": f"{first}; {second}"},
        {"Email": other.email, "Courses": second},
    )
    key, taken = rename(school, first, "Something else entirely"), rename(school, second, first)
    rows = bring(desk, path)
    assert rows[2][0] == "skipped" and "example" in rows[2][1]
    assert [rows[n][0] for n in (3, 4)] == ["done", "done"]
    assert {("course", key), ("course", taken)} <= {hold[:2] for hold in user.holds}
    assert ("course", key) not in {hold[:2] for hold in other.holds}


def test_a_title_that_means_another_course_by_now_is_asked_about(desk, template):
    school = desk.practice.school
    user = idle(desk.practice)[0]
    first, second = list(titles(school))[:2]
    path = fill(template, {"Email": user.email, "Courses": first})
    school.products["course"].pop(titles(school)[first])
    other = rename(school, second, first)
    rows = bring(desk, path)
    assert rows[3][0] == "failed" and other in rows[3][1] and "was deleted" in rows[3][1]


def test_titles_that_are_alike_or_hold_a_semicolon_can_be_picked(desk):
    school = desk.practice.school
    first, second, third = list(titles(school))[:3]
    keys = [
        rename(school, first, "Twin"),
        rename(school, second, "Twin"),
        rename(school, third, "Parts; both | all"),
    ]
    path = templates.write("roster", desk.folder / "template.xlsx", desk.session).paths[0]
    lists = openpyxl.load_workbook(path)[SHEET]
    labels = {
        cell.offset(0, 1).value: cell.value
        for column in lists.columns
        for cell in column
        if cell.column % 3 == 1
    }
    user = idle(desk.practice)[0]
    bring(desk, fill(path, {"Email": user.email, "Courses": f"{labels[keys[1]]}; {labels[keys[2]]}"}))
    holds = {hold[1] for hold in user.holds}
    assert {keys[1], keys[2]} <= holds and keys[0] not in holds


def test_the_template_of_another_school_is_read_by_its_titles(desk, template, practice):
    from lwdesk.practice.server import Practice

    user = idle(desk.practice)[0]
    first = next(iter(titles(desk.practice.school)))
    with Practice(users=3, limit=False) as elsewhere:
        session = connect(elsewhere.credentials(), desk.home)
        path = templates.write("roster", desk.folder / "other.xlsx", session).paths[0]
        session.close()
    fill(path, {"Email": user.email, "Courses": first})
    key = rename(desk.practice.school, first, "New name")
    taken = rename(desk.practice.school, list(titles(desk.practice.school))[1], first)
    bring(desk, path)
    holds = {hold[1] for hold in user.holds}
    assert taken in holds and key not in holds


@pytest.mark.skipif(not shutil.which("soffice"), reason="needs LibreOffice")
def test_a_template_saved_by_libreoffice_still_knows_its_ids(desk, template):
    user = idle(desk.practice)[0]
    first, second = list(titles(desk.practice.school))[:2]
    fill(template, {"Email": user.email, "Courses": f"{first}; {second}", "Phone": "0042"})
    out = desk.folder / "out"
    profile = f"-env:UserInstallation=file://{desk.folder}/profile"
    for kind in ("ods", "xlsx"):
        subprocess.run(
            ["soffice", profile, "--headless", "--convert-to", kind, "--outdir", out, template],
            check=True, capture_output=True,
        )  # fmt: skip
        template = out / f"template.{kind}"
        opened = imports.open_for(desk.session, template, ["roster"], Choices(), desk.settings)
        rows = opened.check()
        assert rows[0].example and rows[1].values["phone"] == "0042"
        assert opened.table.lists is not None
    key = rename(desk.practice.school, first, "New name")
    rows = bring(desk, template)
    assert rows[3][0] == "done" and key in {hold[1] for hold in user.holds}
