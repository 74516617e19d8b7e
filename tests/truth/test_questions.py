"""Questions that a whole column answers at once: by a choice on the command line, by a button in the window."""

import openpyxl
import pytest

from lwdesk.app.importing.edits import Group
from tests.cli.conftest import lwdesk, school, workbook  # noqa: F401

HEAD = ("User", "Product", "Price", "Send enrollment email")


def enrolling(practice, price, *letters):
    users = practice.school.users[10:12]
    cells = zip(users, ("1.234", "5.678") if price is None else (price, price), letters, strict=True)
    return [HEAD, *((user.email, "AI at Work", amount, letter) for user, amount, letter in cells)]


def test_a_check_says_how_to_answer_for_the_whole_column(lwdesk, school, workbook):  # noqa: F811
    result = lwdesk("check", workbook(*enrolling(school, None, "N", "N")), "--operation", "enroll")
    assert result.status == 2
    assert "1234 (--fix number-mark=1) or 1.2340 (--fix number-mark=2)" in result.out
    assert "no (--fix yes-no-letter=1) or yes (--fix yes-no-letter=2)" in result.out


@pytest.mark.parametrize(("answer", "prices"), [("1", [1234, 5678]), ("2", [1.234, 5.678])])
def test_one_answer_counts_for_all_cells_of_the_column(lwdesk, school, workbook, answer, prices):  # noqa: F811
    path = workbook(*enrolling(school, None, "no", "no"))
    result = lwdesk("import", path, "--operation", "enroll", "--json", "--dry-run")
    assert result.json["plan"]["failed"] == 2
    result = lwdesk("import", path, "--operation", "enroll", "--yes", "--fix", f"number-mark={answer}")
    assert result.status == 0
    assert sorted(payment["price"] for payment in school.school.payments[-2:]) == prices


def test_an_answer_that_is_none_is_refused(lwdesk, school, workbook):  # noqa: F811
    path = workbook(*enrolling(school, "5", "N", "N"))
    result = lwdesk("import", path, "--operation", "enroll", "--yes", "--fix", "yes-no-letter=3")
    assert result.status == 1 and "no fix called" in result.err


def test_the_review_shows_the_price_with_its_currency(lwdesk, school, workbook):  # noqa: F811
    path = workbook(*enrolling(school, "49,90 €", "no", "no"))
    plan = path.with_name("plan.xlsx")
    result = lwdesk("import", path, "--operation", "enroll", "--dry-run", "--results", plan)
    message = [str(cell) for row in openpyxl.load_workbook(plan).active.values for cell in row]
    assert result.status == 0
    assert any("49.90 EUR" in text for text in message), message
    assert lwdesk("import", path, "--operation", "enroll", "--yes").status == 0
    assert [payment["price"] for payment in school.school.payments[-2:]] == [49.9, 49.9]


def test_the_window_offers_both_answers_for_the_whole_column(qtbot):
    from PySide6.QtWidgets import QPushButton

    from lwdesk.ui.steps.problem_card import ProblemCard

    group = Group("error", "number-mark", "price", "It can be two numbers.")
    for text, choices in (("1.234", ("1234", "1.2340")), ("5.678", ("5678", "5.6780"))):
        group.add({"cell": "C2", "fix": None, "choices": choices}, text)
    chosen = []
    nothing = lambda *_given: None  # noqa: E731
    card = ProblemCard(
        group, "Price", fix=nothing, empty=nothing, put=nothing, choose=chosen.append, only=nothing
    )
    qtbot.addWidget(card)
    buttons = [found for found in card.findChildren(QPushButton) if "→" in found.text()]
    assert [found.text() for found in buttons] == ["All like 1.234 → 1234", "All like 1.234 → 1.2340"]
    for found in buttons:
        found.click()
    assert chosen == [0, 1]
