"""Courses, bundles and subscription plans: what can be enrolled in; courses, their users and grades as exports."""

from dataclasses import replace

from lwdesk.base.text import N_
from lwdesk.catalog.cells.dates import Moment
from lwdesk.catalog.cells.kinds import Choice, Reference, Several, Text, User, YesNo
from lwdesk.catalog.cells.numbers import Money, Number
from lwdesk.catalog.effects.parts import Adds
from lwdesk.catalog.effects.records import Creates, Updates
from lwdesk.catalog.export_model import (
    DATETIME,
    DURATION,
    ID,
    LIST,
    MONEY,
    NUMBER,
    SECONDS,
    YES_NO,
    Export,
    Join,
    Out,
    Parents,
)
from lwdesk.catalog.filters import days, one_of, only_users
from lwdesk.catalog.model import CHANGES, LOOK, NEVER, SAFE, Column, Listing, Of
from lwdesk.catalog.operation import Operation
from lwdesk.catalog.refers import id_of, ids_of, user_id

FAMILY = N_("Courses")

COURSES = Listing("course", N_("course"), walk="GET courses", size=50, ask="GET courses/{key}")
BUNDLES = Listing(
    "bundle", N_("learning program (bundle)"), walk="GET bundles", size=20, keep=("id", "title")
)
PLANS = Listing(
    "subscription", N_("subscription plan"), walk="GET subscription-plans", size=50, keep=("id", "title")
)

EACH_COURSE = Parents("course", "GET courses", size=50)
OF_COURSE = id_of("course", "of.course.id", N_("Course ID"), N_("Course"), shown="of.course.title")
EACH_BUNDLE = Parents("bundle", "GET bundles")
EACH_PLAN = Parents("subscription", "GET subscription-plans", size=50)

_ACCESS = ("paid", "free", "coming_soon", "private", "draft", "enrollment_closed")
WHICH = Column(
    "course",
    N_("Courses"),
    Several(Reference(("course",))),
    help=N_("Titles or IDs, separated by semicolons. If blank: all courses."),
)


def activities(column_id: str, listing: str, at: str = "") -> Column:
    """Some activities of the chosen courses, as a filter."""
    help = N_("By title (in the courses you chose) or ID, separated by semicolons.")
    return Column(
        column_id, N_("Activities"), Several(Reference((listing,))), at=at, example="Quiz 3", help=help
    )


_WORDS = (
    Column(
        "description",
        N_("Description"),
        Text(),
        at="description",
        example="For new staff",
        help=N_("What the course is about."),
    ),
    Column(
        "price",
        N_("Price"),
        Money(),
        at="price",
        reads="original_price",
        kept=True,
        example="49",
        words="price.course price",
        help=N_("In the school's currency."),
    ),
    Column(
        "drip_feed",
        N_("Drip feed"),
        Choice.of("days", "date", none="no"),
        at="dripFeed",
        example="none",
        help=N_("How sections unlock: after days, on a date, or none."),
    ),
    Column(
        "categories",
        N_("Categories"),
        Several(Text(), commas=True),
        at="categories",
        example="safety",
        help=N_("One or more, separated by semicolons."),
    ),
    Column(
        "label",
        N_("Label"),
        Text(),
        at="label",
        example="New",
        help=N_("A short label shown on the course card."),
    ),
)

CREATE = Operation(
    id="create-course",
    title=N_("Create courses"),
    family=FAMILY,
    call="POST courses",
    columns=(
        Column(
            "title_id",
            N_("Course ID"),
            Text(),
            at="titleId",
            reads="id",
            required=True,
            example="safety-102",
            help=N_(
                "The course's name in links: lowercase letters, digits, and hyphens. You can't change it later."
            ),
        ),
        Column(
            "title",
            N_("Title"),
            Text(),
            at="title",
            required=True,
            example="Workplace safety 2",
            words="title.course",
            help=N_("The course title."),
        ),
        Column(
            "access",
            N_("Access"),
            Choice.of("paid", "free", "private", "draft", coming_soon="soon"),
            at="access",
            required=True,
            example="draft",
            words="access.course",
            help=N_("paid, free, coming_soon, private or draft."),
        ),
        *_WORDS,
    ),
    effect=Creates("course", by="title_id"),
    done=N_("course {title_id} created"),
    so=N_("course {title_id} already exists"),
    repeat=LOOK,
    no_undo=N_(
        "LearnWorlds doesn't let other apps delete courses. Delete the course in the LearnWorlds admin."
    ),
    doc=N_("Creates empty courses. Add their content in the LearnWorlds admin."),
)

