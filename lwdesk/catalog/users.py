"""Users: create, update, save, tag; the list of users."""

from dataclasses import replace

from lwdesk.base.text import N_
from lwdesk.catalog.cells.dates import Date
from lwdesk.catalog.cells.kinds import Choice, Email, Several, Text, User, YesNo, tags
from lwdesk.catalog.cells.sense import BIRTH, YEAR
from lwdesk.catalog.effects.lists import Lists
from lwdesk.catalog.effects.marks import Marks
from lwdesk.catalog.effects.records import Creates, Updates
from lwdesk.catalog.effects.saves import Saves
from lwdesk.catalog.export_model import DATETIME, ID, LIST, NUMBER, YES_NO, Export, Out, Parents
from lwdesk.catalog.model import CHANGES, LOOK, SAFE, TAKES, Column, Listing, Values
from lwdesk.catalog.operation import Operation
from lwdesk.catalog.payment_columns import BILLING
from lwdesk.catalog.refers import user_id
from lwdesk.catalog.summaries import ITEM, MONTH, SPAN, By, Figure, Span, Summary

FAMILY = N_("Users")

USERS = Listing(
    "user",
    N_("user"),
    walk="GET users",
    query=(("include_suspended", "true"),),
    size=200,
    sized=True,
    ask="GET users/{key}",
    keys=("id", "email"),
    label="email",
    keep=(
        *(
            "id",
            "email",
            "username",
            "subscribed_for_marketing_emails",
            "is_admin",
            "is_suspended",
            "is_affiliate",
        ),
        *("role", "fields", "tags", "utms"),
    ),
)


def full_name(values: Values) -> str | None:
    """The username of a new user without one: first and last name, else the part of the email before the @. The row
    may ask for the email instead."""
    email, style = str(values.get("email") or ""), values.get("username_from")
    if style == "email":
        return email or None
    name = " ".join(str(values[part]) for part in ("first_name", "last_name") if values.get(part))
    return (name if style != "email_name" and name else email.partition("@")[0]) or None


EMAIL = Column(
    "email",
    N_("Email"),
    Email(),
    at="email",
    required=True,
    example="ana.lopez@example.com",
    help=N_("The address the user signs in with. One user per row."),
)
USER = Column(
    "user",
    N_("User"),
    User(),
    at="path",
    required=True,
    example="ana.lopez@example.com",
    words="email user",
    help=N_("The user's email, or the 24-character ID that an export shows."),
)
USERNAME = Column(
    "username",
    N_("Username"),
    Text(),
    at="username",
    required=True,
    derive=full_name,
    unique=True,
    example="Ana López",
    help=N_("The name others see. If blank: first and last name, or the part of the email before the @."),
)
FIRST_NAME = Column(
    "first_name",
    N_("First name"),
    Text(),
    example="Ana",
    help=N_("Used for the username of new users when no username is given."),
)
LAST_NAME = Column(
    "last_name",
    N_("Last name"),
    Text(),
    example="López",
    help=N_("Used for the username of new users when no username is given."),
)
USERNAME_FROM = Column(
    "username_from",
    N_("Make usernames from"),
    Choice.of(name="names", email_name="", email=""),
    rare=True,
    help=N_(
        "How a username is made for new users without one: name (first and last name), email_name (the part "
        "before the @) or email. If two users get the same one, a number is added. If blank: name."
    ),
)
PASSWORD = Column(
    "password",
    N_("Password"),
    Text(),
    at="password",
    secret=True,
    help=N_("For new users only (LearnWorlds can't change existing passwords). If blank, the user sets one."),
)
MARKETING = Column(
    "subscribed_for_marketing_emails",
    N_("Marketing emails"),
    YesNo(),
    at="subscribed_for_marketing_emails",
    example="no",
    help=N_("Whether the user agreed to marketing emails."),
)
WELCOME = Column(
    "send_registration_email",
    N_("Send welcome email"),
    YesNo(),
    at="send_registration_email",
    default=False,
    example="no",
    help=N_("Whether a new user gets the school's welcome email. If blank: no."),
)
ADMIN = Column(
    "is_admin",
    N_("Administrator"),
    YesNo(),
    at="is_admin",
    rare=True,
    help=N_("Whether the user is an administrator of the whole school. Leave it blank if you aren't sure."),
)
RULES = Column(
    "signup_validation_rules",
    N_("Apply sign-up rules"),
    YesNo(),
    at="signup_validation_rules",
    example="no",
    rare=True,
    help=N_("Whether the school's required sign-up fields are enforced. If blank: no."),
)
TAGS = Column(
    "tags",
    N_("Tags"),
    tags(),
    at="tags",
    example="autumn; cohort-7",
    help=N_("One or more tags, separated by semicolons."),
)

