"""The seeded school: the same each time, believable, and of any size."""

import unicodedata
from collections import Counter
from dataclasses import asdict

import orjson
import pytest

from lwdesk.practice import seed
from lwdesk.practice.routes import ROUTES
from lwdesk.practice.school import School
from lwdesk.practice.server import Practice
from lwdesk.practice.switches import Switches


def filled(users, number=1):
    school = School(number, Switches())
    seed.fill(school, users, number)
    return school


def snapshot(school):
    """Everything a school holds, as bytes."""
    result = {name: value for name, value in vars(school).items() if name not in ("switches", "clock", "rng")}
    plain = lambda thing: asdict(thing) if hasattr(thing, "__dataclass_fields__") else list(thing)  # noqa: E731
    result["holders"] = {str(key): value for key, value in result["holders"].items()}
    result["codes"] = sorted(result["codes"])
    for key in ("users", "by_id", "by_email"):
        result[key] = [repr(one) for one in (result[key].values() if key != "users" else result[key])]
    return orjson.dumps(result, default=plain)


def test_the_same_seed_gives_the_same_school_and_another_another():
    assert snapshot(filled(80)) == snapshot(filled(80))
    assert snapshot(filled(80)) != snapshot(filled(80, 2))
    assert Practice(users=3, seed=7).client_secret == Practice(users=3, seed=7).client_secret
    assert Practice(users=3, seed=7).client_secret != Practice(users=3, seed=8).client_secret


@pytest.mark.parametrize("users", [1, 2, 7, 9, 31])
def test_small_schools_stand_too(users):
    assert len(filled(users).users) == users


def test_nothing_lies_after_the_end_of_the_data():
    school = filled(500)
    moments = [event["created"] for event in school.events]
    moments += [payment["created"] for payment in school.payments]
    moments += [row["modified"] for row in school.submissions.values()]
    moments += [user.last_login or user.created for user in school.users]
    assert max(moments) <= seed.LAST == school.opened
    assert school.now() >= seed.LAST


def test_ids_and_emails_are_unique_and_users_come_in_order():
    school = filled(3000)
    assert len(school.by_id) == len(school.by_email) == 3000
    created = [user.created for user in school.users]
    assert created == sorted(created)


def test_people_have_names_in_many_scripts():
    school = filled(500)
    scripts = Counter(
        unicodedata.name(letter).split()[0]
        for user in school.users
        for letter in user.username
        if letter.isalpha()
    )
    assert {"LATIN", "GREEK", "CYRILLIC", "ARABIC", "CJK"} <= scripts.keys()
    assert any("'" in user.username for user in school.users)
    assert any(user.fields.get("bio", "").startswith("=") for user in school.users)


def test_titles_that_a_client_must_tell_apart():
    titles = Counter(course["title"] for course in filled(10).products["course"].values())
    assert titles["First Aid"] == 2
    assert {"Project Management", "Projects Management"} <= titles.keys()


def test_a_grade_is_the_score_of_its_unit():
    school = filled(300)
    graded = [row for row in school.submissions.values() if row["grade"]]
    assert graded
    for row in graded:
        studies = (
            progress.units.get(row["unit"]) for progress in school.by_id[row["user_id"]].progress.values()
        )
        assert row["grade"] in {study.score for study in studies if study}


def test_every_operation_of_the_document_is_there():
    assert len(ROUTES) == 94
    assert len({route.operation for route in ROUTES}) == 94
    assert sum(route.since == "2026" for route in ROUTES) == 3


def test_every_list_has_rows():
    begun = {"born", "jobs", "mails", "_pending"}  # what only calls bring
    tables = {name: value for name, value in vars(filled(100)).items() if hasattr(value, "__len__")}
    assert {name for name, value in tables.items() if not value} == begun
