"""A page for each of some users: their transcript, and everything that LearnWorlds has about them."""

from lwdesk.base.text import N_
from lwdesk.catalog.cells.kinds import YesNo
from lwdesk.catalog.export_model import Export
from lwdesk.catalog.model import Column
from lwdesk.catalog.user_pages import Beside, Section, UserPages

FAMILY = N_("Users")

_PAYMENTS = Column(
    "with_payments", N_("With payments"), YesNo(), help=N_("Whether payments are listed too. If blank: no.")
)
_LONG_LISTS = Column(
    "long_lists",
    N_("Spaces, segments and leads too"),
    YesNo(),
    help=N_(
        "LearnWorlds can't filter these lists by user, so lwdesk reads them in full. This can take a while "
        "in a large school. If blank: no."
    ),
)
# What a reader of a transcript sees instead of LearnWorlds' words for a status.
_WORDS = {
    "completed": N_("completed"),
    "not_completed": N_("not completed"),
    "not_started": N_("not started"),
    "active": N_("active"),
    "deleted": N_("revoked"),
}
# Progress includes courses that a user has left.
_COURSES = (("progress", "course_id"), ("enrollments", "course.id"))


def _pages(
    entry_id: str, title: str, option: Column, sections: tuple[Section, ...], doc: str, **words: str
) -> Export:
    pages = UserPages(sections, _COURSES, words)
    return Export(
        id=entry_id,
        title=title,
        family=FAMILY,
        options=(option,),
        parts=pages.parts({option.id}),
        pages=pages,
        doc=doc,
    )


TRANSCRIPT = _pages(
    "transcript",
    N_("Transcript"),
    _PAYMENTS,
    (
        Section(
            N_("Profile"),
            "users",
            (
                *("first_name", "last_name", "email", "username", "fields.company", "fields.*"),
                *("created", "last_login", "is_suspended"),
            ),
            facts=True,
        ),
        Section(
            N_("Courses"),
            "enrollments",
            ("course.id:title", "created", "expires"),
            key="course.id",
            beside=Beside(
                "progress",
                "course_id",
                "course_id:title",
                ("status", "progress_rate", "average_score_rate", "time_on_course", "completed_at"),
            ),
        ),
        Section(N_("Grades"), "grades", ("of.course.id:title", "unit.title", "grade", "submittedTimestamp")),
        Section(N_("Certificates"), "certificates", ("course_id:title", "title", "issued", "status")),
        Section(
            N_("Payments"),
            "payments",
            ("paid_at", "product.id:title", "price", "refund", "net", "currency_code", "invoice"),
            option=_PAYMENTS.id,
        ),
    ),
    N_(
        "A page for each user you choose: profile, courses with progress, "
        "grades, and certificates. As a workbook or PDF."
    ),
    **_WORDS,
)

USER_DATA = _pages(
    "user-data",
    N_("All data about users"),
    _LONG_LISTS,
    (
        Section(N_("Profile"), "users", facts=True),
        Section(N_("Role"), "user-roles", facts=True),
        Section(N_("Products"), "user-products"),
        Section(N_("Enrollments"), "enrollments"),
        Section(N_("Progress"), "progress"),
        Section(
            N_("Progress by activity"),
            "course-progress",
            (
                *("of.course.id:title", "unit_section_name", "unit_name", "unit_type", "unit_status"),
                *("unit_progress_rate", "score_on_unit", "time_on_unit", "unit_id"),
            ),
        ),
        Section(N_("Grades"), "grades"),
        Section(N_("Answers to assessments"), "assessment-responses"),
        Section(N_("Answers to forms"), "form-responses"),
        Section(N_("Certificates"), "certificates"),
        Section(N_("Payments"), "payments"),
        Section(N_("Installments"), "installments"),
        Section(N_("Subscriptions"), "user-subscriptions"),
        Section(N_("User groups"), "memberships"),
        Section(N_("Seats"), "user-seats"),
        Section(N_("Posts"), "posts"),
        Section(N_("Event log"), "event-logs"),
        Section(N_("Spaces"), "space-users", option=_LONG_LISTS.id),
        Section(N_("Segments"), "users-by-segment", option=_LONG_LISTS.id),
        Section(N_("Lead submissions"), "lead-submissions", option=_LONG_LISTS.id),
        Section(N_("Affiliate"), "affiliates", option=_LONG_LISTS.id),
    ),
    N_(
        "A page for each user you choose, with all the data lwdesk can get from LearnWorlds. As a workbook "
        "or PDF, to answer a request for someone's data."
    ),
)

EXPORTS = (TRANSCRIPT, USER_DATA)
