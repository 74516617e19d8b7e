"""Effects: is it up to date, can it be, what is sent, what was before, and what undoes it."""

from datetime import date

import pytest

from lwdesk.catalog import OPERATIONS
from lwdesk.catalog.operation import Fact, Need, Refused, Send, UpToDate
from tests.catalog.school import (
    ALGEBRA,
    ANA,
    ANA_ID,
    AUTUMN,
    BUNDLE,
    PLAN,
    SALES,
    SPRING,
    TOM,
    School,
)


def judge(entry, values, school, expect=None):
    operation = OPERATIONS[entry]
    return operation.effect.judge(operation, values, school, expect)


def plan(entry, values, school, call, row):
    """Judge, and make the school as it will be."""
    found = judge(entry, values, school)
    assert isinstance(found, Send), found
    found.operation.effect.assume(found, school, call, row)
    return found


def undo(sent, school):
    """What the undo of a planned call would send."""
    operation = sent.operation
    values = operation.effect.inverse(sent.values, sent.memo)
    for fact in [*school.facts.values(), *filter(None, school.members.values())]:
        fact.call, fact.given = None, {}  # the job is done, its calls are of the past
    assert values is not None
    return judge(operation.undo, values, school, sent.values)


def cells(sent):
    return [(change.column, change.before, change.after) for change in sent.changes]


class TestCreate:
    def test_who_is_new_is_created_with_explicit_defaults_and_nothing_empty(self):
        sent = judge(
            "create-user", {"email": TOM, "first_name": "Tom", "last_name": "Lee", "phone": "7"}, School()
        )
        assert sent.body == {
            "email": TOM,
            "username": "Tom Lee",
            "send_registration_email": False,
            "fields": {"phone": "7"},
        }
        assert cells(sent) == [
            *(("Email", "", TOM), ("Username", "", "Tom Lee"), ("First name", "", "Tom")),
            *(("Last name", "", "Lee"), ("Phone", "", "7")),
        ]

    def test_a_username_is_made_of_the_email_where_no_name_is_given(self):
        assert judge("create-user", {"email": TOM}, School()).body["username"] == "tom"
        assert judge("create-user", {"email": TOM, "username": "T"}, School()).body["username"] == "T"

    def test_lists_custom_fields_and_yes_no_have_their_place(self):
        values = {
            "email": TOM,
            "tags": ("a", "b"),
            "cf_start": date(2026, 4, 3),
            "is_admin": True,
            "fc_utm_source": "x",
        }
        body = judge("create-user", values, School()).body
        assert (
            body["tags"] == ["a", "b"] and body["is_admin"] is True and body["utms"] == {"fc_utm_source": "x"}
        )
        assert body["fields"] == {"cf_start": "2026-04-03"} or body["fields"] == {
            "cf_start": date(2026, 4, 3)
        }

    def test_who_is_there_is_left_as_they_are(self):
        assert judge("create-user", {"email": ANA, "username": "New"}, School()) == UpToDate(
            "already has an account"
        )

    def test_a_password_is_sent_and_never_shown(self):
        school = School()
        sent = plan("create-user", {"email": TOM, "password": "s3cret"}, school, 1, 2)
        assert sent.body["password"] == "s3cret"
        assert ("Password", "", "•••") in cells(sent) and "s3cret" not in str(sent.changes)
        clash = judge("create-user", {"email": TOM, "password": "other"}, school)
        assert isinstance(clash, Refused) and "s3cret" not in clash.message and "other" not in clash.message

    def test_the_same_person_twice_in_a_file_is_one_call(self):
        school = School()
        values = {"email": TOM, "first_name": "Tom", "last_name": "Lee", "tags": ("a",)}
        plan("create-user", values, school, 7, 2)
        assert judge("create-user", values, school) == UpToDate("already has an account", 7)
        assert judge("create-user", {"email": TOM}, school) == UpToDate("already has an account", 7)

    def test_two_people_on_one_email_are_no_one(self):
        school = School()
        plan("save-user", {"email": TOM, "first_name": "Tom", "last_name": "Lee"}, school, 7, 2)
        found = judge("save-user", {"email": TOM, "first_name": "Eva", "last_name": "Lee"}, school)
        message = "In row 2 of this file, Username is “Tom Lee”. Use the same value in both rows."
        assert found == Refused(message, whole=True)


