"""Whatever is sent, an operation answers in one of the school's shapes; it never falls over."""

import pytest

from lwdesk.practice.routes import ROUTES

JUNK = (None, [], "text", 7, {}, {"email": 1}, {"tags": None}, {"answers": [{}]}, {"products": [{}]})
QUERY = "page=-1&items_per_page=x&tags=,,&users=&sort=&created_after=nan&access[]=paid&access[]=&cf_x=%00"


def real_slots(school):
    """One real thing for each slot of a path."""
    first = lambda table: next(iter(table))  # noqa: E731
    units = school.units("gdpr").values()
    promotion = next(iter(school.promotions.values()))
    return {
        "user": school.users[-1].id,
        "member": school.users[-1].id,
        "course": "gdpr",
        "unit": next(iter(units))["id"],
        "assessment": next(unit["id"] for unit in units if unit["type"] == "assessmentV2"),
        "form": next(unit["id"] for unit in units if unit["type"] == "newSurvey"),
        "bundle": first(school.products["bundle"]),
        "plan": first(school.products["subscription"]),
        "payment": school.payments[0]["id"],
        "promotion": promotion["id"],
        "coupon": promotion["coupons"][0]["code"],
        "affiliate": first(school.affiliates),
        "certificate": first(school.certificates),
        "score": first(school.submissions),
        "seat": first(school.seats),
        "group": first(school.groups),
        "space": first(school.spaces),
        "post": first(school.posts),
        "job": "none",
    }


@pytest.mark.parametrize("dialect", ["2025", "2026"])
def test_junk_is_refused_or_ignored(practice, client, dialect):
    practice.switches.dialect = dialect
    slots = real_slots(practice.school)
    for route in ROUTES:
        method, path = route.operation.format(**slots).split(" ")
        for body in JUNK:
            url = f"{client.base}/v2/{path}?{QUERY}"
            answer = client.http.request(method, url, json=body, headers=client.head)
            assert answer.status_code < 500, (route.operation, body)
            assert answer.status_code < 400 or answer.json().keys() & {"error", "errors"}
