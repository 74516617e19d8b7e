"""Users: list, create, update, tags, suspension, segments (LearnWorlds API v2, users)."""

from collections.abc import Callable
from typing import Any

from lwdesk.practice.model import CUSTOM_FIELDS, REQUIRED_FIELDS, STANDARD_FIELDS, UTMS, User
from lwdesk.practice.records import user_record
from lwdesk.practice.refusals import missing, refuse
from lwdesk.practice.schema import Choice, Email, Flag, Many, Number, Record, Text
from lwdesk.practice.school import School
from lwdesk.practice.wire import Answered, Call, Newest, Page, Route

_TEXT = Text(null=True)
_PROFILE = {
    "email": Email(),
    "username": Text(filled=True),
    "subscribed_for_marketing_emails": Flag(null=True),
    "is_admin": Flag(),
    "signup_validation_rules": Flag(),
    "fields": Record(dict.fromkeys(STANDARD_FIELDS, _TEXT), others=_TEXT),
    "tags": Many(Text()),
    "utms": Record(dict.fromkeys(UTMS, _TEXT)),
}
_CREATE = Record(
    {**_PROFILE, "password": Text(), "send_registration_email": Flag(null=True)},
    required=("email", "username"),
)
_TAGS = Record({"tags": Many(Text()), "action": Choice(("attach", "detach"))}, required=("tags", "action"))
_LEVELS = ("user", "admin", "instructor", "reporter", "license_reporter")
_STATES = ("paying", "non_paying", "suspended", "never_logged_in")
_FILTERS = {
    "registration_after": Number(),
    "registration_before": Number(),
    "status": Choice(_STATES),
    "role": Choice(_LEVELS),
}


def _list(call: Call) -> Any:
    query = call.query
    rows = call.school.users
    if query.get("include_suspended") != "true" and query.get("status") != "suspended":
        rows = [user for user in rows if not user.suspended]
    for test in _tests(call):
        rows = [user for user in rows if test(user)]
    return Newest(rows)


def _tests(call: Call) -> Any:
    query, school = call.query, call.school
    yield from _window(call)
    if "status" in query:
        yield _STATUS[query["status"]]
    if "role" in query:
        yield lambda user: school.level(user) == query["role"]
    if wanted := [tag for tag in query.get("tags", "").split(",") if tag]:
        match = all if call.switches.tags_all else any
        yield lambda user: match(tag in user.tags for tag in wanted)
    for name, text in query.items():
        if name.startswith("cf_"):
            yield _custom(name, text, call.switches.custom_contains)


def _window(call: Call) -> Any:
    after, before = call.query.get("registration_after"), call.query.get("registration_before")
    inclusive = call.switches.bounds_inclusive
    if after is not None:
        yield lambda user: user.created > after or (inclusive and user.created == after)
    if before is not None:
        yield lambda user: user.created < before or (inclusive and user.created == before)


def _custom(name: str, text: str, contains: bool) -> Callable[[User], bool]:
    if contains:
        return lambda user: text in user.fields.get(name, "")
    return lambda user: user.fields.get(name) == text


_STATUS: dict[str, Callable[[User], bool]] = {
    "paying": lambda user: user.paying,
    "non_paying": lambda user: not user.paying,
    "suspended": lambda user: user.suspended,
    "never_logged_in": lambda user: user.last_login is None,
}


def _create(call: Call) -> Any:
    school, body, switches = call.school, call.body, call.switches
    if taken := school.find_user(body["email"]):
        if switches.existing_email == "return":
            raise Answered(200, user_record(call, taken))
        raise refuse(400, "The email is already in use by another user.")
    _check_username(call, None)
    _check_rules(call, body.get("fields", {}))
    password = body.get("password")
    if switches.check_passwords and password is not None and len(password) < 6:
        raise refuse(422, "The password must be at least 6 characters.")
    created = school.now()
    user = User(school.new_id(created), body["email"], body["username"], created)
    user.password, user.role = password, school.role_of_level("user")
    _apply(call, user)
    school.add_user(user)
    school.born[user.id] = school.clock()
    school.log(user, "register", "Registered to the school")
    school.mail(body.get("send_registration_email"), "registration", user)
    return user_record(call, user)


def _check_username(call: Call, own: User | None) -> None:
    name = call.body.get("username")
    if isinstance(name, str) and len(name) < call.switches.shortest_username:
        raise refuse(422, f"The username must be at least {call.switches.shortest_username} characters.")
    if call.switches.unique_usernames and any(
        user.username == name for user in call.school.users if user is not own
    ):
        raise refuse(400, "The username is already in use by another user.")


def _check_rules(call: Call, fields: dict[str, str | None]) -> None:
    """The school's own rules for sign-up count only where a call asks for them."""
    if call.body.get("signup_validation_rules") and not all(fields.get(name) for name in REQUIRED_FIELDS):
        raise refuse(422, f"The {' and '.join(REQUIRED_FIELDS)} field is required.")