class TestSave:
    def test_who_is_new_is_created(self):
        assert judge("save-user", {"email": TOM}, School()).operation.id == "create-user"

    def test_who_is_there_gets_what_differs(self):
        sent = judge(
            "save-user", {"email": ANA, "username": "Ana", "phone": "7", "first_name": "Ana"}, School()
        )
        assert (sent.operation.id, sent.body) == ("update-user", {"fields": {"phone": "7"}})

    def test_nobody_is_renamed_by_first_and_last_name(self):
        found = judge("save-user", {"email": ANA, "first_name": "Anastasia", "last_name": "Lopez"}, School())
        assert found == UpToDate("already up to date")

    def test_a_later_row_adds_to_someone_new(self):
        school = School()
        plan("save-user", {"email": TOM, "username": "Tom"}, school, 7, 2)
        sent = judge("save-user", {"email": TOM, "phone": "7"}, school)
        assert (sent.operation.id, sent.body, sent.after) == ("update-user", {"fields": {"phone": "7"}}, (7,))


class TestUpdate:
    def test_only_what_differs_is_sent_with_before_and_after(self):
        values = {"user": ANA, "username": "Ana", "phone": "7", "company": "Acme", "cf_department": "Sales"}
        sent = judge("update-user", values, School())
        assert sent.body == {"fields": {"phone": "7", "company": "Acme"}}
        assert cells(sent) == [("Phone", "123", "7"), ("Company", "", "Acme")]
        assert judge("update-user", {"user": ANA, "username": "Ana"}, School()) == UpToDate(
            "already up to date"
        )

    def test_no_is_what_was_never_said(self):
        school = School()
        assert isinstance(
            judge("update-user", {"user": ANA, "subscribed_for_marketing_emails": False}, school), UpToDate
        )
        sent = judge("update-user", {"user": ANA, "subscribed_for_marketing_emails": True}, school)
        assert cells(sent) == [("Marketing emails", "", "yes")]

    def test_who_is_unknown_is_refused(self):
        assert judge("update-user", {"user": TOM, "phone": "7"}, School()) == Refused(
            "Your school has no user tom@x.com."
        )

    def test_undo_sets_back_what_was_before(self):
        school = School()
        values = {"user": ANA, "phone": "7", "company": "Acme", "subscribed_for_marketing_emails": True}
        back = undo(plan("update-user", values, school, 1, 2), school)
        assert back.body == {
            "fields": {"phone": "123", "company": ""},
            "subscribed_for_marketing_emails": False,
        }

    def test_undo_leaves_alone_what_was_changed_since(self):
        school = School()
        sent = plan("update-user", {"user": ANA, "phone": "7", "company": "Acme"}, school, 1, 2)
        for fact in school.facts.values():
            fact.data["fields"]["phone"] = "999"
        back = undo(sent, school)
        assert back.body == {"fields": {"company": ""}}
        assert back.note == "left unchanged, because someone edited it in the meantime: “Phone”"
        for fact in school.facts.values():
            fact.data["fields"]["company"] = "Other"
        assert (
            undo(sent, school).message
            == "left unchanged, because someone edited it in the meantime: “Phone”, “Company”"
        )

    def test_a_new_email_can_be_undone(self):
        school = School()
        sent = plan("update-user", {"user": ANA, "new_email": "ana@new.com"}, school, 1, 2)
        assert sent.body == {"email": "ana@new.com"}
        school.aliases = {"ana@new.com": ANA_ID}
        back = undo(sent, school)
        assert (back.body, back.values["user"]) == ({"email": ANA}, ANA_ID)

    def test_two_rows_that_disagree(self):
        school = School()
        plan("update-user", {"user": ANA, "phone": "7"}, school, 1, 2)
        found = judge("update-user", {"user": ANA, "phone": "8"}, school)
        assert found == Refused(
            "In row 2 of this file, Phone is “7”. Use the same value in both rows.", whole=True
        )

    def test_a_row_that_repeats_another_hangs_on_its_call(self):
        school = School()
        plan("update-user", {"user": ANA, "phone": "7"}, school, 4, 2)
        assert judge("update-user", {"user": ANA, "phone": "7"}, school) == UpToDate("already up to date", 4)
        assert judge("update-user", {"user": ANA, "username": "Ana"}, school) == UpToDate(
            "already up to date"
        )