UPDATE = Operation(
    id="update-course",
    title=N_("Update courses"),
    family=FAMILY,
    call="PUT courses/{course}",
    columns=(
        Column(
            "course",
            N_("Course"),
            Reference(("course",)),
            at="path",
            required=True,
            example="Workplace safety",
            words="course.own",
            help=N_("The current title of the course, or its ID."),
        ),
        Column(
            "new_title",
            N_("New title"),
            Text(),
            at="title",
            help=N_("The new course title."),
        ),
        Column(
            "access",
            N_("Access"),
            Choice.of("paid", "free", "private", "draft", "enrollment_closed", coming_soon="soon"),
            at="access",
            example="free",
            words="access.course",
            help=N_("paid, free, coming_soon, private, draft or enrollment_closed."),
        ),
        *_WORDS,
    ),
    effect=Updates("course", by="course", renames="new_title"),
    done=N_("updated"),
    so=N_("already up to date"),
    repeat=SAFE,
    risk=CHANGES,
    undo="update-course",
    doc=N_("Updates the values that differ from your sheet. Blank cells change nothing."),
)

_IN_COURSE = "GET courses/{item}/contents"
SECTIONS = Listing("section", N_("section"), walk=_IN_COURSE, items="sections", of=Of("course"))
UNITS = Listing("unit", N_("activity"), walk=_IN_COURSE, items="sections.learningUnits", of=Of("course"))

COURSE = Column(
    "course",
    N_("Course"),
    Reference(("course",)),
    required=True,
    example="Workplace safety",
    help=N_("The course, by title or ID."),
)

CREATE_SECTION = Operation(
    id="create-section",
    title=N_("Create course sections"),
    family=FAMILY,
    call="POST courses/{course}/sections",
    columns=(
        replace(COURSE, at="path"),
        Column(
            "title",
            N_("Section"),
            Text(),
            at="title",
            required=True,
            example="Week 1",
            words="title.section",
            help=N_("The section title."),
        ),
        Column(
            "access",
            N_("Section access"),
            Choice.of(draft="private hidden", soon="coming_soon", free="public", paid="premium"),
            at="access",
            required=True,
            example="paid",
            words="access.section",
            help=N_("draft, soon, free or paid."),
        ),
        Column(
            "description",
            N_("Section description"),
            Text(),
            at="description",
            example="What comes first",
            words="description",
            help=N_("What the section is about."),
        ),
        Column(
            "drip_days",
            N_("Drip days"),
            Number(low=0, whole=True),
            at="drip.days",
            help=N_("For courses that unlock by days: how many days after enrollment."),
        ),
        Column(
            "drip_date",
            N_("Drip date"),
            Moment(),
            at="drip.date",
            help=N_("For courses that unlock by date: the date."),
        ),
        Column(
            "drip_notify",
            N_("Send unlock email"),
            YesNo(),
            at="drip.notify",
            help=N_("Whether users get an email when it unlocks. If blank: no."),
        ),
        Column(
            "drip_subject",
            N_("Unlock email subject"),
            Text(),
            at="drip.subject",
            help=N_("The subject of that email."),
        ),
        Column(
            "drip_body",
            N_("Unlock email text"),
            Text(),
            at="drip.body",
            help=N_("The text of that email."),
        ),
    ),
    effect=Adds("section", by="title", parent="course", along=(("drip.notify", False),), items="sections"),
    done=N_("section {title} added to {course}"),
    so=N_("{course} already has a section {title}"),
    repeat=NEVER,
    no_undo=N_(
        "LearnWorlds doesn't let other apps delete sections. Delete the section in the LearnWorlds admin."
    ),
    doc=N_("Adds empty sections at the end of courses. Add their content in the LearnWorlds admin."),
)

OPERATIONS = (CREATE, UPDATE, CREATE_SECTION)

