"""Courses completed and reset: work that the school does in a queue of its own."""

import pytest

from lwdesk.jobs.states import SENDING
from lwdesk.practice.switches import Fault
from tests.app.desk import row_results, words

COMPLETE = "POST users/{user}/courses/{course}/complete"
RESET = "POST users/{user}/courses/{course}/reset"


def students(practice, course="gdpr"):
    """People in the middle of a course, with what they did there."""
    found = [
        (u, u.progress[course]) for u in practice.school.users if course in u.progress and not u.suspended
    ]
    return [(user, progress) for user, progress in found if progress.units and not progress.completed_at]


def done(progress):
    return {unit for unit, study in progress.units.items() if study.done}


@pytest.mark.parametrize("dialect", ["2026", "2025"])
def test_a_queued_job_is_followed_and_told_by_older_schools_through_the_progress(desk, practice, dialect):
    practice.switches.dialect, practice.switches.job_delay = dialect, 0.05
    (one, progress), (other, _its) = students(practice)[:2]
    job = desk.run_import(
        ("Email", "Course"), (one.email, "gdpr"), (other.email, "gdpr"), operation="complete"
    )
    assert words(job) == ["done", "done"]
    assert done(progress) == set(practice.school.units("gdpr"))
    assert desk.writes == {COMPLETE: 2}


def test_a_job_that_fails_in_the_queue_says_so_and_can_be_tried_again(desk, practice):
    practice.switches.job_fails = True
    one, progress = students(practice)[0]
    job = desk.run_import(("Email", "Course"), (one.email, "gdpr"), operation="complete")
    [row] = row_results(job).values()
    assert row.outcome == "failed" and "could not be completed" in row.message
    practice.switches.job_fails = False
    desk.retry(job)
    assert words(job) == ["done"] and progress.completed_at


def test_a_job_that_left_something_out_is_to_be_looked_at(desk, practice):
    practice.switches.job_skips = 2
    one, _progress = students(practice)[0]
    job = desk.run_import(("Email", "Course"), (one.email, "gdpr"), operation="complete")
    [row] = row_results(job).values()
    assert row.outcome == "unsure" and "skipped 2 activities" in row.message


@pytest.mark.parametrize("dialect", ["2026", "2025"])
def test_a_job_that_takes_too_long_is_asked_about_when_the_import_goes_on(desk, practice, dialect):
    practice.switches.dialect, practice.switches.job_delay = dialect, 3600
    one, progress = students(practice)[0]
    journal = desk.plan(("Email", "Course"), (one.email, "gdpr"), operation="complete")
    desk.forget()
    assert desk.run(journal) == "interrupted"
    [row] = row_results(journal).values()
    assert row.outcome == "unsure" and "resume the job later" in row.message
    assert desk.reads < 80
    practice.school._pending[0].due = 0
    name = journal.id
    journal.close()
    journal = desk.resume(name)
    assert words(journal) == ["done"] and progress.completed_at
    assert desk.writes == {COMPLETE: 1}
    journal.close()


def test_a_program_that_ends_while_it_follows_goes_on_following(desk, practice):
    practice.switches.job_delay = 3600
    one, progress = students(practice)[0]
    journal = desk.plan(("Email", "Course"), (one.email, "gdpr"), operation="complete")
    desk.forget()
    engine = desk.engine(journal)

    def end(_call):
        raise SystemExit

    engine.port.look = end
    with pytest.raises(SystemExit):
        engine.run()
    [call] = journal.calls()
    assert (call.state, bool(call.answer["job_id"])) == (SENDING, True)
    practice.school._pending[0].due = 0
    name = journal.id
    journal.close()
    journal = desk.resume(name)
    assert words(journal) == ["done"] and progress.completed_at
    assert desk.writes == {COMPLETE: 1}
    journal.close()


def test_only_what_is_not_so_yet_is_sent_of_named_activities(desk, practice):
    one, progress = students(practice)[0]
    units = practice.school.units("gdpr")
    first = next(id for id in units if id in done(progress))
    missing = [id for id in units if id not in done(progress)][:1]
    titles = "; ".join(units[id]["title"] for id in (first, *missing))
    job = desk.plan(("Email", "Course", "Activities"), (one.email, "gdpr", titles), operation="complete")
    [call] = job.calls()
    assert call.body == {"units": missing, "send_course_complete_email": False}
    assert desk.run(job) == "finished"
    assert set(missing) <= done(progress) and not progress.completed_at


def test_an_activity_that_the_course_does_not_have_is_told_with_what_is_close(desk, practice):
    one, _progress = students(practice)[0]
    job = desk.plan(
        ("Email", "Course", "Activities"), (one.email, "gdpr", "Quizz 3"), operation="reset-progress"
    )
    [row] = row_results(job).values()
    assert row.outcome == "failed" and "no activity “Quizz 3”" in row.message and "Quiz 3" in row.message


def test_a_reset_takes_the_activities_that_are_named_and_no_others(desk, practice):
    one, progress = students(practice)[0]
    unit, *rest = sorted(done(progress))
    job = desk.run_import(
        ("Email", "Course", "Activities"), (one.email, "gdpr", unit), operation="reset-progress"
    )
    assert words(job) == ["done"] and done(progress) == set(rest)
    again = desk.run_import(
        ("Email", "Course", "Activities"),
        (one.email, "gdpr", unit),
        operation="reset-progress",
        name="again.xlsx",
    )
    assert words(again) == ["unchanged"]
    assert "can't be restored" in row_results(desk.undo(job))[2].message


def test_a_reset_whose_answer_was_lost_is_not_repeated(desk, practice):
    one, progress = students(practice)[0]
    journal = desk.plan(("Email", "Course"), (one.email, "gdpr"), operation="reset-progress")
    practice.switches.faults = [Fault("cut", "POST", "/reset$", times=1, after=True)]
    assert desk.run(journal) == "finished"
    assert words(journal) == ["done"] and not progress.units
    assert desk.writes == {RESET: 1}


def test_the_progress_of_someone_in_several_courses_is_asked_for_once(desk, practice):
    one, _progress = students(practice)[0]
    desk.forget()
    desk.plan(("Email", "Course"), (one.email, "gdpr"), (one.email, "welcome"), operation="complete")
    asked = {op: n for op, n in practice.api.counts.items() if "progress" in op}
    assert asked == {"GET users/{user}/progress": 1}
