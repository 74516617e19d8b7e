"""Whatever a roster holds: what the school has afterwards is what the sheet says, or the row is not done."""

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lwdesk.practice.server import Practice
from tests.app.desk import Desk, row_results

HEADERS = ("Email", "First name", "Last name", "Tags", "Courses")
TITLES = [
    "C++",
    "C#",
    "Grade A+",
    "Presse; Verlag",
    "Presse",
    "Algebra",
    "north, south",
    "Ünï • Kurs",
    "100%",
]
WORD = st.text("abcXYZéñΩ李'-", min_size=1, max_size=6).filter(lambda text: text.strip("'-") == text and text)
EMAIL = st.builds("{}@x{}.org".format, st.text("abcd", min_size=1, max_size=3), st.integers(1, 3))
TAGS = st.lists(WORD, max_size=3).map("; ".join)
TITLE = st.sampled_from(
    [*TITLES, "C", "grade a+", "Grade A-", "PRESSE; verlag", "Uni Kurs", "100", "Nothing"]
)
COURSES = st.one_of(st.just(""), TITLE, st.lists(TITLE, min_size=2, max_size=3).map("; ".join))
ROW = st.tuples(EMAIL, WORD, WORD, TAGS, COURSES)


def courses_of(cell):
    """The titles that a cell names, read as simply as can be: None where that isn't certain."""
    known = {title.casefold(): title for title in TITLES}
    if not cell:
        return set()
    parts = [part.strip().casefold() for part in cell.split(";")]
    whole, split = cell.casefold() in known, all(part in known for part in parts)
    if whole and not (split and len(parts) > 1):
        return {known[cell.casefold()]}
    return (
        {known[part] for part in parts} if split and not whole and "presse" not in cell.casefold() else None
    )


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    with Practice(users=30, limit=False) as practice:
        school = practice.school
        old = list(school.products["course"].values())[: len(TITLES)]
        for course, title in zip(old, TITLES, strict=True):
            course["title"] = title
        desk = Desk(tmp_path_factory.mktemp("state"), practice)
        yield desk
        desk.close()


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(ROW, min_size=1, max_size=6))
def test_a_row_that_is_done_is_so_in_the_school(rows, world):
    school = world.practice.school
    before = {user.email for user in school.users}
    titles = {course_id: course["title"] for course_id, course in school.products["course"].items()}
    had = {
        user.email.casefold(): {titles[i] for kind, i in user.holds if kind == "course"}
        for user in school.users
    }
    job = world.run_import(HEADERS, *rows, operation="roster", name="roster.xlsx")
    users = {user.email.casefold(): user for user in school.users}
    for (email, first, last, tags, courses), outcome in zip(rows, row_results(job).values(), strict=True):
        user, wanted = users.get(email.casefold()), courses_of(courses)
        has = {titles[i] for kind, i in user.holds if kind == "course"} if user else set()
        allowed = set().union(*(courses_of(row[4]) or set() for row in rows if row[0] == email))
        if outcome.outcome in ("done", "unchanged"):
            assert user is not None and (wanted is None or wanted <= has)
            assert {tag for tag in re.split(r"\s*;\s*", tags) if tag} <= set(user.tags)
            if user.email not in before:
                assert re.fullmatch(rf"{re.escape(f'{first} {last}')}( \d+)?", user.username)
        if all(courses_of(row[4]) is not None for row in rows):
            assert has - had.get(email.casefold(), set()) <= allowed
        if wanted is None and "Nothing" in courses:
            assert outcome.outcome == "failed"
