"""Retry: only what failed is sent again; what was done stays done; rows about the same thing are one thing."""

import os
import threading
import time

import pytest

from lwdesk.app.importing import imports
from lwdesk.app.job import again, passwords
from lwdesk.base.errors import UserError
from lwdesk.practice.switches import Fault
from tests.app.desk import HEADERS, connect, idle, roster, row_results, state, words


def test_a_row_done_in_part_repeats_only_what_failed(desk, practice):
    other = idle(practice)[1]
    practice.switches.faults = [Fault("success false", "POST", f"{other.id}/enrollment$", times=1)]
    journal = desk.run_import(HEADERS, *roster(practice))
    assert words(journal).count("failed") == 1
    desk.forget()
    desk.retry(journal)
    assert words(journal) == ["done", "done", "done", "unchanged", "done"]
    assert desk.writes == {"POST users/{user}/enrollment": 1}


def test_what_hung_on_a_failed_creation_is_retried_with_it(desk, practice):
    practice.switches.faults = [Fault("success false", "POST", "^/v2/users$", times=2)]
    journal = desk.run_import(HEADERS, *roster(practice))
    rows = row_results(journal)
    assert words(journal) == ["failed", "done", "done", "unchanged", "failed"]
    assert "skipped: An earlier step for this row failed" in rows[2].message
    assert desk.writes["POST users/{user}/enrollment"] == 1
    desk.forget()
    desk.retry(journal)
    assert words(journal) == ["done", "done", "done", "unchanged", "done"]
    assert desk.writes == {
        "POST users": 2,
        "POST users/{user}/enrollment": 3,
        "POST seats/{seat}/users/{user}": 1,
    }
    new = practice.school.find_user("new@example.org")
    assert sorted(new.tags) == ["autumn", "seat Acme team", "vip"]


def test_a_course_that_was_missing_is_found_on_retry(desk, practice):
    user = idle(practice)[0]
    journal = desk.run_import(("Email", "Courses", "Tags"), (user.email, "Knitting", "autumn"))
    assert words(journal) == ["failed"]
    assert "Your school has no course “Knitting”" in row_results(journal)[2].message
    assert desk.writes == {}
    practice.school.products["course"]["board"]["title"] = "Knitting"
    desk.retry(journal)
    assert words(journal) == ["done"]
    assert ("course", "board") in user.holds


def test_a_row_that_cannot_be_right_stays_failed(desk, practice):
    journal = desk.run_import(
        ("Email", "Tags"), ("not an address", "autumn"), (idle(practice)[0].email, "autumn")
    )
    assert words(journal) == ["failed", "done"]
    before = row_results(journal)
    desk.forget()
    desk.retry(journal)
    assert desk.writes == {}
    assert row_results(journal) == before  # and the row that was done is reported as before


def test_a_seat_that_came_free_is_given_on_retry(desk, practice):
    user = idle(practice)[0]
    circle = next(c for c in practice.school.seats.values() if c.title == "Müller & Söhne")
    journal = desk.run_import(("User", "Seat offering"), (user.email, circle.title), operation="assign-seat")
    assert words(journal) == ["failed"]
    assert "is full" in row_results(journal)[2].message
    circle.seats, circle.most_users = 6, None
    desk.retry(journal)
    assert words(journal) == ["done"]


def test_codes_that_were_made_are_never_made_again(desk, practice):
    promotion = next(p for p in practice.school.promotions.values() if p["name"] == "Spring sale")
    rows = (("Spring sale", "easter", 3), ("Back to school", "easter", 2))
    practice.switches.faults = [
        Fault("success false", "POST", f"(?<!{promotion['id']})/coupons-bulk$", times=1)
    ]
    journal = desk.run_import(("Promotion", "Prefix", "Quantity"), *rows, operation="bulk-coupons")
    assert sorted(words(journal)) == ["done", "failed"]
    desk.retry(journal)
    desk.retry(journal)
    assert words(journal) == ["done", "done"]
    made = [c for p in practice.school.promotions.values() for c in p["coupons"] if c["prefix"] == "easter"]
    assert len(made) == 5
    assert sorted(len(row.made.split("; ")) for row in row_results(journal).values()) == [2, 3]


