"""Who owns what: enroll, unenroll, products and courses of a user, users of a product."""

from typing import Any

from lwdesk.practice.model import Holding, User
from lwdesk.practice.payments import add_payment
from lwdesk.practice.records import course_record, user_record
from lwdesk.practice.refusals import missing, refuse
from lwdesk.practice.schema import Choice, Flag, Number, Record, Text, Whole
from lwdesk.practice.school import SPAN
from lwdesk.practice.wire import Call, Page, Route

KINDS = Choice(("course", "bundle", "subscription"))
_PRODUCT = {"productId": Text(), "productType": KINDS}
_ENROLL = Record(
    {
        **_PRODUCT,
        "price": Number(0),
        "justification": Text(null=True),
        "send_enrollment_email": Flag(null=True),
        "duration_type": Choice(tuple(SPAN)),
        "duration": Whole(1),
    },
    required=("productId", "productType", "price"),
)
_UNENROLL = Record(_PRODUCT, required=("productId", "productType"))
_BAD_TYPE = "You need to provide a valid product_type query parameters value"


def _enroll(call: Call, user: User) -> Any:
    body, school = call.body, call.school
    kind, id, price = body["productType"], body["productId"], body["price"]
    _reachable(call, user)
    product = school.product(kind, id)
    if (kind, id) in user.holds:
        raise refuse(400, "Product is already owned")
    created, expires = int(school.now()), None
    if kind == "subscription":
        expires = _subscribe(call, user, id, created)
    school.give(user, kind, id, created, expires)
    about = {"product_id": id, "product_type": kind, "justification": body.get("justification")}
    school.log(user, "manual_enrollment", f"Enrolled in {product['title']}", "purchase", **about)
    if price > 0:
        user.paying = True
        add_payment(school, user, kind, product, price, created, transaction="Added by admin", gateway=None)
    school.mail(body.get("send_enrollment_email"), "enrollment", user, product_id=id)
    return {"success": True}


def _reachable(call: Call, user: User) -> None:
    """Refuses users that enrollment doesn't see: just created, or suspended and named by email."""
    school, switches = call.school, call.switches
    user.enroll_calls += 1
    if user.id in school.born:
        fresh = school.clock() - school.born[user.id] < switches.created_lag
        if fresh or user.enroll_calls <= switches.created_lag_calls:
            raise missing()
    if user.suspended and not switches.suspended_by_email and "@" in call.raw["user"]:
        raise missing()


def _subscribe(call: Call, user: User, plan: str, created: int) -> int:
    body = call.body
    if "duration" not in body or "duration_type" not in body:
        raise refuse(422, "A manual subscription needs a duration and a duration_type.")
    expires = created + int(body["duration"]) * SPAN[body["duration_type"]]
    row = {"user_id": user.id, "plan_id": plan, "created": created, "expires_at": expires}
    call.school.subscriptions.append(
        row | {"status": "active", "provider": "learnworlds", "provider_meta": None}
    )
    return expires


def _unenroll(call: Call, user: User) -> None:
    kind, id, school = call.body["productType"], call.body["productId"], call.school
    school.product(kind, id)
    if not school.take(user, kind, id) and not call.switches.unenroll_absent_fine:
        raise missing()
    if kind == "subscription":
        for row in school.subscriptions:
            if (row["user_id"], row["plan_id"]) == (user.id, id):
                row["status"] = "inactive"


def _products(call: Call, user: User) -> Any:
    products = call.school.products
    rows = [{"id": id, "title": products[kind][id]["title"], "type": kind} for kind, id in user.holds]
    if not rows and call.switches.empty_lists == "404":
        raise missing()
    return {"data": rows[::-1]}


def _courses(call: Call, user: User) -> Any:
    return list(call.school.enrollments(user).items())[::-1]


def _enrollment(call: Call, row: tuple[str, Holding]) -> dict[str, Any]:
    id, holding = row
    course = course_record(call, call.school.products["course"][id])
    return {"created": holding.created, "expires": holding.expires, "course": course}


def _by_product(call: Call) -> Any:
    kind, id = call.query["product_type"], call.query["product_id"]
    if kind not in KINDS.words:
        raise refuse(422, _BAD_TYPE)
    call.school.product(kind, id)
    holders = call.school.learners(id) if kind == "course" else call.school.holders.get((kind, id), {})
    return call.school.shown(holders)


ROUTES = (
    Route("POST users/{user}/enrollment", _enroll, body=_ENROLL),
    Route("DELETE users/{user}/enrollment", _unenroll, body=_UNENROLL, status=204),
    Route("GET users/{user}/products", _products),
    Route("GET users/{user}/courses", _courses, page=Page(50, empty=404), show=_enrollment),
    Route(
        "GET users/by-product",
        _by_product,
        needs=("product_id", "product_type"),
        page=Page(20),
        show=user_record,
    ),
)
