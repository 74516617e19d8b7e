"""The small tools that compare, build and keep values."""

import json
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from lwdesk.catalog import OPERATIONS
from lwdesk.catalog.effects.facts import body_of, display, equal_values, get_path, pack, set_path, unpack
from lwdesk.catalog.operation import Ref
from tests.catalog.school import ALGEBRA, ANA, PLAN

SIMPLE = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.text()
    | st.dates()
    | st.builds(Ref, st.text(), st.text(), st.text())
)
VALUES = st.dictionaries(st.text(), SIMPLE | st.lists(SIMPLE).map(tuple))


@given(VALUES)
def test_values_survive_the_journal(values):
    assert unpack(json.loads(json.dumps(pack(values)))) == values


@given(st.lists(st.text("abc", min_size=1, max_size=3), min_size=1, max_size=4, unique=True), st.integers())
def test_what_is_put_somewhere_is_found_there(names, value):
    data = {}
    set_path(data, ".".join(names), value)
    assert get_path(data, ".".join(names)) == value
    assert get_path(data, ".".join([*names, "more"])) is None


def test_a_body_has_constants_defaults_and_what_is_filled_in():
    enroll = OPERATIONS["enroll"]
    assert body_of(enroll, {"user": ANA, "product": ALGEBRA}) == {
        **{"productId": "algebra", "productType": "course"},
        **{"price": 0, "send_enrollment_email": False},
    }
    body = body_of(
        enroll, {"user": ANA, "product": PLAN, "price": 9.5, "send_enrollment_email": True, "duration": None}
    )
    assert body == {
        **{"productId": "gold", "productType": "subscription"},
        **{"price": 9.5, "send_enrollment_email": True},
    }
    assert body_of(OPERATIONS["tag"], {"user": ANA, "tags": ("a", "b")}) == {
        "action": "attach",
        "tags": ["a", "b"],
    }
    create = body_of(
        OPERATIONS["create-user"], {"email": ANA, "first_name": "Ana", "cf_x": "1", "phone": "7"}
    )
    assert create == {"email": ANA, "send_registration_email": False, "fields": {"cf_x": "1", "phone": "7"}}


def test_the_same_said_in_two_ways():
    assert all(
        equal_values(mine, theirs)
        for mine, theirs in [
            *(("", None), (None, ""), (5, "5"), (5.0, 5), ("5", 5.0), (False, None), (True, 1), ((), None)),
            *((("b", "a"), ["a", "b"]), (date(2026, 4, 3), "2026-04-03"), ([], ())),
        ]
    )
    assert not any(
        equal_values(mine, theirs)
        for mine, theirs in [
            ("a", "A"),
            ("a", None),
            (True, None),
            (("a",), []),
            (5, "5.5"),
            (("a", "a"), ["a"]),
        ]
    )


def test_values_as_people_see_them():
    assert [display(v) for v in (True, False, None, ["a", 5.0], ALGEBRA, date(2026, 4, 3))] == [
        *("yes", "no", "", "a; 5", "Algebra", "2026-04-03")
    ]
