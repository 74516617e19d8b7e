"""The query parameters of LearnWorlds' lists are filters of exports; every other filter keeps what it should."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import openpyxl
import pytest

from lwdesk.app.exporting import estimates, exports, workbook
from lwdesk.app.exporting.filters import MOST_IDS
from lwdesk.base.errors import UserError
from lwdesk.catalog import EXPORTS
from lwdesk.jobs.journal import Journal

# LearnWorlds API v2, document of 2025-08: the query parameters of its lists.
_USERS = (
    *("registration_after", "registration_before", "status", "role", "tags", "include_suspended"),
    "cf_$field_name",
)
DOCUMENT = {
    "courses": ("categories", "access"),
    "user-subscriptions": ("user_id", "status"),
    "installments/active": ("product_id", "user_id", "product_type"),
    "school/events": ("event_type",),
    "users": _USERS,
    "payments": (
        *("product_type", "user_id", "affiliate_id", "product_id", "created_before", "created_after"),
    ),
    "certificates": ("course_id", "user_id"),
    "users/by-segment": ("segment_id",),
    "users/by-product": ("product_id", "product_type"),
    "event-logs": ("user_id", "activity", "created_after", "created_before", "sort"),
    "courses/{course}/grades": ("users", "learningUnits", "sort", "order"),
    "assessments/{assessment}/responses": ("users",),
    "forms/{form}/responses": ("users",),
    "user-roles": ("role_id", "access_level"),
    "community/spaces": ("access", "collectionId", "usages"),
    "community/posts": ("user_id", "space_id", "course_id", "mentions"),
}


@pytest.mark.parametrize(("path", "name"), [(path, name) for path in DOCUMENT for name in DOCUMENT[path]])
def test_every_query_parameter_is_a_filter(path, name):
    entries = [entry for entry in EXPORTS.values() if entry.call == f"GET {path}" and not entry.levels]
    entries += [entry for entry in EXPORTS.values() if entry.call == f"GET {path}" and entry.per]
    assert entries
    for entry in entries:
        if name.startswith("cf_"):
            assert entry.open == "fields"  # any of them is a filter
            continue
        sent = {str(column.at).removesuffix("[]") for column in entry.choices}
        # A value of the parents that the list is called for, which a filter of their name chooses.
        sent |= {key for key, text in entry.query if text.startswith("{")}
        assert name in sent


def export(desk, entry_id, where=None, zone="UTC"):
    """Headers and rows of the export as dicts by header, and the facts of the About sheet."""
    target = desk.folder / f"{entry_id}.xlsx"
    job = exports.create(desk.home, entry_id, where or {}, desk.session, target, (), zone)
    assert exports.engine(job, desk.session).run() == "finished"
    written = workbook.write(job, target)
    job.close()
    book = openpyxl.load_workbook(target)
    headers, *rows = book.worksheets[0].iter_rows(values_only=True)
    about = dict(book["About"].iter_rows(values_only=True))
    book.close()
    assert written.rows == len(rows) == about["Rows"]
    return [dict(zip(headers, row, strict=True)) for row in rows], about


def stamp(text, zone="UTC"):
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).timestamp()


# Grades ----------------------------------------------------------------------------------------------------------


def graded(school):
    """(Unit, submission) of every grade."""
    return [
        (unit, one)
        for course in school.products["course"]
        for unit in school.units(course).values()
        if unit["type"] == "assessmentV2"
        for one in school.responses.get(unit["id"], ())
        if one["grade"] is not None
    ]


def ids(rows, header="ID"):
    return sorted(row[header] for row in rows)


def test_grades_by_users_and_activities(desk, practice):
    everything = graded(practice.school)
    unit, one = everything[0]
    email = practice.school.by_id[one["user_id"]].email
    rows, about = export(desk, "grades", {"users": email.upper()})
    assert ids(rows, "Submission ID") == sorted(
        s["id"] for _u, s in everything if s["user_id"] == one["user_id"]
    )
    assert email.upper() in about["Filters"]
    rows, _about = export(desk, "grades", {"activity": unit["id"]})
    assert ids(rows, "Submission ID") == sorted(s["id"] for u, s in everything if u["id"] == unit["id"])


def test_activities_are_named_by_title_in_the_chosen_courses(desk, practice):
    school = practice.school
    tested = {unit["id"] for unit, _one in graded(school)}
    owner = {
        id: course for course in school.products["course"] for id in school.units(course) if id in tested
    }
    unit, _one = graded(school)[0]
    same = [id for id in owner if school.units(owner[id])[id]["title"] == unit["title"]]
    assert len(same) > 1  # every course has a “Quiz”
    for chosen in ([unit["id"]], same[:3]):
        where = {"activity": unit["title"].lower(), "course": "; ".join(owner[id] for id in chosen)}
        rows, _about = export(desk, "grades", where)
        assert ids(rows, "Submission ID") == sorted(s["id"] for u, s in graded(school) if u["id"] in chosen)
    where = {"assessment": unit["title"], "course": owner[unit["id"]]}
    rows, _about = export(desk, "assessment-responses", where)
    assert {row["Activity ID"] for row in rows} == {unit["id"]}
    assert {row["Course"] for row in rows} == {school.products["course"][owner[unit["id"]]]["title"]}


def test_an_activity_that_cannot_be_told_is_refused(desk, practice):
    school = practice.school
    unit, _one = graded(school)[0]
    course = next(course for course in school.products["course"] if unit["id"] in school.units(course))
    for where, words in (
        ({"activity": unit["title"]}, "also choose the course"),
        ({"activity": unit["title"] + "x", "course": course}, "Did you mean"),
        (
            {"activity": f"{unit['id']}; {unit['title']}"},
            f"To use titles .“{unit['title']}”.*also choose the course",
        ),
    ):
        with pytest.raises(UserError, match=words) as caught:
            exports.create(desk.home, "grades", where, desk.session, desk.folder / "x.xlsx")
        assert caught.value.field == "activity"


def test_a_suspended_user_can_be_chosen_and_an_unknown_one_is_refused(desk, practice):
    _unit, one = graded(practice.school)[0]
    practice.school.by_id[one["user_id"]].suspended = True
    rows, _about = export(desk, "grades", {"users": practice.school.by_id[one["user_id"]].email})
    assert one["id"] in ids(rows, "Submission ID")
    with pytest.raises(UserError, match=r"no user no@one\.example") as caught:
        exports.create(desk.home, "grades", {"users": "no@one.example"}, desk.session, desk.folder / "x.xlsx")
    assert caught.value.field == "users"


def test_more_users_than_a_query_carries_are_tested_on_each_row(desk, practice):
    people = practice.school.users[: MOST_IDS + 1]
    where = {"users": "; ".join(user.id for user in people)}
    rows, _about = export(desk, "grades", where)
    wanted = {user.id for user in people}
    assert ids(rows, "Submission ID") == sorted(
        s["id"] for _u, s in graded(practice.school) if s["user_id"] in wanted
    )
    job = exports.create(
        desk.home, "grades", {**where, "course": "Workplace Safety"}, desk.session, desk.folder / "y.xlsx"
    )
    assert not any(name == "users" for call in job.calls() for name, _value in call.query)


def test_grades_are_sorted_as_asked(desk, practice):
    by_time = [
        [
            row["Submitted"]
            for row in export(desk, "grades", {"sort": "submittedTimestamp", "order": order})[0]
        ]
        for order in ("asc", "desc")
    ]
    titles = len({u["id"] for u, _s in graded(practice.school)})
    assert titles and by_time[0] != by_time[1] and sorted(by_time[0]) == sorted(by_time[1])


@pytest.mark.parametrize("zone", ["UTC", "Pacific/Auckland"])
def test_grades_of_some_days_of_the_time_zone(desk, practice, zone):
    times = sorted(one["submittedTimestamp"] for _unit, one in graded(practice.school))
    day = datetime.fromtimestamp(times[len(times) // 2], ZoneInfo(zone)).date()
    rows, _about = export(desk, "grades", {"from": str(day), "until": str(day)}, zone)
    start, end = stamp(f"{day}", zone), stamp(f"{day + timedelta(days=1)}", zone)
    wanted = [one["id"] for _u, one in graded(practice.school) if start <= one["submittedTimestamp"] < end]
    assert ids(rows, "Submission ID") == sorted(wanted) and 0 < len(wanted) < len(times)


# Others ------------------------------------------------------------------------------------------------------------


def test_certificates_by_user_and_date(desk, practice):
    given = list(practice.school.certificates.values())
    user = practice.school.by_id[given[0]["user"]]
    rows, _about = export(desk, "certificates", {"user": user.email})
    assert ids(rows) == sorted(c["id"] for c in given if c["user"] == user.id)
    middle = sorted(c["issued"] for c in given)[len(given) // 2]
    day = datetime.fromtimestamp(middle, UTC).date()
    rows, _about = export(desk, "certificates", {"from": str(day)})
    assert ids(rows) == sorted(c["id"] for c in given if c["issued"] >= stamp(str(day)))


def test_coupons_by_promotion_and_expiry(desk, practice):
    promotions = list(practice.school.promotions.values())
    chosen = next(one for one in promotions if one["coupons"])
    rows, _about = export(desk, "coupons", {"promotion": chosen["name"]})
    assert sorted(row["Code"] for row in rows) == sorted(c["code"] for c in chosen["coupons"])
    chosen["coupons"][0]["expires"] = "2031-03-04"
    for where, fits in (({"expires_from": "2031-03-04", "expires_until": "2031-03-04"}, 1), ({}, 0)):
        rows, _about = export(desk, "coupons", where or {"expires_from": "2031-03-05"})
        assert len(rows) == fits


def test_enrollments_by_course_date_and_expiry(desk, practice):
    school = practice.school
    holdings = [
        (user.id, course, holding)
        for user in school.users
        for course, holding in school.enrollments(user).items()
    ]
    course = holdings[0][1]
    title = school.products["course"][course]["title"]
    rows, about = export(desk, "enrollments", {"course": title})
    assert sorted(row["User ID"] for row in rows) == sorted(u for u, c, _h in holdings if c == course)
    assert title in about["Filters"]
    for n, (_user, _course, holding) in enumerate(holdings):
        holding.expires = stamp("2031-03-04T23:59:59") if n % 3 == 0 else None
    rows, _about = export(desk, "enrollments", {"expires_until": "2031-03-04"})
    assert len(rows) == sum(holding.expires is not None for _u, _c, holding in holdings)
    assert export(desk, "enrollments", {"expires_until": "2031-03-03"})[0] == []
    day = datetime.fromtimestamp(sorted(h.created for _u, _c, h in holdings)[len(holdings) // 2], UTC).date()
    rows, _about = export(desk, "enrollments", {"from": str(day), "course": title})
    wanted = [h for _u, c, h in holdings if c == course and h.created >= stamp(str(day))]
    assert len(rows) == len(wanted)


def test_leads_and_affiliate_payments_by_date(desk, practice):
    leads, _about = export(desk, "leads")
    day = sorted(row["Created"] for row in leads)[len(leads) // 2].date()
    rows, _about = export(desk, "leads", {"until": str(day)})
    assert rows == [row for row in leads if row["Created"].date() <= day] and len(rows) < len(leads)
    payments, _about = export(desk, "affiliate-payments")
    day = sorted(row["Created"] for row in payments)[len(payments) // 2].date()
    rows, _about = export(desk, "affiliate-payments", {"from": str(day)})
    assert rows == [row for row in payments if row["Created"].date() >= day] and rows


def test_spaces_by_collection_and_course_and_posts_by_title(desk, practice):
    school = practice.school
    collection = next(iter(school.collections.values()))
    rows, _about = export(desk, "spaces", {"collection": collection["name"]})
    assert ids(rows) == sorted(
        s["id"] for s in school.spaces.values() if s["collectionId"] == collection["id"]
    )
    used = next(use["courseId"] for space in school.spaces.values() for use in space["usages"])
    rows, _about = export(desk, "spaces", {"course": school.products["course"][used]["title"]})
    uses = [s for s in school.spaces.values() if used in {use["courseId"] for use in s["usages"]}]
    assert ids(rows) == sorted(space["id"] for space in uses)
    post = next(p for p in school.posts.values() if p["posted_in"]["type"] == "space")
    title = school.spaces[post["posted_in"]["id"]]["title"]
    rows, _about = export(desk, "posts", {"space": title})
    assert ids(rows) == sorted(p["id"] for p in school.posts.values() if p["posted_in"] == post["posted_in"])


def test_users_by_custom_field(desk, practice):
    key = "cf_shoe_size"
    for n, user in enumerate(practice.school.users):
        user.fields[key] = "44" if n % 4 == 0 else "38"
    rows, _about = export(desk, "users", {key: "44"})
    assert len(rows) == sum(user.fields[key] == "44" for user in practice.school.users)


# What is said before -------------------------------------------------------------------------------------------------


def test_a_look_finds_rows_beyond_the_first_page_and_says_that_all_are_read(desk, practice):
    leads, _about = export(desk, "leads")
    oldest = min(row["Created"] for row in leads).date()
    desk.forget()
    found = estimates.look("leads", {"until": str(oldest)}, desk.session, (), "UTC")
    whole = estimates.look("leads", {}, desk.session)
    assert found.requests == whole.requests and found.total is None and found.tested == ("Created until",)
    assert "reads more rows" in found.reading() and whole.reading() == ""
    assert found.read == len(leads) and len(found.rows) == sum(r["Created"].date() <= oldest for r in leads)


def test_a_sent_filter_reads_only_what_fits(desk, practice):
    email = practice.school.by_id[graded(practice.school)[0][1]["user_id"]].email
    found = estimates.look("grades", {"users": email}, desk.session)
    assert found.tested == () and found.reading() == ""


def test_an_expiry_that_ends_before_it_starts_is_refused(desk):
    where = {"expires_from": str(date(2031, 1, 2)), "expires_until": str(date(2031, 1, 1))}
    with pytest.raises(UserError, match="2031-01-01 is before 2031-01-02"):
        estimates.look("coupons", where, desk.session)


# Payments --------------------------------------------------------------------------------------------------------


def paid_later(school):
    """Payments that were paid days and weeks after their order, as by bank transfer; some are not paid yet."""
    for n, payment in enumerate(school.payments):
        late = (0, 4, 30, 100, 300)[n % 5]
        payment["paid_at"] = None if n % 7 == 3 else payment["created"] + late * 86400
        payment["invoice"] = payment["invoice"] or f"INV-9{n:05}"


@pytest.mark.parametrize("zone", ["UTC", "Pacific/Kiritimati"])
def test_payments_of_a_period_are_those_that_were_paid_in_it(desk, practice, zone):
    school = practice.school
    paid_later(school)
    spans = [("2023-12-15", "2024-02-14"), ("2024-02-15", "2024-02-29"), ("2024-03-01", "2024-03-31")]
    spans += [("2024-04-01", None), (None, "2024-03-31")]
    found = []
    for first, last in spans:
        where = {name: text for name, text in (("from", first), ("until", last)) if text}
        start = stamp(first, zone) if first else 0
        end = stamp(last, zone) + 86400 if last else 2**40
        wanted = [p["id"] for p in school.payments if p["paid_at"] and start <= p["paid_at"] < end]
        rows, about = export(desk, "payments", where, zone)
        assert [row["ID"] for row in rows] == wanted[::-1]
        assert all("By the day of payment" in about[f"Paid {name}"] for name in where)
        found.append(len(wanted))
        links, _about = export(desk, "invoice-links", where, zone)
        assert sorted(row["Payment ID"] for row in links) == sorted(wanted)
        assert len(desk_calls(desk, "invoice-links")) == len(wanted), "no other invoice is asked for"
    assert all(found)


def desk_calls(desk, entry_id):
    """The calls for rows of the last job of an export."""
    path = max(desk.home.jobs.glob(f"*-{entry_id}-*.lwjob"), key=lambda one: one.stat().st_mtime_ns)
    job = Journal(path)
    found = [call for call in job.calls() if call.values["role"] == "rows"]
    job.close()
    return found


def test_a_month_of_payments_needs_no_request_for_what_is_older_than_a_year(desk, practice):
    asked = []
    real = desk.session.client.send
    desk.session.client.send = lambda request, stop=None: asked.append(request) or real(request, stop)
    export(desk, "payments", {"from": "2024-03-01", "until": "2024-03-31"})
    query = dict(next(request.query for request in asked if request.path == "payments"))
    year = (stamp("2024-03-01") - int(query["created_after"])) / 86400
    assert year == 366 and int(query["created_before"]) == stamp("2024-04-02") - 1
