"""Roles with what is assigned to them, certificates, sections, submissions: found by whom and what they belong to."""

import pytest

from lwdesk.practice.certificates import issue
from tests.app.desk import idle, row_results, words

ROLE = "PUT users/{user}/user-role"


def role(practice, title):
    return next(id for id, found in practice.school.roles.items() if found["title"] == title)


@pytest.fixture
def teacher(practice):
    """An instructor with two courses and a share of one."""
    found = next(u for u in practice.school.users if practice.school.level(u) == "instructor")
    found.role = role(practice, "Instructor")
    found.assigned = {
        "assigned_courses": [
            {"course_id": "gdpr", "revenue_share_percentage": 40},
            {"course_id": "safety-101", "revenue_share_percentage": 0},
        ]
    }
    return found


# Roles -----------------------------------------------------------------------------------------------------------


def test_a_role_keeps_what_is_assigned(desk, practice, teacher):
    before = dict(teacher.assigned)
    job = desk.run_import(("Email", "Role"), (teacher.email, "Teaching assistant"), operation="set-role")
    assert words(job) == ["done"]
    assert (teacher.role, teacher.assigned) == (role(practice, "Teaching assistant"), before)
    desk.undo(job)
    assert (teacher.role, teacher.assigned) == (role(practice, "Instructor"), before)


def test_what_the_new_role_cannot_have_is_shown_to_be_lost_and_comes_back(desk, practice, teacher):
    before = dict(teacher.assigned)
    job = desk.plan(("Email", "Role"), (teacher.email, "User"), operation="set-role")
    [(changes,)] = job.ask("SELECT changes FROM step")
    assert b"Workplace Safety" in changes
    [call] = job.calls()
    assert call.body == {"role_id": role(practice, "User")}
    desk.run(job)
    assert (teacher.role, teacher.assigned) == (role(practice, "User"), {})
    desk.undo(job)
    assert (teacher.role, teacher.assigned) == (role(practice, "Instructor"), before)


def test_courses_of_the_row_replace_those_assigned_and_keep_their_shares(desk, practice, teacher):
    before = dict(teacher.assigned)
    sheet = ("Email", "Role", "Assigned courses"), (teacher.email, "Instructor", "gdpr; welcome")
    job = desk.run_import(*sheet, operation="set-role")
    shares = {
        one["course_id"]: one["revenue_share_percentage"] for one in teacher.assigned["assigned_courses"]
    }
    assert shares == {"gdpr": 40, "welcome": 0}
    assert words(desk.run_import(*sheet, operation="set-role", name="again.xlsx")) == ["unchanged"]
    desk.undo(job)
    assert teacher.assigned == before


def test_what_was_assigned_after_the_plan_is_kept_too(desk, practice, teacher):
    job = desk.plan(("Email", "Role"), (teacher.email, "Teaching assistant"), operation="set-role")
    teacher.assigned["assigned_courses"].append({"course_id": "welcome", "revenue_share_percentage": 5})
    job.put(created=0)
    desk.run(job)
    kept = {one["course_id"]: one["revenue_share_percentage"] for one in teacher.assigned["assigned_courses"]}
    assert kept == {"gdpr": 40, "safety-101": 0, "welcome": 5}


def test_undo_takes_off_what_was_assigned_to_someone_who_had_nothing(desk, practice, teacher):
    teacher.assigned = {}
    job = desk.run_import(
        ("Email", "Role", "Assigned courses", "Revenue shares %"),
        (teacher.email, "Instructor", "gdpr; welcome", 25),
        operation="set-role",
    )
    shares = [one["revenue_share_percentage"] for one in teacher.assigned["assigned_courses"]]
    assert shares == [25, 25]
    desk.undo(job)
    assert not teacher.assigned


def test_undo_leaves_a_role_alone_that_was_changed_since(desk, practice, teacher):
    job = desk.run_import(("Email", "Role"), (teacher.email, "User"), operation="set-role")
    teacher.role = role(practice, "Reporter")
    [row] = row_results(desk.undo(job)).values()
    assert row.outcome == "unchanged" and "left unchanged" in row.message
    assert teacher.role == role(practice, "Reporter")


