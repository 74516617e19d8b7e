"""Figures in exports, each against the state of the school: money, refunds, currencies, durations, time zones."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import openpyxl
import pytest

from lwdesk.app.exporting import exports, workbook
from lwdesk.base.errors import UserError
from lwdesk.practice.server import Practice

CURRENCIES = ("EUR", "USD", "JPY")


@pytest.fixture
def practice():
    with Practice(users=300, limit=False) as school:
        for n, payment in enumerate(school.school.payments):
            payment["currency"] = CURRENCIES[n % 3]
            if n % 7 == 0:
                payment |= {"price": 0, "discount": 0}
            if n % 5 == 0:
                payment["refund_at"] = payment["created"] + 3600
        school.school.payments[1] |= {"price": 19.99, "discount": 0.01, "refund_at": None}
        for user in school.school.users[20::9]:
            user.suspended = True
        yield school


def export(desk, entry_id, zone="", where=None, name="export.xlsx"):
    """Rows of an export as dicts of cells."""
    target = desk.folder / name
    job = exports.create(desk.home, entry_id, where or {}, desk.session, target, (), zone)
    assert exports.engine(job, desk.session).run() == "finished" and exports.missing(job) == []
    workbook.write(job, target)
    head, *rows = openpyxl.load_workbook(target).worksheets[0].iter_rows()
    return [{h.value: cell for h, cell in zip(head, row, strict=True)} for row in rows]


@pytest.mark.parametrize("form", ["number", "object"])
def test_payments_sum_up_by_currency_with_refunds_below_zero(desk, practice, form):
    practice.switches.discount_object = form == "object"
    paid, refunded, net, discounts = Counter(), Counter(), Counter(), Counter()
    for payment in practice.school.payments:
        cents, code = round(payment["price"] * 100), payment["currency"]
        paid[code] += cents
        refunded[code] -= cents if payment["refund_at"] else 0
        net[code] += 0 if payment["refund_at"] else cents
        discounts[code] += round(payment["discount"] * 100)
    rows = export(desk, "payments")
    assert len(rows) == len(practice.school.payments)
    for column, expected in {"Price": paid, "Refund": refunded, "Net": net, "Discount": discounts}.items():
        found = Counter()
        for row in rows:
            found[row["Currency"].value] += round((row[column].value or 0) * 100)
        assert found == expected, column
    assert all(row["Net"].number_format == "#,##0.00" for row in rows)
    zero = [row for row in rows if row["Price"].value == 0]
    assert zero and all(row["Net"].value == 0 and row["Refund"].value is None for row in zero)


def test_an_older_school_names_no_currency_and_no_sum_is_lost(desk, practice):
    practice.switches.dialect = "2025"
    rows = export(desk, "payments")
    assert {row["Currency"].value for row in rows} == {None}
    expected = sum(0 if p["refund_at"] else round(p["price"] * 100) for p in practice.school.payments)
    assert sum(round(row["Net"].value * 100) for row in rows) == expected


@pytest.mark.parametrize("entry_id", ["affiliate-payments", "coupon-usage"])
def test_other_lists_of_payments_have_the_same_figures(desk, practice, entry_id):
    by_id = {payment["id"]: payment for payment in practice.school.payments}
    rows = export(desk, entry_id)
    assert rows
    for row in rows:
        payment = by_id[row["Payment ID"].value]
        gone = payment["refund_at"] and payment["price"]
        assert row["Price"].value == payment["price"] and row["Currency"].value == payment["currency"]
        assert row["Refund"].value == (-payment["price"] if gone else None)
        assert row["Net"].value == (0 if gone else payment["price"])
        if entry_id == "affiliate-payments":
            assert row["Commission"].value == payment["affiliate"]["commission_amount"]


def test_shares_of_instructors_stand_beside_their_names(desk, practice):
    teachers = practice.school.users[2:4]
    shares = [{"id": teachers[0].id, "percentage": 0.125}, {"id": teachers[1].id, "percentage": 0.07}]
    practice.school.payments[0] |= {"instructors": shares, "instructors_total_percentage": 0.195}
    [row] = [r for r in export(desk, "payments") if r["ID"].value == practice.school.payments[0]["id"]]
    assert row["Instructors: Email"].value == "; ".join(user.email for user in teachers)
    assert row["Instructors: Share"].value == "12.5%; 7%"
    total = row["Instructors' total share"]
    assert (total.value, total.number_format) == (0.195, "0%")


def test_durations_are_durations(desk, practice):
    school = practice.school
    rows = export(desk, "progress")
    assert any(row["Time on course"].value for row in rows)
    for row in rows:
        known = school.by_id[row["User ID"].value].progress.get(row["Course ID"].value)
        spent = known.units.values() if known else ()
        cell = row["Time on course"]
        assert cell.number_format == "[h]:mm"
        assert to_seconds(cell.value) == sum(unit.seconds for unit in spent)
    rows = export(desk, "course-progress", where={"course": "gdpr"})
    assert {row["Time on activity"].number_format for row in rows} == {"[h]:mm:ss"}
    lengths = [to_seconds(r["Length"].value) for r in export(desk, "school-events") if r["Learner ID"].value]
    events = [e["bookingDetails"] for e in school.school_events if e["bookingDetails"]]
    assert lengths == [one["providerData"]["durationInMinutes"] * 60 for one in events]


def to_seconds(value):
    """What openpyxl reads from a duration, in seconds."""
    if isinstance(value, timedelta):
        return round(value.total_seconds())
    return value.hour * 3600 + value.minute * 60 + value.second if value else 0


@pytest.mark.parametrize("zone", ["Europe/Athens", "America/New_York", "Pacific/Kiritimati"])
def test_times_are_those_of_the_chosen_time_zone_in_summer_and_winter(desk, practice, zone):
    created = {payment["id"]: payment["created"] for payment in practice.school.payments}
    rows = export(desk, "payments", zone)
    for row in rows:
        local = datetime.fromtimestamp(created[row["ID"].value], UTC).astimezone(ZoneInfo(zone))
        assert abs(row["Created"].value - local.replace(tzinfo=None)) < timedelta(seconds=1)
    about = openpyxl.load_workbook(desk.folder / "export.xlsx")["About"]
    assert [zone] == [row[1] for row in about.iter_rows(values_only=True) if row[0] == "Time zone"]


def test_days_of_filters_begin_in_the_time_zone(desk, practice):
    zone = ZoneInfo("Pacific/Kiritimati")
    local = {p["id"]: datetime.fromtimestamp(p["created"], zone).date() for p in practice.school.payments}
    day = sorted(local.values())[len(local) // 2]
    rows = export(desk, "payments", zone.key, {"from": f"{day}", "until": f"{day}"})
    assert {row["ID"].value for row in rows} == {id for id, one in local.items() if one == day}


def test_a_time_zone_that_there_is_none_of_is_refused(desk):
    with pytest.raises(UserError, match="no time zone “Europe/Athen”") as error:
        export(desk, "payments", "Europe/Athen")
    assert "Europe/Athens" in error.value.hint
