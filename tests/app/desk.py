"""A person at a desk: writes a workbook, imports it, reads what became of every row."""

from contextlib import contextmanager
from dataclasses import dataclass

import openpyxl

from lwdesk.api.auth import Credentials
from lwdesk.app import desk
from lwdesk.app.importing import imports
from lwdesk.app.importing.opened import Choices
from lwdesk.app.job import again, results, undo
from lwdesk.app.job.row_status import OPEN
from lwdesk.app.school.schools import School
from lwdesk.app.school.session import Session
from lwdesk.app.settings import Settings
from lwdesk.base.paths import Home
from lwdesk.jobs.engine import Engine
from lwdesk.jobs.journal import Journal
from tests import fast

WRITES = ("POST", "PUT", "DELETE")


@dataclass
class RowResult:
    """What became of a row."""

    outcome: str
    message: str
    made: str


def workbook(path, headers, *rows):
    """A real workbook with one sheet; a row may be a dict of some of its headers."""
    book = openpyxl.Workbook()
    book.active.append(list(headers))
    for row in rows:
        book.active.append([row.get(h) for h in headers] if isinstance(row, dict) else list(row))
    book.save(path)
    book.close()
    return path


def connect(credentials, home, **options):
    """A session with a practice school, in fast time."""
    found = Credentials(credentials["url"], credentials["client_id"], credentials["client_secret"])
    return Session("Test", found, home.pace, sleep=fast.sleep, clock=fast.monotonic, **options)


@contextmanager
def riverside(home, practice):
    """The program's own desk, with the practice school connected as Riverside."""
    found = desk.Desk(Home(home))
    assert not found.schools.connect(
        School("Riverside", practice.url, practice.client_id), practice.client_secret, False
    ).kept
    try:
        yield found
    finally:
        found.close()


class Desk:
    """One person's home and their session with one practice school."""

    def __init__(self, folder, practice):
        self.folder, self.practice = folder, practice
        self.home = Home(folder / "home")
        self.settings = Settings(self.home)
        self.session = connect(practice.credentials(), self.home)

    def close(self):
        self.session.close()

    def again(self, **options):
        """Begin a new session, as a new start of the program does."""
        self.session.close()
        self.session = connect(self.practice.credentials(), self.home, **options)

    def workbook(self, headers, *rows, name="people.xlsx"):
        return workbook(self.folder / name, headers, *rows)

    def create(self, headers, *rows, operation="roster", name="people.xlsx", **choices):
        """A job for a new workbook, checked and not planned."""
        path = self.workbook(headers, *rows, name=name)
        found = Choices(**choices)
        opened = imports.open_for(self.session, path, operation.split("+"), found, self.settings)
        return imports.create(self.home, opened, self.session)

    def plan(self, headers, *rows, **options):
        journal = self.create(headers, *rows, **options)
        imports.plan(journal, self.session)
        return journal

    def engine(self, journal, **options) -> Engine:
        return again.engine(journal, self.session, clock=fast.CLOCK, **options)

    def run(self, journal, **options):
        """Carry out a planned job. Returns its state."""
        return self.engine(journal, **options).run()

    def run_import(self, headers, *rows, **options):
        """Import a workbook from end to end, in a session of its own. Returns the job."""
        self.again()
        journal = self.plan(headers, *rows, **options)
        assert self.run(journal) == "finished"
        return journal

    def resume(self, job):
        """Go on with a job in a new session. Returns it, run."""
        self.again()
        journal = Journal(self.home.jobs / f"{job}.lwjob")
        again.resume(journal, self.session)
        assert self.run(journal) == "finished", journal.get("reason")
        return journal

    def retry(self, journal):
        self.again()
        again.retry(journal, self.session)
        assert self.run(journal) == "finished"

    def undo(self, journal):
        """Undo a job. Returns the job that did it."""
        self.again()
        undoing, _plan = undo.create(self.home, journal, self.session)
        assert self.run(undoing) == "finished"
        return undoing

    # What the school saw ----------------------------------------------------------------------------------------

    @property
    def writes(self):
        """How often each write was processed since `forget`."""
        return {op: n for op, n in self.practice.api.counts.items() if op.split()[0] in WRITES}

    @property
    def reads(self):
        return sum(n for op, n in self.practice.api.counts.items() if op.startswith("GET"))

    def forget(self):
        self.practice.api.counts.clear()
        self.practice.api.totals.clear()


def row_results(journal):
    """Row number -> what became of it."""
    return {n: RowResult(word, answer, made) for n, word, answer, made, _time in results.outcomes(journal)}


def ready(findings):
    """The number of rows that a check leaves to be sent."""
    return sum(findings.figures.get(status, 0) for status in OPEN)


