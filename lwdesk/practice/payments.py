"""Payments and invoices, leads."""

from typing import Any

from lwdesk.practice.model import BILLING, User
from lwdesk.practice.refusals import refuse
from lwdesk.practice.schema import Choice, Number
from lwdesk.practice.school import School
from lwdesk.practice.wire import Call, Newest, Page, Route

INVOICE_LIFE = 60  # seconds that an invoice's private link lives
_FILTERS = {
    "product_type": Choice(("course", "bundle", "subscription")),
    "created_before": Number(),
    "created_after": Number(),
}


def add_payment(
    school: School, user: User, kind: str, product: dict[str, Any], price: float, created: int, **more: Any
) -> dict[str, Any]:
    """Record a payment; `transaction` is the provider's id, or a text for a manual one."""
    transaction = more.pop("transaction")
    number = len(school.payments) + 1
    payment = {
        "id": school.new_id(created),
        "transaction_id": transaction,
        "type": "subscription" if kind == "subscription" else "one-off",
        "product": _bought(kind, product),
        "price": price,
        "discount": 0,
        "refund_at": None,
        "user_id": user.id,
        "paid_at": created,
        "invoice": f"INV-{number:06}" if price and transaction.startswith("pi_") else None,
        "billing_info": {**dict.fromkeys(BILLING), **(user.billing or {})},
        "coupon": None,
        "instructors": [],
        "instructors_total_percentage": 0,
        "tax_amount": None,
        "tax_percentage": 0,
        "affiliate": None,
        "period": None,
        "payment_plan_current_payment": None,
        "payment_plan_total_payments": None,
        "gateway": "stripe",
        "created": created,
    }
    school.payments.append(payment | more)
    return school.payments[-1]


def _bought(kind: str, product: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": product["id"],
        "type": kind,
        "name": product["title"],
        "description": product["description"],
        "image": product.get("courseImage") or product.get("image"),
        "trial_days": product.get("trial_period_days", 0),
        "original_price": product.get("compare_at") or product["price"],
        "discount_price": product["price"],
        "final_price": product["price"],
    }


def payment_record(call: Call, payment: dict[str, Any]) -> dict[str, Any]:
    """A payment; newer schools add its products and currency."""
    record = dict(payment)
    currency = record.pop("currency", "EUR")
    if call.switches.discount_object:
        record["discount"] = {"amount": payment["discount"], "currency": currency}
    if call.switches.dialect != "2025":
        record |= {"products": [payment["product"]], "external_invoice": "", "currency_code": currency}
    return record


def _list(call: Call) -> Any:
    query, school = call.query, call.school
    exact = {}
    if "user_id" in query:
        user = school.find_user(query["user_id"])
        exact["user"] = user.id if user else ""
    if "affiliate_id" in query:
        user = school.find_user(query["affiliate_id"])
        exact["affiliate"] = user.id if user else ""
    exact |= {key: query[key] for key in ("product_id", "product_type") if key in query}
    rows = (
        [one for one in school.payments if exact.items() <= _keys(one).items()] if exact else school.payments
    )
    return Newest(within(call, rows))


def _keys(payment: dict[str, Any]) -> dict[str, Any]:
    product, affiliate = payment["product"], payment["affiliate"] or {}
    return {
        "user": payment["user_id"],
        "affiliate": affiliate.get("id"),
        "product_id": product["id"],
        "product_type": product["type"],
    }


def within(call: Call, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows created between the bounds of the query."""
    after = call.query.get("created_after", float("-inf"))
    before = call.query.get("created_before", float("inf"))
    if call.switches.bounds_inclusive:
        return [row for row in rows if after <= row["created"] <= before]
    return [row for row in rows if after < row["created"] < before]


def _get(call: Call, payment: dict[str, Any]) -> Any:
    return payment_record(call, payment)


def _invoice_link(call: Call, payment: dict[str, Any]) -> Any:
    if not payment["invoice"]:
        raise refuse(404, "The payment has no invoice.")
    url, expires = call.school.link(f"/invoices/{payment['id']}", INVOICE_LIFE)
    return {"invoice": payment["invoice"], "url": url, "expires_at": expires}


def _leads(call: Call) -> Any:
    return Newest(call.school.leads)


ROUTES = (
    Route("GET payments", _list, query=_FILTERS, page=Page(50, sized=True), show=payment_record),
    Route("GET payments/{payment}", _get),
    Route("GET payments/{payment}/invoice-link", _invoice_link),
    Route("GET leads", _leads, page=Page(20)),
)
