"""Seat offerings (some nearly full), user groups, segments."""

import random

from lwdesk.practice.memberships import enter
from lwdesk.practice.model import Circle
from lwdesk.practice.school import School

_SEATS = (
    ("Acme team", ("safety-101", "gdpr"), 10, 12, 9),
    ("City hospital", ("first-aid",), 25, None, 25),
    ("Müller & Söhne", ("excel-basics", "excel-pivot"), 5, 6, 5),
    ("School district 7", ("welcome", "leadership"), 200, None, 40),
    *((f"Partner {n:02}", ("welcome",), 10 + n, None, n % 4) for n in range(1, 19)),  # for a second page
)
_GROUPS = (
    ("Spring cohort", ("welcome", "excel-basics"), True, None, 30),
    ("Δάσκαλοι", ("ellinika-gia-arxarious",), False, None, 12),
    ("Board", ("board",), True, 8, 7),
    ("Empty so far", ("gdpr",), False, None, 0),
    *((f"Class {n:02}", ("excel-basics",), False, None, n % 6 + 1) for n in range(1, 21)),
)
_SEGMENTS = (
    ("Very important people", "Users with the tag vip", {"tag": "vip"}),
    ("With a department", None, {"field": "cf_department"}),
)


def fill(school: School, rng: random.Random) -> None:
    """Members are drawn from those who are not suspended; a small school has smaller groups."""
    people = [user for user in school.users[8:2000] if not user.suspended]
    managers = [school.users[6 % len(school.users)].id]
    at = int(school.users[-1].created)
    for title, courses, seats, most, taken in _SEATS:
        circle = Circle(school.new_id(at), title, at, at, list(courses), seats=seats, most_users=most)
        circle.managers, circle.tags = list(managers), [f"seat {title}"]
        school.seats[circle.id] = circle
        for user in rng.sample(people, min(taken, len(people))):
            enter(school, circle, user, at, takes_seat=circle.free_seats > 0)
    for title, courses, enrolls, most, members in _GROUPS:
        circle = Circle(school.new_id(at), title, at, at, list(courses), enrolls=enrolls, most_users=most)
        circle.managers, circle.tags = list(managers), [f"group {title}"]
        school.groups[circle.id] = circle
        for user in rng.sample(people, min(members, len(people))):
            enter(school, circle, user, at)
    for name, description, rule in _SEGMENTS:
        id = school.new_id(at)
        school.segments[id] = {"id": id, "name": name, "description": description, **rule}