def test_a_reporters_segment_and_a_managers_groups_go_along(desk, practice):
    segment, group = next(iter(practice.school.segments)), next(iter(practice.school.groups))
    one, other = idle(practice)[:2]
    headers = ("Email", "Role", "Assigned segment", "Assigned user groups")
    job = desk.run_import(
        headers, (one.email, "Reporter", segment, None), (other.email, "User group manager", None, group),
        operation="set-role",
    )  # fmt: skip
    assert words(job) == ["done", "done"]
    assert one.assigned == {"assigned_segment_id": segment}
    assert other.assigned == {"assigned_user_group_ids": [group]}
    desk.undo(job)
    assert {practice.school.level(one), practice.school.level(other)} == {"user"}


def test_who_has_the_role_already_costs_no_request_of_their_own(desk, practice):
    rows = [(u.email, "User") for u in practice.school.users if practice.school.level(u) == "user"][:40]
    desk.again()
    desk.forget()
    job = desk.plan(("Email", "Role"), *rows, operation="set-role")
    assert set(words(job)) == {"unchanged"}
    assert "GET users/{user}/user-role" not in practice.api.counts


def test_a_roster_gives_roles_to_the_new_and_the_old(desk, practice, teacher):
    rows = ("new@example.org", "Nia", "Instructor"), (teacher.email, None, "Teaching assistant")
    job = desk.run_import(("Email", "First name", "User role"), *rows, (idle(practice)[0].email, None, None))
    assert words(job) == ["done", "done", "unchanged"]
    assert practice.school.find_user("new@example.org").role == role(practice, "Instructor")
    assert len(teacher.assigned["assigned_courses"]) == 2
    assert desk.writes[ROLE] == 2
    desk.undo(job)
    assert practice.school.find_user("new@example.org").role == role(practice, "User")


# Certificates ----------------------------------------------------------------------------------------------------


def certified(practice, course):
    found = [c for c in practice.school.certificates.values() if c["course_id"] == course]
    return [c for c in found if not practice.school.by_id[c["user"]].suspended]


def email(practice, one):
    return practice.school.by_id[one["user"]].email


def test_a_certificate_is_found_by_person_and_course(desk, practice):
    one = next(iter(practice.school.certificates.values()))
    before = dict(one["form"])
    sheet = (
        ("Email", "Course", "Last name", "Issued"),
        (email(practice, one), one["course_id"], "Ny-Smith", "2026-02-03"),
    )
    job = desk.run_import(*sheet, operation="reissue-certificate")
    assert words(job) == ["done"]
    assert one["form"] == before | {"lastname": "Ny-Smith"}
    assert "→ Ny-Smith" in row_results(job)[2].message and "→ 2026-02-03" in row_results(job)[2].message
    assert words(desk.run_import(*sheet, operation="reissue-certificate", name="again.xlsx")) == ["unchanged"]


def test_several_certificates_are_named_and_one_is_chosen_by_its_id(desk, practice):
    user, school = idle(practice)[0], practice.school
    for course in ("gdpr", "welcome", "gdpr"):
        issue(school, user, school.products["course"][course], 1700000000.0)
    first, _second, third = [c for c in school.certificates.values() if c["user"] == user.id]
    headers = ("Email", "Course", "Certificate")
    job = desk.run_import(
        headers, (user.email, "gdpr", None), (user.email, None, "Certificate: Welcome to the School"),
        (user.email, "gdpr", first["id"]), operation="revoke-certificate",
    )  # fmt: skip
    unclear, welcome, chosen = row_results(job).values()
    assert unclear.outcome == "failed" and first["id"] in unclear.message and third["id"] in unclear.message
    assert (welcome.outcome, chosen.outcome) == ("done", "done")
    assert [c["status"] for c in school.certificates.values() if c["user"] == user.id] == [
        "deleted",
        "deleted",
        "active",
    ]


def test_a_row_twice_revokes_once(desk, practice):
    one = next(iter(practice.school.certificates.values()))
    row = email(practice, one), one["course_id"]
    desk.forget()
    job = desk.run_import(("Email", "Course"), row, row, operation="revoke-certificate")
    assert words(job) == ["done", "done"]
    assert desk.writes == {"DELETE certificates/{certificate}": 1}


def test_certificates_of_a_course_are_walked_where_that_is_fewer_requests(desk, practice):
    school = practice.school
    people = [user for user in idle(practice) if not user.suspended][:30]
    for user in people:
        issue(school, user, school.products["course"]["welcome"], 1700000000.0)
    desk.again()
    desk.forget()
    desk.plan(("Email", "Course"), *((u.email, "welcome") for u in people), operation="revoke-certificate")
    assert practice.api.counts["GET certificates"] <= 4


