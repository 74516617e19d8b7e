"""Courses with sections and units, bundles, subscription plans."""

import random
from typing import Any

from lwdesk.practice.courses import new_course, slug
from lwdesk.practice.school import School

OPENING = 1693555200  # 1 September 2023: the catalogue was there before the first user came
# id, title, price, access, categories, more. Two titles differ by a letter, two not at all.
_COURSES: tuple[tuple[str, str, float, str, str, dict[str, Any]], ...] = (
    ("safety-101", "Workplace Safety", 49, "paid", "safety", {"label": "Bestseller"}),
    ("first-aid", "First Aid", 79.5, "paid", "safety,health", {"expires": 365}),
    ("first-aid-online", "First Aid", 59, "paid", "safety,health", {}),
    ("project-management-1", "Project Management", 120, "paid", "business", {"compare_at": 150}),
    ("projects-management", "Projects Management", 120, "paid", "business", {}),
    ("excel-basics", "Excel for Beginners", 0, "free", "office", {}),
    ("excel-pivot", "Excel: PivotTables & Charts", 35.9, "paid", "office", {}),
    ("ellinika-gia-arxarious", "Ελληνικά για αρχάριους", 90, "paid", "languages", {}),
    ("francais-debutant", "Français débutant – l'essentiel", 90, "paid", "languages", {}),
    ("nihongo-n5", "日本語 N5", 95, "paid", "languages", {"dripFeed": "days"}),
    ("gdpr", "Data Protection (GDPR)", 25, "paid", "compliance", {"expires": 12, "expiresType": "months"}),
    ("leadership", "Leadership, Teams & Trust", 199, "paid", "business", {"dripFeed": "date"}),
    ("welcome", "Welcome to the School", 0, "free", "", {}),
    ("ai-at-work", "AI at Work", 150, "coming_soon", "office", {}),
    ("draft-course", "Draft: Onboarding 2027", 0, "draft", "", {}),
    ("board", "Board Members Only", 0, "private", "business", {}),
)
_UNITS = (
    ("youtube", "Welcome", ""),
    ("ebook", "Handbook", "Read before the first lesson"),
    ("ivideo", "Lesson", "Interactive video"),
    ("pdf", "Worksheet", ""),
    ("assessmentV2", "Quiz", "10 minutes"),
    ("video", "Case study", ""),
    ("newSurvey", "Feedback", "Tell us what you think"),
    ("certificate", "Certificate", ""),
)
BUNDLES = (
    ("starter-pack", "Starter Pack", 99, ("excel-basics", "excel-pivot", "welcome")),
    ("safety-pack", "Safety Pack", 160, ("safety-101", "first-aid", "gdpr")),
    ("polyglot", "Polyglot", 240, ("ellinika-gia-arxarious", "francais-debutant", "nihongo-n5")),
    ("management", "Management Track", 399, ("project-management-1", "leadership")),
)
PLANS = (
    ("monthly-plan", "Monthly Membership", 19, "month", ("excel-pivot", "gdpr", "safety-101")),
    ("annual-plan", "Annual Membership", 190, "month", ("excel-pivot", "gdpr", "safety-101", "leadership")),
    ("language-club", "Language Club", 29, "month", ("francais-debutant", "nihongo-n5")),
)


def fill(school: School, rng: random.Random) -> None:
    """The catalogue. The draft course stays empty: no sections, no users."""
    for n, (id, title, price, access, categories, more) in enumerate(_COURSES):
        created = OPENING + n * 86400 + rng.randrange(10**6) / 10**6
        course = new_course(id, title, created, price=price, access=access, **more)
        course["categories"] = [one for one in categories.split(",") if one]
        course["description"] = f"All about {title}." if n % 3 else None
        teacher = school.users[(n % 3 + 2) % len(school.users)]
        course["author"] = {"name": teacher.username, "image": None}
        school.products["course"][id] = course
        school.contents[id] = [] if access == "draft" else _sections(school, id, course["dripFeed"], n)
    for n, (id, title, price, courses) in enumerate(BUNDLES):
        school.products["bundle"][id] = _pack(id, title, price, courses, n) | {
            "access": "public",
            "paymentPlans": [_payment_plan(school, price)] if n % 2 else [],
        }
    for n, (id, title, price, interval, courses) in enumerate(PLANS):
        school.products["subscription"][id] = _pack(id, title, price, courses, n) | {
            "access": "public",
            "stripePlanId": f"plan_{id}",
            "interval": 12 if id == "annual-plan" else 1,
            "interval_type": interval,
            "trial_period_days": 14 if n else 0,
        }


def _pack(id: str, title: str, price: float, courses: tuple[str, ...], n: int) -> dict[str, Any]:
    return {
        "id": id,
        "title": title,
        "products": {"courses": list(courses)},
        "image": None,
        "description": f"{len(courses)} courses in one" if n else None,
        "created": OPENING + n + 0.25,
        "modified": OPENING + n + 0.5,
        "afterPurchase": {"type": "afterlogin", "settings": {"url": None, "page": None}},
        "price": price,
    }


def _payment_plan(school: School, price: float) -> dict[str, Any]:
    return {
        "id": school.new_id(OPENING),
        "name": "Three payments",
        "description": None,
        "type": "with_upfront",
        "order": 1,
        "firstAmount": round(price / 3, 2),
        "amount": round(price / 3, 2),
        "paymentsCount": 3,
        "subscriptionTrialType": "default",
        "subscriptionIntervalType": "1-month",
        "status": "public",
        "isCancelable": False,
        "validFrom": None,
        "validTo": None,
        "subscriptionTrialDays": None,
        "subscriptionTrialDate": None,
        "nameOverride": False,
        "paymentPlanNameOverride": None,
    }


def _sections(school: School, course: str, drip: str, n: int) -> list[dict[str, Any]]:
    """Three sections; the last has the quiz, the survey and the certificate."""
    sections = []
    for number, (title, first, last) in enumerate(
        (("Introduction", 0, 2), ("Lessons", 2, 4), ("Finish", 4, 8))
    ):
        units = [_unit(school, course, kind, name, sub, number) for kind, name, sub in _UNITS[first:last]]
        section = {
            "id": f"{course.replace('-', '')[:12]}_{slug(title)}",
            "title": title,
            "description": None,
            "access": "public" if number == 0 else "premium",
            "drip": _drip(drip, number),
            "learningUnits": units,
        }
        sections.append(section)
    return sections


def _unit(school: School, course: str, kind: str, name: str, sub: str, number: int) -> dict[str, Any]:
    id = f"{course}_{1600000 + number}_1" if kind == "ebook" else school.new_id(OPENING)
    title = name if kind in ("certificate", "youtube") else f"{name} {number + 1}"
    return {"type": kind, "id": id, "icon": f"icon-{kind}", "title": title, "subtitle": sub}


def _drip(kind: str, number: int) -> dict[str, Any] | None:
    if kind == "none" or number == 0:
        return None
    days = {"days": 7 * number, "date": None} if kind == "days" else {"days": 0, "date": 1796083200 + number}
    return days | {"notify": True, "subject": "A new section is open", "body": "Have a look."}
