"""Coupons, payments, affiliates, certificates, roles, spaces, reviews: the rules behind the lists."""

import re

import pytest


@pytest.fixture
def promotion(client):
    return client("POST promotions", {"name": "P", "value": 10}).json()["id"]


def test_codes_are_unique_in_the_school(client, practice, promotion):
    other = next(iter(practice.school.promotions.values()))["coupons"][0]["code"]
    add = f"POST promotions/{promotion}/coupons"
    assert client(add, {"code": other}).status_code == 422
    made = client(add, {"code": "ONE"}).json()
    assert made == {
        "code": "ONE",
        "quantity": None,
        "expires": None,
        "bulk": False,
        "prefix": None,
        "times_used": 0,
    }
    assert client(add, {"code": "ONE"}).status_code == 422


def test_many_coupons_at_once(client, practice, promotion):
    bulk = f"POST promotions/{promotion}/coupons-bulk"
    made = client(bulk, {"prefix": "spring", "quantity": 50, "expires": None}).json()
    assert len({one["code"] for one in made}) == 50
    assert all(re.fullmatch("spring-[A-Z]{6}", one["code"]) and one["quantity"] == 1 for one in made)
    assert client(f"GET promotions/{promotion}/coupons").json()["data"] == made
    practice.switches.bulk_coupons_most = 10
    assert client(bulk, {"prefix": "x", "quantity": 11}).status_code == 422


def test_coupon_usage_is_what_was_paid_with_it(client, practice):
    promotion = next(iter(practice.school.promotions.values()))
    used = promotion["coupons"][0]
    result = client(f"GET promotions/{promotion['id']}/coupons/{used['code']}/usage").json()
    assert result["usage"]["times_used"] == result["meta"]["totalItems"] == len(result["payments"]) > 0


def test_older_schools_know_no_flat_promotions(client, practice):
    practice.switches.dialect = "2025"
    assert client("POST promotions", {"name": "P", "type": "flat"}).status_code == 422


def test_payments_by_either_id_and_by_person(client, practice):
    payment = practice.school.payments[3]
    for key in (payment["id"], payment["transaction_id"].replace(" ", "%20")):
        assert client(f"GET payments/{key}").status_code == 200
    user = practice.school.by_id[payment["user_id"]]
    rows = client("GET payments", user_id=user.email).json()["data"]
    assert rows and {row["user_id"] for row in rows} == {user.id}
    assert client("GET payments", user_id="nobody").json()["data"] == []


def test_the_discount_may_be_an_object(client, practice):
    assert isinstance(client("GET payments").json()["data"][0]["discount"], int | float)
    practice.switches.discount_object = True
    assert client("GET payments").json()["data"][0]["discount"].keys() == {"amount", "currency"}


def test_only_a_payment_with_an_invoice_has_a_link(client, practice):
    for payment in practice.school.payments:
        answer = client(f"GET payments/{payment['id']}/invoice-link")
        assert answer.status_code == (200 if payment["invoice"] else 404)


def test_affiliate_figures_add_up(client, practice):
    for row in client("GET affiliates").json()["data"]:
        parts = row["payouts"] + row["pending"] + row["due"]
        assert row["commissions"] == pytest.approx(parts)
        assert len(client(f"GET affiliates/{row['id']}/payouts/due").json()["data"]) == bool(row["due"])


def test_somebody_becomes_an_affiliate_once(client, learner):
    make = f"POST affiliates/{learner.id}"
    assert client(make, {"commission_percentage": 5}).json()["data"]["commission_percentage"] == 5
    assert client(make, {}).status_code == 422
    assert client(f"GET users/{learner.id}").json()["is_affiliate"] is True


