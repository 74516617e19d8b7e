"""A page for each of some users, as a workbook and as a PDF, each figure against the state of the school."""

from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from zoneinfo import ZoneInfo

import openpyxl
import pytest

from lwdesk.app.exporting import estimates, exports, workbook
from lwdesk.app.job import again
from lwdesk.base.errors import UserError
from lwdesk.catalog import EXPORTS
from lwdesk.documents import pdf
from lwdesk.practice.model import Progress, Study
from lwdesk.practice.server import Practice
from lwdesk.practice.switches import Fault

ATHENS = ZoneInfo("Europe/Athens")
STRANGER = "no@one.example"
WORDS = {"not_completed": "not completed", "not_started": "not started", "deleted": "revoked"}


@pytest.fixture
def practice():
    with Practice(users=150, limit=False) as school:
        yield school


@pytest.fixture
def users(practice):
    """Someone with everything, a suspended user, one with nothing, and one with the first one's name."""
    school = practice.school
    graded = [one["user_id"] for one in school.submissions.values() if one["grade"] is not None]
    paid = {one["user_id"] for one in school.payments} & {one["user"] for one in school.certificates.values()}
    rich, suspended, namesake = [school.by_id[id] for id in dict.fromkeys(graded) if id in paid][:3]
    empty = next(
        user for user in reversed(school.users) if not (user.holds or user.progress or user.suspended)
    )
    suspended.suspended = True
    for user in (rich, namesake):
        user.first_name, user.last_name = "Ana/María", "López"
    payment = next(one for one in school.payments if one["user_id"] == rich.id)
    school.payments += [
        {**payment, "id": "p-refund", "price": 20, "refund_at": payment["created"] + 60, "currency": "USD"},
        {**payment, "id": "p-zero", "price": 0, "refund_at": None},
    ]
    grade = next(one for one in school.submissions.values() if one["user_id"] == rich.id and one["grade"])
    unit = next(id for id, found in school.responses.items() if grade in found)
    retake = {**grade, "id": "retake", "grade": 0}
    school.responses[unit].append(retake)
    school.submissions["retake"] = retake
    left = next(id for id in school.products["course"] if id not in school.enrollments(rich))
    rich.progress[left] = Progress({id: Study(61, None, True) for id in list(school.units(left))[:1]})
    return [rich, empty, suspended, namesake]


def written(desk, entry_id, where, suffix=".xlsx", zone="Europe/Athens"):
    """Run an export. Returns its file and its job."""
    target = desk.folder / f"{entry_id}{suffix}"
    job = exports.create(desk.home, entry_id, where, desk.session, target, (), zone)
    assert desk.run(job) == "finished"
    workbook.write(job, target)
    return target, job


def of(users, **more):
    return {"users_of": "; ".join(user.email for user in users), **more}


# Reading ----------------------------------------------------------------------------------------------------------


def shown(cell):
    """A cell as a reader sees it."""
    value = cell.value
    if isinstance(value, datetime):
        return f"{value + timedelta(microseconds=500):%Y-%m-%d %H:%M}"
    if isinstance(value, timedelta):
        seconds = round(value.total_seconds())
        return f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"
    if cell.number_format == "#,##0.00":
        return f"{value:,.2f}"
    return "" if value is None else str(value)


def sections_of(lines, titles):
    """Section -> its lines, without the empty cells at their ends."""
    found, now = {}, None
    for line in lines:
        cells = list(line)
        while cells and cells[-1] == "":
            cells.pop()
        if len(cells) == 1 and cells[0] in titles:
            now = found[cells[0]] = []
        elif cells and now is not None:
            now.append(cells)
    return found


def of_sheet(sheet, titles):
    return sections_of(([shown(cell) for cell in row] for row in sheet.iter_rows(min_row=3)), titles)


class Text(HTMLParser):
    """The lines of a chapter: a paragraph, or the cells of a row."""

    def __init__(self, html):
        super().__init__()
        self.lines, self._in = [], ""
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        if tag in ("p", "tr"):
            self.lines.append([])
        if tag in ("p", "td", "th"):
            self.lines[-1].append("")
        self._in = tag

    def handle_data(self, data):
        if self.lines and self.lines[-1] and self._in != "style":
            self.lines[-1][-1] += data.strip("\n\xa0")


# What is expected -------------------------------------------------------------------------------------------------


def moment(stamp):
    return f"{datetime.fromtimestamp(stamp, UTC).astimezone(ATHENS):%Y-%m-%d %H:%M}" if stamp else ""


def number(value):
    return f"{value:g}"


