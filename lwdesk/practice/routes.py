"""The table of operations: finds the route of a request."""

from urllib.parse import unquote

from lwdesk.practice import (
    affiliates,
    analytics,
    assessments,
    certificates,
    community,
    courses,
    enrollment,
    events,
    memberships,
    payments,
    products,
    progress,
    promotions,
    roles,
    users,
)
from lwdesk.practice.wire import Route

ROUTES: tuple[Route, ...] = (
    *users.ROUTES,
    *enrollment.ROUTES,
    *courses.ROUTES,
    *analytics.ROUTES,
    *payments.ROUTES,
    *promotions.ROUTES,
    *memberships.ROUTES,
    *products.ROUTES,
    *progress.ROUTES,
    *certificates.ROUTES,
    *affiliates.ROUTES,
    *events.ROUTES,
    *assessments.ROUTES,
    *roles.ROUTES,
    *community.ROUTES,
)


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