COURSE_LIST = Export(
    id="courses",
    title=N_("Courses"),
    family=FAMILY,
    call="GET courses",
    size=50,
    filters=(
        Column("access", N_("Access"), Several(Choice.of(*_ACCESS)), at="access[]"),
        Column("categories", N_("Categories"), Several(Text(), commas=True), at="categories"),
    ),
    columns=(
        Out("title", N_("Title")),
        Out("access", N_("Access")),
        Out("categories", N_("Categories"), LIST),
        Out("description", N_("Description")),
        Out("label", N_("Label")),
        Out("original_price", N_("Original price"), MONEY),
        Out("discount_price", N_("Discount price"), MONEY),
        Out("final_price", N_("Final price"), MONEY),
        Out("author.name", N_("Author")),
        Out("author.image", N_("Author image")),
        Out("dripFeed", N_("Drip feed")),
        Out("expires", N_("Access length"), NUMBER),
        Out("expiresType", N_("Access length unit")),
        Out("courseImage", N_("Image")),
        Out("identifiers.slug", N_("Slug")),
        Out("identifiers.google_store_id", N_("Google store ID")),
        Out("identifiers.apple_store_id", N_("Apple store ID")),
        Out("afterPurchase.type", N_("After purchase")),
        Out("afterPurchase.settings.page", N_("After purchase page")),
        Out("afterPurchase.settings.url", N_("After purchase URL")),
        Out("afterPurchase.navigationType", N_("After purchase navigation")),
        Out("created", N_("Created"), DATETIME),
        Out("modified", N_("Modified"), DATETIME),
        Out("id", N_("ID"), ID),
    ),
    returns="update-course",
    doc=N_("Every course with access, prices and categories."),
)

COURSE_USERS = Export(
    id="course-users",
    title=N_("Course users"),
    family=FAMILY,
    call="GET courses/{course}/users",
    per=(EACH_COURSE,),
    size=200,
    sized=True,
    filters=(WHICH,),
    columns=(
        OF_COURSE,
        user_id("id", whole=""),
        Out("username", N_("Username")),
        Out("role.name", N_("Role")),
        Out("tags", N_("Tags"), LIST),
        Out("created", N_("Registered"), DATETIME),
        Out("last_login", N_("Last login"), DATETIME),
    ),
    doc=N_("The users enrolled in each course, one row per user and course."),
)

SUBMITTED = days("submittedTimestamp", N_("Submitted from"), N_("Submitted until"))
GRADES = Export(
    id="grades",
    title=N_("Grades"),
    family=FAMILY,
    call="GET courses/{course}/grades",
    per=(EACH_COURSE,),
    size=200,
    sized=True,
    join=Join(
        call="GET courses/{course}/contents",
        path=("sections", "learningUnits"),
        on="learningUnit.id",
        into="unit",
        take=("title", "type"),
        above=(("section", "title"),),
    ),
    filters=(
        WHICH,
        only_users("user_id"),
        activities("activity", "unit", at="learningUnits"),
        *SUBMITTED,
        Column("sort", N_("Sort by"), Choice.of("created", "submittedTimestamp"), at="sort"),
        Column("order", N_("Order"), Choice.of("asc", "desc"), at="order"),
    ),
    columns=(
        OF_COURSE,
        Out("unit.title", N_("Activity")),
        user_id("user_id", email="email"),
        Out("grade", N_("Grade (0-100)"), NUMBER),
        Out("submittedTimestamp", N_("Submitted"), DATETIME),
        Out("created", N_("Started"), DATETIME),
        Out("modified", N_("Modified"), DATETIME),
        Out("learningUnit.type", N_("Activity type")),
        Out("learningUnit.subtitle", N_("Activity subtitle")),
        Out("learningUnit.id", N_("Activity ID"), ID),
        Out("id", N_("Submission ID"), ID),
    ),
    doc=N_("Every graded submission, with the titles of course and activity."),
)

BUNDLE_LIST = Export(
    id="bundles",
    title=N_("Learning programs (bundles)"),
    family=FAMILY,
    call="GET bundles",
    columns=(
        Out("title", N_("Title")),
        Out("access", N_("Access")),
        Out("price", N_("Price"), MONEY),
        ids_of("course", "products.courses", N_("Course IDs"), N_("Courses")),
        Out("description", N_("Description")),
        Out("image", N_("Image")),
        Out("paymentPlans.name", N_("Payment plans"), LIST),
        Out("afterPurchase.type", N_("After purchase")),
        Out("afterPurchase.settings.page", N_("After purchase page")),
        Out("afterPurchase.settings.url", N_("After purchase URL")),
        Out("created", N_("Created"), DATETIME),
        Out("modified", N_("Modified"), DATETIME),
        Out("id", N_("ID"), ID),
    ),
    doc=N_("Every learning program (bundle) sold as a one-time purchase, with its courses and price."),
)