# Sections --------------------------------------------------------------------------------------------------------


def test_a_section_is_added_once_and_its_id_told(desk, practice):
    row = ("GDPR", "Week 9", "paid", 7)
    headers = ("Course", "Section", "Section access", "Drip days")
    job = desk.run_import(headers, row, row, operation="create-section")
    assert words(job) == ["done", "done"]
    found = [s for s in practice.school.contents["gdpr"] if s["title"] == "Week 9"]
    assert len(found) == 1 and found[0]["drip"]["days"] == 7 and found[0]["drip"]["notify"] is False
    assert row_results(job)[2].made == found[0]["id"]
    assert words(
        desk.run_import(headers, ("gdpr", "week 9", "paid", 7), operation="create-section", name="b.xlsx")
    ) == ["unchanged"]


def test_the_same_section_may_be_in_two_courses(desk, practice):
    headers, access = ("Course", "Section", "Section access"), "draft"
    job = desk.run_import(
        headers, ("gdpr", "Week 9", access), ("welcome", "Week 9", access), operation="create-section"
    )
    assert words(job) == ["done", "done"]
    assert all(practice.school.contents[c][-1]["title"] == "Week 9" for c in ("gdpr", "welcome"))


# Submissions -----------------------------------------------------------------------------------------------------


def submitted(practice, graded=True):
    school = practice.school
    units = {unit: course for course in school.contents for unit in school.units(course)}
    for one in school.submissions.values():
        person, essays = (
            school.by_id[one["user_id"]],
            [a for a in one["answers"] if a["blockType"] == "openEnded"],
        )
        if essays and (one["grade"] is not None) is graded and not person.suspended:
            return one, essays[0], (person.email, units[one["unit"]], one["unit"])
    raise AssertionError("nothing was submitted")


HEADERS = ("Email", "Course", "Activity", "Question", "Grade (0-100)", "Feedback", "General feedback")


def test_a_review_grades_what_a_teacher_grades_and_can_be_taken_back(desk, practice):
    one, essay, who = submitted(practice)
    before = (essay["points"], essay["feedback"], one["grade"])
    row = (*who, None, 70, "Well argued", "Good work")
    job = desk.run_import(HEADERS, row, operation="review-submission")
    assert words(job) == ["done"], row_results(job)
    assert (essay["points"], essay["feedback"], one["generalFeedback"]) == (7.0, "Well argued", "Good work")
    assert words(desk.run_import(HEADERS, row, operation="review-submission", name="again.xlsx")) == [
        "unchanged"
    ]
    desk.undo(job)
    assert (essay["points"], essay["feedback"] or None, one["grade"]) == before


def test_a_first_grade_cannot_be_taken_back_and_says_so(desk, practice):
    _one, essay, who = submitted(practice, graded=False)
    job = desk.run_import(HEADERS, (*who, "Describe it.", 100, None, None), operation="review-submission")
    assert words(job) == ["done"] and essay["points"] == essay["blockMaxScore"]
    [row] = row_results(desk.undo(job)).values()
    assert row.outcome == "skipped" and "can be changed" in row.message


def test_unclear_questions_and_several_submissions_are_named(desk, practice):
    one, essay, who = submitted(practice)
    one["answers"].append({**essay, "blockId": "oe2", "description": "Draw it."})
    job = desk.plan(HEADERS, (*who, None, 70, None, None), operation="review-submission")
    [row] = row_results(job).values()
    assert row.outcome == "failed" and "Draw it. (id oe2)" in row.message
    twin = {**one, "id": "f" * 24}
    practice.school.responses[one["unit"]].append(twin)
    desk.again()
    job = desk.plan(HEADERS, (*who, "oe2", 70, None, None), operation="review-submission", name="b.xlsx")
    [row] = row_results(job).values()
    assert row.outcome == "failed" and one["id"] in row.message and twin["id"] in row.message


def test_nothing_submitted_and_nothing_to_say_are_refused(desk, practice):
    _one, _essay, who = submitted(practice)
    rows = (idle(practice)[0].email, *who[1:], None, 50, None, None), (*who, None, None, None, None)
    job = desk.plan(HEADERS, *rows, operation="review-submission")
    assert words(job) == ["failed", "failed"]
    assert (
        "has no Submission in" in row_results(job)[2].message
        and "neither a grade nor feedback" in row_results(job)[3].message
    )
