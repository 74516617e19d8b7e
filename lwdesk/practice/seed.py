"""Fills a school with sample data: roles and users, and through its sister modules their activity and purchases.

The data ends with a fixed moment instead of the machine's now, so that a seed gives the same school, to the
last digit of a timestamp, on every computer and day; what calls add afterwards carries the machine's time.
"""

import random
from datetime import UTC, datetime

from lwdesk.practice import seed_activity, seed_courses, seed_groups, seed_shop, seed_social
from lwdesk.practice.model import User
from lwdesk.practice.names import CITIES, COMPANIES, Names
from lwdesk.practice.school import School

FIRST = datetime(2023, 9, 4, 8, tzinfo=UTC).timestamp()
LAST = datetime(2026, 9, 1, 8, tzinfo=UTC).timestamp()
CALM = 45 * 86400  # nobody signs up so close to the end: what the newest did must lie before it too
TAGS = ("cohort-2025a", "cohort-2025b", "vip", "newsletter", "Ελλάδα", "über 18", "needs invoice", "alumni")
DEPARTMENTS = ("Sales", "Human Resources", "R&D", "Πωλήσεις", "Бухгалтерия")
_STAFF = (
    "admin",
    "admin",
    "instructor",
    "instructor",
    "instructor",
    "reporter",
    "seat_manager",
    "seat_manager",
)
_PASSWORD = "practice-1"
_ROLES = (
    ("Administrator", "admin", False),
    ("Instructor", "instructor", False),
    ("Reporter", "reporter", False),
    ("Seat manager", "seat_manager", False),
    ("Teaching assistant", "instructor", True),
    ("User group manager", "seat_manager", True),
    ("User", "user", False),
)
# Texts that spreadsheets like to misread: a formula, a leading zero, lines, a very long one, blanks around.
_ODD_BIOS = (
    "=SUM(1,2)",
    "00042",
    "First line\nsecond line; with, separators\tand a tab",
    "Long. " * 400,
    "  blanks around  ",
    '"quoted" and \\ and 😀',
    "@mention -1+2",
)


def fill(school: School, users: int, seed: int) -> tuple[str, str]:
    """Fill an empty school with `users` users. Returns an administrator's email and password."""
    rng = random.Random(f"seed {seed}")
    for title, level, custom in _ROLES:
        id = school.new_id(FIRST)
        school.roles[id] = {"id": id, "title": title, "description": f"{title} of the school"}
        school.roles[id] |= {"access_level": level, "custom_role": custom}
    _people(school, max(users, 1), rng)
    seed_courses.fill(school, rng)
    seed_shop.fill(school, rng)
    seed_activity.fill(school, rng)
    seed_groups.fill(school, rng)
    seed_social.fill(school, rng)
    school.events.sort(key=lambda event: event["created"])
    school.payments.sort(key=lambda payment: payment["created"])
    school.opened = LAST
    return school.users[0].email, _PASSWORD


def _people(school: School, count: int, rng: random.Random) -> None:
    names, step = Names(rng), (LAST - CALM - FIRST) / count
    plain = school.role_of_level("user")
    for n in range(count):
        first, last, email = names.draw()
        created = round(FIRST + (n + rng.random()) * step, 6)
        user = User(school.new_id(created), email, f"{first} {last}", created, first, last)
        user.role = school.role_of_level(_STAFF[n]) if n < len(_STAFF) else plain
        _profile(user, n, rng)
        school.add_user(user)
    school.users[0].password = _PASSWORD


def _profile(user: User, n: int, rng: random.Random) -> None:
    """What people fill in, or don't."""
    chance = rng.random()
    user.subscribed = None if chance < 0.2 else chance < 0.7
    user.eu_customer = None if chance < 0.1 else chance < 0.8
    user.suspended = n >= len(_STAFF) and n % 61 == 9
    if chance < 0.8 or n < len(_STAFF):
        user.last_login = round(user.created + rng.random() * (LAST - user.created), 6)
    if chance < 0.6:
        city, country, phone = rng.choice(CITIES)
        user.fields |= {"phone": phone, "country": country, "location": city, "cf_student_number": f"{n:06}"}
        user.fields["company"] = rng.choice(COMPANIES)
    if chance < 0.4:
        user.fields["cf_department"] = rng.choice(DEPARTMENTS)
        user.fields["cf_start_date"] = f"2025-{n % 12 + 1:02}-{n % 28 + 1:02}"
        user.fields["cf_newsletter"] = "1"
        user.tags = rng.sample(TAGS, n % 3 + 1)
    if chance < 0.15:
        user.utms = {"fc_utm_source": "newsletter", "fc_utm_campaign": "spring", "fc_landing": "/home"}
        user.nps_score, user.nps_comment = n % 10 + 1, "Très bien"
        company = user.fields.get("company", "")
        user.billing = {"bf_name": company or user.username, "bf_country": user.fields.get("country", "")}
    if len(_STAFF) <= n < len(_STAFF) + len(_ODD_BIOS):
        user.fields["bio"] = _ODD_BIOS[n - len(_STAFF)]
