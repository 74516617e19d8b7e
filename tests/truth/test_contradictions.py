"""Two rows that give one thing two different values are shown on both, and neither is sent; for every import."""

import pytest

from lwdesk.catalog import IMPORTS, OPERATIONS
from lwdesk.catalog.cells.kinds import Choice, Email, Reference, Text, YesNo
from lwdesk.catalog.cells.numbers import Number
from lwdesk.practice.server import Practice
from tests.app.desk import Desk, row_results
from tests.test_catalog_suite import inner, sendable


def other(column):
    """Another value than the example of a column, as people write it; None where the kind of value is not for this."""
    kind = inner(column)
    if isinstance(kind, YesNo):
        return "yes" if column.example == "no" else "no"
    if isinstance(kind, Choice):
        return next((word for word in kind.values if word != column.example), None)
    if isinstance(kind, Number):
        return str(int(float(column.example or 1)) + 1)
    if type(kind) is Text and column.example:
        return f"{column.example} B"
    return None


def cases():
    for op in OPERATIONS.values():
        for column in op.columns if op.effect.identity and op.call else ():
            one = not (
                column.kind.many
                or column.each
                or column.secret
                or isinstance(inner(column), Reference | Email)
            )
            if (
                one
                and column.sent
                and column.id not in op.effect.identity
                and column.example
                and other(column)
            ):
                yield pytest.param(op, column, id=f"{op.id} {column.id}")


@pytest.fixture(scope="module")
def practice():
    with Practice(users=60, limit=False) as school:
        yield school


@pytest.fixture
def desk(tmp_path, practice):
    found = Desk(tmp_path, practice)
    yield found
    found.close()


@pytest.mark.parametrize(("operation", "column"), list(cases()))
def test_both_rows_are_refused_and_name_each_other(operation, column, desk):
    entry = IMPORTS[operation.id]
    optional = [c for c in entry.columns if c.example and c.at and not c.required and c.id != "product_type"]
    optional = [c for c in optional if not isinstance(inner(c), Reference)]
    cells = sendable(entry, desk, 1, set(), optional)
    if cells is None:
        pytest.skip("the school has nothing that takes all columns")
    second = cells | {column.title: other(column)}
    desk.again()
    desk.forget()
    job = desk.plan(list(second), cells | {column.title: column.example}, second, operation=operation.id)
    first_row, second_row = row_results(job).values()
    assert (first_row.outcome, second_row.outcome) == ("failed", "failed")
    assert "row 3" in first_row.message and "row 2" in second_row.message
    assert job.ask("SELECT count(*) FROM call")[0][0] == 0 and desk.writes == {}


def test_rows_that_say_the_same_are_one_call_and_both_done(desk):
    user = next(u for u in desk.practice.school.users if not u.suspended and not u.holds)
    course = next(iter(desk.practice.school.products["course"].values()))["title"]
    rows = [(user.email, course, "10"), (user.email.upper(), course, "10"), (user.email, course, "")]
    job = desk.run_import(("User", "Product", "Price"), *rows, operation="enroll")
    assert [row.outcome for row in row_results(job).values()] == ["done"] * 3
    assert sum(desk.writes.values()) == 1


def refused(desk, headers, *rows, operation, **options):
    """The messages of two rows that must both be refused, in one letter each where they were not."""
    desk.again()
    desk.forget()
    job = desk.plan(headers, *rows, operation=operation, **options)
    found = list(row_results(job).values())
    assert [row.outcome for row in found] == ["failed"] * len(rows), [row.message for row in found]
    assert desk.writes == {}
    return [row.message for row in found]


def someone(desk, *without):
    """A user who can sign in and has none of these courses."""
    return next(
        user
        for user in desk.practice.school.users
        if not user.suspended and not {*without} & {title_of(desk, *one) for one in user.holds}
    )


def title_of(desk, kind, own):
    return desk.practice.school.products[kind][own]["title"]


def course_of(desk, n=0):
    titles = [one["title"] for one in desk.practice.school.products["course"].values()]
    return [title for title in titles if titles.count(title) == 1][n]


def test_a_price_that_only_a_later_row_gives_is_not_lost(desk):
    course = course_of(desk)
    email = someone(desk, course).email
    first, second = refused(
        desk, ("User", "Product", "Price"), (email, course, ""), (email, course, "10"), operation="enroll"
    )
    assert "row 3 (“10”)" in first and "row 2 (empty)" in second


def test_a_value_that_is_the_same_as_none_is_no_contradiction(desk):
    course = course_of(desk)
    email = someone(desk, course).email
    rows = [(email, course, ""), (email, course, "0")]
    job = desk.run_import(("User", "Product", "Price"), *rows, operation="enroll")
    assert [row.outcome for row in row_results(job).values()] == ["done", "done"] and sum(
        desk.writes.values()
    ) == 1


def test_one_user_by_email_and_by_id_is_one(desk):
    course = course_of(desk)
    user = someone(desk, course)
    rows = [(user.email, course, "5"), (user.id, course, "10")]
    refused(desk, ("User", "Product", "Price"), *rows, operation="enroll")


def test_two_people_on_one_email_are_seen(desk):
    rows = [("two@intake.example", "Ana", "Ruiz"), ("two@intake.example", "Leo", "Ruiz")]
    for operation in ("create-user", "save-user", "roster"):
        first, _second = refused(desk, ("Email", "First name", "Last name"), *rows, operation=operation)
        assert "First name" in first and "Leo" in first


def test_lists_of_something_new_do_not_add_up(desk):
    rows = [("Reading circle", course_of(desk, 0)), ("Reading circle", course_of(desk, 1))]
    refused(desk, ("Title", "Courses"), *rows, operation="create-group")


def test_tags_add_up(desk):
    user = someone(desk)
    rows = [(user.email, "alpha"), (user.email, "beta")]
    job = desk.run_import(("Email", "Tags"), *rows, operation="save-user")
    assert [row.outcome for row in row_results(job).values()] == ["done", "done"]
    assert {"alpha", "beta"} <= set(user.tags)


def test_custom_fields_are_compared(desk):
    user = someone(desk)
    rows = [(user.email, "one"), (user.email, "two")]
    refused(desk, ("User", "cf_student_number"), *rows, operation="update-user")


def test_a_user_renamed_by_one_row_and_changed_by_another_under_the_new_email_is_one_user(desk):
    desk.again()
    user = someone(desk)
    rows = [(user.email, "renamed@intake.example", "Ana One"), ("renamed@intake.example", "", "Ana Two")]
    job = desk.run_import(("User", "New email", "Username"), *rows, operation="update-user")
    first, second = row_results(job).values()
    assert first.outcome == "done" and second.outcome == "failed"
    assert "In row 2 of this file, Username is “Ana One”" in second.message
    assert user.username == "Ana One"