class TestTags:
    def test_tags_that_are_missing_are_added(self):
        sent = judge("tag", {"user": ANA, "tags": ("spring", "autumn")}, School())
        assert sent.body == {"action": "attach", "tags": ["autumn"]}
        assert cells(sent) == [("Tags", "spring", "spring; autumn")]
        assert judge("tag", {"user": ANA, "tags": ("spring",)}, School()) == UpToDate("already tagged spring")
        assert judge("tag", {"user": TOM, "tags": ("a",)}, School()) == Refused(
            "Your school has no user tom@x.com."
        )

    def test_tags_that_are_there_are_removed(self):
        sent = judge("untag", {"user": ANA, "tags": ("spring", "autumn")}, School())
        assert sent.body == {"action": "detach", "tags": ["spring"]}
        assert cells(sent) == [("Tags", "spring", "")]
        assert judge("untag", {"user": ANA, "tags": ("a", "b")}, School()) == UpToDate(
            "doesn't have tag a; b"
        )

    def test_undo_takes_off_what_was_put_on_and_no_more(self):
        school = School()
        back = undo(plan("tag", {"user": ANA, "tags": ("spring", "autumn")}, school, 1, 2), school)
        assert back.body == {"action": "detach", "tags": ["autumn"]}

    def test_a_row_that_repeats_another_hangs_on_its_call(self):
        school = School()
        plan("tag", {"user": ANA, "tags": ("autumn",)}, school, 4, 2)
        assert judge("tag", {"user": ANA, "tags": ("autumn",)}, school) == UpToDate(
            "already tagged autumn", 4
        )
        assert judge("tag", {"user": ANA, "tags": ("spring",)}, school) == UpToDate("already tagged spring")


class TestProducts:
    def test_who_lacks_it_is_enrolled_without_mail_or_price(self):
        sent = judge(
            "enroll", {"user": ANA, "product": ALGEBRA, "duration": 3, "justification": "Intake"}, School()
        )
        assert sent.body == {
            "productId": "algebra",
            "productType": "course",
            "price": 0,
            "justification": "Intake",
            "send_enrollment_email": False,
        }
        assert cells(sent) == [("Product", "", "Algebra")]

    def test_who_has_it_is_left_alone(self):
        school = School()
        school.has(ANA, ALGEBRA)
        assert judge("enroll", {"user": ANA, "product": ALGEBRA}, school) == UpToDate(
            "already enrolled in Algebra"
        )
        assert isinstance(judge("enroll", {"user": ANA, "product": BUNDLE}, school), Send)

    def test_a_subscription_needs_its_duration(self):
        found = judge("enroll", {"user": ANA, "product": PLAN, "duration": 3}, School())
        assert found == Refused("“Gold plan” needs “Duration unit”.")
        body = judge(
            "enroll", {"user": ANA, "product": PLAN, "duration": 3, "duration_type": "months"}, School()
        ).body
        assert (body["duration"], body["duration_type"], body["productType"]) == (3, "months", "subscription")

    def test_who_is_unknown_is_refused_and_who_is_planned_waited_for(self):
        school = School()
        assert judge("enroll", {"user": TOM, "product": ALGEBRA}, school) == Refused(
            "Your school has no user tom@x.com."
        )
        plan("create-user", {"email": TOM}, school, 7, 2)
        assert plan("enroll", {"user": TOM, "product": ALGEBRA}, school, 8, 2).after == (7,)
        assert judge("enroll", {"user": TOM, "product": ALGEBRA}, school) == UpToDate(
            "already enrolled in Algebra", 8
        )

    def test_taking_away_and_undo(self):
        school = School()
        assert judge("unenroll", {"user": ANA, "product": ALGEBRA}, school) == UpToDate(
            "not enrolled in Algebra"
        )
        sent = plan("enroll", {"user": ANA, "product": ALGEBRA, "price": 5}, school, 1, 2)
        back = undo(sent, school)
        assert back.operation.id == "unenroll"
        assert back.body == {"productId": "algebra", "productType": "course"}
        assert cells(back) == [("Product", "Algebra", "")]
        gone = plan("unenroll", {"user": ANA, "product": ALGEBRA}, school, 2, 2)
        assert undo(gone, school).body["productId"] == "algebra"

    def test_the_facts_to_know_first(self):
        needs = OPERATIONS["enroll"].effect.needs({"user": ANA, "product": ALGEBRA})
        assert needs == [Need("user", ANA), Need("products", ANA, ALGEBRA)]