def courses(school, user):
    held, found = school.enrollments(user), []
    for id in dict.fromkeys([*held, *user.progress]):
        units, progress = school.units(id), user.progress.get(id, Progress())
        done = sum(study.done for unit, study in progress.units.items() if unit in units)
        seconds = sum(study.seconds for study in progress.units.values())
        scores = [study.score for study in progress.units.values() if study.score]
        begun = "not completed" if seconds or done else "not started"
        found.append((
            school.products["course"][id]["title"],
            moment(held[id].created) if id in held else "",
            moment(held[id].expires) if id in held else "",
            "completed" if progress.completed_at else begun,
            number(round(100 * done / len(units), 2)),
            number(round(sum(scores) / len(scores), 2) if scores else 0),
            f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}",
            moment(progress.completed_at),
        ))  # fmt: skip
    return found


def grades(school, user):
    titles = {id: course["title"] for id, course in school.products["course"].items()}
    return [
        (titles[course], unit["title"], number(one["grade"]), moment(one["submittedTimestamp"]))
        for course in school.products["course"]
        for unit in school.units(course).values()
        if unit["type"] == "assessmentV2"
        for one in school.responses.get(unit["id"], ())
        if one["user_id"] == user.id and one["grade"] is not None
    ]  # fmt: skip


def certificates(school, user):
    return [
        (school.products["course"][one["course_id"]]["title"], one["title"], moment(one["issued"]))
        for one in school.certificates.values()
        if one["user"] == user.id and one["status"] == "active"
    ]


def payments(school, user):
    mine = [one for one in school.payments if one["user_id"] == user.id]
    gone = lambda one: one["refund_at"] and one["price"]  # noqa: E731
    return [
        (f"{one['price']:,.2f}", f"{0 if gone(one) else one['price']:,.2f}", one.get("currency", "EUR"))
        for one in mine
    ]


HEADS = {
    "Courses": (
        *("Course", "Enrolled", "Expires", "Status", "Progress %", "Average score %", "Time on course"),
        "Completed",
    ),
    "Grades": ("Course", "Activity", "Grade (0-100)", "Submitted"),
    "Certificates": ("Course", "Title", "Issued"),
    "Payments": ("Price", "Net", "Currency"),
}
EXPECTED = {"Courses": courses, "Grades": grades, "Certificates": certificates, "Payments": payments}


def check(school, user, found, skip=""):
    """The sections of a user's page show what the school has, and nothing else."""
    for title, expected in EXPECTED.items():
        if title == skip:
            continue
        rows = expected(school, user)
        head, *lines = found[title]
        if not rows:
            assert (head, lines) == (["None found"], []), title
            continue
        places = {name: n for n, name in enumerate(head)}
        there = sorted(
            tuple(
                line[places[name]] if name in places and places[name] < len(line) else ""
                for name in HEADS[title]
            )
            for line in lines
        )
        assert there == sorted(rows), title
    facts = {label: rest[0] for label, *rest in found["Profile"]}
    assert facts["Email"] == user.email and facts["Registered"] == moment(user.created)
    assert facts["Suspended"] == ("yes" if user.suspended else "no")
    assert facts.get("Student number") == user.fields.get("cf_student_number")


# Transcripts ------------------------------------------------------------------------------------------------------


def test_each_user_of_the_sheet_has_a_sheet_with_what_the_school_has(desk, practice, users):
    path, job = written(desk, "transcript", of([*users, users[0]], with_payments="yes"))
    assert exports.missing(job) == []
    book = openpyxl.load_workbook(path)
    names = ["Users", "Ana María López", *(f"{u.first_name} {u.last_name}" for u in users[1:3])]
    assert book.sheetnames == [*names, "Ana María López (2)", "About"]
    for user, sheet in zip(users, book.worksheets[1:-1], strict=True):
        check(practice.school, user, of_sheet(sheet, {"Profile", *EXPECTED}))
        assert not sheet.views.sheetView[0].showGridLines
        setup = sheet.page_setup
        assert setup.orientation == "portrait" and sheet.sheet_properties.pageSetUpPr.fitToPage
        assert setup.fitToWidth in (None, 1) and setup.fitToHeight == 0
        assert f"{user.first_name} {user.last_name}" in sheet.oddHeader.left.text
        assert sheet.oddHeader.right.text == "Test" and "&P" in sheet.oddFooter.right.text


