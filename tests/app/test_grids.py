"""Gradebook and progress overview: each cell against the state of the school, each formula against its figure."""

from collections import Counter
from statistics import fmean, median

import pytest

from lwdesk.app.exporting import estimates, exports, workbook
from lwdesk.base.errors import UserError
from lwdesk.practice.model import Progress
from lwdesk.practice.server import Practice
from lwdesk.practice.switches import Fault
from tests.app.desk import Desk
from tests.sheets.calculated import Book

LONG = "Lifting / carrying: what everybody has to know before the first day"


@pytest.fixture(scope="module")
def practice():
    """A school with retakes, grades of 0 %, two tests in a course, suspended users, users who left, and odd titles."""
    with Practice(users=60, limit=False) as found:
        school = found.school
        school.products["course"]["safety-101"]["title"] = LONG
        school.products["course"]["gdpr"]["title"] = "History"  # no sheet can be called so
        for n, user in enumerate(school.users):
            user.suspended = n % 7 == 6
        for n, (user, course) in enumerate((u, c) for u in school.users for c in list(u.progress)):
            if n % 6 == 0:
                school.take(user, "course", course)
        second = {"type": "assessmentV2", "id": "second", "icon": "", "title": "Second test", "subtitle": ""}
        school.contents["safety-101"][0]["learningUnits"].append(second)
        for n, unit in enumerate(list(school.responses)):
            for row in list(school.responses[unit]):
                n += 1
                if row["grade"] is None:
                    continue
                row["grade"] = (0, 33.3, 55, 100)[n % 4]
                if n % 3 == 0:
                    retake(school, unit, row, (row["grade"] + 45) % 101)
                if row["user_id"] not in school.learners(course_of(school, unit)) and n % 2:
                    school.by_id[row["user_id"]].suspended = True
        for n, user in enumerate(list(school.learners("safety-101"))[:5]):
            again = next(one for rows in school.responses.values() for one in rows)
            retake(school, "second", {**again, "user_id": user}, 20 * n)
        yield found


def course_of(school, unit):
    return next(course for course in school.contents if unit in school.units(course))


def retake(school, unit, row, grade):
    id = school.new_id()
    times = {key: row[key] + 9000 for key in ("created", "modified", "submittedTimestamp")}
    school.submissions[id] = {**row, **times, "id": id, "unit": unit, "grade": grade}
    school.responses.setdefault(unit, []).append(school.submissions[id])


@pytest.fixture
def desk(tmp_path, practice):
    found = Desk(tmp_path, practice)
    yield found
    found.close()
    practice.switches.faults = []


def export(desk, entry_id, where=None, tolerant=False):
    target = desk.folder / "grid.xlsx"
    job = exports.create(desk.home, entry_id, where or {}, desk.session, target)
    assert exports.engine(job, desk.session).run() == "finished" and bool(exports.missing(job)) == tolerant
    workbook.write(job, target)
    job.close()
    return Book(target)


def grid(book, title):
    """Headers of a grid, its rows below them, each a list of (header, cell), its totals, label -> values, and what is
    above."""
    lines = list(book.values[title].iter_rows())
    head = next(n for n, line in enumerate(lines) if line[0].value == "Last name")
    titles = [cell.value for cell in lines[head]]
    rows, totals = [], {}
    for line in lines[head + 1 :]:
        if line[titles.index("User ID")].value is None:
            totals[line[0].value] = [cell.value for cell in line]
        else:
            rows.append([(title, cell) for title, cell in zip(titles, line, strict=True)])
    above = [[cell.value for cell in line] for line in lines[:head]]
    return titles, rows, totals, above


def quizzes_of(school, course):
    """(section, id, title) of the tests of a course, in its order."""
    return [
        (section["title"], unit["id"], unit["title"])
        for section in school.contents[course]
        for unit in section["learningUnits"]
        if unit["type"] == "assessmentV2"
    ]


def graded(school, unit, *, last=False):
    """User -> the best grade of a test, or the last."""
    found = {}
    for row in sorted(school.responses.get(unit, ()), key=lambda row: row["submittedTimestamp"]):
        if row["grade"] is not None:
            known = found.get(row["user_id"])
            found[row["user_id"]] = row["grade"] if last or known is None else max(known, row["grade"])
    return found


def check_formulas(book, title):
    formulas = [one for one in book.formulas if one[0] == title]
    assert len(formulas) > 30
    for sheet, cell, formula, saved in formulas:
        assert book.calculate(sheet, formula) == pytest.approx(saved), (sheet, cell, formula)


