"""What happened and what will: the event log, and the school's upcoming events."""

from lwdesk.base.text import N_
from lwdesk.catalog.cells.dates import Date
from lwdesk.catalog.cells.kinds import Choice, User
from lwdesk.catalog.export_model import DATETIME, MINUTES, YES_NO, Export, Out
from lwdesk.catalog.model import Column
from lwdesk.catalog.refers import PRODUCTS, id_of, user_id

FAMILY = N_("Events")

_ACTIVITIES = (
    "register login logout purchase enrollment manual_enrollment drip_feed_section_unlocked subscription_signup"
    " subscription_trial subscription_trial_expired subscription_changed subscription_renewal"
    " subscription_cancelled subscription_scheduled_cancellation subscription_reactivated failed_purchase"
    " new_affiliate new_affiliate_manual affiliate_deactivated affiliate_payout follow post post_comment post_like"
    " award_certificate visit_course complete_course installment_paid payment_plan_completed payment_plan_canceled"
    " payment_failed sca_related_events session_scheduled session_attended session_manually_attended"
    " group_session_scheduled group_session_attended group_session_manually_attended"
).split()

LOGS = Export(
    id="event-logs",
    title=N_("Event log"),
    family=FAMILY,
    call="GET event-logs",
    size=50,
    query=(("sort", "asc"),),
    filters=(
        Column("user", N_("User"), User(), at="user_id"),
        Column(
            "activity",
            N_("Activity"),
            Choice.of(*_ACTIVITIES),
            at="activity",
            help=N_("For example: login, purchase, award_certificate."),
        ),
        Column("from", N_("From"), Date(), at="created_after"),
        Column("until", N_("Until"), Date(), at="created_before"),
        Column(
            "sort",
            N_("Order"),
            Choice.of("asc", "desc"),
            at="sort",
            help=N_("asc (oldest first) or desc (newest first). If blank: asc."),
        ),
    ),
    columns=(
        Out("created", N_("When"), DATETIME),
        user_id("user.id", username="user.username"),
        Out("user.username", N_("Username")),
        Out("activity", N_("Activity")),
        Out("description", N_("Description")),
        Out("type", N_("Type")),
        Out("is_manual", N_("Manual"), YES_NO),
        Out("justification", N_("Justification")),
        Out("additional_info", N_("More")),
    ),
    doc=N_("What users did, oldest first. Choose dates: a busy school has a very large number of events."),
)

UPCOMING = Export(
    id="school-events",
    title=N_("Upcoming events"),
    family=FAMILY,
    call="GET school/events",
    filters=(
        Column("type", N_("Type"), Choice.of("dripFeed", "fileAssignment", "liveSession"), at="event_type"),
    ),
    columns=(
        Out("startDate", N_("Starts"), DATETIME),
        Out("title", N_("Title")),
        Out("type", N_("Type")),
        id_of(PRODUCTS, "productId", N_("Product ID"), N_("Product")),
        user_id("bookingDetails.learnerUserId", N_("Learner ID"), who=N_("Learner")),
        user_id("bookingDetails.hostUserId", N_("Host ID"), who=N_("Host")),
        Out("bookingDetails.status", N_("Booking status")),
        Out("bookingDetails.type", N_("Booking type")),
        Out("bookingDetails.providerName", N_("Provider")),
        Out("bookingDetails.providerData.joinUrl", N_("Join link")),
        Out("bookingDetails.providerData.durationInMinutes", N_("Length"), MINUTES),
        Out("bookingDetails.providerData.location", N_("Location")),
    ),
    doc=N_("Sections that unlock, assignments due, live sessions."),
)

EXPORTS = (LOGS, UPCOMING)