SUSPENDED = Column(
    "is_suspended",
    N_("Suspended"),
    YesNo(),
    at="is_suspended",
    help=N_("Whether the user is suspended, so that they can't sign in."),
)

_PROFILE = {
    "bio": (N_("Bio"), "Teaches chemistry"),
    "location": (N_("Location"), "Athens"),
    "url": (N_("Website"), "https://example.com"),
    "fb": (N_("Facebook"), ""),
    "twitter": (N_("X (Twitter)"), ""),
    "instagram": (N_("Instagram"), ""),
    "linkedin": (N_("LinkedIn"), ""),
    "skype": (N_("Skype"), ""),
    "behance": (N_("Behance"), ""),
    "dribbble": (N_("Dribbble"), ""),
    "github": (N_("GitHub"), ""),
    "phone": (N_("Phone"), "+30 210 1234567"),
    "address": (N_("Address"), "1 Main Street"),
    "country": (N_("Country"), "Greece"),
    "birthday": (N_("Birthday"), ""),
    "company": (N_("Company"), "Example Ltd"),
    "company_size": (N_("Company size"), ""),
    "university": (N_("University"), ""),
    "graduation_year": (N_("Graduation year"), ""),
}
PROFILE = tuple(
    Column(
        key,
        title,
        Text(),
        at=f"fields.{key}",
        sense={"birthday": BIRTH, "graduation_year": YEAR}.get(key, ""),
        example=example,
        help=N_("Part of the user's profile."),
    )
    for key, (title, example) in _PROFILE.items()
)

_UTM = ("source", "medium", "campaign", "term", "content")
UTM_KEYS = tuple(
    f"{touch}_{name}"
    for touch in ("fc", "lc")
    for name in (*(f"utm_{word}" for word in _UTM), "landing", "referrer", "country")
)


def utm_title(key: str) -> str:
    """ "fc_utm_source" -> "First click UTM source"."""
    touch, _, name = key.partition("_")
    words = name.replace("_", " ").replace("utm", "UTM")
    return f"{'First' if touch == 'fc' else 'Last'} click {words}"


_CAME = N_("Where the user came from, for the school's statistics.")
CAME_FROM = tuple(Out(f"utms.{key}", utm_title(key), rare=True) for key in UTM_KEYS)
UTMS = tuple(Column(key, utm_title(key), Text(), at=f"utms.{key}", rare=True, help=_CAME) for key in UTM_KEYS)

CREATE = Operation(
    id="create-user",
    title=N_("Create users"),
    family=FAMILY,
    call="POST users",
    columns=(
        *(EMAIL, USERNAME, FIRST_NAME, LAST_NAME, PASSWORD, WELCOME, MARKETING, TAGS),
        *(*PROFILE, *UTMS, ADMIN, RULES, USERNAME_FROM),
    ),
    effect=Creates("user", by="email"),
    done=N_("created"),
    so=N_("already has an account"),
    repeat=LOOK,
    no_undo=N_(
        "LearnWorlds doesn't let other apps delete users. Suspend the user with "
        "lwdesk, or delete the user in the LearnWorlds admin."
    ),
    mails="send_registration_email",
    custom="fields",
    doc=N_("Creates accounts for new users. Existing users aren't changed."),
)

