"""Enrollment, what comes with it, progress and its jobs."""

import pytest


def products(client, user):
    return [(row["id"], row["type"]) for row in client(f"GET users/{user.id}/products").json()["data"]]


def courses(client, user):
    answer = client(f"GET users/{user.id}/courses")
    return [row["course"]["id"] for row in answer.json()["data"]] if answer.ok else []


def test_enroll_twice_and_leave_twice(client, learner):
    assert client.enroll(learner.email, "gdpr").json() == {"success": True}
    again = client.enroll(learner.id, "gdpr")
    assert (again.status_code, again.json()) == (400, {"error": "Product is already owned"})
    assert products(client, learner) == [("gdpr", "course")]
    leave = (f"DELETE users/{learner.id}/enrollment", {"productId": "gdpr", "productType": "course"})
    assert client(*leave).status_code == 204
    assert client(*leave).status_code == 404
    assert products(client, learner) == []


def test_leaving_what_one_does_not_have_may_be_fine(practice, client, learner):
    practice.switches.unenroll_absent_fine = True
    body = {"productId": "gdpr", "productType": "course"}
    assert client(f"DELETE users/{learner.id}/enrollment", body).status_code == 204


@pytest.mark.parametrize(
    ("product", "kind", "status"),
    [
        ("nope", "course", 404),
        ("gdpr", "bundle", 404),
        ("annual-plan", "subscription", 422),
        ("gdpr", "x", 422),
    ],
)
def test_wrong_products_are_refused(client, learner, product, kind, status):
    assert client.enroll(learner.id, product, kind).status_code == status
    assert not learner.holds


def test_price_is_required(client, learner):
    body = {"productId": "gdpr", "productType": "course"}
    assert client(f"POST users/{learner.id}/enrollment", body).status_code == 422


def test_a_bundle_opens_its_courses_and_a_course_with_an_end_ends(client, learner):
    client.enroll(learner.id, "safety-pack", "bundle")
    assert set(courses(client, learner)) == {"safety-101", "first-aid", "gdpr"}
    listed = client("GET courses/first-aid/users", items_per_page=200).json()["data"]
    assert learner.id in [user["id"] for user in listed]
    assert products(client, learner) == [("safety-pack", "bundle")]
    client.enroll(learner.id, "first-aid")
    rows = client(f"GET users/{learner.id}/courses").json()["data"]
    own = next(row for row in rows if row["course"]["id"] == "first-aid")
    assert own["expires"] - own["created"] == 365 * 86400


def test_a_subscription_is_listed_until_taken_away(client, learner):
    client.enroll(learner.id, "annual-plan", "subscription", duration_type="weeks", duration=2)
    row = client("GET user-subscriptions", user_id=learner.email).json()["data"][0]
    assert (row["plan_id"], row["status"], row["provider_meta"]) == ("annual-plan", "active", None)
    assert row["expires_at"] - row["created"] == 14 * 86400
    body = {"productId": "annual-plan", "productType": "subscription"}
    client(f"DELETE users/{learner.id}/enrollment", body)
    assert client("GET user-subscriptions", user_id=learner.id).json()["data"][0]["status"] == "inactive"


def test_a_price_is_booked_and_the_enrollment_logged(client, learner):
    client.enroll(learner.id, "gdpr", price=25, justification="by hand")
    payment = client("GET payments").json()["data"][0]
    assert (payment["user_id"], payment["price"], payment["transaction_id"]) == (
        learner.id,
        25,
        "Added by admin",
    )
    event = client("GET event-logs", user_id=learner.id).json()["data"][0]
    assert event["activity"] == "manual_enrollment"
    assert event["additional_info"]["justification"] == "by hand"
    assert event["additional_info"]["is_manual"] is True


