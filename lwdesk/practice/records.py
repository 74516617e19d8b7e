"""The wire form of users and courses, which many operations show."""

from typing import Any

from lwdesk.practice.model import BILLING, CUSTOM_FIELDS, STANDARD_FIELDS, UTMS, User
from lwdesk.practice.wire import Call

_NO_FIELDS: dict[str, str | None] = dict.fromkeys(STANDARD_FIELDS + CUSTOM_FIELDS)
_NO_UTMS: dict[str, str | None] = dict.fromkeys(UTMS)
_NO_BILLING: dict[str, str | None] = dict.fromkeys(BILLING)


def user_record(call: Call, user: User) -> dict[str, Any]:
    """A user as lists and single reads show it."""
    role, whole = call.school.roles[user.role], call.switches.whole_timestamps
    level = role["access_level"]
    record = {
        "id": user.id,
        "email": user.email,
        "username": user.username,
        "subscribed_for_marketing_emails": user.subscribed,
        "eu_customer": user.eu_customer,
        "is_admin": level == "admin",
        "is_instructor": level == "instructor",
        "is_suspended": user.suspended,
        "is_reporter": level == "reporter",
        "role": {"level": level, "name": role["title"]},
        "is_affiliate": user.affiliate,
        "referrer_id": user.referrer,
        "created": int(user.created) if whole else user.created,
        "last_login": user.last_login,
        "signup_approval_status": user.approval,
        "fields": {**_NO_FIELDS, **user.fields},
        "tags": user.tags,
        "utms": {**_NO_UTMS, **user.utms},
        "billing_info": {**_NO_BILLING, **user.billing} if user.billing else dict(_NO_BILLING),
        "nps_score": user.nps_score,
        "nps_comment": user.nps_comment,
    }
    if call.switches.dialect != "2025":
        record["first_name"], record["last_name"] = user.first_name, user.last_name
    return record


def course_record(call: Call, course: dict[str, Any]) -> dict[str, Any]:
    """A course; its compare-at price is separate from the price that a write sets."""
    price, compare = course["price"], course.get("compare_at")
    record = {key: value for key, value in course.items() if key not in ("price", "compare_at")}
    record["original_price"] = price if compare is None else compare
    record["discount_price"] = record["final_price"] = price
    record["identifiers"] = {"google_store_id": "", "apple_store_id": ""}
    if call.switches.whole_timestamps:
        record |= {"created": int(course["created"]), "modified": int(course["modified"])}
    if call.switches.dialect != "2025":
        record["identifiers"]["slug"] = course["id"]
        if after := course["afterPurchase"]:
            record["afterPurchase"] = {**after, "navigationType": "global"}
    return record