class TestSeats:
    def test_a_free_seat_is_taken(self):
        sent = judge("assign-seat", {"user": ANA, "seat": SALES}, School(**{SALES.id: 1}))
        assert sent.body == {"add_to_active_seat": True}

    def test_the_last_seat_is_taken_once(self):
        school = School(**{SALES.id: 1})
        plan("create-user", {"email": TOM}, school, 7, 2)
        plan("assign-seat", {"user": ANA, "seat": SALES}, school, 8, 2)
        school.free[SALES.id] = 0
        found = judge("assign-seat", {"user": TOM, "seat": SALES}, school)
        assert found == Refused("“Sales 2026” is full. Add seats in LearnWorlds, then retry this row.")
        sent = judge("assign-seat", {"user": TOM, "seat": SALES, "active_seat": False}, school)
        assert sent.body == {"add_to_active_seat": False}

    @pytest.mark.parametrize(
        ("has", "active", "sends"),
        [
            (None, True, True),
            (None, False, True),
            (False, True, True),
            (False, False, False),
            (True, False, False),
        ],
    )
    def test_members_and_seats_are_two_things(self, has, active, sends):
        school = School()
        if has is not None:
            school.has(ANA, SALES, active=has)
        found = judge("assign-seat", {"user": ANA, "seat": SALES, "active_seat": active}, school)
        assert isinstance(found, Send if sends else UpToDate)

    @pytest.mark.parametrize(
        ("has", "leave", "sends"),
        [
            (None, True, False),
            (None, False, False),
            (False, False, False),
            (False, True, True),
            (True, False, True),
        ],
    )
    def test_freeing_a_seat_is_not_leaving(self, has, leave, sends):
        school = School()
        if has is not None:
            school.has(ANA, SALES, active=has)
        found = judge("remove-seat", {"user": ANA, "seat": SALES, "leave_offering": leave}, school)
        assert isinstance(found, Send if sends else UpToDate)
        assert not sends or found.body == {"remove_from_seat_offering": leave}

    @pytest.mark.parametrize("has", [None, False])
    @pytest.mark.parametrize("active", [True, False])
    def test_undo_of_a_seat_is_what_was_before(self, has, active):
        school = School()
        if has is not None:
            school.has(ANA, SALES, active=has)
            if not active:
                return
        back = undo(
            plan("assign-seat", {"user": ANA, "seat": SALES, "active_seat": active}, school, 1, 2), school
        )
        assert back.body == {"remove_from_seat_offering": has is None}

    @pytest.mark.parametrize(("has", "leave"), [(True, True), (True, False), (False, True)])
    def test_undo_of_a_seat_taken_away_is_what_was_before(self, has, leave):
        school = School()
        school.has(ANA, SALES, active=has)
        back = undo(
            plan("remove-seat", {"user": ANA, "seat": SALES, "leave_offering": leave}, school, 1, 2), school
        )
        assert back.body == {"add_to_active_seat": has}