def status(school, course, user):
    left = user not in school.learners(course)
    words = ["left the course"] * left + ["suspended"] * school.by_id[user].suspended
    return ", ".join(words) or "enrolled"


def test_a_sheet_for_each_course_shows_everybody_in_it_and_what_they_reached(desk, practice):
    school = practice.school
    desk.forget()
    book = export(desk, "gradebook")
    asked = {op: n for op, n in practice.api.counts.items() if op.startswith("GET")}
    assert max(asked.values()) == len(school.products["course"]), "nothing is asked for twice"
    seen, kinds = 0, Counter()
    for course, facts in school.products["course"].items():
        tests = quizzes_of(school, course)
        grades = {unit: graded(school, unit) for _s, unit, _t in tests}
        users = {*school.learners(course), *(user for found in grades.values() for user in found)}
        if not tests or not users:
            continue
        twin = facts["title"] == "First Aid"
        title = f"{facts['title']} ({course})" if twin else facts["title"]
        name = {LONG: "Lifting   carrying  what everyb", "History": "History_"}.get(title) or title
        name = next(one for one in book.titles if one == name.replace(":", " ")[:31])
        titles, rows, totals, above = grid(book, name)
        assert above[0][0] == title and [one for one in above[2] if one] == list(
            dict.fromkeys(s for s, *_r in tests)
        )
        assert titles[4:7] == ["Average", "Attempted", "Not taken"] and "Number passed" not in titles
        assert titles[7:-1] == [one for *_rest, one in tests]
        assert {row[-1][1].value for row in rows} == users and len(rows) == len(users)
        for row in rows:
            user = row[-1][1].value
            wanted = [grades[unit].get(user) for _s, unit, _t in tests]
            assert [cell.value for _t, cell in row[7:-1]] == ["not taken" if g is None else g for g in wanted]
            reached = [grade for grade in wanted if grade is not None]
            average, attempted, missing = (cell.value for _t, cell in row[4:7])
            assert average == (pytest.approx(fmean(reached)) if reached else "–")
            assert (attempted, missing) == (len(reached), len(tests) - len(reached))
            person = school.by_id[user]
            assert [cell.value for _t, cell in row[:4]] == [
                *(person.last_name, person.first_name, person.email, status(school, course, user)),
            ]
            kinds[row[3][1].value] += 1
            brackets = {'"("' in cell.number_format for _t, cell in row[7:-1] if cell.value != "not taken"}
            assert brackets <= {user not in school.learners(course)}
        for index, (_s, unit, _t) in enumerate(tests, 7):
            found = list(grades[unit].values())
            assert totals["Average"][index] == (pytest.approx(fmean(found)) if found else "–")
            assert totals["Attempted"][index] == len(found)
            assert totals["Not taken"][index] == len(users) - len(found)
        lefts = [row[3][1].value.startswith("left") for row in rows]
        assert lefts == sorted(lefts)
        seen += 1
    assert seen > 10 and set(kinds) == {
        "enrolled",
        "suspended",
        "left the course",
        "left the course, suspended",
    }
    assert book.titles[seen:] == ["Grades", "Course users", "Enrollments of suspended users", "About"]
    check_formulas(book, "Lifting   carrying  what everyb")


def test_all_courses_side_by_side_with_the_last_grades_and_a_pass_mark(desk, practice):
    school = practice.school
    book = export(desk, "gradebook", {"sheets": "one", "retakes": "last", "pass_mark": "55 %"})
    assert book.titles[:2] == ["Gradebook", "Grades"]
    _titles, rows, totals, above = grid(book, "Gradebook")
    assert above[2][:2] == ["Pass mark", 55] and "last grade" in above[1][0]
    tests = [(c, unit) for c in school.products["course"] for _s, unit, _t in quizzes_of(school, c)]
    grades = {unit: graded(school, unit, last=True) for _c, unit in tests}
    found = {}
    for row in rows:
        user = row[-1][1].value
        values = Counter(str(cell.value) for _t, cell in row[8:-1] if cell.value is not None)
        reached = {unit: grades[unit][user] for _c, unit in tests if user in grades[unit]}
        mine = [c for c, _u in tests if user in school.learners(c)]
        lost = [c for c, u in tests if user in grades[u] and user not in school.learners(c)]
        activities = sum(len(quizzes_of(school, c)) for c in {*mine, *lost})
        assert values == Counter(map(str, reached.values())) + Counter(
            {"not taken": activities - len(reached)}
        )
        assert row[7][1].value == sum(grade >= 55 for grade in reached.values())
        found[user] = len(reached)
    assert sum(found.values()) == sum(len(one) for one in grades.values())
    assert sum(n for n in totals["Number passed"] if isinstance(n, int)) == sum(
        grade >= 55 for one in grades.values() for grade in one.values()
    )
    check_formulas(book, "Gradebook")