_CHANGED = tuple(
    column for column in CREATE.columns if column.id in ("subscribed_for_marketing_emails", "is_admin")
)
UPDATE = Operation(
    id="update-user",
    title=N_("Update users"),
    family=FAMILY,
    call="PUT users/{user}",
    columns=(
        USER,
        Column(
            "new_email",
            N_("New email"),
            Email(),
            at="email",
            unique=True,
            help=N_("The address the user signs in with from now on."),
        ),
        replace(USERNAME, required=False, derive=None, help=N_("The name others see.")),
        *(*_CHANGED, *PROFILE, *UTMS),
    ),
    effect=Updates("user", by="user", renames="new_email"),
    done=N_("updated"),
    so=N_("already up to date"),
    repeat=SAFE,
    risk=CHANGES,
    undo="update-user",
    custom="fields",
    doc=N_("Updates the values that differ from your sheet. Blank cells change nothing."),
)

SAVE = Operation(
    id="save-user",
    title=N_("Create or update users"),
    family=FAMILY,
    call="",
    columns=CREATE.columns,
    effect=Saves("user", by="email", create=CREATE, update=UPDATE),
    done=N_("saved"),
    so=N_("already up to date"),
    risk=CHANGES,
    mails="send_registration_email",
    custom="fields",
    doc=N_("Creates new users and updates existing ones."),
)

TAG = Operation(
    id="tag",
    title=N_("Tag users"),
    family=FAMILY,
    call="PUT users/{user}/tags",
    columns=(USER, replace(TAGS, required=True)),
    body=(("action", "attach"),),
    effect=Lists("user", by="user", column="tags", field="tags"),
    done=N_("tagged {tags}"),
    so=N_("already tagged {tags}"),
    repeat=SAFE,
    undo="untag",
    doc=N_("Adds tags to users. Existing tags stay."),
)

UNTAG = Operation(
    id="untag",
    title=N_("Remove tags from users"),
    family=FAMILY,
    call="PUT users/{user}/tags",
    columns=(USER, replace(TAGS, required=True)),
    body=(("action", "detach"),),
    effect=Lists("user", by="user", column="tags", field="tags", there=False),
    done=N_("removed tag {tags}"),
    so=N_("doesn't have tag {tags}"),
    repeat=SAFE,
    risk=CHANGES,
    undo="tag",
    doc=N_("Removes tags from users."),
)

SUSPEND = Operation(
    id="suspend",
    title=N_("Suspend users"),
    family=FAMILY,
    call="PUT users/{user}/suspend",
    columns=(USER,),
    effect=Marks("user", by="user", flag="is_suspended", spares=("is_admin",)),
    done=N_("suspended"),
    so=N_("already suspended"),
    repeat=SAFE,
    risk=TAKES,
    undo="unsuspend",
    doc=N_("Suspends users. They can't sign in until you reactivate them."),
)

UNSUSPEND = Operation(
    id="unsuspend",
    title=N_("Reactivate users"),
    family=FAMILY,
    call="PUT users/{user}/unsuspend",
    columns=(USER,),
    effect=Marks("user", by="user", flag="is_suspended", value=False),
    done=N_("reactivated"),
    so=N_("not suspended"),
    repeat=SAFE,
    risk=CHANGES,
    undo="suspend",
    doc=N_("Lets suspended users sign in again."),
)

_ROLE = ("user", "admin", "instructor", "reporter", "license_reporter")