PAYMENT_PLANS = Export(
    id="payment-plans",
    title=N_("Payment plans"),
    family=FAMILY,
    call="GET bundles",
    levels=(("bundle", "paymentPlans"),),
    columns=(
        id_of(
            "bundle",
            "of.bundle.id",
            N_("Learning program ID"),
            N_("Learning program (bundle)"),
            shown="of.bundle.title",
        ),
        Out("name", N_("Payment plan")),
        Out("paymentPlanNameOverride", N_("Custom name")),
        Out("description", N_("Description")),
        Out("status", N_("Status")),
        Out("type", N_("Type")),
        Out("firstAmount", N_("First amount"), MONEY),
        Out("amount", N_("Amount"), MONEY),
        Out("paymentsCount", N_("Payments"), NUMBER),
        Out("subscriptionIntervalType", N_("Interval")),
        Out("subscriptionTrialType", N_("First installment")),
        Out("subscriptionTrialDays", N_("First installment days"), NUMBER),
        Out("subscriptionTrialDate", N_("First installment date"), DATETIME),
        Out("validFrom", N_("Valid from"), DATETIME),
        Out("validTo", N_("Valid until"), DATETIME),
        Out("isCancelable", N_("Can be canceled"), YES_NO),
        Out("nameOverride", N_("Has a custom name"), YES_NO),
        Out("order", N_("Order"), NUMBER),
        Out("id", N_("ID"), ID),
    ),
    doc=N_("Every payment plan of every learning program (bundle), with amounts, intervals, and dates."),
)

PLAN_LIST = Export(
    id="subscription-plans",
    title=N_("Subscription plans"),
    family=FAMILY,
    call="GET subscription-plans",
    size=50,
    columns=(
        Out("title", N_("Title")),
        Out("access", N_("Access")),
        Out("price", N_("Price"), MONEY),
        Out("interval", N_("Interval"), NUMBER),
        Out("interval_type", N_("Interval unit")),
        Out("trial_period_days", N_("Trial days"), NUMBER),
        ids_of("course", "products.courses", N_("Course IDs"), N_("Courses")),
        Out("description", N_("Description")),
        Out("image", N_("Image")),
        Out("stripePlanId", N_("Stripe plan ID"), ID),
        Out("afterPurchase.type", N_("After purchase")),
        Out("afterPurchase.settings.page", N_("After purchase page")),
        Out("afterPurchase.settings.url", N_("After purchase URL")),
        Out("created", N_("Created"), DATETIME),
        Out("modified", N_("Modified"), DATETIME),
        Out("id", N_("ID"), ID),
    ),
    doc=N_("Every subscription plan with its price, interval and courses."),
)

_BY_USER = Column("user", N_("User"), User(), at="user_id")

SUBSCRIPTIONS = Export(
    id="user-subscriptions",
    title=N_("User subscriptions"),
    family=FAMILY,
    call="GET user-subscriptions",
    filters=(
        _BY_USER,
        Column("status", N_("Status"), Choice.of("active", "inactive", "trial"), at="status"),
        one_of("plan", N_("Subscription plans"), ("subscription",), "plan_id"),
        *days("created", N_("Created from"), N_("Created until")),
        *days("expires_at", N_("Expires from"), N_("Expires until"), "expires_"),
    ),
    columns=(
        user_id("user_id", email="email"),
        id_of("subscription", "plan_id", N_("Plan ID"), N_("Subscription plan")),
        Out("status", N_("Status")),
        Out("created", N_("Created"), DATETIME),
        Out("expires_at", N_("Expires"), DATETIME),
        Out("provider", N_("Provider")),
        Out("provider_meta.current_period_start", N_("Period from"), DATETIME),
        Out("provider_meta.current_period_end", N_("Period until"), DATETIME),
        Out("provider_meta.trial_start", N_("Trial from"), DATETIME),
        Out("provider_meta.trial_end", N_("Trial until"), DATETIME),
        Out("provider_meta.id", N_("Provider's ID"), ID),
        Out("provider_meta.customer_id", N_("Provider's customer ID"), ID),
        Out("provider_meta.plan", N_("Provider's plan"), ID),
    ),
    doc=N_("Users' subscription plans, and when they end."),
)

