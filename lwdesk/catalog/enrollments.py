"""Enrollments: giving users products, and taking them away."""

from dataclasses import replace

from lwdesk.base.text import N_
from lwdesk.catalog import refers
from lwdesk.catalog.cells.kinds import Choice, Reference, Several, Text, YesNo
from lwdesk.catalog.cells.numbers import Money, Number
from lwdesk.catalog.courses import EACH_BUNDLE, EACH_COURSE, EACH_PLAN
from lwdesk.catalog.effects.joins import Joins
from lwdesk.catalog.export_model import DATETIME, Export, Out, Parents
from lwdesk.catalog.filters import days, one_of
from lwdesk.catalog.model import LOOK, SAFE, TAKES, Column, Membership, Walk
from lwdesk.catalog.operation import Operation
from lwdesk.catalog.refers import id_of
from lwdesk.catalog.summaries import MONTH, SPAN, By, Figure, Span, Summary
from lwdesk.catalog.users import EACH_USER, MEMBER, NARROW_USERS, OF_USER, USER, WHO

FAMILY = N_("Enrollments")

_BY_PRODUCT = Walk("GET users/by-product", query=(("product_id", "{item}"), ("product_type", "{type}")))
PRODUCTS = Membership(
    "products",
    ask="GET users/{key}/products",
    walks={
        "course": Walk("GET courses/{item}/users", size=200, sized=True),
        "bundle": _BY_PRODUCT,
        "subscription": _BY_PRODUCT,
    },
    typed=True,
    through={"course": (("bundle", "subscription"), "products.courses")},
)

PRODUCT = Column(
    "product",
    N_("Product"),
    Reference(("course", "bundle", "subscription")),
    at=("productId", "productType"),
    required=True,
    each=True,
    example="Leadership 101",
    words="courses product",
    help=N_(
        "A course, learning program (bundle) or subscription plan, by title or ID; several separated by semicolons."
    ),
)
TYPE = Column(
    "product_type",
    N_("Product type"),
    Choice.of(course="courses kurs curso", bundle="program", subscription="plan subscriptions"),
    example="course",
    help=N_(
        "Only needed where a course, learning program and plan share a title: course, bundle (learning program) or"
        " subscription."
    ),
)
PRICE = Column(
    "price",
    N_("Price"),
    Money(),
    at="price",
    default=0,
    example="0",
    help=N_("What was paid; 0 if blank. A price above 0 is recorded as a payment."),
)
JUSTIFICATION = Column(
    "justification",
    N_("Justification"),
    Text(),
    at="justification",
    example="Autumn intake",
    help=N_("A note that LearnWorlds saves with the enrollment."),
)
DURATION = Column(
    "duration",
    N_("Duration"),
    Number(low=1, whole=True),
    at="duration",
    example="12",
    help=N_("For subscription plans only: the length, in the unit you give in “Duration unit”."),
)
DURATION_TYPE = Column(
    "duration_type",
    N_("Duration unit"),
    Choice.of(months="month mo monat monate mes meses mois", weeks="week wk", days="day"),
    at="duration_type",
    example="months",
    help=N_("For a subscription plan only: months, weeks or days."),
)
MAIL = Column(
    "send_enrollment_email",
    N_("Send enrollment email"),
    YesNo(),
    at="send_enrollment_email",
    default=False,
    example="no",
    help=N_("Whether the user gets the school's enrollment email. If blank: no."),
)

ENROLL = Operation(
    id="enroll",
    title=N_("Enroll users in products"),
    family=FAMILY,
    call="POST users/{user}/enrollment",
    columns=(USER, PRODUCT, TYPE, PRICE, JUSTIFICATION, DURATION, DURATION_TYPE, MAIL),
    effect=Joins("products", item="product", needs_for={"subscription": ("duration", "duration_type")}),
    done=N_("enrolled in {product}"),
    so=N_("already enrolled in {product}"),
    repeat=LOOK,
    undo="unenroll",
    mails="send_enrollment_email",
    already=("already owned",),
    doc=N_(
        "Enrolls users in courses, learning programs (bundles) or "
        "subscription plans. Existing enrollments aren't changed."
    ),
)

UNENROLL = Operation(
    id="unenroll",
    title=N_("Unenroll users from products"),
    family=FAMILY,
    call="DELETE users/{user}/enrollment",
    columns=(USER, PRODUCT, TYPE),
    effect=Joins("products", item="product", there=False),
    done=N_("unenrolled from {product}"),
    so=N_("not enrolled in {product}"),
    repeat=SAFE,
    risk=TAKES,
    undo="enroll",
    gone=True,
    doc=N_(
        "Unenrolls users from products. Their progress is kept. If you "
        "enroll them again, they get a new enrollment date."
    ),
)