def test_a_large_number_of_codes_goes_in_parts_and_only_the_failed_part_again(desk, practice):
    practice.switches.faults = [Fault("success false", "POST", "/coupons-bulk$", times=1, skip=1)]
    sheet = ("Promotion", "Prefix", "Quantity"), ("Spring sale", "easter", 250)
    journal = desk.run_import(*sheet, operation="bulk-coupons")
    assert words(journal) == ["failed"]
    assert desk.writes == {"POST promotions/{promotion}/coupons-bulk": 2}
    desk.retry(journal)
    assert words(journal) == ["done"]
    made = [c for p in practice.school.promotions.values() for c in p["coupons"] if c["prefix"] == "easter"]
    assert len(made) == 250
    assert desk.writes == {"POST promotions/{promotion}/coupons-bulk": 3}


def test_a_retry_looks_only_at_what_failed(desk, practice):
    users = idle(practice)
    practice.switches.faults = [Fault("success false", "POST", "/enrollment$", times=1)]
    rows = [(user.email, "Workplace Safety") for user in users]
    rows += [(user.email, "Data Protection (GDPR)") for user in practice.school.users[20:80]]
    journal = desk.run_import(("User", "Product"), *rows, operation="enroll")
    assert words(journal).count("failed") == 1
    desk.forget()
    desk.retry(journal)
    assert "failed" not in words(journal)
    assert desk.practice.api.counts == {
        "GET courses": 1,
        "GET bundles": 1,
        "GET subscription-plans": 1,
        "GET users/{user}": 1,
        "GET users/{user}/products": 1,
        "POST users/{user}/enrollment": 1,
    }


def test_a_retry_that_was_killed_before_it_was_planned_is_retried_again(desk, practice):
    other = idle(practice)[1]
    practice.switches.faults = [Fault("success false", "POST", f"{other.id}/enrollment$", times=1)]
    journal = desk.run_import(HEADERS, *roster(practice))
    assert words(journal).count("failed") == 1
    imports.reopen(journal)
    assert words(journal).count("ready") == 1
    assert journal.state == "interrupted"
    job = journal.id
    journal.close()
    desk.forget()
    journal = desk.resume(job)
    assert words(journal) == ["done", "done", "done", "unchanged", "done"]
    assert desk.writes == {"POST users/{user}/enrollment": 1}
    journal.close()


def test_a_retry_with_nothing_failed_sends_nothing(desk, practice):
    journal = desk.run_import(HEADERS, *roster(practice))
    desk.forget()
    desk.retry(journal)
    assert desk.writes == {}
    assert words(journal) == ["done", "done", "done", "unchanged", "done"]


def test_a_job_with_lost_answers_is_resumed_before_it_is_retried(desk, practice):
    journal = desk.plan(HEADERS, *roster(practice))
    journal.about_to_send(1, 0.0)
    with pytest.raises(UserError, match="Resume it first"):
        again.retry(journal, desk.session)


def test_a_cancelled_job_can_be_retried_to_its_end(desk, practice):
    journal = desk.plan(HEADERS, *roster(practice))
    engine = desk.engine(journal)
    engine.cancel()
    assert engine.run() == "cancelled"
    assert desk.writes == {}
    assert set(words(journal)) == {"skipped", "unchanged"}
    desk.retry(journal)
    assert words(journal) == ["done", "done", "done", "unchanged", "done"]


def test_a_stopped_job_goes_on_and_a_stop_ends_a_wait_for_the_school(desk, practice):
    journal = desk.plan(HEADERS, *roster(practice))
    practice.switches.faults = [Fault("429", retry_after=3000)]
    engine = desk.engine(journal)
    thread = threading.Thread(target=engine.run)
    thread.start()
    while not desk.session.client.refused:
        time.sleep(0.001)
    engine.stop()
    thread.join(3)
    practice.switches.faults = []
    assert not thread.is_alive()
    assert (journal.state, journal.get("reason")) == ("interrupted", "Stopped by you.")
    assert journal.lost() == []
    job = journal.id
    journal.close()
    journal = desk.resume(job)
    assert words(journal) == ["done", "done", "done", "unchanged", "done"]
    journal.close()


# Rows about the same person ------------------------------------------------------------------------------------------


