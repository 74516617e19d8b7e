"""The activity log, and upcoming events."""

from typing import Any

from lwdesk.practice.payments import within
from lwdesk.practice.schema import Choice, Number
from lwdesk.practice.wire import Call, Newest, Page, Route

ACTIVITIES = tuple(
    "register login logout purchase manual_enrollment drip_feed_section_unlocked subscription_signup"
    " subscription_trial subscription_trial_expired subscription_changed subscription_renewal"
    " subscription_cancelled subscription_scheduled_cancellation subscription_reactivated failed_purchase"
    " new_affiliate new_affiliate_manual affiliate_deactivated affiliate_payout follow post post_comment"
    " post_like award_certificate visit_course complete_course installment_paid payment_plan_completed"
    " payment_plan_canceled payment_failed sca_related_events session_scheduled session_attended"
    " session_manually_attended group_session_scheduled group_session_attended"
    " group_session_manually_attended".split()
)
_KINDS = Choice(("dripFeed", "fileAssignment", "liveSession"))
_FILTERS = {
    "activity": Choice((*ACTIVITIES, "enrollment")),
    "created_after": Number(),
    "created_before": Number(),
    "sort": Choice(("asc", "desc")),
}


def _list(call: Call) -> Any:
    query, school = call.query, call.school
    rows = within(call, school.events)
    if "user_id" in query:
        user = school.find_user(query["user_id"])
        rows = [row for row in rows if user and row["user"]["id"] == user.id]
    if wanted := query.get("activity"):
        wanted = "manual_enrollment" if wanted == "enrollment" else wanted
        rows = [row for row in rows if row["activity"] == wanted]
    return rows if query.get("sort") == "asc" else Newest(rows)


def _show(call: Call, event: dict[str, Any]) -> dict[str, Any]:
    """Newer schools say of an enrollment that it was manual."""
    if call.switches.dialect == "2025" or event["activity"] != "manual_enrollment":
        return event
    return event | {"additional_info": {**(event["additional_info"] or {}), "is_manual": True}}


def _upcoming(call: Call) -> Any:
    kind = call.query.get("event_type")
    return {"data": [row for row in call.school.school_events if kind in (None, row["type"])]}


ROUTES = (
    Route("GET event-logs", _list, query=_FILTERS, page=Page(50), show=_show),
    Route("GET school/events", _upcoming, query={"event_type": _KINDS}),
)
