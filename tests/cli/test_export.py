"""Exports from the command line: cost, names, fields of users."""

import openpyxl

from lwdesk.practice.switches import Fault


def head_of(path):
    book = openpyxl.load_workbook(path)
    found = [cell.value for cell in book.worksheets[0][1]]
    book.close()
    return found


def test_the_cost_is_said_before_the_start(lwdesk, school, tmp_path):
    path = tmp_path / "payments.xlsx"
    found = lwdesk("export", "payments", "-o", path)
    assert found.status == 0
    assert "This takes" in found.err and "to look up names" in found.err
    assert head_of(path)[:5] == ["Created", "Paid", "Email", "First name", "Last name"]


def test_a_field_of_the_user_is_added(lwdesk, school, tmp_path):
    path = tmp_path / "payments.xlsx"
    assert lwdesk("export", "payments", "-o", path, "--with", "department", "--with", "Company").status == 0
    assert head_of(path)[2:7] == ["Email", "First name", "Last name", "Department", "Company"]
    path = tmp_path / "some.csv"
    columns = ("--columns", "created,user_id:email,price")
    assert lwdesk("export", "payments", "-o", path, *columns, "--with", "department").status == 0
    assert path.read_text("utf-8-sig").splitlines()[0] == "Created,Email,Department,Price"


def test_a_field_that_there_is_none_of_is_refused_with_those_there_are(lwdesk, school, tmp_path):
    found = lwdesk("export", "payments", "-o", tmp_path / "p.xlsx", "--with", "shoe size")
    assert found.status != 0 and "no field “shoe size”" in found.err and "Student number" in found.err
    assert not (tmp_path / "p.xlsx").exists()


def test_the_sheets_of_sums_can_be_left_out(lwdesk, school, tmp_path):
    path = tmp_path / "payments.xlsx"
    for options, more in ((), ["Summary", "Invoices"]), (("--no-summary", "--overwrite"), []):
        assert lwdesk("export", "payments", "-o", path, *options).status == 0
        titles = openpyxl.load_workbook(path).sheetnames
        assert titles[0] == "Payments" and [t for t in titles if t in ("Summary", "Invoices")] == more


def test_only_the_rows_of_the_users_in_a_file(lwdesk, school, tmp_path):
    everyone, some = tmp_path / "all.csv", tmp_path / "some.csv"
    assert lwdesk("export", "users", "-o", everyone, "--columns", "email").status == 0
    emails = everyone.read_text("utf-8-sig").split()[1:4]
    mine = tmp_path / "mine.csv"
    mine.write_text("\n".join(["Email", *map(str.upper, emails), "no@one.example"]))
    found = lwdesk("export", "users", "-o", some, "--columns", "email", "--users-of", mine)
    assert found.status == 0 and "1 of 4 users in the sheet has no rows: “no@one.example”" in found.err
    assert some.read_text("utf-8-sig").split()[1:] == emails


def test_files_are_downloaded_and_those_that_are_missing_by_a_retry(lwdesk, school, tmp_path):
    path = tmp_path / "invoices.xlsx"
    school.switches.faults = [Fault("404", path="^/files/", times=2)]
    found = lwdesk("export", "invoice-links", "-o", path, "--files")
    assert found.status == 2 and "files to download" in found.err
    assert "Missing: 2 files weren't downloaded: the file isn't there any more" in found.err
    there = len(list((tmp_path / "invoices files").iterdir()))
    assert f"{there} files in {tmp_path / 'invoices files'}" in found.out
    [job] = [one["job"] for one in lwdesk("jobs", "--json").json["jobs"]]
    found = lwdesk("retry", job, "--json")
    assert (found.status, found.json["files"], found.json["rows"]) == (0, there + 2, there + 2)
    assert lwdesk("export", "payments", "-o", path, "--files", "--overwrite").status == 1