def _apply(call: Call, user: User) -> None:
    """What create and update share."""
    body, school = call.body, call.school
    if "username" in body:
        user.username = body["username"]
        user.first_name, _, user.last_name = user.username.partition(" ")
    user.subscribed = body.get("subscribed_for_marketing_emails", user.subscribed)
    admin = school.level(user) == "admin"
    wanted = body.get("is_admin", False if call.switches.admin_defaults_false else admin)
    if wanted != admin:
        user.role = school.role_of_level("admin" if wanted else "user")
    _fill(user.fields, _known_fields(call))
    _fill(user.utms, {key: text for key, text in body.get("utms", {}).items() if key in UTMS})
    if "tags" in body:
        user.tags = [*user.tags] if call.switches.tags_merge else []
        school.attach(user, body["tags"])


def _fill(values: dict[str, str], new: dict[str, str | None]) -> None:
    """Sets texts; an empty one or null clears."""
    for key, text in new.items():
        if text:
            values[key] = text
        else:
            values.pop(key, None)


def _known_fields(call: Call) -> dict[str, str | None]:
    sent = call.body.get("fields", {})
    known = {key: text for key, text in sent.items() if key in STANDARD_FIELDS or key in CUSTOM_FIELDS}
    if call.switches.unknown_fields_refused and (unknown := sent.keys() - known.keys()):
        raise refuse(422, f"The field {min(unknown)} does not exist.")
    return known


def _get(call: Call, user: User) -> Any:
    if user.suspended and call.query.get("include_suspended") != "true":
        raise missing()
    return user_record(call, user)


def _update(call: Call, user: User) -> Any:
    school, body = call.school, call.body
    if "email" in body:
        other = school.find_user(body["email"])
        if other is not None and other is not user:
            raise refuse(400, "The email is already in use by another user.")
    _check_username(call, user)
    _check_rules(call, {**user.fields, **body.get("fields", {})})
    _known_fields(call)
    if "email" in body:
        del school.by_email[user.email.casefold()]
        user.email = body["email"]
        school.by_email[user.email.casefold()] = user
    if call.switches.fields_replace and "fields" in body:
        user.fields = {}
    if call.switches.fields_kept:
        call.body["fields"] = {name: text for name, text in body.get("fields", {}).items() if text}
    _apply(call, user)
    record = user_record(call, user)
    return record if call.switches.answers_fields else {k: v for k, v in record.items() if k != "fields"}


def _tag(call: Call, user: User) -> Any:
    tags, attach = call.body["tags"], call.body["action"] == "attach"
    if call.switches.repeats_refused and all((tag in user.tags) is attach for tag in tags):
        raise refuse(400, "The tags are already as wanted.")
    if attach:
        call.school.attach(user, tags)
    else:
        user.tags = [tag for tag in user.tags if tag not in tags]
    return user_record(call, user)


def _suspend(call: Call, user: User) -> Any:
    if call.school.level(user) == "admin":
        raise refuse(403, "An administrator cannot be suspended.")
    return _set_suspended(call, user, True)


def _unsuspend(call: Call, user: User) -> Any:
    return _set_suspended(call, user, False)


def _set_suspended(call: Call, user: User, wanted: bool) -> Any:
    if call.switches.repeats_refused and user.suspended is wanted:
        raise refuse(400, f"The user is already {'suspended' if wanted else 'active'}.")
    user.suspended = wanted
    return user_record(call, user)


def in_segment(school: School, user: User, segment: dict[str, Any]) -> bool:
    """Segments are saved filters: by tag or by a filled custom field."""
    return segment["tag"] in user.tags if segment.get("tag") else bool(user.fields.get(segment["field"]))


def _by_segment(call: Call) -> Any:
    segment = call.school.segments.get(call.query["segment_id"])
    if segment is None:
        raise missing()
    members = [user.id for user in call.school.users if in_segment(call.school, user, segment)]
    return call.school.shown(members)


def _segments(call: Call) -> Any:
    rows = call.school.segments.values()
    return {"data": [{key: row[key] for key in ("id", "name", "description")} for row in rows]}


_PAGE = Page(20, sized=True)
ROUTES = (
    Route("GET users", _list, query=_FILTERS, page=_PAGE, show=user_record),
    Route("POST users", _create, body=_CREATE, status=201),
    Route("GET users/segments", _segments),
    Route(
        "GET users/by-segment",
        _by_segment,
        needs=("segment_id",),
        page=Page(20, beyond_empty=True),
        show=user_record,
    ),
    Route("GET users/{user}", _get),
    Route("PUT users/{user}", _update, body=Record(_PROFILE)),
    Route("PUT users/{user}/tags", _tag, body=_TAGS),
    Route("PUT users/{user}/suspend", _suspend),
    Route("PUT users/{user}/unsuspend", _unsuspend),
)
