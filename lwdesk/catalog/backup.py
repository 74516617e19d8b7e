"""The whole school in one workbook."""

from lwdesk.base.text import N_
from lwdesk.catalog.model import Export

EVERYTHING = Export(
    id="everything",
    title=N_("Everything"),
    family=N_("The whole school"),
    parts=(
        *("users", "leads", "segments", "roles"),
        *("courses", "course-contents", "bundles", "subscription-plans", "course-users", "users-by-product"),
        *("grades", "assessment-responses", "form-responses", "certificates", "course-analytics"),
        *("payments", "user-subscriptions", "installments", "promotions", "coupons"),
        *("affiliates", "affiliate-customers", "affiliate-leads", "affiliate-payments", "affiliate-payouts"),
        *("seat-offerings", "seat-users", "groups", "group-users"),
        *("collections", "spaces", "space-users", "posts", "school-events", "event-logs"),
    ),
    doc=N_("A backup: one workbook, one sheet for each list that does not need a request for each user."),
)
