"""What Excel and copy-paste do to rosters is found, and nothing else."""

from datetime import date, datetime

import openpyxl
import pytest

from lwdesk.catalog import IMPORTS
from lwdesk.catalog.cells.check import Checker
from lwdesk.catalog.cells.column_checks import column_checks
from lwdesk.catalog.cells.kinds import text_of
from lwdesk.catalog.cells.numbers import Number
from lwdesk.catalog.cells.sheet_checks import same_person
from lwdesk.catalog.match import match
from lwdesk.catalog.model import custom_column
from lwdesk.sheets.read import read
from lwdesk.sheets.table import Header, letter

HEADERS = ["Name", "Email", "Phone", "cf_postcode", "cf_card", "cf_start", "cf_class", "Courses"]
NAMES = [
    "Ana López",
    "Björn Müller",
    "Γιώργος Παπαδόπουλος",
    "Zoë O'Brien",
    "李伟",
    "Мария Иванова",
    "Tom Smith-Lee",
]


def original() -> list[list[object]]:
    """A roster as it was typed, before anything happened to it."""
    return [
        [
            *(NAMES[n % 7], f"person{n}@example.org", f"0694{n:07}", f"{n * 137 % 9000 + 1000:05}"),
            *(
                f"{4001_2300_4500_67 + n * 7919}",
                f"{n % 28 + 1}/{n % 12 + 1}/2026",
                f"{n % 5 + 1}-{n % 9 + 13}",
            ),
            "Algebra",
        ]
        for n in range(40)
    ]


def corrupted() -> list[list[object]]:
    """The same roster after Excel and the clipboard had it."""
    rows = original()
    for row in rows:
        day, month, year = map(int, str(row[5]).split("/"))
        if day <= 12:  # an Excel of the other order took these for dates
            row[5] = datetime(year, day, month)
    rows[2][2], rows[9][2] = int(rows[2][2]), int(rows[9][2])  # phones that became numbers
    rows[3][3], rows[11][3] = int(rows[3][3]), int(rows[11][3])
    rows[4][4] = f"{rows[4][4][0]}.{rows[4][4][1:]}E+{len(rows[4][4]) - 1}"
    rows[5][4] = f"{int(rows[5][4]):,}"
    rows[6][4] = f"{rows[6][4]}.0"
    rows[7][4] = f"'{rows[7][4]}"
    rows[8][1] = rows[8][1].replace("p", "р").replace("o", "ο")  # Cyrillic р, Greek ο
    rows[10][0] = rows[10][0].encode().decode("latin-1") if not rows[10][0].isascii() else rows[10][0]
    rows[14][0] = f"\ufeff{rows[14][0]}\u200b"
    rows[15][1] = f"mailto:{rows[15][1]}, "
    rows[18] = [None, *rows[18][:-1]]  # moved to the right: the course fell off the end
    rows[20] = [*rows[20][1:], None]  # moved to the left: the name is gone
    return rows


def checked(headers, rows, tmp_path, entry="roster"):
    """The rows of a real workbook, checked; all of its problems that are no notes, and the fixes applied."""
    book = openpyxl.Workbook()
    for row in (headers, *rows):
        book.active.append(row)
    path = tmp_path / "roster.xlsx"
    book.save(path)
    table = read(path)
    recipe = IMPORTS[entry]
    custom = [custom_column(text) for text in headers if text.startswith("cf_")]
    matches = match(table.headers, recipe, custom=custom)
    checker = Checker(recipe, matches, {})
    checker.tune(table.rows)
    letters = [header.letter for header in table.headers]
    problems, fixed = [], []
    for number, cells in table.rows:
        found = checker.check(number, cells)
        problems += found.problems
        texts = list(map(text_of, cells))
        for problem in found.problems:
            if problem.fix is not None:
                texts[letters.index(problem.cell.rstrip("0123456789"))] = problem.fix
            for at, text in problem.also:
                texts[letters.index(at)] = text
        fixed.append(texts)
    return problems, fixed


