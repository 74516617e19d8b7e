"""Promotions and their coupons."""

import string
from typing import Any

from lwdesk.practice.payments import payment_record
from lwdesk.practice.refusals import refuse
from lwdesk.practice.schema import Choice, Day, Many, Number, Record, Text, Whole
from lwdesk.practice.wire import Call, Newest, Page, Route

_TYPES = Choice(("percentage", "fixed", "flat"))
_PROMOTION = Record(
    {
        "name": Text(filled=True),
        "type": _TYPES,
        "value": Number(0),
        "applies_to_all": Many(Choice(("bundles", "courses", "courses_bundles", "none"))),
        "products": Many(Record({"type": Choice(("course", "bundle", "subscription")), "id": Text()})),
    },
    required=("name",),
)
_COUPON = Record(
    {"code": Text(filled=True), "quantity": Whole(1, null=True), "expires": Day(null=True)},
    required=("code",),
)
_BULK = Record(
    {"prefix": Text(filled=True), "quantity": Whole(1), "expires": Day(null=True)},
    required=("prefix", "quantity"),
)


def new_coupon(
    code: str, quantity: int | None, expires: str | None, prefix: str | None = None
) -> dict[str, Any]:
    """A coupon as the service shows it; those made in bulk name their prefix."""
    return {
        "code": code,
        "quantity": quantity,
        "expires": expires,
        "bulk": prefix is not None,
        "prefix": prefix,
        "times_used": 0,
    }


def _list(call: Call) -> Any:
    return Newest(list(call.school.promotions.values()))


def _show(call: Call, promotion: dict[str, Any]) -> Any:
    return promotion


def _create(call: Call) -> Any:
    body, school = call.body, call.school
    products = body.get("products", [])
    if call.switches.dialect == "2025":
        newer = body.get("type") == "flat" or any(one.get("type") == "subscription" for one in products)
        if newer:
            raise refuse(422, "The selected type is invalid.")
    if call.switches.promotion_names_unique and any(
        one["name"] == body["name"] for one in school.promotions.values()
    ):
        raise refuse(422, "The name has already been taken.")
    created = school.now()
    promotion = {
        "id": school.new_id(created),
        "name": body["name"],
        "coupons": [],
        "applies_to_all": body.get("applies_to_all", []),
        "products": products,
        "type": body.get("type", "percentage"),
        "value": body.get("value", 0),
        "created": created,
        "modified": created,
    }
    school.promotions[promotion["id"]] = promotion
    return promotion


def _coupons(call: Call, promotion: dict[str, Any]) -> Any:
    return {"data": promotion["coupons"]}


def _add(call: Call, promotion: dict[str, Any]) -> Any:
    code = call.body["code"]
    mine = call.switches.codes_per_promotion
    taken = {one["code"] for one in promotion["coupons"]} if mine else call.school.codes
    if code in taken:
        raise refuse(422, "The code has already been taken.")
    coupon = new_coupon(code, call.body.get("quantity"), call.body.get("expires"))
    call.school.codes.add(code)
    promotion["coupons"].append(coupon)
    return coupon


def _add_many(call: Call, promotion: dict[str, Any]) -> Any:
    prefix, quantity = call.body["prefix"], int(call.body["quantity"])
    most = call.switches.bulk_coupons_most
    if quantity > most:
        raise refuse(422, f"The quantity may not be greater than {most}.")
    taken = call.school.codes
    made: list[dict[str, Any]] = []
    while len(made) < quantity:
        code = f"{prefix}-{''.join(call.school.rng.choices(string.ascii_uppercase, k=6))}"
        if code not in taken:
            taken.add(code)
            made.append(new_coupon(code, 1, call.body.get("expires"), prefix))
    promotion["coupons"] += made
    return made


def _usage(call: Call, promotion: dict[str, Any], coupon: dict[str, Any]) -> Any:
    return Newest([one for one in call.school.payments if one["coupon"] == coupon["code"]])


def _used(call: Call, rows: list[Any], meta: dict[str, Any], promotion: Any, coupon: dict[str, Any]) -> Any:
    return {"usage": coupon, "payments": rows, "meta": meta}


ROUTES = (
    Route("GET promotions", _list, page=Page(20), show=_show),
    Route("POST promotions", _create, body=_PROMOTION, status=201),
    Route("GET promotions/{promotion}", _show),
    Route("GET promotions/{promotion}/coupons", _coupons),
    Route("POST promotions/{promotion}/coupons", _add, body=_COUPON),
    Route("POST promotions/{promotion}/coupons-bulk", _add_many, body=_BULK),
    Route(
        "GET promotions/{promotion}/coupons/{coupon}/usage",
        _usage,
        page=Page(50),
        show=payment_record,
        wrap=_used,
    ),
)