def test_the_index_links_to_each_sheet_and_names_who_is_not_in_the_school(desk, practice, users):
    where = of(users)
    where["users_of"] += f"; {STRANGER}"
    path, job = written(desk, "transcript", where)
    book = openpyxl.load_workbook(path)
    head, *rows = book["Users"].iter_rows()
    assert [cell.value for cell in head] == ["User", "Email", "Courses", "Grades", "Certificates"]
    for user, row in zip(users, rows, strict=False):
        made = [
            len(EXPECTED[title](practice.school, user)) for title in ("Courses", "Grades", "Certificates")
        ]
        assert [cell.value for cell in row[1:]] == [user.email, *made]
        assert row[0].value == f"{user.first_name} {user.last_name}"
        sheet = book[row[0].hyperlink.location.partition("!")[0].strip("'")]
        assert any(cell.value == user.email for (cell,) in sheet.iter_rows(min_col=2, max_col=2))
    assert [cell.value for cell in rows[-1]] == ["Not in your school", STRANGER, None, None, None]
    assert len(rows) == len(users) + 1 and any(STRANGER in note for note in job.get("warnings"))


def test_the_pdf_shows_the_same_on_pages_of_their_own(desk, practice, users, monkeypatch):
    chapters, write = [], pdf.write

    def spying(path, found, title):
        chapters.extend(found)
        write(path, chapters, title)

    monkeypatch.setattr(pdf, "write", spying)
    practice.school.users[0].first_name = "<b>王 & Νίκος</b>"
    everyone = [*users, practice.school.users[0]]
    path, _job = written(desk, "transcript", of(everyone, with_payments="yes"), ".pdf")
    for user, chapter in zip(everyone, chapters, strict=False):
        lines = Text(chapter.html).lines
        assert lines[0] == [f"{user.first_name} {user.last_name}"] == [chapter.left]
        check(practice.school, user, sections_of(lines, {"Profile", *EXPECTED}))
    index = Text(chapters[-1].html).lines
    assert [line[1] for line in index[2:7]] == [user.email for user in everyone]
    data = path.read_bytes()
    assert data.startswith(b"%PDF") and data.count(b"/Type /Page\n") >= len(chapters) == len(everyone) + 1


def test_users_of_a_group_are_sorted_by_their_names(desk, practice):
    groups = [one for one in practice.school.groups.values() if len(one.members) > 2]
    group = min(groups, key=lambda one: len(one.members))
    there = [u for u in practice.school.users if u.id in group.members and not u.suspended]
    path, _job = written(desk, "transcript", {"user_group": group.title})
    emails = [row[1] for row in openpyxl.load_workbook(path)["Users"].iter_rows(min_row=2, values_only=True)]
    assert emails == [
        u.email
        for u in sorted(there, key=lambda u: (f"{u.last_name} {u.first_name}".strip().casefold(), u.id))
    ]


def test_what_could_not_be_read_is_not_called_none(desk, practice, users):
    practice.switches.faults = [Fault("500", "GET", f"certificates|{users[0].id}/progress")]
    incomplete = ["Incomplete: LearnWorlds didn't answer all requests"]
    rich, empty = users[:2]
    path, job = written(desk, "transcript", of([rich, empty]))
    assert len(exports.missing(job)) == 3
    first, second = (
        of_sheet(sheet, {"Profile", *EXPECTED}) for sheet in openpyxl.load_workbook(path).worksheets[1:3]
    )
    assert first["Courses"][0] == first["Grades"][0] == first["Certificates"][0] == incomplete
    assert second["Certificates"] == [incomplete] and second["Grades"] == [["None found"]]
    practice.switches.faults = []
    desk.again()
    again.retry(job, desk.session)
    assert desk.run(job) == "finished" and exports.missing(job) == []
    workbook.write(job, path)
    first = of_sheet(openpyxl.load_workbook(path).worksheets[1], {"Profile", *EXPECTED})
    check(practice.school, rich, first, skip="Payments")


def test_a_course_that_was_deleted_costs_nothing_else(desk, practice, users):
    rich = users[0]
    gone = next(id for id in rich.progress if id not in practice.school.enrollments(rich))
    del practice.school.products["course"][gone]
    path, job = written(desk, "transcript", of([rich]))
    assert exports.missing(job) == []
    found = of_sheet(openpyxl.load_workbook(path).worksheets[1], {"Profile", *EXPECTED})
    assert "(no longer in your school)" in [line[0] for line in found["Courses"]]


# All data ---------------------------------------------------------------------------------------------------------


