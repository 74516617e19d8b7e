"""The school's state and the rules that more than one family of operations shares."""

import hashlib
import random
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

from lwdesk.practice.model import Circle, Holding, Job, Progress, User
from lwdesk.practice.refusals import missing, refuse
from lwdesk.practice.switches import Switches

SPAN = {"days": 86400, "weeks": 7 * 86400, "months": 30 * 86400}


class School:
    """The data of a school. Lists and tables are in order of creation, oldest first.

    `clock` gives monotonic seconds, for lags and jobs; `opened` is the Unix time that the data ends with.
    """

    def __init__(self, seed: int, switches: Switches, clock: Callable[[], float] = time.monotonic):
        self.switches, self.clock, self.rng = switches, clock, random.Random(f"school {seed}")
        self.opened = 0.0
        self.users: list[User] = []
        self.by_id: dict[str, User] = {}
        self.by_email: dict[str, User] = {}
        self.born: dict[str, float] = {}  # when users made by a call came, on the clock
        self.products: dict[str, dict[str, dict[str, Any]]] = {"course": {}, "bundle": {}, "subscription": {}}
        self.contents: dict[str, list[dict[str, Any]]] = {}
        self.holders: dict[tuple[str, str], dict[str, Holding]] = {}
        self.payments: list[dict[str, Any]] = []
        self.subscriptions: list[dict[str, Any]] = []
        self.installments: list[dict[str, Any]] = []
        self.leads: list[dict[str, Any]] = []
        self.promotions: dict[str, dict[str, Any]] = {}
        self.codes: set[str] = set()  # of all coupons: a code is unique in the school
        self.affiliates: dict[str, dict[str, Any]] = {}
        self.payouts: dict[str, list[dict[str, Any]]] = {}
        self.certificates: dict[str, dict[str, Any]] = {}
        self.events: list[dict[str, Any]] = []
        self.school_events: list[dict[str, Any]] = []
        self.submissions: dict[str, dict[str, Any]] = {}
        self.responses: dict[str, list[dict[str, Any]]] = {}  # submissions by unit id
        self.seats: dict[str, Circle] = {}
        self.groups: dict[str, Circle] = {}
        self.roles: dict[str, dict[str, Any]] = {}
        self.segments: dict[str, dict[str, Any]] = {}
        self.collections: dict[str, dict[str, Any]] = {}
        self.spaces: dict[str, dict[str, Any]] = {}
        self.posts: dict[str, dict[str, Any]] = {}
        self.jobs: dict[str, Job] = {}
        self._pending: list[Job] = []
        self.mails: list[dict[str, Any]] = []
        self.host = "https://practice.example"  # of the school's files

    # ---- from one start to the next

    def kept(self) -> dict[str, Any]:
        """All that is to be kept from one start to the next; passwords are not."""
        self.settle()
        left = ("switches", "clock", "born", "by_id", "by_email", "_pending", "host")
        found = {name: value for name, value in vars(self).items() if name not in left}
        jobs = {
            id: replace(job, finish=None, due=0.0)
            for id, job in self.jobs.items()
            if job.state != "in-progress"
        }
        users = [replace(user, password=None) for user in self.users]
        return found | {"jobs": jobs, "users": users}

    def restore(self, kept: dict[str, Any]) -> None:
        """Be as a school was when `kept` was called."""
        vars(self).update(kept)
        self.by_id = {user.id: user for user in self.users}
        self.by_email = {user.email.casefold(): user for user in self.users}

    # ---- time and names

    def now(self) -> float:
        """Unix seconds with microseconds; never before the end of the sample data, even if the machine's clock is."""
        return max(round(time.time(), 6), self.opened)

    def new_id(self, created: float | None = None) -> str:
        """24 hex characters, the first eight of them the time, as LearnWorlds' ids are."""
        return f"{int(created or self.now()):08x}{self.rng.getrandbits(64):016x}"

    # ---- users

    def add_user(self, user: User) -> User:
        self.users.append(user)
        self.by_id[user.id] = user
        self.by_email[user.email.casefold()] = user
        return user

    def find_user(self, key: str) -> User | None:
        """By id or by email, whatever its case; suspended ones too."""
        return self.by_id.get(key) or self.by_email.get(key.casefold())

    def level(self, user: User) -> str:
        return str(self.roles[user.role]["access_level"])

    def role_of_level(self, level: str) -> str:
        return next(id for id, role in self.roles.items() if role["access_level"] == level)

    def shown(self, ids: Iterable[str]) -> list[User]:
        """The users of some ids, newest member first, suspended ones left out unless the switch shows them."""
        show = self.switches.suspended_in_products
        users = [self.by_id[id] for id in ids]
        users.reverse()
        return [user for user in users if show or not user.suspended]

    def attach(self, user: User, tags: Iterable[str]) -> None:
        user.tags += [tag for tag in dict.fromkeys(tags) if tag not in user.tags]

    # ---- products

    def product(self, kind: str, id: str) -> dict[str, Any]:
        if not (found := self.products[kind].get(id)):
            raise missing()
        return found

    def need_courses(self, ids: Iterable[str]) -> None:
        """Refuse ids of unknown courses."""
        if unknown := [id for id in ids if id not in self.products["course"]]:
            raise refuse(422, f"The course {unknown[0]} does not exist.")

    def give(self, user: User, kind: str, id: str, created: int, expires: int | None = None) -> bool:
        """Give a user a product; False if the user has it. Earlier progress is restored."""
        key = (kind, id)
        if key in user.holds:
            return False
        course = self.products["course"].get(id, {}) if kind == "course" else {}
        if length := course.get("expires"):
            expires = created + length * SPAN[course["expiresType"]]
        user.holds[key] = self.holders.setdefault(key, {})[user.id] = Holding(created, expires)
        return True

    def take(self, user: User, kind: str, id: str) -> bool:
        """End the user's holding of a product; False where there is none."""
        self.holders.get((kind, id), {}).pop(user.id, None)
        return user.holds.pop((kind, id), None) is not None

    def packs_of(self, course: str) -> list[tuple[str, str]]:
        """The bundles and subscription plans that contain a course."""
        return [
            (kind, id)
            for kind in ("bundle", "subscription")
            for id, pack in self.products[kind].items()
            if course in pack["products"]["courses"]
        ]

    def learners(self, course: str) -> dict[str, Holding]:
        """Who may enter a course, by user id: through a bundle or plan, or on its own (which counts first)."""
        merged: dict[str, Holding] = {}
        for key in (*self.packs_of(course), ("course", course)):
            merged |= self.holders.get(key, {})
        return merged

    def enrollments(self, user: User) -> dict[str, Holding]:
        """The courses a user may enter, by id."""
        merged: dict[str, Holding] = {}
        for (kind, id), holding in user.holds.items():
            if kind != "course":
                merged |= dict.fromkeys(self.products[kind][id]["products"]["courses"], holding)
        merged |= {id: holding for (kind, id), holding in user.holds.items() if kind == "course"}
        return merged

    def units(self, course: str) -> dict[str, dict[str, Any]]:
        """The units of a course by id, in their order."""
        return {unit["id"]: unit for section in self.contents[course] for unit in section["learningUnits"]}

    def progress(self, user: User, course: str) -> Progress:
        return user.progress.setdefault(course, Progress())

    # ---- links to files

    def link(self, path: str, life: float) -> tuple[str, float]:
        """A signed link to a file that lives so many seconds, and when it ends."""
        switched = self.switches.link_life
        expires = round(self.now() + (life if switched is None else switched), 6)
        return f"{self.host}{path}?expires={expires}&key={_signed(path, expires)}", expires

    def is_link(self, path: str, query: Mapping[str, str]) -> bool:
        """Whether a link is one of the school's own, and alive."""
        try:
            expires = float(query.get("expires", "0"))
        except ValueError:
            return False
        return query.get("key") == _signed(path, expires) and self.now() < expires

    # ---- what happens beside

    def log(
        self,
        user: User,
        activity: str,
        description: str,
        kind: str = "user",
        at: float | None = None,
        **info: Any,
    ) -> None:
        """Write to the activity log; `at` is Unix seconds, by default now."""
        event = {
            "user": {"id": user.id, "username": user.username},
            "created": self.now() if at is None else at,
            "activity": activity,
            "description": description,
            "type": kind,
            "additional_info": info or None,
        }
        self.events.append(event)

    def mail(self, wanted: bool | None, kind: str, user: User, **about: Any) -> None:
        """Record an email that would be sent; null is the school's own setting, a switch here."""
        if wanted or (wanted is None and self.switches.null_sends_mail):
            self.mails.append({"kind": kind, "to": user.email, "user_id": user.id, **about})

    def queue(self, action: str, finish: Callable[[Job], object]) -> dict[str, Any]:
        """Start a job and answer as LearnWorlds does; a job without a delay is done immediately."""
        id = self.new_id()
        job = self.jobs[id] = Job(id, action, self.clock() + self.switches.job_delay, finish)
        self._pending.append(job)
        self.settle()
        return {"async": True, "job_id": id}

    def settle(self) -> None:
        """Finish the jobs that are due."""
        now = self.clock()
        due = [job for job in self._pending if now >= job.due]
        self._pending = [job for job in self._pending if now < job.due]
        for job in due:
            if self.switches.job_fails:
                job.state, job.errors = "failed", ["The action could not be completed."]
            else:
                job.finish(job)
                job.state = "completed"


def _signed(path: str, expires: float) -> str:
    return hashlib.sha256(f"{path} {expires} practice".encode()).hexdigest()[:16]