def test_a_gradebook_of_some_users_asks_only_for_them(desk, practice):
    school = practice.school
    users = list(school.learners("safety-101"))[:3]
    where = {"course": LONG, "users_of": "; ".join(school.by_id[user].email for user in users)}
    where["until"] = "2099-01-01"
    found = estimates.look("gradebook", where, desk.session)
    desk.forget()
    book = export(desk, "gradebook", where)
    assert desk.reads <= found.requests + 2
    _titles, rows, _totals, above = grid(book, "Lifting   carrying  what everyb")
    assert "chosen dates" in above[1][0]
    assert {row[-1][1].value for row in rows} == set(users)


def test_what_could_not_be_read_is_never_said_of_a_user(desk, practice):
    """Pages that are missing make nobody leave a course, and no test count as not taken."""
    paths = ("courses/first-aid/users", "courses/excel-basics/grades")
    practice.switches.faults = [Fault("success false", path=path) for path in paths]
    book = export(desk, "gradebook", {"course": "first-aid; excel-basics"}, tolerant=True)
    first, second = (grid(book, title) for title in book.titles[:2])
    assert all("couldn't be read" in above[1][0] for *_rest, above in (first, second))
    assert {row[3][1].value for row in first[1]} <= {None, "suspended"} and first[1]
    assert {row[7][1].value for row in second[1]} == {"not read"}


def test_an_attempt_that_waits_for_a_teacher_is_neither_a_grade_nor_none(desk, practice):
    row = practice.school.responses["second"][0]
    before, row["grade"] = row["grade"], ""
    book = export(desk, "gradebook", {"course": LONG})
    row["grade"] = before
    titles, rows, _totals, _above = grid(book, book.titles[0])
    mine = next(one for one in rows if one[-1][1].value == row["user_id"])
    at = titles.index("Second test")
    assert mine[at][1].value == "to grade" and mine[5][1].value + mine[6][1].value == 2
    check_formulas(book, book.titles[0])


def test_options_are_checked_in_words(desk):
    for where, words in (
        ({"sheets": "two"}, "each_course, one"),
        ({"retakes": "worst"}, "best, last"),
        ({"pass_mark": "120"}, "100"),
    ):
        with pytest.raises(UserError) as refused:
            exports.create(desk.home, "gradebook", where, desk.session, desk.folder / "x.xlsx")
        assert words in str(refused.value)


def test_a_csv_file_has_the_lists_and_says_so(desk):
    target = desk.folder / "lists.csv"
    job = exports.create(desk.home, "gradebook", {"course": "gdpr"}, desk.session, target)
    exports.engine(job, desk.session).run()
    written = workbook.write(job, target)
    job.close()
    assert written.paths[0] == target and len(written.paths) == 3
    assert any("Excel workbook" in note for note in written.notes)


# Progress -------------------------------------------------------------------------------------------------------


def state(practice, user, course):
    """What the overview shows of a user in a course: value, and what its format says."""
    person, school = practice.school.by_id[user], practice.school
    progress, units = person.progress.get(course, Progress()), school.units(course)
    begun = any(study.seconds or study.done for study in progress.units.values()) or progress.completed_at
    enrolled = user in school.learners(course)
    if not begun:
        return ("not started", "") if enrolled else (None, "")
    rate = round(100 * sum(study.done for study in progress.units.values()) / len(units), 2)
    return rate, "✓" * bool(progress.completed_at) + "(" * (not enrolled)


def check_overview(desk, practice, users, titles, rows):
    school = practice.school
    courses = {one["title"]: id for id, one in school.products["course"].items()}
    twins = {f"First Aid ({id})": id for id in ("first-aid", "first-aid-online")}
    courses |= twins
    twins = list(twins)
    every = school.products["course"]
    assert {row[-1][1].value for row in rows} == users
    for row in rows:
        user = row[-1][1].value
        person = school.by_id[user]
        for title, cell in row[9:-1]:
            if title == "First Aid":  # the other one is not among their courses
                title = next(
                    c for c in twins if state(practice, user, courses[c])[0] is not None or c == twins[-1]
                )
            value, marks = state(practice, user, courses[title])
            assert cell.value == value, (person.email, title)
            assert {mark in cell.number_format for mark in marks} <= {True}
        mine = [state(practice, user, c)[0] for c in every if user in school.learners(c)]
        done = [c for c in every if user in school.learners(c) and "✓" in state(practice, user, c)[1]]
        rates = [0 if value == "not started" else value for value in mine]
        begun = sum(value != "not started" for value in mine)
        assert [cell.value for _t, cell in row[5:8]] == [len(mine), begun, len(done)]
        assert row[8][1].value == (pytest.approx(fmean(rates)) if rates else None)
        assert row[3][1].value == ("suspended" if person.suspended else None)
        assert (row[4][1].value is None) == (person.last_login is None)


