"""Settings for tests: behavior that is unknown of the real service, and planned faults."""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any, Literal, get_args, get_origin, get_type_hints

EFFECTS = (
    *("500", "503", "401", "404", "408", "425", "429", "redirect"),
    *("html", "empty", "bad json", "success false"),
    *("cut", "stall"),
)
# Those of files only: half of one, a link into a private network, one that says it is a terabyte.
FILE_EFFECTS = ("half", "private", "huge")


@dataclass
class Fault:
    """One planned failure of the calls that match.

    A call matches by `method` (empty: any) and `path` (a regular expression searched in the path below
    /admin/api, as sent, still percent-encoded; the paths of files begin with /files/). Of the matching
    calls the first `skip` pass, then each `every`th is hit, `times` of them at most (None: all). `after`
    false: the call is not processed; true: it is processed and its answer is replaced. `seconds` is how long
    a stall holds the answer; `retry_after` is the header of a 429 (None: without it).
    """

    effect: str
    method: str = ""
    path: str = ""
    times: int | None = None
    every: int = 1
    skip: int = 0
    after: bool = False
    seconds: float = 1.0
    retry_after: int | None = None
    seen: int = 0
    hits: int = 0

    def __post_init__(self) -> None:
        if self.effect not in (*EFFECTS, *FILE_EFFECTS):
            raise ValueError(f"effect {self.effect!r} is none of {', '.join((*EFFECTS, *FILE_EFFECTS))}")
        if self.every < 1:
            raise ValueError("every must be 1 or more")
        try:
            re.compile(self.path)
        except re.error as error:
            raise ValueError(f"path {self.path!r} is no regular expression: {error}") from error

    def strikes(self, method: str, path: str) -> bool:
        """Whether this call fails; counts it."""
        if (self.method and self.method != method) or not re.search(self.path, path):
            return False
        if self.times is not None and self.hits >= self.times:
            return False
        self.seen += 1
        if self.seen <= self.skip or (self.seen - self.skip) % self.every:
            return False
        self.hits += 1
        return True


@dataclass
class Switches:
    """All settings of the practice school that a client can notice. Times are in seconds."""

    dialect: Literal["2026", "2025"] = "2026"  # 2025: the older document's shapes and operations

    # the wire
    token_life: int = 8000
    one_token: bool = False  # a new token ends the older ones
    latency: float = 0.0
    jitter: float = 0.0  # each answer waits up to this much longer
    validation_shape: Literal["B", "C2"] = "B"  # C2 names each field
    faults: list[Fault] = field(default_factory=list)

    # limits
    limit: bool = True  # 30 calls in any 10 seconds
    sustained: bool = False  # and 60 calls in any minute
    certificates_gate: bool = False  # and one certificate list in 10 seconds
    penalty: bool = False  # who keeps calling while refused gets one call a minute until silent
    retry_after: bool = True  # whether a 429 says when to come back
    retry_after_seconds: int | None = None  # None: when the next call will be accepted

    link_life: float | None = None  # seconds that links to files live; None: a minute, uploads half a day

    # lists
    oversize_refused: bool = False  # items_per_page above 200: refused, else cut to 200
    empty_lists: Literal["mixed", "200", "404"] = "mixed"  # mixed: 404 where live schools were seen to do so
    shape: Literal["document", "bare", "bare named", "uncounted"] = (
        "document"  # of every page: as the document has
    )
    # it; a bare array; a bare array under "data"; an envelope whose meta does not count the pages
    added_users: Literal["users", "user", "one user", "both"] = (
        "users"  # whom "add to space" added; 2025: user
    )
    seat_members_paged: bool = False  # members of seat offerings in an envelope, else a bare array
    tags_all: bool = False  # the tag filter wants all of its tags, else any
    custom_contains: bool = False  # a custom field filter finds parts, else the whole value
    bounds_inclusive: bool = True
    discount_object: bool = False  # payment.discount as {amount, currency}
    deleted_certificates: bool = True  # revoked certificates stay in the list
    whole_timestamps: bool = False  # users and courses without microseconds
    suspended_in_products: bool = False  # suspended users among the users of courses, products, segments

    # users
    existing_email: Literal["refuse", "return"] = (
        "refuse"  # return: answer 200 with the user that has the email
    )
    unique_usernames: bool = False
    shortest_username: int = 1  # characters
    check_passwords: bool = False  # at least 6 characters
    unknown_fields_refused: bool = False  # 422 for a custom field the school does not have
    fields_replace: bool = False  # PUT users: fields replace all, else they are merged
    fields_kept: bool = False  # PUT users: an empty text leaves the value of a field as it is
    answers_fields: bool = True  # PUT users: the answer shows the fields
    tags_merge: bool = False  # PUT users: tags are added, else they replace
    admin_defaults_false: bool = False  # PUT users: is_admin left out demotes, as its documented default says
    repeats_refused: bool = False  # 400 for a tag, suspension or membership that is there already
    created_lag: float = 0.0  # a new user is unknown to enrollment for so long
    created_lag_calls: int = 0  # or for so many enrollment calls
    suspended_by_email: bool = False  # enrollment finds suspended users by email too, else by id only
    null_sends_mail: bool = False  # send_..._email null or left out sends the mail

    # products and memberships
    unenroll_absent_fine: bool = False  # 204, else 404
    removal_unenrolls: bool = False  # leaving a group or seat offering ends its enrollments
    codes_per_promotion: bool = False  # a coupon code is unique in its promotion, else in the school
    promotion_names_unique: bool = False
    unknown_uids_refused: bool = False  # adding unknown users to a space: refused, else left out silently
    bulk_coupons_most: int = 1000
    complete_certifies: bool = False  # marking a course complete issues its certificate

    # queued jobs
    job_delay: float = 0.0
    job_fails: bool = False
    job_skips: int = 0  # units that a completion leaves out

    def update(self, changes: Mapping[str, Any]) -> None:
        """Set several switches at once.

        Raises ValueError for an unknown switch or a value of another type, and then sets none.
        """
        hints, new = get_type_hints(Switches), dict(changes)
        if unknown := new.keys() - hints.keys():
            raise ValueError(f"unknown switches: {', '.join(sorted(unknown))}")
        for name, value in new.items():
            if name == "faults":
                new[name] = [one if isinstance(one, Fault) else Fault(**one) for one in value]
            elif not _fits(value, hints[name]):
                raise ValueError(f"{name} cannot be {value!r}")
        for name, value in new.items():
            setattr(self, name, value)

    def as_json(self) -> dict[str, Any]:
        return {one.name: getattr(self, one.name) for one in fields(self)} | {
            "faults": [asdict(fault) for fault in self.faults]
        }


def _fits(value: Any, hint: Any) -> bool:
    if get_origin(hint) is Literal:
        return value in get_args(hint)
    kinds = get_args(hint) or (hint,)
    if isinstance(value, bool):
        return bool in kinds
    return isinstance(value, kinds) or (isinstance(value, int) and float in kinds)