def test_every_corruption_is_found_and_mended(tmp_path):
    problems, fixed = checked(HEADERS, corrupted(), tmp_path)
    fixes = {(p.cell, p.code): p.fix for p in problems}
    start = original()
    found = {cell: code for cell, code in fixes if code != "date-swapped"}
    assert found == {
        "C4": "zeros-lost", "C11": "zeros-lost", "D5": "zeros-lost", "D13": "zeros-lost", "E6": "number-shortened",
        "E7": "number-marks", "E8": "number-fraction", "E9": "text-mark", "B10": "email-double", "A12": "letters-mixed",
        "A16": "spaces", "B17": "email-tidied", "B20": "shifted", "B22": "shifted",
    }  # fmt: skip
    for n, (before, after) in enumerate(zip(start, fixed, strict=True)):
        if n in (18, 20):
            continue
        day, month, year = str(before[5]).split("/")
        iso = f"{year}-{int(month):02}-{int(day):02}"
        after[5] = before[5] if after[5] == iso else after[5]
        assert after == before
    assert fixed[18][:3] == start[18][:3] and fixed[20][:3] == ["", *start[20][1:3]]


def test_a_roster_without_corruption_gives_no_finding(tmp_path):
    headers = [
        "First name",
        "Last name",
        "Email",
        "Phone",
        "cf_id",
        "cf_zip",
        "cf_start",
        "cf_room",
        "cf_note",
        "Courses",
    ]
    people = [
        ("José", "Ñúñez"), ("Nguyễn", "Thị Hương"), ("Øyvind", "Ås"), ("Ελένη", "Ώρα"), ("Їжак", "Єва"),
        ("محمد", "علی"),
        ("משה", "כהן"), ("さくら", "田中"), ("İpek", "Çığ"), ("ÁRPÁD", "ŐRY"), ("Mac’Kay", "d'Arc"),
        ("’t", "Hooft"), ("LI", "Ó"),
    ]  # fmt: skip
    phones = [
        "+30 210 1234567", "0151 847156", "(212) 555-0123", "+44 7911 123456", 6912345678, "2101234567", "112",
        "020 7946 0958", "00 49 30 123456", "+1-202-555-0143", 301234567, "0039 06 698 123", "01 23 45 67 89",
    ]  # fmt: skip
    ids = ["7", 12, "345", "A-17", 100234, "0042-B", "1.5", "x", 99, 4, 1234567890123, "2026/7", "00"]
    codes = [
        "10115",
        8001,
        "SW1A 1AA",
        "104 31",
        "1010",
        "02134-1000",
        "110 00",
        90210,
        "D-80331",
        "K1A 0B1",
        "75001",
        "",
        "7",
    ]
    starts = [date(2026, n % 12 + 1, n + 10) for n in range(13)]
    rows = [
        [
            *people[n],
            f"p{n}.x+y@sub.example-{n}.org",
            phones[n],
            ids[n],
            codes[n],
            starts[n],
            f"{n}B",
            "R&D; Q&A?",
            "Algebra",
        ]
        for n in range(13)
    ]
    rows += [
        ["Ana M.", "López", "ana@x.org"],
        ["Ana", "Lopez", "ANA@x.org"],
        ["López", "Ana María", "ana@x.org"],
    ]
    rows += [
        ["Αννα", "Λόπεζ", "ana@x.org"],
        ["A.", "López", "ana@x.org"],
        ["Peggy Sue", "O", "p@x.org"],
        ["", "O", "p@x.org"],
    ]
    problems, _mended = checked(headers, rows, tmp_path)
    assert [(p.cell, p.code, p.message) for p in problems] == []


def column(title, *cells):
    """What is found in one column of a sheet: (row, code, fix)."""
    headers = ["Email", title]
    checker = Checker(
        IMPORTS["roster"],
        match([Header(letter(n), text) for n, text in enumerate(headers)], IMPORTS["roster"]),
        {},
    )
    rows = [(n, (f"p{n}@x.org", cell)) for n, cell in enumerate(cells, 2)]
    checker.tune(rows)
    found = [(n, p) for n, row in rows for p in checker.check(n, row).problems]
    return [(n, p.code, p.fix or p.choices) for n, p in found]


