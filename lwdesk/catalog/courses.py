"""Courses, bundles and subscription plans: what can be enrolled in; courses, their users and grades as exports."""

from lwdesk.base.text import N_
from lwdesk.catalog.kinds import Choice, Reference, Several, Text
from lwdesk.catalog.model import DATETIME, LIST, MONEY, NUMBER, Column, Export, Join, Listing, Out, Parents

FAMILY = N_("Courses")

COURSES = Listing("course", N_("course"), walk="GET courses", size=50, keep=("id", "title", "access"))
BUNDLES = Listing("bundle", N_("bundle"), walk="GET bundles", size=20, keep=("id", "title"))
PLANS = Listing(
    "subscription", N_("subscription plan"), walk="GET subscription-plans", size=50, keep=("id", "title")
)

EACH_COURSE = Parents("course", "GET courses", size=50)
EACH_BUNDLE = Parents("bundle", "GET bundles")
EACH_PLAN = Parents("subscription", "GET subscription-plans", size=50)

_ACCESS = ("paid", "free", "coming_soon", "private", "draft", "enrollment_closed")
WHICH = Column(
    "course",
    N_("Courses"),
    Several(Reference(("course",))),
    synonyms=("courses",),
    help=N_("Titles or ids, apart by a semicolon. Left out: all courses."),
)

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
        Out("id", N_("Id")),
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
        Out("identifiers.google_store_id", N_("Google store id")),
        Out("identifiers.apple_store_id", N_("Apple store id")),
        Out("afterPurchase.type", N_("After purchase")),
        Out("afterPurchase.settings.page", N_("After purchase page")),
        Out("afterPurchase.settings.url", N_("After purchase URL")),
        Out("afterPurchase.navigationType", N_("After purchase navigation")),
        Out("created", N_("Created"), DATETIME),
        Out("modified", N_("Modified"), DATETIME),
    ),
    doc=N_("Every course with access, prices and categories."),
)

COURSE_USERS = Export(
    id="course-users",
    title=N_("Users of courses"),
    family=FAMILY,
    call="GET courses/{course}/users",
    per=(EACH_COURSE,),
    size=200,
    sized=True,
    filters=(WHICH,),
    columns=(
        Out("of.course.title", N_("Course")),
        Out("of.course.id", N_("Course id")),
        Out("id", N_("User id")),
        Out("email", N_("Email")),
        Out("username", N_("Username")),
        Out("first_name", N_("First name")),
        Out("last_name", N_("Last name")),
        Out("role.name", N_("Role")),
        Out("tags", N_("Tags"), LIST),
        Out("created", N_("Registered"), DATETIME),
        Out("last_login", N_("Last login"), DATETIME),
    ),
    doc=N_("Who is enrolled in which course, one row for each user and course."),
)

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
        take=("title",),
    ),
    filters=(WHICH,),
    columns=(
        Out("of.course.title", N_("Course")),
        Out("unit.title", N_("Activity")),
        Out("email", N_("Email")),
        Out("grade", N_("Grade (0-100)"), NUMBER),
        Out("submittedTimestamp", N_("Submitted"), DATETIME),
        Out("created", N_("Started"), DATETIME),
        Out("modified", N_("Modified"), DATETIME),
        Out("learningUnit.type", N_("Activity type")),
        Out("learningUnit.subtitle", N_("Activity subtitle")),
        Out("learningUnit.id", N_("Activity id")),
        Out("of.course.id", N_("Course id")),
        Out("user_id", N_("User id")),
        Out("id", N_("Submission id")),
    ),
    doc=N_("Every graded submission, with the titles of course and activity."),
)

LISTINGS = (COURSES, BUNDLES, PLANS)
EXPORTS = (COURSE_LIST, COURSE_USERS, GRADES)