class TestCoupons:
    def test_a_new_code_is_made(self):
        values = {"promotion": SPRING, "code": "SPRING-10", "quantity": 5, "expires": date(2030, 3, 31)}
        sent = judge("create-coupon", values, School())
        assert sent.body == {"code": "SPRING-10", "quantity": 5, "expires": "2030-03-31"}
        assert judge("create-coupon", {"promotion": SPRING, "code": "A"}, School()).body == {"code": "A"}

    def test_the_same_code_twice_in_a_file_is_one_call(self):
        school = School()
        values = {"promotion": SPRING, "code": "A", "quantity": 5}
        plan("create-coupon", values, school, 3, 2)
        assert judge("create-coupon", values, school) == UpToDate("code A already exists", 3)
        found = judge("create-coupon", {**values, "quantity": 6}, school)
        assert found == Refused(
            "In row 2 of this file, Quantity is “5”. Use the same value in both rows.", whole=True
        )

    def test_a_code_of_this_promotion_is_left_alone_one_of_another_refused(self):
        school = School()
        school.learn("coupon", "A", Fact({"code": "A", "parent": SPRING.id}))
        assert judge("create-coupon", {"promotion": SPRING, "code": "A"}, school) == UpToDate(
            "code A already exists"
        )
        found = judge("create-coupon", {"promotion": AUTUMN, "code": "A"}, school)
        assert found == Refused(
            "“A” already exists, but it doesn't belong to “Autumn sale”. Choose another one."
        )
        plan("create-coupon", {"promotion": SPRING, "code": "B"}, school, 3, 2)
        assert isinstance(judge("create-coupon", {"promotion": AUTUMN, "code": "B"}, school), Refused)

    def test_many_codes_are_made_in_parts_that_remember_what_was_there(self):
        operation = OPERATIONS["bulk-coupons"]
        values = {"promotion": SPRING, "prefix": "sp", "quantity": 250}
        assert [part["quantity"] for part in operation.effect.parts(values)] == [100, 100, 50]
        school = School()
        known = {"code": "sp-ABCDEF", "bulk": True, "parent": SPRING.id}
        school.lists["coupon"] = [known, {**known, "parent": AUTUMN.id}, {**known, "code": "x-ABCDEF"}]
        sent = judge("bulk-coupons", {**values, "quantity": 50}, school)
        assert sent.body == {"prefix": "sp", "quantity": 50}
        assert sent.memo == {"known": ["sp-ABCDEF"], "worth": ""}
        assert operation.effect.inverse(sent.values, sent.memo) is None


class TestMarks:
    def test_who_is_open_is_suspended_and_opened_again(self):
        school = School()
        sent = plan("suspend", {"user": ANA}, school, 1, 2)
        assert (sent.body, cells(sent)) == ({}, [("Suspend users", "no", "yes")])
        assert judge("suspend", {"user": ANA}, school) == UpToDate("already suspended", 1)
        assert undo(sent, school).operation.id == "unsuspend"
        assert judge("unsuspend", {"user": TOM}, school) == Refused("Your school has no user tom@x.com.")

    def test_who_was_opened_since_is_left_alone(self):
        school = School()
        sent = plan("suspend", {"user": ANA}, school, 1, 2)
        school.record("user", ANA).data["is_suspended"] = False
        assert undo(sent, school) == UpToDate("not suspended")

    def test_administrators_are_never_suspended(self):
        school = School()
        school.record("user", ANA).data["is_admin"] = True
        assert isinstance(judge("suspend", {"user": ANA}, school), Refused)
