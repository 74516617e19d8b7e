"""Promotions with coupons, payments, subscriptions, installments, leads."""

import random
from typing import Any

from lwdesk.practice.model import UTMS, User
from lwdesk.practice.payments import add_payment
from lwdesk.practice.promotions import new_coupon
from lwdesk.practice.school import School
from lwdesk.practice.seed_courses import OPENING

ACTIVE = 2000  # of a big school only so many users have a history; lists of users and members stay full size


def fill(school: School, rng: random.Random) -> None:
    """Create payments with their coupons, subscriptions, installments and leads."""
    _promotions(school)
    buyers = [user for user in school.users[:ACTIVE] if rng.random() < 0.35] or school.users[:1]
    for n, user in enumerate(buyers):
        _purchase(school, user, n, rng)
    for n in range(47):
        school.leads.append(_lead(school, n, rng))


def _promotions(school: School) -> None:
    rows: tuple[tuple[Any, ...], ...] = (
        ("Spring sale", "percentage", 20, ["courses"], [], ("SPRING-20", "SPRING-VIP")),
        ("Partner Acme", "fixed", 15.5, ["none"], [{"type": "course", "id": "gdpr"}], ("ACME",)),
        ("Back to school", "percentage", 50, ["courses_bundles"], [], ("BACK50", "BACK-50-B")),
        ("Bundles for teams", "fixed", 40, ["bundles"], [{"type": "bundle", "id": "polyglot"}], ()),
        *((f"Newsletter {n:02}", "percentage", 5, ["courses"], [], (f"NEWS-{n:02}",)) for n in range(1, 20)),
    )
    for n, (name, kind, value, everything, products, codes) in enumerate(rows):
        created = OPENING + n * 86400 + 0.5
        id = school.new_id(created)
        coupons = [
            new_coupon(code, 100 if i else None, "2027-12-31" if i else None) for i, code in enumerate(codes)
        ]
        if name == "Partner Acme":
            coupons += [new_coupon(f"acme-{end}", 1, "2026-12-31", "acme") for end in _ENDINGS]
        school.codes |= {coupon["code"] for coupon in coupons}
        school.promotions[id] = {"id": id, "name": name, "coupons": coupons, "applies_to_all": everything}
        school.promotions[id] |= {"products": products, "type": kind, "value": value}
        school.promotions[id] |= {"created": created, "modified": created}


_ENDINGS = ("QWERTY", "PLOKIJ", "ZXCVBN", "MNBVCX", "ASDFGH")


def _purchase(school: School, user: User, n: int, rng: random.Random) -> None:
    kind = ("course", "course", "course", "bundle", "subscription")[n % 5]
    pool = [one for one in school.products[kind].values() if one["access"] in ("paid", "public")]
    product = rng.choice(pool)
    created = int(user.created + rng.random() * 86400 * 20)
    coupon = next(iter(school.promotions.values()))["coupons"][0] if n % 4 == 0 else None
    discount = round(product["price"] * 0.2, 2) if coupon else 0
    teacher = school.users[2 % len(school.users)]
    payment = add_payment(
        school,
        user,
        kind,
        product,
        round(product["price"] - discount, 2),
        created,
        transaction="Added by admin" if n % 11 == 3 else f"pi_{rng.getrandbits(80):020x}",
        discount=discount,
        coupon=coupon["code"] if coupon else None,
        instructors=[{"id": teacher.id, "percentage": 0.2}],
        instructors_total_percentage=0.2,
        refund_at=created + 86400 if n % 17 == 5 else None,
    )
    if coupon:
        coupon["times_used"] += 1
    user.paying = True
    school.log(user, "purchase", f"Bought {product['title']}", "purchase", at=created)
    expires = None
    if kind == "subscription":
        expires = _subscription(school, user, product, created, n)
        payment["period"] = "1-month"
    if n % 6 == 1 and kind == "course":
        payment |= {
            "type": "installment",
            "payment_plan_current_payment": 1,
            "payment_plan_total_payments": 3,
        }
        school.installments.append(_installment(school, user, kind, product, created, n))
    school.give(user, kind, product["id"], created, expires)


def _subscription(school: School, user: User, plan: dict[str, Any], created: int, n: int) -> int | None:
    ends = created + 30 * 86400
    meta = {
        "id": f"sub_{n:014}",
        "customer_id": f"cus_{n:014}",
        "plan": plan["stripePlanId"],
        "trial_start": None,
        "trial_end": None,
        "current_period_start": created,
        "current_period_end": ends,
    }
    status = ("active", "trial", "inactive")[n // 5 % 3]
    row = {"user_id": user.id, "plan_id": plan["id"], "created": created}
    row |= {"expires_at": ends if status == "inactive" else None, "status": status}
    school.subscriptions.append(row | {"provider": "stripe", "provider_meta": meta})
    return ends if status == "inactive" else None


def _installment(
    school: School, user: User, kind: str, product: dict[str, Any], created: int, n: int
) -> dict[str, Any]:
    third = round(product["price"] / 3, 2)
    return {
        "user_id": user.id,
        "id": f"sub_i{n:013}",
        "plan_id": school.new_id(created),
        "productId": product["id"],
        "productType": kind,
        "ends_at": created + 90 * 86400,
        "current_period_start": created,
        "current_period_end": created + 30 * 86400,
        "name": "Three payments",
        "type": "with_upfront",
        "status": "active",
        "firstAmount": third,
        "amount": third,
        "paymentsCount": 3,
        "paymentsPayed": 1,
        "isCancelable": False,
        "installmentIntervalType": "1-month",
        "firstInstallmentType": "default",
        "firstInstallmentlDays": 0,
        "firstInstallmentDate": None,
    }


def _lead(school: School, n: int, rng: random.Random) -> dict[str, Any]:
    user = rng.choice(school.users) if n % 4 == 0 else None
    data = {
        "first_name": user.first_name if user else f"Lead {n}",
        "last_name": user.last_name if user else "Ünlü",
        "tags": ["ebook-download"] if n % 2 else [],
        "subscribed_for_marketing_emails": bool(n % 2),
        "eu_customer": None,
        "created": OPENING + n * 86400 * 20 + 0.125,
        "utms": {**dict.fromkeys(UTMS), "fc_utm_source": "blog"},
        "page_submitted": "/free-ebook",
    }
    who = {"user_id": user.id if user else None, "user_registered_at": user.created if user else None}
    email = user.email if user else f"lead.{n}@example.com"
    return {"email": email, **data, **who, "submissions": [data]}
