"""The table of operations: which route a request means, and what the slots of its path name."""

from collections.abc import Callable
from typing import Any
from urllib.parse import unquote

from lwdesk.practice import courses, enrollment, memberships, payments, promotions, users
from lwdesk.practice.school import School
from lwdesk.practice.wire import Route, missing

ROUTES: tuple[Route, ...] = (
    *users.ROUTES,
    *enrollment.ROUTES,
    *courses.ROUTES,
    *payments.ROUTES,
    *promotions.ROUTES,
    *memberships.ROUTES,
)


def _payment(school: School, key: str) -> Any:
    return next((one for one in school.payments if key in (one["id"], one["transaction_id"])), None)


def _coupon(school: School, key: str, promotion: dict[str, Any]) -> Any:
    return next((one for one in promotion["coupons"] if one["code"] == key), None)


def _unit(school: School, key: str, course: dict[str, Any]) -> Any:
    return school.units(course["id"]).get(key)


SLOTS: dict[str, Callable[..., Any]] = {
    "user": School.find_user,
    "course": lambda school, key, *_: school.products["course"].get(key),
    "unit": _unit,
    "payment": _payment,
    "promotion": lambda school, key: school.promotions.get(key),
    "coupon": _coupon,
    "seat": lambda school, key: school.seats.get(key),
    "group": lambda school, key: school.groups.get(key),
}
WITH_PARENT = {"unit", "coupon"}  # looked up within what the slot before them named


def _index() -> dict[int, list[tuple[str, list[str], Route]]]:
    """Routes by number of path parts; those with fewer slots first, so that a literal part wins."""
    table: dict[int, list[tuple[str, list[str], Route]]] = {}
    for route in sorted(ROUTES, key=lambda route: route.operation.count("{")):
        method, path = route.operation.split(" ")
        parts = path.split("/")
        table.setdefault(len(parts), []).append((method, parts, route))
    return table


_TABLE = _index()


def match(method: str, path: str, dialect: str) -> tuple[Route | None, dict[str, str], bool]:
    """The route of a path below /v2/ as sent, its slots decoded, and whether the path has another method."""
    sent = path.split("/")
    other = False
    for verb, parts, route in _TABLE.get(len(sent), ()):
        if route.since > dialect or not all(p == s or p[0] == "{" for p, s in zip(parts, sent, strict=True)):
            continue
        if verb == method:
            slots = {p[1:-1]: unquote(s) for p, s in zip(parts, sent, strict=True) if p[0] == "{"}
            return route, slots, False
        other = True
    return None, {}, other


def find(school: School, slots: dict[str, str]) -> list[Any]:
    """What each slot names. Refuses with 404 where there is no such thing."""
    found: list[Any] = []
    for name, key in slots.items():
        one = SLOTS[name](school, key, found[-1]) if name in WITH_PARENT else SLOTS[name](school, key)
        if one is None:
            raise missing()
        found.append(one)
    return found
