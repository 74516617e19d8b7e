"""What a user has is what they were given itself, whichever way it was looked up; what comes with a bundle is said."""

import pytest

from lwdesk.practice.server import Practice
from tests.app.desk import Desk, row_results


@pytest.fixture
def desk(tmp_path):
    with Practice(users=200, limit=False) as practice:
        found = Desk(tmp_path, practice)
        yield found
        found.close()


def parts(desk):
    """A bundle with one of its courses, and users: with the bundle alone, with both, with the course, with neither."""
    school = desk.practice.school
    bundle, pack = next((i, b) for i, b in school.products["bundle"].items() if b["products"]["courses"])
    course = pack["products"]["courses"][0]
    users = [user for user in school.users if not user.suspended]
    for user in users:
        for key in list(user.holds):
            school.take(user, *key)
    for n, user in enumerate(users):
        if n % 4 in (0, 1):
            school.give(user, "bundle", bundle, 1)
        if n % 4 in (1, 2):
            school.give(user, "course", course, 1)
    return school.products["course"][course]["title"], pack["title"], (course, bundle), users


@pytest.mark.parametrize("count", [4, 168])
def test_a_course_that_comes_with_a_bundle_is_enrolled_with_its_payment(count, desk):
    title, bundle, (course, _id), users = parts(desk)
    rows = [(user.email, title, "10") for user in users[:count]]
    job = desk.run_import(("User", "Product", "Price"), *rows, operation="enroll")
    outcomes = [(row.outcome, bundle in row.message) for row in row_results(job).values()]
    kinds = [("done", True), ("unchanged", False), ("unchanged", False), ("done", False)]
    assert outcomes == [kinds[n % 4] for n in range(count)]
    assert all(("course", course) in user.holds for user in users[:count])


@pytest.mark.parametrize("count", [4, 168])
def test_nobody_is_said_to_be_taken_out_of_what_stays_theirs(count, desk):
    title, bundle, (course, _id), users = parts(desk)
    rows = [(user.email, title) for user in users[:count]]
    job = desk.run_import(("User", "Product"), *rows, operation="unenroll")
    outcomes = [(row.outcome, bundle in row.message) for row in row_results(job).values()]
    kinds = [("unchanged", True), ("done", False), ("done", False), ("unchanged", False)]
    assert outcomes == [kinds[n % 4] for n in range(count)]
    assert not any(("course", course) in user.holds for user in users[:count])


def test_undo_of_an_enrollment_leaves_the_bundle_alone(desk):
    title, _bundle, (course, bundle), users = parts(desk)
    job = desk.run_import(("User", "Product"), (users[0].email, title), operation="enroll")
    assert ("course", course) in users[0].holds
    undone = desk.undo(job)
    assert [row.outcome for row in row_results(undone).values()] == ["done"]
    assert ("course", course) not in users[0].holds and ("bundle", bundle) in users[0].holds