def test_all_data_has_what_each_list_has_of_the_user(desk, practice, users):
    rich = users[0]
    path, job = written(desk, "user-data", of([rich], long_lists="yes"))
    assert exports.missing(job) == []
    pages = EXPORTS["user-data"].pages
    index = openpyxl.load_workbook(path)["Users"]
    head, row = index.iter_rows(values_only=True)
    counts = dict(zip(head, row, strict=True))
    text = "\n".join(
        str(v)
        for line in openpyxl.load_workbook(path).worksheets[1].iter_rows(values_only=True)
        for v in line
    )
    for section in pages.sections:
        if section.facts:
            continue
        target = desk.folder / "list.xlsx"
        alone = exports.create(desk.home, section.part, of([rich]), desk.session, target, ())
        assert exports.engine(alone, desk.session).run() == "finished"
        workbook.write(alone, target)
        names, *rows = openpyxl.load_workbook(target).worksheets[0].iter_rows(values_only=True)
        if section.part == "course-progress":  # the list itself lacks courses that the user has left
            assert counts[section.title] == sum(
                len(practice.school.units(id)) for id in {*rich.progress, *practice.school.enrollments(rich)}
            )
        else:
            assert counts[section.title] == len(rows), section.title
        own = [n for n, name in enumerate(names) if name.endswith((" ID", "ID")) and name != "User ID"]
        for one in rows:
            lacking = [names[n] for n in own if one[n] and str(one[n]) not in text]
            assert not lacking, section.title
    assert sum(count > 0 for count in counts.values() if isinstance(count, int)) > 9
    assert all(value in text for value in rich.fields.values())
    assert rich.id in text and all(tag in text for tag in rich.tags)


# Cost -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("entry_id", ["transcript", "user-data"])
def test_requests_follow_the_users_and_are_told_before(desk, practice, users, entry_id):
    found = estimates.look(entry_id, of(users), desk.session)
    desk.forget()
    _path, job = written(desk, entry_id, of(users))
    assert found.requests * 0.8 <= desk.reads <= found.requests * 1.2
    mine = {course for user in users for course in (*user.progress, *practice.school.enrollments(user))}
    assert len(mine) < len(practice.school.products["course"])
    asked = {call.values["chain"]["course"]["id"] for call in job.calls("op = 'grades'")}
    assert asked == mine
    assert practice.api.counts["GET users/{user}/progress"] == len(users)


def test_a_resumed_job_plans_the_courses_once(desk, practice, users):
    target = desk.folder / "transcript.xlsx"
    job = exports.create(desk.home, "transcript", of(users), desk.session, target)
    engine = exports.engine(job, desk.session)
    further = engine.port.further

    def stopping():
        found = further()
        engine.stop()
        return found

    engine.port.further = stopping
    engine.run()
    desk.again()
    assert exports.engine(job, desk.session).run() == "finished"
    asked = [call.path for call in job.calls("op = 'grades'") if call.path.endswith("grades")]
    assert len(asked) == len(set(asked)) > 0


# Refused ----------------------------------------------------------------------------------------------------------


def test_other_files_nobody_and_too_many_users_are_refused(desk, practice, users, monkeypatch):
    def refused(entry_id, where, name):
        desk.forget()
        with pytest.raises(UserError) as error:
            exports.create(desk.home, entry_id, where, desk.session, desk.folder / name)
        return error.value

    error = refused("transcript", of(users), "a.csv")
    assert ".csv" in error.title and ".xlsx, .pdf" in error.hint and not desk.reads
    error = refused("users", {}, "a.pdf")
    assert ".pdf" in error.title and ".xlsx, .csv" in error.hint and not desk.reads
    assert refused("transcript", {}, "a.pdf").title == "Choose the users"
    with pytest.raises(UserError, match="Choose the users"):
        estimates.look("transcript", {}, desk.session)
    assert "None of these users" in refused("transcript", {"users_of": STRANGER}, "a.xlsx").title
    many = "; ".join(f"u{n}@x.example" for n in range(3))
    monkeypatch.setattr("lwdesk.app.exporting.people._of_sheet", lambda *_args: crowd(501))
    error = refused("transcript", {"users_of": many}, "a.xlsx")
    assert "501" in error.message and "500" in error.message
    assert not list(desk.home.jobs.glob("*.lwjob"))


def crowd(count):
    from lwdesk.app.exporting.people import People

    return People({str(n): {"id": str(n), "title": f"u{n}@x.example"} for n in range(count)}, alone=True)


def test_a_pdf_that_qt_cannot_write_says_so(desk, practice, users, monkeypatch):
    monkeypatch.setattr(pdf, "COMMAND", "--no-such-command")
    with pytest.raises(UserError) as error:
        written(desk, "transcript", of(users[:1]), ".pdf")
    assert "transcript.pdf can't be written" in error.value.title and ".xlsx" in error.value.hint
    assert not (desk.folder / "transcript.pdf").exists()