def test_a_revoked_certificate_stays_in_the_list_or_not(client, practice):
    row = next(iter(practice.school.certificates.values()))
    one, query = f"certificates/{row['id']}", {"course_id": row["course_id"]}
    assert client(f"DELETE {one}").status_code == 204
    assert client(f"DELETE {one}").status_code == 404
    status = {other["id"]: other["status"] for other in client("GET certificates", **query).json()["data"]}
    assert status[row["id"]] == "deleted"
    practice.switches.deleted_certificates = False
    answer = client("GET certificates", **query).json()
    assert row["id"] not in [other["id"] for other in answer.get("data", ())]
    assert client("GET certificates").status_code == 422


def test_assignments_left_out_are_gone(client, practice, learner):
    roles = {role["title"]: role["id"] for role in client("GET user-roles").json()["data"]}
    put = f"PUT users/{learner.id}/user-role"
    course = {"course_id": "gdpr", "revenue_share_percentage": 10}
    client(put, {"role_id": roles["Instructor"], "assigned_courses": [course]})
    assert client(f"GET users/{learner.id}/user-role").json()["assigned_courses"] == [course]
    assert client(put, {"role_id": roles["Teaching assistant"]}).json()["assigned_courses"] == []
    assert client(put, {"role_id": "nope"}).status_code == 404
    assert (
        client(put, {"role_id": roles["Instructor"], "assigned_courses": [{"course_id": "no"}]}).status_code
        == 422
    )


def test_spaces_take_many_at_once_and_name_the_new_ones(client, practice, learner):
    space = next(one for one in practice.school.spaces.values() if one["access"] == "private")
    add, uids = f"POST community/spaces/{space['id']}/users", [learner.email, "nobody@example.org"]
    result = client(add, {"uids": uids}).json()["data"]
    assert (result["invitation"], [user["id"] for user in result["users"]]) == (True, [learner.id])
    assert client(add, {"uids": uids}).json()["data"]["users"] == []
    assert [mail["kind"] for mail in practice.school.mails] == ["space invitation"]
    gone = client(f"DELETE community/spaces/{space['id']}/users/{learner.id}")
    assert (gone.status_code, gone.content) == (200, b"")
    assert client(f"DELETE community/spaces/{space['id']}/users/learner%40example.org").status_code == 404


def test_a_space_never_becomes_standalone(client, practice):
    for space in practice.school.spaces.values():
        other = "private" if space["access"] == "standalone" else "standalone"
        assert client(f"PUT community/spaces/{space['id']}", {"access": other}).status_code == 422


def test_a_review_grades_what_a_teacher_grades(client, practice):
    row = next(
        one
        for one in practice.school.submissions.values()
        if one["grade"] is None and len(one["answers"]) > 1
    )
    choice, essay = (answer["blockId"] for answer in row["answers"])
    review = f"POST assessments/scores/{row['id']}/review"
    assert client(review, {"answers": [{"blockId": choice, "grade": 10}]}).status_code == 422
    result = client(review, {"answers": [{"blockId": essay, "grade": 40}], "generalFeedback": "ok"}).json()
    assert result["grade"] == round(5 * (row["answers"][0]["points"] + 4))
    unit = row["unit"]
    seen = client(f"GET assessments/{unit}/responses", users=row["user_id"]).json()["data"]
    assert result in seen


def test_a_course_id_comes_from_the_title_and_only_once(client):
    body = {"titleId": "", "title": "Éléments & Théorie", "access": "draft"}
    assert client("POST courses", body).json()["id"] == "elements-theorie"
    assert client("POST courses", body).status_code == 422
    section = {"title": "Same", "access": "free"}
    for _ in range(2):
        sections = client("POST courses/elements-theorie/sections", section).json()["sections"]
    assert len({one["id"] for one in sections}) == 2


def test_the_log_runs_both_ways(client):
    newest = client("GET event-logs", activity="register").json()["data"]
    oldest = client("GET event-logs", activity="register", sort="asc").json()["data"]
    assert newest[0]["created"] > newest[-1]["created"]
    assert oldest[0]["created"] < oldest[-1]["created"]
    after = newest[5]["created"]
    assert len(client("GET event-logs", activity="register", created_after=repr(after)).json()["data"]) == 6
