"""Words that LearnWorlds has added: filters take any word, with a warning; imports take those of 2026."""

import openpyxl
import pytest

from lwdesk.app.exporting import exports, workbook
from lwdesk.catalog import EXPORTS
from lwdesk.catalog.cells.kinds import Choice, Several
from lwdesk.practice.server import Practice
from tests.app.desk import Desk, row_results, words
from tests.fast import CLOCK

FILTERS = [
    pytest.param(entry, column, id=f"{entry.id} {column.id}")
    for entry in EXPORTS.values()
    for column in entry.choices
    if column not in entry.options  # these are words of lwdesk
    if isinstance(column.kind.item if isinstance(column.kind, Several) else column.kind, Choice)
]


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    with Practice(users=20, limit=False) as practice:
        found = Desk(tmp_path_factory.mktemp("words"), practice)
        yield found
        found.close()


@pytest.mark.parametrize(("entry", "column"), FILTERS)
def test_a_filter_takes_a_word_that_is_not_known_and_says_so(entry, column, desk):
    where = {column.id: "from_2027"}
    if any(level.name == "course" for per in entry.per for level in per.path):
        where["course"] = "Workplace Safety"
    job = exports.create(desk.home, entry.id, where, desk.session, desk.folder / "x.xlsx")
    assert len(job.get("warnings")) == 1 and "“from_2027”" in job.get("warnings")[0]
    sent = [value for call in job.calls() for _name, value in call.query]
    assert "from_2027" in sent
    job.remove()


@pytest.mark.parametrize(
    ("entry", "column", "word"),
    [
        ("event-logs", "activity", "enrollment"),
        ("users", "role", "license_reporter"),
        ("roles", "access_level", "license_reporter"),
    ],
)
def test_the_words_of_2026_are_known(entry, column, word, desk):
    job = exports.create(desk.home, entry, {column: word}, desk.session, desk.folder / "x.xlsx")
    assert job.get("warnings") == []
    job.remove()


def test_the_workbook_says_which_word_was_not_known(desk):
    path = desk.folder / "users.xlsx"
    job = exports.create(desk.home, "school-events", {"type": "fromTomorrow"}, desk.session, path)
    exports.engine(job, desk.session, clock=CLOCK).run()
    workbook.write(job, path)
    book = openpyxl.load_workbook(path)
    facts = [row for sheet in book.worksheets[1:] for row in sheet.iter_rows(values_only=True)]
    book.close()
    assert any(row[0] == "Note" and "fromTomorrow" in row[1] for row in facts if len(row) > 1)


def test_a_flat_promotion_for_a_plan_is_created(desk):
    plan = next(iter(desk.practice.school.products["subscription"].values()))
    job = desk.run_import(
        ("Name", "Type", "Value", "Products"),
        ("Flat 5", "flat", 5, plan["title"]),
        operation="create-promotion",
    )
    assert words(job) == ["done"], row_results(job)
    made = next(one for one in desk.practice.school.promotions.values() if one["name"] == "Flat 5")
    assert made["type"] == "flat" and made["products"] == [{"type": "subscription", "id": plan["id"]}]
