"""Objects of the school with rules of their own; plain records are dicts in the form of the API."""

from dataclasses import dataclass, field
from typing import Any

STANDARD_FIELDS = tuple(
    "bio location url fb twitter instagram linkedin skype behance dribbble github"
    " phone address country birthday company company_size university graduation_year".split()
)
UTMS = tuple(
    f"{click}_{part}"
    for click in ("fc", "lc")
    for part in "utm_source utm_medium utm_campaign utm_term utm_content landing referrer country".split()
)
BILLING = ("bf_name", "bf_address", "bf_city", "bf_postalcode", "bf_country", "bf_taxid")
CUSTOM_FIELDS = ("cf_student_number", "cf_department", "cf_start_date", "cf_newsletter", "cf_t-shirt_size")
REQUIRED_FIELDS = ("cf_department",)  # asked for at sign-up


@dataclass(slots=True)
class Holding:
    """A product that a user owns: from when, until when (None: no end). Unix seconds."""

    created: int
    expires: int | None = None


@dataclass(slots=True)
class Study:
    """A user's progress in one unit: seconds spent, score 1 to 100, whether it is done."""

    seconds: int = 0
    score: int | None = None
    done: bool = False


@dataclass(slots=True)
class Progress:
    """A user's progress in one course, by unit id; kept when the user leaves the course."""

    units: dict[str, Study] = field(default_factory=dict)
    completed_at: int | None = None


@dataclass(slots=True)
class User:
    """A user; `fields`, `utms` and `billing` hold only what is filled in."""

    id: str
    email: str
    username: str
    created: float
    first_name: str = ""
    last_name: str = ""
    subscribed: bool | None = None
    eu_customer: bool | None = None
    role: str = ""
    suspended: bool = False
    affiliate: bool = False
    referrer: str | None = None
    last_login: float | None = None
    approval: str | None = "passed"
    fields: dict[str, str] = field(default_factory=dict)
    tags: list[str] = field(default_factory=list)
    utms: dict[str, str] = field(default_factory=dict)
    billing: dict[str, str] | None = None
    nps_score: int | None = None
    nps_comment: str | None = None
    password: str | None = None
    holds: dict[tuple[str, str], Holding] = field(default_factory=dict)
    progress: dict[str, Progress] = field(default_factory=dict)
    assigned: dict[str, Any] = field(default_factory=dict)
    paying: bool = False
    enroll_calls: int = 0  # enrollment calls met since creation, for the lag after it


@dataclass(slots=True)
class Circle:
    """A seat offering or a user group: members by user id, with the time they got a seat (None: no seat)."""

    id: str
    title: str
    created: int
    modified: int
    courses: list[str]
    description: str = ""
    managers: list[str] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    most_users: int | None = None
    members: dict[str, int | None] = field(default_factory=dict)
    seats: int = 0
    access: str = "active"
    enrolls: bool = False
    enrollments: int = 0

    @property
    def free_seats(self) -> int:
        return self.seats - sum(since is not None for since in self.members.values())


@dataclass(slots=True)
class Job:
    """A queued action: done, by `finish`, once the clock passes `due`."""

    id: str
    action: str
    due: float
    finish: Any
    state: str = "in-progress"
    errors: list[str] = field(default_factory=list)
    results: dict[str, Any] | None = None