def _only(product_type: str, column_id: str, title: str, *, example: str = "", help: str) -> Column:
    """A product column of a roster, which needs no column for the type."""
    return replace(
        PRODUCT,
        id=column_id,
        title=title,
        kind=Reference((product_type,)),
        required=False,
        example=example,
        words=column_id,
        help=help,
    )


COURSES = _only(
    "course",
    "courses",
    N_("Courses"),
    example="Leadership 101; Excel from zero",
    help=N_("Courses to enroll in, by title or ID; several separated by semicolons."),
)
BUNDLES = _only(
    "bundle",
    "bundles",
    N_("Learning programs (bundles)"),
    help=N_("Learning programs (bundles) to enroll in, by title or ID; several separated by semicolons."),
)
SUBSCRIPTION = _only(
    "subscription",
    "subscription",
    N_("Subscription plan"),
    help=N_("A subscription plan, by title or ID. It needs a duration and its unit."),
)

_ENROLLED = Figure(N_("Enrollments"))
_SOON = (
    Span(N_("Already expired"), last=-1),
    Span(N_("In the next 30 days"), 0, 30),
    Span(N_("In 31 to 60 days"), 31, 60),
    Span(N_("In 61 to 90 days"), 61, 90),
    Span(N_("Later"), first=91),
    Span(N_("Never"), never=True),
)
_COURSE, _MONTH = By("course.id:title", empty=True, id=("course.id",)), By("expires", MONTH)
ENROLLMENTS = Export(
    id="enrollments",
    title=N_("Enrollments"),
    family=FAMILY,
    call="GET users/{user}/courses",
    size=50,
    per=(EACH_USER,),
    filters=(
        WHO,
        one_of("course", N_("Courses"), ("course",), "course.id"),
        *days("created", N_("Enrolled from"), N_("Enrolled until")),
        *days("expires", N_("Expires from"), N_("Expires until"), "expires_"),
    ),
    narrows=NARROW_USERS,
    columns=(
        *OF_USER,
        id_of("course", "course.id", N_("Course ID"), N_("Course"), shown="course.title"),
        Out("created", N_("Enrolled"), DATETIME),
        Out("expires", N_("Expires"), DATETIME),
        Out("course.access", N_("Course access")),
    ),
    summaries=(
        Summary(N_("By course"), (_COURSE,), (_ENROLLED,), chart=_ENROLLED.title),
        Summary(
            N_("Expiring soon"),
            (By("expires", SPAN, spans=_SOON),),
            (_ENROLLED,),
            chart=_ENROLLED.title,
            doc=N_("Counted from the day of the export."),
        ),
        Summary(N_("Expiring"), (_MONTH,), (_ENROLLED,), chart=_ENROLLED.title),
        Summary(N_("Expiring by course"), (_MONTH, _COURSE), (_ENROLLED,)),
    ),
    doc=N_(
        "Each user's courses, with enrollment and expiry dates. Can take a "
        "while with many users, so choose the ones you need."
    ),
)

USER_PRODUCTS = Export(
    id="user-products",
    title=N_("User products"),
    family=FAMILY,
    call="GET users/{user}/products",
    per=(EACH_USER,),
    filters=(WHO, one_of("product", N_("Products"), refers.PRODUCTS, "id")),
    narrows=NARROW_USERS,
    columns=(
        *OF_USER,
        id_of(refers.PRODUCTS, "id", N_("Product ID"), N_("Product"), by="type", shown="title"),
        Out("type", N_("Product type")),
    ),
    doc=N_(
        "Courses, learning programs (bundles) and subscriptions that users own. Can take a while with many "
        "users, so choose the ones you need."
    ),
)


def _product(parents: Parents) -> Parents:
    return replace(parents, name="product", facts=(("type", f'"{parents.name}"'),))


PRODUCT_USERS = Export(
    id="users-by-product",
    title=N_("Product users"),
    family=FAMILY,
    call="GET users/by-product",
    query=(("product_id", "{product}"), ("product_type", "{product.type}")),
    per=(_product(EACH_COURSE), _product(EACH_BUNDLE), _product(EACH_PLAN)),
    filters=(Column("product", N_("Products"), Several(Reference(("course", "bundle", "subscription")))),),
    columns=(
        id_of(
            refers.PRODUCTS,
            "of.product.id",
            N_("Product ID"),
            N_("Product"),
            by="of.product.type",
            shown="of.product.title",
        ),
        Out("of.product.type", N_("Product type")),
        *MEMBER,
        Out("last_login", N_("Last login"), DATETIME),
    ),
    doc=N_("The users who have access to each course, learning program (bundle) or plan."),
)

MEMBERSHIPS = (PRODUCTS,)
OPERATIONS = (ENROLL, UNENROLL)
EXPORTS = (ENROLLMENTS, USER_PRODUCTS, PRODUCT_USERS)