def test_a_new_user_may_be_unknown_for_a_moment(practice, client, clock):
    practice.switches.created_lag = 3.0
    uid = client.create().json()["id"]
    assert client.enroll(uid, "gdpr").status_code == 404
    clock.seconds += 3
    assert client.enroll(uid, "gdpr").status_code == 200
    practice.switches.update({"created_lag": 0, "created_lag_calls": 2})
    uid = client.create("second@example.org").json()["id"]
    assert [client.enroll(uid, "gdpr").status_code for _ in range(3)] == [404, 404, 200]


def test_a_suspended_user_is_enrolled_by_id_only(practice, client, learner):
    learner.suspended = True
    assert client.enroll(learner.email, "gdpr").status_code == 404
    assert client.enroll(learner.id, "gdpr").status_code == 200
    practice.switches.suspended_by_email = True
    assert client.enroll(learner.email, "welcome").status_code == 200
    listed = client("GET courses/gdpr/users", items_per_page=200).json()["data"]
    assert learner.id not in [user["id"] for user in listed]


def test_mails_go_out_only_where_asked(practice, client):
    uid = client.create("silent@example.org", send_registration_email=False).json()["id"]
    client.enroll(uid, "gdpr", send_enrollment_email=False)
    client.enroll(uid, "welcome")
    assert practice.school.mails == []
    practice.switches.null_sends_mail = True
    client.enroll(uid, "excel-basics", send_enrollment_email=None)
    client.create("loud@example.org", send_registration_email=True)
    mails = client.http.get(practice.url + "/practice/mails").json()
    assert [(mail["kind"], mail["to"]) for mail in mails] == [
        ("enrollment", "silent@example.org"),
        ("registration", "loud@example.org"),
    ]


def test_progress_survives_leaving(client, learner):
    client.enroll(learner.id, "gdpr")
    complete = f"POST users/{learner.id}/courses/gdpr/complete"
    client(complete, {"send_course_complete_email": True, "units": []})
    client(f"DELETE users/{learner.id}/enrollment", {"productId": "gdpr", "productType": "course"})
    rows = client(f"GET users/{learner.id}/progress").json()["data"]
    assert [(row["course_id"], row["status"], row["progress_rate"]) for row in rows] == [
        ("gdpr", "completed", 100)
    ]


def test_complete_is_a_job_the_first_time_and_nothing_the_second(practice, client, clock, learner):
    practice.switches.update({"job_delay": 5.0, "job_skips": 2})
    complete = f"POST users/{learner.id}/courses/gdpr/complete"
    body = {"send_course_complete_email": True, "units": []}
    result = client(complete, body).json()
    job = f"GET async-actions/{result['job_id']}"
    assert result["async"] is True
    assert client(job).json()["state"] == "in-progress"
    clock.seconds += 5
    done = client(job).json()
    assert (done["state"], done["results"]["numOfUnitsSkipped"]) == ("completed", 2)
    assert client(f"GET users/{learner.id}/courses/gdpr/progress").json()["status"] == "not_completed"
    practice.switches.update({"job_delay": 0, "job_skips": 0})
    client(complete, body)
    assert client(complete, body).json() == {"async": False, "job_id": ""}
    assert [mail["kind"] for mail in practice.school.mails] == ["course complete"]
    assert not [row for row in practice.school.certificates.values() if row["user"] == learner.id]


def test_a_job_may_fail_and_an_unknown_one_is_not_found(practice, client, learner):
    practice.switches.job_fails = True
    body = {"send_course_complete_email": False, "units": []}
    result = client(f"POST users/{learner.id}/courses/gdpr/complete", body).json()
    assert client(f"GET async-actions/{result['job_id']}").json()["state"] == "failed"
    assert client("GET async-actions/nope").status_code == 404


def test_reset_takes_back_named_units_only(client, practice, learner):
    units = list(practice.school.units("gdpr"))
    body = {"send_course_complete_email": False, "units": units[:3]}
    client(f"POST users/{learner.id}/courses/gdpr/complete", body)
    client(f"POST users/{learner.id}/courses/gdpr/reset", {"units": units[:1]})
    assert [id for id, study in learner.progress["gdpr"].units.items() if study.done] == units[1:3]