def words(journal):
    """The outcome of each row, in order."""
    return [one.outcome for one in row_results(journal).values()]


def state(practice):
    """What a school holds, without ids and times that differ from run to run."""
    school = practice.school
    seats = {
        user: {
            circle.title: since is not None
            for circle in school.seats.values()
            if (since := circle.members.get(user, 0)) != 0
        }
        for user in school.by_id
    }
    people = {
        user.email: (
            user.username, user.subscribed, user.role, user.suspended, dict(user.fields), sorted(user.tags),
            dict(user.utms), user.password, sorted(user.holds), seats[user.id],
            sorted(g.title for g in school.groups.values() if user.id in g.members), user.id in school.affiliates,
        )
        for user in school.users
    }  # fmt: skip
    coupons = {
        p["name"]: sorted(
            (c["prefix"] or c["code"], c["quantity"] or 0, c["expires"] or "") for c in p["coupons"]
        )
        for p in school.promotions.values()
    }
    mails = sorted((mail["kind"], mail["to"]) for mail in school.mails)
    own = ("title", "access", "description", "label", "categories", "original_price", "dripFeed")
    courses = {
        key: [course.get(name) or None for name in own] for key, course in school.products["course"].items()
    }
    promotions = sorted(
        (p["name"], p["type"], p["value"], str(p["products"])) for p in school.promotions.values()
    )
    return {
        **{"people": people, "courses": courses, "promotions": promotions, "coupons": coupons},
        **{
            "mails": mails,
            "payments": len(school.payments),
            "circles": circles(school),
            "studied": studied(school),
            "spaces": spaces(school),
        },
    }


def studied(school):
    """What there is in courses, what people did there, and what they got for it."""
    assigned = {user.email: {k: v for k, v in user.assigned.items() if v} for user in school.users}
    progress = {
        (user.email, course): (
            sorted(id for id, study in found.units.items() if study.done),
            bool(found.completed_at),
        )
        for user in school.users
        for course, found in user.progress.items()
        if found.units
    }
    marks = [
        (
            one["user_id"],
            one["grade"],
            one["generalFeedback"] or "",
            *((a["points"], a["feedback"] or "") for a in one["answers"]),
        )
        for one in school.submissions.values()
    ]
    certificates = [
        (c["title"], c["user"], c["status"], int(c["issued"]), str(c["form"]))
        for c in school.certificates.values()
    ]
    sections = {
        course: [(s["title"], s["access"], str(s["drip"])) for s in found]
        for course, found in school.contents.items()
    }
    return (
        {email: lists for email, lists in assigned.items() if lists}, progress, marks, certificates, sections
    )  # fmt: skip


def circles(school):
    """Seat offerings and user groups, without their members."""
    return sorted(
        (
            *(c.title, c.description, sorted(c.courses), c.seats, c.most_users or 0, sorted(c.managers)),
            *(sorted(c.tags), c.enrolls, c.access, c.id in school.seats),
        )
        for c in (*school.seats.values(), *school.groups.values())
    )


def spaces(school):
    """Community spaces with their members; who was removed is as good as never in it."""
    there = ("joined", "invited")
    return sorted(
        (
            *(space["title"], space["description"] or "", space["access"], str(space["collectionId"])),
            sorted((id, word) for id, word in space["members"].items() if word in there),
            sorted((key, word) for key, word in space.items() if isinstance(word, bool)),
            space["default_post_sorting"],
        )
        for space in school.spaces.values()
    )


HEADERS = ("Email", "First name", "Last name", "Tags", "Courses", "Bundles", "Seat offering", "Company")


def idle(practice):
    """Users who own nothing and sit nowhere."""
    seated = {user for circle in practice.school.seats.values() for user in circle.members}
    users = practice.school.users[8:]
    return [
        u
        for u in users
        if not u.holds and not u.suspended and u.id not in seated and not u.fields.get("company")
    ]


def roster(practice):
    """Someone new, someone known who changes, someone known who is tagged and enrolled, someone as they are."""
    old, other, same = idle(practice)[:3]
    return (
        {
            "Email": "new@example.org", "First name": "Nia", "Last name": "Okafor", "Tags": "autumn; vip",
            "Courses": "Workplace Safety; Data Protection (GDPR)", "Seat offering": "Acme team", "Company": "Nia Ltd",
        },
        {"Email": old.email, "Company": "Changed Ltd", "Seat offering": "Partner 04"},
        {"Email": other.email, "Tags": "autumn", "Courses": "Workplace Safety"},
        {"Email": same.email},
        {"Email": "second@example.org", "First name": "Sam", "Bundles": "Safety Pack"},
    )  # fmt: skip