def test_rows_of_one_new_person_are_one_account(desk, practice):
    rows = (
        {"Email": "new@example.org", "First name": "Nia", "Tags": "autumn", "Courses": "Workplace Safety"},
        {
            "Email": "NEW@example.org",
            "Tags": "vip; autumn",
            "Courses": "Workplace Safety; Data Protection (GDPR)",
        },
        {"Email": "new@example.org", "Company": "Nia Ltd"},
    )
    journal = desk.run_import(HEADERS, *rows)
    assert words(journal) == ["done", "done", "done"]
    assert desk.writes == {"POST users": 1, "POST users/{user}/enrollment": 2}
    new = practice.school.find_user("new@example.org")
    assert (sorted(new.tags), new.fields["company"]) == (["autumn", "vip"], "Nia Ltd")


def test_rows_of_one_known_person_are_one_update(desk, practice):
    user = idle(practice)[0]
    rows = (
        {"Email": user.email, "Company": "Nia Ltd", "Seat offering": "Partner 04"},
        {"Email": user.email.upper(), "Tags": "autumn", "Seat offering": "Partner 04"},
        {"Email": user.email, "Tags": "winter", "Company": "Nia Ltd"},
    )
    journal = desk.run_import(HEADERS, *rows)
    assert words(journal) == ["done", "done", "done"]
    assert desk.writes == {
        "PUT users/{user}": 1,
        "PUT users/{user}/tags": 1,
        "POST seats/{seat}/users/{user}": 1,
    }


def test_the_same_person_by_email_and_by_id_is_one_person(desk, practice):
    user = idle(practice)[0]
    rows = ((user.email, "Workplace Safety"), (user.id, "Workplace Safety"), (user.id.upper(), "safety-101"))
    journal = desk.run_import(("User", "Product"), *rows, operation="enroll")
    assert words(journal) == ["done", "done", "done"]
    assert desk.writes == {"POST users/{user}/enrollment": 1}


def test_two_people_on_one_address_are_flagged_and_nothing_of_either_is_sent(desk, practice):
    rows = (
        {"Email": "new@example.org", "First name": "Nia", "Last name": "Okafor"},
        {
            "Email": "new@example.org",
            "First name": "Sam",
            "Last name": "Smith",
            "Courses": "Workplace Safety",
        },
    )
    journal = desk.run_import(HEADERS, *rows)
    assert words(journal) == ["failed", "failed"]
    assert "First name differs from row 2 (“Nia”)" in row_results(journal)[3].message
    assert desk.writes == {}


def test_a_code_twice_in_the_sheet_is_made_once(desk, practice):
    rows = (("Spring sale", "NEW-1", 5), ("Spring sale", "NEW-1", 5), ("Back to school", "NEW-1", 5))
    journal = desk.run_import(("Promotion", "Code", "Quantity"), *rows, operation="create-coupon")
    assert desk.writes == {"POST promotions/{promotion}/coupons": 1}
    assert words(journal)[:2] == ["done", "done"]


def test_bulk_rows_that_are_alike_are_both_meant(desk, practice):
    rows = (("Spring sale", "easter", 3), ("Spring sale", "easter", 3))
    journal = desk.run_import(("Promotion", "Prefix", "Quantity"), *rows, operation="bulk-coupons")
    assert words(journal) == ["done", "done"]
    assert desk.writes == {"POST promotions/{promotion}/coupons-bulk": 2}
    made = {code for row in row_results(journal).values() for code in row.made.split("; ")}
    assert len(made) == 6


# Passwords -----------------------------------------------------------------------------------------------------------

SECRET = "hunter2-Παπί"


def kept(desk):
    """All that lies in the home, as bytes."""
    return b"".join(path.read_bytes() for path in desk.home.root.rglob("*") if path.is_file())


def test_no_password_is_left_after_a_run(desk, practice):
    known = idle(practice)[0]
    rows = (
        ("new@example.org", SECRET + "1"),
        (known.email, SECRET + "2"),  # has an account: a password is not sent at all
        ("not an address", SECRET + "3"),
    )
    journal = desk.run_import(("Email", "Password"), *rows)
    assert words(journal) == ["done", "unchanged", "failed"]
    assert practice.school.find_user("new@example.org").password == SECRET + "1"
    assert SECRET.encode() not in kept(desk)