def test_progress_of_everybody_and_the_figures_of_each_course(desk, practice):
    school = practice.school
    book = export(desk, "progress-overview")
    assert book.titles[:3] == ["Progress by user", "Progress by course", "Progress"]
    [chart] = book.values["Progress by course"]._charts
    assert len(chart.series) == 3
    titles, rows, _totals, _above = grid(book, "Progress by user")
    every = [(user.id, c) for user in school.users for c in school.products["course"]]
    check_overview(
        desk, practice, {u for u, c in every if state(practice, u, c)[0] is not None}, titles, rows
    )
    found = {row["Course ID"]: row for row in book.rows("Progress by course")}
    for course in school.products["course"]:
        learners = list(school.learners(course))
        states = [state(practice, user, course) for user in learners]
        if course not in found:
            assert not learners
            continue
        row = found[course]
        rates = [0 if value == "not started" else value for value, _marks in states]
        done = sum("✓" in marks for _value, marks in states)
        assert (row["Enrolled users"], row["Users who started"], row["Users who completed"]) == (
            *(len(learners), sum(value != "not started" for value, _marks in states), done),
        )
        assert row["Median progress %"] == pytest.approx(median(rates))
        assert row["Completed %"] == pytest.approx(done / len(learners))
        assert row["Started, then left"] == sum(
            "(" in state(practice, user.id, course)[1] for user in school.users
        )
        assert row["Certificates"] == sum(one["course_id"] == course for one in school.certificates.values())


def test_the_progress_of_a_few_is_asked_for_one_by_one(desk, practice):
    every = practice.school.products["course"]
    users = [user for user in practice.school.users if any(state(practice, user.id, c)[0] for c in every)][:5]
    where = {"users_of": "; ".join(user.email for user in users)}
    found = estimates.look("progress-overview", where, desk.session)
    desk.forget()
    book = export(desk, "progress-overview", where)
    assert desk.reads <= found.requests + 1 < 3 * len(users) + 6
    titles, rows, _totals, _above = grid(book, "Progress by user")
    check_overview(desk, practice, {user.id for user in users}, titles, rows)


def test_progress_that_could_not_be_read_is_not_said_to_be_missing(desk, practice):
    school = practice.school
    user = next(user for user in school.users if not user.suspended and school.enrollments(user))
    practice.switches.faults = [Fault("success false", path=f"users/{user.id}/progress")]
    book = export(desk, "progress-overview", {"users_of": user.email}, tolerant=True)
    _titles, [row], _totals, _above = grid(book, "Progress by user")
    assert {cell.value for _t, cell in row[9:-1]} == {"not read"} and row[8][1].value is None


def test_the_figures_of_a_course_are_of_the_users_whose_progress_was_read(desk, practice):
    school = practice.school
    practice.switches.faults = [Fault("success false", path=r"users/[^/]+[0-7]/progress")]
    book = export(desk, "progress-overview", tolerant=True)
    titles, rows, _totals, _above = grid(book, "Progress by user")
    places = {title: n for n, title in enumerate(titles)}
    twins = {"first-aid", "first-aid-online"}
    some = False
    for row in book.rows("Progress by course"):
        course = row["Course ID"]
        cells = {one[-1][1].value: one[places[row["Course"]]][1].value for one in rows}
        learners = set(school.learners(course))
        read = [user for user in learners if cells[user] != "not read"]
        done = sum("✓" in state(practice, user, course)[1] for user in read)
        assert (row["Enrolled users"], row["Progress not read"]) == (len(learners), len(learners) - len(read))
        assert row["Users who completed"] == (done if read or not learners else None) and (
            len(read) < len(learners) or course in twins or not learners
        )
        assert row["Completed %"] == (pytest.approx(done / len(read)) if read else None)
        some = some or 0 < done < len(read) < len(learners)
    assert some
    about = [
        value
        for key, value in book.values["About"].iter_rows(values_only=True)
        if key == "Progress by course"
    ]
    assert any("could not be read" in text for text in about)