INSTALLMENTS = Export(
    id="installments",
    title=N_("Active installments"),
    family=FAMILY,
    call="GET installments/active",
    size=50,
    filters=(
        _BY_USER,
        Column("product", N_("Product"), Reference(("course", "bundle"), lacking=True), at="product_id"),
        Column("product_type", N_("Product type"), Choice.of("course", "bundle"), at="product_type"),
    ),
    columns=(
        user_id("user_id", email="email"),
        id_of(("course", "bundle"), "productId", N_("Product ID"), N_("Product"), by="productType"),
        Out("name", N_("Payment plan")),
        Out("productType", N_("Product type")),
        Out("status", N_("Status")),
        Out("type", N_("Type")),
        Out("firstAmount", N_("First amount"), MONEY),
        Out("amount", N_("Amount"), MONEY),
        Out("paymentsPayed", N_("Payments made"), NUMBER),
        Out("paymentsCount", N_("Payments"), NUMBER),
        Out("current_period_start", N_("Period from"), DATETIME),
        Out("current_period_end", N_("Period until"), DATETIME),
        Out("ends_at", N_("Ends"), DATETIME),
        Out("installmentIntervalType", N_("Interval")),
        Out("firstInstallmentType", N_("First installment")),
        Out("firstInstallmentlDays", N_("First installment days"), NUMBER),
        Out("firstInstallmentDate", N_("First installment date"), DATETIME),
        Out("isCancelable", N_("Can be canceled"), YES_NO),
        Out("plan_id", N_("Payment plan ID"), ID),
        Out("id", N_("ID"), ID),
    ),
    doc=N_("Payment plans that users are still paying off."),
)

CONTENTS = Export(
    id="course-contents",
    title=N_("Course contents"),
    family=FAMILY,
    call="GET courses/{course}/contents",
    per=(EACH_COURSE,),
    filters=(WHICH,),
    levels=(("contents", "sections"), ("section", "learningUnits")),
    columns=(
        OF_COURSE,
        Out("of.section.title", N_("Section")),
        Out("of.section.access", N_("Section access")),
        Out("title", N_("Activity")),
        Out("type", N_("Activity type")),
        Out("subtitle", N_("Activity subtitle")),
        Out("of.section.description", N_("Section description")),
        Out("of.section.drip.days", N_("Drip days"), NUMBER),
        Out("of.section.drip.date", N_("Drip date"), DATETIME),
        Out("of.section.drip.type", N_("Drip unit")),
        Out("of.section.drip.notify", N_("Send unlock email"), YES_NO),
        Out("of.section.drip.subject", N_("Unlock email subject")),
        Out("of.section.drip.body", N_("Unlock email text")),
        Out("id", N_("Activity ID"), ID),
        Out("of.section.id", N_("Section ID"), ID),
    ),
    doc=N_("Sections and activities of every course, one row per activity."),
)

ANALYTICS = Export(
    id="course-analytics",
    title=N_("Course analytics"),
    family=FAMILY,
    call="GET courses/{course}/analytics",
    per=(EACH_COURSE,),
    filters=(WHICH,),
    columns=(
        OF_COURSE,
        Out("students", N_("Students"), NUMBER),
        Out("learning_units", N_("Activities"), NUMBER),
        Out("videos", N_("Videos"), NUMBER),
        Out("video_time", N_("Video time"), DURATION),
        Out("video_viewing_time", N_("Video time viewed"), DURATION),
        Out("avg_score_rate", N_("Average score %"), NUMBER),
        Out("success_rate", N_("Success %"), NUMBER),
        Out("total_study_time", N_("Study time"), DURATION),
        Out("avg_time_to_finish", N_("Average time to finish"), DURATION),
        Out("social_interactions", N_("Social interactions"), NUMBER),
        Out("certificates_issued", N_("Certificates issued"), NUMBER),
    ),
    doc=N_("Statistics for every course. Can take a while if you have many courses."),
)

UNIT_ANALYTICS = Export(
    id="unit-analytics",
    title=N_("Activity analytics"),
    family=FAMILY,
    call="GET courses/{course}/units/{unit}/analytics",
    per=(
        Parents("unit", "GET courses/{course}/contents", items=("sections", "learningUnits"), of=EACH_COURSE),
    ),
    filters=(WHICH,),
    columns=(
        OF_COURSE,
        Out("of.unit.title", N_("Activity")),
        Out("name", N_("Name")),
        Out("type", N_("Activity type")),
        Out("users_completed", N_("Completed by"), NUMBER),
        Out("viewers", N_("Viewers"), NUMBER),
        Out("avg_study_time", N_("Average study time"), SECONDS),
        Out("total_study_time", N_("Study time"), DURATION),
        Out("avg_score_rate", N_("Average score %"), NUMBER),
        Out("of.unit.id", N_("Activity ID"), ID),
    ),
    doc=N_("Statistics for every activity. Can take a while with many courses, so choose the ones you need."),
)


LISTINGS = (COURSES, BUNDLES, PLANS, SECTIONS, UNITS)
EXPORTS = (
    COURSE_LIST,
    COURSE_USERS,
    GRADES,
    BUNDLE_LIST,
    PAYMENT_PLANS,
    PLAN_LIST,
    SUBSCRIPTIONS,
    INSTALLMENTS,
    CONTENTS,
    ANALYTICS,
    UNIT_ANALYTICS,
)
