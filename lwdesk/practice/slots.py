"""Finds the objects that a path names: users by id or email, payments by either of two ids, units in a course."""

from collections.abc import Callable
from typing import Any

from lwdesk.practice.refusals import missing
from lwdesk.practice.school import School


def _payment(school: School, key: str) -> Any:
    return next((one for one in school.payments if key in (one["id"], one["transaction_id"])), None)


def _coupon(school: School, key: str, promotion: dict[str, Any]) -> Any:
    return next((one for one in promotion["coupons"] if one["code"] == key), None)


def _unit(school: School, key: str, course: dict[str, Any]) -> Any:
    return school.units(course["id"]).get(key)


def _affiliate(school: School, key: str) -> Any:
    user = school.find_user(key)
    return school.affiliates.get(user.id) if user else None


def _of_type(school: School, key: str, kind: str) -> Any:
    units = (school.units(course).get(key) for course in school.contents)
    return next((unit for unit in units if unit and unit["type"] == kind), None)


SLOTS: dict[str, Callable[..., Any]] = {
    "user": School.find_user,
    "course": lambda school, key, *_: school.products["course"].get(key),
    "unit": _unit,
    "payment": _payment,
    "promotion": lambda school, key: school.promotions.get(key),
    "coupon": _coupon,
    "bundle": lambda school, key: school.products["bundle"].get(key),
    "plan": lambda school, key: school.products["subscription"].get(key),
    "certificate": lambda school, key: school.certificates.get(key),
    "affiliate": _affiliate,
    "assessment": lambda school, key: _of_type(school, key, "assessmentV2"),
    "form": lambda school, key: _of_type(school, key, "newSurvey"),
    "score": lambda school, key: school.submissions.get(key),
    "space": lambda school, key: school.spaces.get(key),
    "member": lambda school, key: school.by_id.get(key),  # the one place where an email will not do
    "post": lambda school, key: school.posts.get(key),
    "job": lambda school, key: school.jobs.get(key),
    "seat": lambda school, key: school.seats.get(key),
    "group": lambda school, key: school.groups.get(key),
}
WITH_PARENT = {"unit", "coupon"}  # looked up within what the slot before them named


def find(school: School, slots: dict[str, str]) -> list[Any]:
    """The object of each slot. Refuses unknown ones with 404."""
    found: list[Any] = []
    for name, key in slots.items():
        one = SLOTS[name](school, key, found[-1]) if name in WITH_PARENT else SLOTS[name](school, key)
        if one is None:
            raise missing()
        found.append(one)
    return found
