"""Bundles, subscription plans, subscriptions and installments of users: all read only."""

from typing import Any

from lwdesk.practice.schema import Choice
from lwdesk.practice.wire import Call, Newest, Page, Route


def _pack(call: Call, pack: dict[str, Any]) -> dict[str, Any]:
    """A bundle or plan; newer schools say how to navigate after the purchase."""
    if call.switches.dialect == "2025":
        return pack
    return pack | {"afterPurchase": {**pack["afterPurchase"], "navigationType": "global"}}


def _bundles(call: Call) -> Any:
    return Newest(list(call.school.products["bundle"].values()))


def _plans(call: Call) -> Any:
    return Newest(list(call.school.products["subscription"].values()))


def _of_newest_user(call: Call, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows of the user that the query names, or of all; the newest user's first."""
    school = call.school
    if "user_id" in call.query:
        user = school.find_user(call.query["user_id"])
        rows = [row for row in rows if user and row["user_id"] == user.id]
    return sorted(rows, key=lambda row: school.by_id[row["user_id"]].created, reverse=True)


def _subscriptions(call: Call) -> Any:
    status = call.query.get("status")
    rows = [row for row in call.school.subscriptions if status in (None, row["status"])]
    return _of_newest_user(call, rows)


def _installments(call: Call) -> Any:
    wanted = {
        "productId": call.query.get("product_id"),
        "productType": call.query.get("product_type"),
    }
    rows = [
        row
        for row in call.school.installments
        if all(value in (None, row[key]) for key, value in wanted.items())
    ]
    return _of_newest_user(call, rows)


def _with_email(call: Call, row: dict[str, Any]) -> dict[str, Any]:
    return {"email": call.school.by_id[row["user_id"]].email, **row}


_STATUS = Choice(("active", "inactive", "trial"))
ROUTES = (
    Route("GET bundles", _bundles, page=Page(20), show=_pack),
    Route("GET bundles/{bundle}", _pack),
    Route("GET subscription-plans", _plans, page=Page(50), show=_pack),
    Route("GET subscription-plans/{plan}", _pack),
    Route(
        "GET user-subscriptions", _subscriptions, query={"status": _STATUS}, page=Page(20), show=_with_email
    ),
    Route(
        "GET installments/active",
        _installments,
        query={"product_type": Choice(("course", "bundle"))},
        page=Page(50, beyond_empty=True),
        show=_with_email,
    ),
)