_COUNTED = Figure(N_("Users"))
_SEEN = (
    Span(N_("Today"), first=0),
    Span(N_("1 to 7 days ago"), -7, -1),
    Span(N_("8 to 30 days ago"), -30, -8),
    Span(N_("31 to 90 days ago"), -90, -31),
    Span(N_("91 to 180 days ago"), -180, -91),
    Span(N_("181 to 365 days ago"), -365, -181),
    Span(N_("Longer ago"), last=-366),
    Span(N_("Never"), never=True),
)
EXPORT = Export(
    id="users",
    title=N_("Users"),
    family=FAMILY,
    call="GET users",
    size=200,
    sized=True,
    query=(("include_suspended", "true"),),
    one="GET users/{user}",
    filters=(
        Column("tags", N_("Tags"), tags(), at="tags", help=N_("Users who have any of these tags.")),
        Column("role", N_("Role"), Choice.of(*_ROLE), at="role"),
        Column(
            "status",
            N_("Status"),
            Choice.of("paying", "non_paying", "suspended", "never_logged_in"),
            at="status",
        ),
        Column("registered_after", N_("Registered from"), Date(), at="registration_after"),
        Column("registered_before", N_("Registered until"), Date(), at="registration_before"),
        Column(
            "include_suspended",
            N_("Suspended users too"),
            YesNo(),
            at="include_suspended",
            help=N_("If blank: yes."),
        ),
    ),
    columns=(
        Out("email", N_("Email")),
        Out("username", N_("Username")),
        Out("first_name", N_("First name")),
        Out("last_name", N_("Last name")),
        Out("role.name", N_("Role")),
        Out("role.level", N_("Role level")),
        Out("tags", N_("Tags"), LIST),
        Out("created", N_("Registered"), DATETIME),
        Out("last_login", N_("Last login"), DATETIME),
        Out("is_suspended", N_("Suspended"), YES_NO),
        Out("is_admin", N_("Administrator"), YES_NO),
        Out("is_instructor", N_("Instructor"), YES_NO),
        Out("is_reporter", N_("Reporter"), YES_NO),
        Out("is_affiliate", N_("Affiliate"), YES_NO),
        Out("subscribed_for_marketing_emails", N_("Marketing emails"), YES_NO),
        Out("eu_customer", N_("EU customer"), YES_NO),
        Out("signup_approval_status", N_("Sign-up approval")),
        Out("email_verification_status", N_("Email verification")),
        user_id("referrer_id", N_("Referrer ID"), who=N_("Referrer")),
        Out("nps_score", N_("NPS score"), NUMBER),
        Out("nps_comment", N_("NPS comment")),
        *(Out(f"fields.{key}", title) for key, (title, _example) in _PROFILE.items()),
        *(replace(column, rare=True) for column in BILLING.values()),
        *CAME_FROM,
        Out("id", N_("ID"), ID),
    ),
    open="fields",
    returns="edit-users",
    summaries=(
        Summary(N_("Sign-ups"), (By("created", MONTH),), (_COUNTED,), chart=_COUNTED.title),
        Summary(
            N_("Last seen"),
            (By("last_login", SPAN, spans=_SEEN),),
            (_COUNTED,),
            chart=_COUNTED.title,
            doc=N_("By last login, counted back from the day of the export."),
        ),
        Summary(N_("By tag"), (By("tags", ITEM, empty=True),), (_COUNTED,), chart=_COUNTED.title),
        Summary(N_("By country"), (By("fields.country", empty=True),), (_COUNTED,), chart=_COUNTED.title),
    ),
    doc=N_("Every user, with profile, custom fields, tags, role, billing data, and sign-up source."),
)

# Columns of exports that list the users of something.
MEMBER = (
    user_id("id", whole=""),
    Out("username", N_("Username")),
    Out("tags", N_("Tags"), LIST),
    Out("created", N_("Registered"), DATETIME),
)

# What exports made for each user are called for, and what chooses the users.
EACH_USER = Parents(
    "user",
    "GET users",
    size=200,
    sized=True,
    query=(("include_suspended", "true"),),
    title="email",
    facts=(("username", "username"),),
)
OF_USER = (
    user_id("of.user.id", email="of.user.title", username="of.user.username"),
    Out("of.user.username", N_("Username")),
)
WHO = Column(
    "user",
    N_("Users"),
    Several(User(), commas=True),
    help=N_(
        "Emails or user IDs, separated by semicolons. If blank: all users, or the ones that match the other filters."
    ),
)
NARROW_USERS = EXPORT.filters


LISTINGS = (USERS,)
OPERATIONS = (CREATE, UPDATE, SAVE, TAG, UNTAG, SUSPEND, UNSUSPEND)
EXPORTS = (EXPORT,)