def test_a_password_for_all_rows_is_deleted_too(desk, practice):
    journal = desk.run_import(("Email",), ("new@example.org",), fixed={"password": SECRET})
    assert practice.school.find_user("new@example.org").password == SECRET
    assert words(journal) == ["done"]
    assert SECRET.encode() not in kept(desk)


def test_a_password_is_kept_for_the_retry_and_deleted_after_it(desk, practice):
    practice.switches.faults = [Fault("success false", "POST", "^/v2/users$", times=1)]
    journal = desk.run_import(("Email", "Password"), ("new@example.org", SECRET))
    assert words(journal) == ["failed"]
    assert SECRET.encode() in kept(desk) and "The password of 1 failed row" in passwords.notice(journal)
    desk.retry(journal)
    assert practice.school.find_user("new@example.org").password == SECRET
    assert SECRET.encode() not in kept(desk) and passwords.notice(journal) == ""


def test_a_password_that_waits_for_a_retry_for_a_month_is_deleted(desk, practice):
    practice.switches.faults = [Fault("success false", "POST", "^/v2/users$", times=1)]
    journal = desk.run_import(("Email", "Password"), ("new@example.org", SECRET))
    passwords.wipe_old(desk.home)
    assert SECRET.encode() in kept(desk)
    journal.close()
    long_ago = time.time() - passwords.KEPT - 60
    os.utime(journal.path, (long_ago, long_ago))
    passwords.wipe_old(desk.home)
    assert SECRET.encode() not in kept(desk)
    again_opened = type(journal)(journal.path)
    with pytest.raises(UserError, match="deleted after 30 days"):
        desk.retry(again_opened)
    assert practice.school.find_user("new@example.org") is None


def test_the_passwords_of_a_job_that_never_ran_are_deleted_after_a_month(desk, practice):
    journal = desk.plan(("Email", "Password"), ("new@example.org", SECRET))
    assert SECRET.encode() in kept(desk)
    job, long_ago = journal.id, time.time() - passwords.KEPT - 60
    journal.close()
    os.utime(journal.path, (long_ago, long_ago))
    passwords.wipe_old(desk.home)
    assert SECRET.encode() not in kept(desk)
    with pytest.raises(UserError, match="deleted after 30 days"):
        desk.resume(job)
    assert practice.school.find_user("new@example.org") is None


def test_an_undo_keeps_no_password(desk, practice):
    practice.switches.faults = [Fault("success false", "POST", "^/v2/users$", times=1)]
    tagged = idle(practice)[0]
    journal = desk.run_import(
        ("Email", "Password", "Tags"), ("new@example.org", SECRET, "a"), (tagged.email, None, "b")
    )
    assert words(journal) == ["failed", "done"]
    desk.undo(journal).close()
    [undoing] = desk.home.jobs.glob("*undo*.lwjob")
    assert SECRET.encode() not in undoing.read_bytes()


# Two programs --------------------------------------------------------------------------------------------------------


def test_a_second_program_does_not_run_a_job_that_runs(desk, practice):
    journal = desk.plan(HEADERS, *roster(practice))
    other = connect(practice.credentials(), desk.home)
    with journal.held(), pytest.raises(UserError, match="already running"):
        imports.engine(type(journal)(journal.path), other).run()
    other.close()
    assert desk.writes == {}


def test_two_imports_of_the_same_file_side_by_side_do_nothing_twice(desk, practice):
    """The second was planned before the first ran: the school's own refusals are understood."""
    rows = roster(practice)
    first, second = desk.create(HEADERS, *rows), desk.create(HEADERS, *rows, name="copy.xlsx")
    imports.plan(first, desk.session)
    imports.plan(second, desk.session)
    assert desk.run(first) == "finished"
    after = state(practice)
    assert desk.run(second) == "finished"
    assert state(practice) == after
    assert "failed" not in words(second)


def test_the_plan_of_many_codes_counts_all_of_them(desk, practice):
    job = desk.plan(
        ("Promotion", "Prefix", "Quantity"), ("Spring sale", "easter", 250), operation="bulk-coupons"
    )
    assert row_results(job)[2].message == "2 × 100 codes easter-… created · 50 codes easter-… created"
