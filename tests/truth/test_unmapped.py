"""Columns that go nowhere are named everywhere, and the sheets of other products are known whole."""

from dataclasses import dataclass

import openpyxl
import pytest

from lwdesk.base.text import fold
from lwdesk.catalog import IMPORTS
from lwdesk.catalog.match import match
from lwdesk.catalog.model import custom_column
from lwdesk.catalog.unmapped import Nearest, not_imported, words
from lwdesk.catalog.words.products import products, recognized
from lwdesk.sheets.table import letter
from tests.cli.conftest import cells, lwdesk, school, workbook  # noqa: F401

ROSTER = IMPORTS["roster"]


@dataclass
class Header:
    letter: str
    text: str


def matched(headers, entry=ROSTER, custom=()):
    return match([Header(letter(n), text) for n, text in enumerate(headers)], entry, custom=custom)


def goals(headers, custom=()):
    return {m.header.text: m.column.id if m.column else None for m in matched(headers, custom=custom)}


@pytest.mark.parametrize(
    ("header", "column"),
    [
        ("Full name of pupil", "username"),
        ("Kursbezeichnung lang", "courses"),
        ("Leistungskurs 12", "courses"),
        ("E-mail address of the parent", "email"),
        ("Nom de famille de naissance", "last_name"),
        ("Zugehörige Gruppe", "group"),
        ("Curso principal", "courses"),
        ("Firma / Abteilung", "company"),
        ("Abteilung", None),
        ("Shoe size", None),
        ("T-shirt", None),
        ("№", None),
    ],
)
def test_the_nearest_column_is_named_where_there_is_one(header, column):
    found = Nearest(ROSTER.columns).column(header)
    assert (found.id if found else None) == column


@pytest.mark.parametrize("entry", IMPORTS.values(), ids=lambda entry: entry.id)
def test_every_import_tells_the_headers_it_does_not_take(entry):
    title = next(column.title for column in entry.columns)
    found = not_imported(matched([title, "Zzyzx", "Qwop"], entry), entry.columns)
    assert [(one["letter"], one["header"], one["near"]) for one in found] == [
        ("B", "Zzyzx", ""),
        ("C", "Qwop", ""),
    ]
    assert words(found) == "Not imported: “Zzyzx” (B); “Qwop” (C)."


def test_nothing_is_said_where_every_header_is_taken():
    assert words(not_imported(matched(["Email", "Tags", "lwdesk status"]), ROSTER.columns)) == ""


SHEETS = {
    "Moodle": "username,firstname,lastname,email,course1,course2,group1,cohort1,cohort2,type1,role1,enrolperiod1,"
    "profile_field_Team,suspended,deleted,idnumber,institution,department,city,country,lang,timezone,auth,phone1,"
    "phone2,address,mailformat,maildisplay,sysrole1,password,description,theme,oldusername",
    "Teachable": "userid,fullname,email,joined at,last sign in at,sign in count,current sign in ip,src,tag names,"
    "courses enrolled in,role,unsubscribe_from_marketing_emails,gross revenue,affiliate code,country",
    "Thinkific": "First Name,Last Name,Email,Company,Created At,Last Sign In,Sign In Count,External Source,Roles,"
    "Enrollments - list,Enrollments - count,Amount Spent,Referral Code,Groups",
    "Kajabi": "ID,Name,First Name,Last Name,Email,Products,Offers,Tags,Created At,Last Activity,Sign In Count,"
    "Net Revenue,Subscribed,Member,External User ID,Mobile Phone Number,Address Line 1,Address City,Address Zip",
    "LearnWorlds": "Username/ First & Last name,Email,Courses,Learning programs,Tags,Password",
}


@pytest.mark.parametrize("name", SHEETS)
def test_the_sheet_of_another_product_is_known_whole(name):
    headers = SHEETS[name].split(",")
    assert recognized(headers).name == name
    for found in matched(headers):
        assert found.sure and (found.column is not None or found.settled), (found.header.text, found.why)


@pytest.mark.parametrize("name", SHEETS)
@pytest.mark.parametrize("entry", IMPORTS.values(), ids=lambda entry: entry.id)
def test_no_import_takes_a_foreign_id_or_count_for_one_of_its_columns(entry, name):
    headers = SHEETS[name].split(",")
    for found in matched(headers, entry):
        if any(
            word in fold(found.header.text).split()
            for word in ("count", "ip", "revenue", "userid", "idnumber")
        ):
            assert found.column is None, (found.header.text, found.column.id)


def test_what_another_product_calls_things_goes_to_the_right_columns():
    moodle = goals(SHEETS["Moodle"].split(","), [custom_column("cf_team")])
    assert moodle["username"] is None and moodle["group1"] is None and moodle["suspended"] is None
    assert (moodle["course1"], moodle["course2"], moodle["cohort1"]) == ("courses", "courses", "group")
    assert (moodle["profile_field_Team"], moodle["phone1"], moodle["phone2"]) == ("cf_team", "phone", None)
    kajabi = goals(SHEETS["Kajabi"].split(","))
    assert (kajabi["Name"], kajabi["Products"], kajabi["ID"]) == ("username", "courses", None)
    assert goals(SHEETS["Teachable"].split(","))["unsubscribe_from_marketing_emails"] is None
    own = goals(SHEETS["LearnWorlds"].split(","))
    assert list(own.values()) == ["username", "email", "courses", "bundles", "tags", "password"]


def test_a_moodle_department_goes_to_the_custom_field_of_that_name():
    headers = ["username", "firstname", "lastname", "email", "department", "cohort1"]
    assert goals(headers)["department"] is None
    assert goals(headers, [custom_column("cf_department")])["department"] == "cf_department"


@pytest.mark.parametrize(
    "header", ["Name", "Full name", "fullname", "Display name", "Username/ First & Last name"]
)
def test_a_full_name_in_one_column_is_the_username(header):
    assert goals([header, "Email"])[header] == "username"


def test_a_class_list_is_not_taken_for_another_product():
    for headers in (
        ["Name", "Email", "Course"],
        ["First name", "Last name", "Email", "Group 1"],
        ["Email", "Tags"],
    ):
        assert recognized(headers) is None


@pytest.mark.parametrize("product", products(), ids=lambda product: product.name)
def test_the_columns_of_a_product_are_columns_of_the_roster(product):
    ids = {column.id for column in ROSTER.columns} | {"cf"}
    assert {column for _pattern, column in product.headers} <= ids


def test_the_command_line_names_them_in_the_check_the_plan_and_the_outcome(lwdesk, school, workbook):  # noqa: F811
    path = workbook(
        ("Email", "Full name of pupil", "Kursbezeichnung lang", "Abteilung"),
        ("um@intake.example", "Uma Mapp", "Leadership 101", "Sales"),
    )
    message = (
        "Not imported: “Full name of pupil” (B), nearest column: Username;"
        " “Kursbezeichnung lang” (C), nearest column: Courses; “Abteilung” (D)."
    )
    assert message in lwdesk("check", path, "--operation", "roster").out
    assert message in lwdesk("import", path, "--operation", "roster", "--dry-run").out
    done = lwdesk("import", path, "--operation", "roster", "--yes", "--json")
    assert [(n["letter"], n["column"]) for n in done.json["not_imported"]] == [
        *(("B", "username"), ("C", "courses"), ("D", None)),
    ]
    book = openpyxl.load_workbook(done.json["results"])
    assert [cell.value for cell in book["Notes"]["A"]] == ["Notes on this import", message]
    book.close()
    result = lwdesk("import", path, "--operation", "roster", "--yes")
    assert (result.out + result.err).count("Not imported") == 1