@pytest.mark.parametrize(
    ("title", "cells", "found"),
    [
        ("cf_zip", ["01234", "02345", "10115", 1234], [(5, "zeros-lost", "01234")]),
        ("cf_zip", ["01234", "02345", "10115", "10116", "10117", "345"], [(7, "zeros-lost", "00345")]),
        ("cf_zip", ["01234", 1234, 123, "8001", "75001"], []),  # one alone is no proof
        ("Phone",
         ["0151847156", "03012345", "015184715", "0401234567", "08912345", 40123456], [(7, "zeros-lost", "040123456")]),
        ("cf_card", ["1.23456789012E+11", "1.23E+11"],
         [(2, "number-shortened", "123456789012"), (3, "long-number", ())]),
        ("cf_no", ["1,5E+01", "12.5"], [(2, "number-shortened", "15")]),
        ("cf_no", ['="0042"', "'0042", "'t Hart"], [(2, "text-mark", "0042"), (3, "text-mark", "0042")]),
        ("cf_no", ["12345.0", "1234.5"], []),
        ("cf_born", [date(2001, 2, 3), date(2001, 5, 4), date(2001, 7, 9), "25/3/2001", 36892, "31/1/2001"],
         [(2, "date-swapped", "2001-03-02"), (3, "date-swapped", "2001-04-05"), (4, "date-swapped", "2001-09-07"),
          (6, "date-serial", "2001-01-01")]),
        ("cf_born", [date(2001, 2, 3), date(2001, 5, 14), date(2001, 7, 9), "25/3/2001", "31/1/2001"], []),
        ("cf_born", [date(2001, 2, 3), date(2001, 5, 4), date(2001, 7, 9), "25/3/2001", "1/2/2001"], []),
        ("cf_class", ["5-13", "4-14", "6-14", datetime(2026, 4, 3)], [(5, "became-date", ("3-4", "4-3"))]),
        ("cf_firm", ["Tom &amp; Co", "Tom & Co"], [(2, "web-code", "Tom & Co")]),
        ("cf_name", ["MÃ¼ller", "Î‘Î½Î½Î±", "Ξ‘Ξ½Ξ½Ξ±", "РђРЅРЅР°", "donâ€™t", "Müller"],
         [(2, "letters-mixed", "Müller"), (3, "letters-mixed", "Αννα"), (4, "letters-mixed", "Αννα"),
          (5, "letters-mixed", "Анна"), (6, "letters-mixed", "don’t")]),
        ("cf_name", ["????? ??", "M�ller", "Who? Me??"], [(2, "letters-lost", ()), (3, "letters-lost", ())]),
    ],
)  # fmt: skip
def test_a_column_tells_what_happened_to_its_cells(title, cells, found):
    assert column(title, *cells) == found


@pytest.mark.parametrize(
    ("cells", "found"),
    [
        ([0.12, 1.0, 0.075], {0.12: "12", 1.0: "100", 0.075: "7.5"}),
        ([12.5, 1.0, 0.5], {0.5: "50"}),
        ([1, 20, 2.5, 0], {}),
    ],
)
def test_a_number_below_one_may_be_a_percentage(cells, found):
    doubted = column_checks(Number(low=0, high=100), cells)
    problems = {cell: problem for cell in cells for doubt in doubted if (problem := doubt(cell))}
    assert {cell: problem.fix for cell, problem in problems.items()} == found
    assert all(problem.code == "number-percent" for problem in problems.values())


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Ana López", "ana lopez", True),
        ("Ana López", "López, Ana", True),
        ("Ana López", "Ana", True),
        ("A. López", "Ana López", True),
        ("Marie Dubois", "Maria Dubois", True),
        ("Ana López", "Άννα Λόπεζ", True),
        ("Ana López", "", True),
        ("Ana López", "Tom López", False),
        ("Ana López", "Tom Smith", False),
        ("Άννα Παππά", "Νίκος Παππάς", False),
    ],
)
def test_names_of_one_person(one, other, same):
    assert same_person(one, other) == same_person(other, one) == same


def test_two_people_on_one_email_are_seen_from_both_rows(tmp_path):
    rows = [
        ["Ana Pappa", "family@x.org"],
        ["Zoe Lee", "zoe@x.org"],
        ["Nikos Pappas", "Family@x.org"],
        ["A. Pappa", "family@x.org"],
    ]
    problems, _mended = checked(["Name", "Email"], rows, tmp_path)
    assert [(p.cell, p.level, p.fix) for p in problems] == [
        (at, "warning", None) for at in ("B2", "B4", "B5")
    ]
    assert {p.code for p in problems} == {"email-shared"}
    assert "Row 4" in problems[0].message and "Nikos Pappas" in problems[0].message


def test_a_second_email_beside_the_first_is_no_shift(tmp_path):
    headers, rows = (
        ["Email", "Parent email", "Name"],
        [["ana@x.org", "mum@x.org", "Ana"], ["tom@x.org", "dad@x.org", "Tom"]],
    )
    problems, _mended = checked(headers, [*rows, [None, "pa@x.org", "Lee"]], tmp_path)
    assert [(p.cell, p.code) for p in problems] == [("A4", "required")]
