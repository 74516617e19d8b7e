"""The community, affiliates with their referrals, and upcoming events."""

import random
from typing import Any

from lwdesk.practice.affiliates import make
from lwdesk.practice.community import new_space
from lwdesk.practice.school import School
from lwdesk.practice.seed_courses import OPENING

SOON = 1790000000  # 21 September 2026, after the end of the data: dates still to come
_SPACES = (
    ("Announcements", "public", 0, 60),
    ("Questions & answers", "public", 0, 45),
    ("Alumni", "private", 1, 15),
    ("Βιβλία", "public", 1, 8),
    ("Board", "standalone", None, 3),
)
_TEXTS = (
    "<p>Welcome, everybody!</p>",
    "<p>Does anybody have the <b>handbook</b>?</p>",
    "<p>Καλημέρα σε όλους</p>",
    "<p>=2+2 &amp; more</p>",
)


def fill(school: School, rng: random.Random) -> None:
    """Members, posts, affiliates, events; small schools have fewer of each."""
    _community(school, rng)
    _affiliates(school, rng)
    courses = list(school.products["course"])
    for n, kind in enumerate(("dripFeed", "fileAssignment", "liveSession") * 3):
        row = {
            "title": f"{kind} {n + 1}",
            "startDate": SOON + n * 86400,
            "productId": courses[n],
            "type": kind,
        }
        school.school_events.append(row | {"bookingDetails": _booking(school, n) if n % 3 == 2 else None})


def _booking(school: School, n: int) -> dict[str, object]:
    people = school.users
    return {
        "learnerUserId": people[-1].id,
        "hostUserId": people[2 % len(people)].id,
        "status": "scheduled",
        "type": "oneOnOne",
        "providerName": "calendar",
        "providerData": {"joinUrl": f"https://practice.example/join/{n}", "durationInMinutes": 30},
    }


def _community(school: School, rng: random.Random) -> None:
    ids = []
    for n, name in enumerate(("Everyone", "Readers")):
        id = school.new_id(OPENING)
        ids.append(id)
        school.collections[id] = {"id": id, "name": name, "description": f"Spaces of {name.lower()}"}
        times = {"created": OPENING + n + 0.5, "modified": OPENING + n + 0.5}
        school.collections[id] |= {"display_order": n, **times}
    people = [user for user in school.users[:2000] if not user.suspended]
    for n, (title, access, collection, members) in enumerate(_SPACES):
        space = new_space(school, title, access, school.users[0], OPENING + n)
        space["collectionId"] = None if collection is None else ids[collection]
        space["is_invitation_required"] = access == "private"
        space["members"] = {u.id: "joined" for u in rng.sample(people, min(members, len(people)))}
        if n == 3:
            space["usages"] = [{"type": "ebook", "courseId": "welcome", "unitId": "welcome_1600000_1"}]
    spaces = list(school.spaces)
    for n in range(34):
        created = OPENING + n * 86400 * 30 + 0.25
        place = (
            {"type": "course", "id": "safety-101"} if n % 5 == 4 else {"type": "space", "id": spaces[n % 4]}
        )
        id, liked = school.new_id(created), [user.id for user in rng.sample(people, min(n % 3, len(people)))]
        post: dict[str, Any] = {
            "id": id,
            "posted_in": place,
            "user": rng.choice(people).id,
            "text": _TEXTS[n % len(_TEXTS)],
        }
        post |= {"mentions": liked[:1], "likes": liked, "upvotes": [], "items": [], "created": created}
        school.posts[id] = post


def _affiliates(school: School, rng: random.Random) -> None:
    """Some users brought others: those who paid are customers, the rest leads."""
    users, methods = school.users, ("paypal", "bank_transfer", "none", "other")
    for n, user in enumerate(users[8:31]):
        affiliate = make(school, user, user.created + 3600, paymentMethod=methods[n % 4], clicks=17 * n)
        affiliate["commission_percentage"] = 10 + n % 3 * 5
    brought = list(school.affiliates)
    for n, user in enumerate(users[31:2000]):
        if brought and n % 4 == 0:
            user.referrer = brought[0] if n % 8 == 0 else rng.choice(brought)
    by_user = school.by_id
    for n, payment in enumerate(school.payments):
        if row := school.affiliates.get(by_user[payment["user_id"]].referrer or ""):
            state = ("paid", "mature", "new", "approved")[n % 4]
            percent = row["commission_percentage"]
            amount = round(payment["price"] * percent / 100, 2)
            payment["affiliate"] = {"id": row["id"], "username": by_user[row["id"]].username}
            payment["affiliate"] |= {"code": row["code"], "commission_percentage": percent}
            payment["affiliate"] |= {"commission_amount": amount, "payment_status": state}
    for id in brought:
        _paid_out(school, id)


def _paid_out(school: School, id: str) -> None:
    mine = [one for one in school.payments if (one["affiliate"] or {}).get("id") == id]
    paid = [one for one in mine if one["affiliate"]["payment_status"] == "paid"]
    if not paid:
        return
    created = max(one["created"] for one in paid) + 86400
    owner, row = school.users[0], school.affiliates[id]
    payout = {
        "id": school.new_id(created),
        "amount": round(sum(one["affiliate"]["commission_amount"] for one in paid), 2),
        "paymentMethod": row["paymentMethod"],
        "paymentNotes": None,
        "created": created,
        "payments": [one["id"] for one in paid],
        "completedBy": {"id": owner.id, "username": owner.username},
    }
    school.payouts[id] = [payout]
