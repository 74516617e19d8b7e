"""Affiliates with their leads, customers, payments and payouts."""

from typing import Any

from lwdesk.practice.model import User
from lwdesk.practice.payments import payment_record
from lwdesk.practice.records import user_record
from lwdesk.practice.refusals import refuse
from lwdesk.practice.schema import Choice, Number, Record, Text
from lwdesk.practice.school import School
from lwdesk.practice.wire import Call, Newest, Page, Route

_CREATE = Record(
    {
        "commission_percentage": Number(0, 100),
        "paymentMethod": Choice(("paypal", "other", "bank_transfer", "none")),
        "paymentNotes": Text(null=True),
    }
)


def make(school: School, user: User, date: float, **more: Any) -> dict[str, Any]:
    """Makes a user an affiliate; `more` overrides the program's defaults."""
    user.affiliate = True
    school.affiliates[user.id] = {
        "id": user.id,
        "code": user.id[-6:].upper(),
        "paymentMethod": "none",
        "paymentNotes": None,
        "date": date,
        "clicks": 0,
        "commission_percentage": 0,
    } | more
    return school.affiliates[user.id]


def _create(call: Call, user: User) -> Any:
    if user.id in call.school.affiliates:
        raise refuse(422, "The user is already an affiliate.")
    sent = {key: call.body[key] for key in _CREATE.fields if key in call.body}
    row = make(call.school, user, call.school.now(), **sent)
    call.school.log(user, "new_affiliate_manual", "Became an affiliate")
    return {"data": _show(call, row)}


def _list(call: Call) -> Any:
    return sorted(call.school.affiliates.values(), key=lambda row: row["date"], reverse=True)


def _payments(call: Call, affiliate: dict[str, Any]) -> Any:
    rows = call.school.payments
    return Newest([one for one in rows if (one["affiliate"] or {}).get("id") == affiliate["id"]])


def _referred(call: Call, affiliate: dict[str, Any]) -> list[User]:
    return [user for user in call.school.users if user.referrer == affiliate["id"]][::-1]


def _customers(call: Call, affiliate: dict[str, Any]) -> Any:
    return [user for user in _referred(call, affiliate) if user.paying]


def _leads(call: Call, affiliate: dict[str, Any]) -> Any:
    return [user for user in _referred(call, affiliate) if not user.paying]


def _sum(payments: Any, *states: str) -> float:
    earned = (one["affiliate"] for one in payments)
    counted = (a["commission_amount"] for a in earned if not states or a["payment_status"] in states)
    return round(float(sum(counted)), 2)


def _show(call: Call, row: dict[str, Any]) -> dict[str, Any]:
    """The figures are worked out from the payments that the affiliate brought."""
    user, payments = call.school.by_id[row["id"]], list(_payments(call, row))
    record = row | {
        "email": user.email,
        "username": user.username,
        "sales": round(sum(one["price"] for one in payments), 2),
        "commissions": _sum(payments),
        "leads": len(_leads(call, row)),
        "customers": len(_customers(call, row)),
        "payouts": _sum(payments, "paid"),
        "pending": _sum(payments, "new", "approved"),
        "due": _sum(payments, "mature"),
    }
    if call.switches.dialect != "2025":
        record |= {"first_name": user.first_name, "last_name": user.last_name}
    return record


def _payout(affiliate: dict[str, Any], amount: float) -> Any:
    row = {"affiliateId": affiliate["id"], "amount": amount}
    return {
        "data": [row | {key: affiliate[key] for key in ("paymentMethod", "paymentNotes")}] if amount else []
    }


def _due(call: Call, affiliate: dict[str, Any]) -> Any:
    return _payout(affiliate, _sum(_payments(call, affiliate), "mature"))


def _upcoming(call: Call, affiliate: dict[str, Any]) -> Any:
    return _payout(affiliate, _sum(_payments(call, affiliate), "new", "approved"))


def _completed(call: Call, affiliate: dict[str, Any]) -> Any:
    return Newest(call.school.payouts.get(affiliate["id"], []))


def _paid_out(call: Call, payout: dict[str, Any]) -> dict[str, Any]:
    rows = [one for one in call.school.payments if one["id"] in payout["payments"]]
    return payout | {"payments": [payment_record(call, one) for one in rows]}


ROUTES = (
    Route("POST affiliates/{user}", _create, body=_CREATE, status=201),
    Route("GET affiliates", _list, page=Page(20), show=_show),
    Route("GET affiliates/{affiliate}/customers", _customers, page=Page(20), show=user_record),
    Route("GET affiliates/{affiliate}/leads", _leads, page=Page(20, empty=404), show=user_record),
    Route("GET affiliates/{affiliate}/payments", _payments, page=Page(50), show=payment_record),
    Route("GET affiliates/{affiliate}/payouts/completed", _completed, page=Page(20), show=_paid_out),
    Route("GET affiliates/{affiliate}/payouts/due", _due),
    Route("GET affiliates/{affiliate}/payouts/upcoming", _upcoming),
)
