"""Summaries in workbooks: each figure against the state of the school, and each formula against its figure."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import openpyxl
import pytest

from lwdesk.app.exporting import exports, workbook
from lwdesk.practice.server import Practice
from tests.sheets.calculated import Book

ZONE = ZoneInfo("Pacific/Kiritimati")
FIGURES = ("Payments", "Gross", "Discounts", "Tax", "Refunds", "Net")
PRODUCTS = {
    **{
        "bar": "Café * Bar?",
        "cafe": "café",
        "CAFE": "CAFÉ",
        "sum": "=1+1",
        "2024": "2024",
        "a*b~": "Tilde ~ quoted",
    },
    **{"five": ">5", "six": "6", "safety": "Workplace's Safety", "safety-2": "Workplace's Safety"},
}


@pytest.fixture
def practice():
    with Practice(users=300, limit=False) as school:
        users = school.school.users
        for n, payment in enumerate(school.school.payments):
            payment["currency"] = ("EUR", "USD", "EUR", "JPY")[n % 4]
            if n % 7 == 0:
                payment |= {"price": 0, "discount": 0}
            if n % 5 == 0:
                payment["refund_at"] = payment["created"] + 40 * 86400
            if n % 3 == 0 and payment["price"]:
                payment |= {"tax_percentage": 24, "tax_amount": round(payment["price"] * 0.24 / 1.24, 2)}
            if n % 6 == 1:
                payment["affiliate"] = {
                    **{"id": users[3 + n % 2].id, "username": users[3 + n % 2].username, "code": "A"},
                    **{"commission_percentage": 10, "commission_amount": round(payment["price"] / 10, 2)},
                }
            if n % 9 == 2:
                payment["coupon"] = ("SPRING", "spring", "0012", "12", "A*")[n % 5]
            if n % 2:
                id = list(PRODUCTS)[n // 2 % len(PRODUCTS)]
                kind = ("course", "bundle")[n % 3 == 0] if id == "safety" else "course"
                payment["product"] = {**payment["product"], "name": PRODUCTS[id], "id": id, "type": kind}
        for user in users[20::9]:
            user.suspended = True
        yield school


def export(desk, entry_id, where=None, name="export.xlsx", columns=(), **options):
    """The workbook of an export."""
    target = desk.folder / name
    job = exports.create(desk.home, entry_id, where or {}, desk.session, target, columns, ZONE.key, **options)
    assert exports.engine(job, desk.session).run() == "finished" and exports.missing(job) == []
    written = workbook.write(job, target)
    job.close()
    assert written.rows == sum(page.max_row - 1 for page in openpyxl.load_workbook(target).worksheets[:1])
    return Book(target)


def local(stamp):
    return datetime.fromtimestamp(stamp, UTC).astimezone(ZONE).date()


def month(stamp):
    return datetime(local(stamp).year, local(stamp).month, 1)


def figures(payments):
    """The sums of payments, in cents where they are amounts."""
    found = Counter()
    for payment in payments:
        price = round(payment["price"] * 100)
        found["Payments"] += 1
        found["Gross"] += price
        found["Discounts"] += round(payment["discount"] * 100)
        found["Tax"] += round((payment["tax_amount"] or 0) * 100)
        found["Refunds"] -= price if payment["refund_at"] else 0
        found["Net"] += 0 if payment["refund_at"] else price
        affiliate = payment["affiliate"] or {}
        found["Commission"] += round(affiliate.get("commission_amount", 0) * 100)
    return found


def check(rows, groups, keys, names):
    """Whether each row shows the sums of its group of payments, and no group is missing."""
    found = {}
    for row in rows:
        key = tuple(row[name] for name in keys)
        assert key not in found
        found[key] = tuple(row[n] if n == "Payments" else round(row[n] * 100) for n in names)
    wanted = {key: tuple(figures(payments)[n] for n in names) for key, payments in groups.items()}
    empty = (0,) * len(names)
    assert {key: one for key, one in found.items() if one != empty} == {
        key: one for key, one in wanted.items() if one != empty
    }
    return found


def product(payment):
    """What a product is called beside all others that were bought."""
    name, id, kind = (payment["product"][key] for key in ("name", "id", "type"))
    if id == "safety":
        return f"{name} ({id}, {kind})"
    return f"{name} ({id})" if name in ("First Aid", "Workplace's Safety") else name


def grouped(payments, of):
    groups = {}
    for payment in payments:
        groups.setdefault(of(payment), []).append(payment)
    return groups


def test_payments_are_summed_by_month_product_coupon_affiliate_and_currency(desk, practice):
    payments = practice.school.payments
    book = export(desk, "payments")
    months = check(
        book.rows("Summary"),
        grouped(payments, lambda p: (month(p["paid_at"]), p["currency"])),
        ("Month", "Currency"),
        FIGURES,
    )
    # Months without any are there as well.
    assert len(months) % 3 == 0 and any(row == (0,) * 6 for row in months.values())
    check(
        book.rows("By product"),
        grouped(payments, lambda p: (product(p), p["currency"])),
        ("Product", "Currency"),
        FIGURES,
    )
    check(
        book.rows("By product and month"),
        grouped(payments, lambda p: (month(p["paid_at"]), product(p), p["currency"])),
        ("Month", "Product", "Currency"),
        FIGURES,
    )
    coupons = grouped([p for p in payments if p["coupon"]], lambda p: (p["coupon"], p["currency"]))
    check(
        book.rows("By discount offer"),
        coupons,
        ("Discount offer (coupon)", "Currency"),
        ("Payments", "Discounts", "Gross", "Net"),
    )
    brought = [p for p in payments if p["affiliate"]]
    check(
        book.rows("By affiliate"),
        grouped(brought, lambda p: (p["affiliate"]["username"], p["currency"])),
        ("Affiliate", "Currency"),
        ("Payments", "Gross", "Net", "Commission"),
    )


def test_every_formula_comes_to_the_figure_that_is_saved(desk, practice):
    book = export(desk, "payments")
    formulas = book.formulas
    assert len(formulas) > 500
    for sheet, cell, formula, saved in formulas:
        assert book.calculate(sheet, formula) == pytest.approx(saved, abs=1e-6), (sheet, cell, formula)
    plain = {row["Product"] for row in book.rows("By product")} - {
        book.rows("By product")[int(cell[1:]) - 2]["Product"]
        for s, cell, _f, _v in formulas
        if s == "By product"
    }
    assert plain == {"café", "CAFÉ", "2024"}  # Excel can't tell these from others


def test_an_older_school_without_currencies_loses_no_sum(desk, practice):
    practice.switches.dialect = "2025"
    book = export(desk, "payments")
    check(
        book.rows("Summary"),
        grouped(practice.school.payments, lambda p: (month(p["paid_at"]), None)),
        ("Month", "Currency"),
        FIGURES,
    )
    for sheet, cell, formula, saved in book.formulas:
        assert book.calculate(sheet, formula) == pytest.approx(saved, abs=1e-6), (sheet, cell, formula)


def test_the_accountant_has_a_row_for_each_invoice(desk, practice):
    payments = {p["invoice"]: p for p in practice.school.payments if p["invoice"]}
    rows = export(desk, "payments").rows("Invoices")
    assert sorted(row["Invoice"] for row in rows) == sorted(payments)
    for row in rows:
        payment = payments[row["Invoice"]]
        gross, tax = round(payment["price"] * 100), round((payment["tax_amount"] or 0) * 100)
        assert round(row["Gross"] * 100) == gross and round((row["Tax"] or 0) * 100) == tax
        assert round(row["Amount excluding tax"] * 100) == gross - tax
        assert row["Currency"] == payment["currency"]
        assert row["Billing country"] == payment["billing_info"]["bf_country"]
        assert row["Billing tax ID"] == payment["billing_info"]["bf_taxid"]
        assert row["Email"] == practice.school.by_id[payment["user_id"]].email
        assert (row["Refunded"] is not None) == bool(payment["refund_at"])


def test_summaries_need_their_columns_and_can_be_left_out(desk, practice):
    book = export(desk, "payments", columns=("paid_at", "price", "currency_code", "product.id:title"))
    assert book.titles == ["Payments", "Invoices", "About"]
    about = [row[1] for row in openpyxl.load_workbook(desk.folder / "export.xlsx")["About"].values]
    assert any(
        "Summary" in str(text) and "the columns they need weren't exported" in str(text) for text in about
    )
    assert "Email" not in book.rows("Invoices")[0]
    assert export(desk, "payments", summary=False).titles == ["Payments", "About"]


def test_a_csv_file_has_the_list_only(desk, practice):
    target = desk.folder / "list.csv"
    job = exports.create(desk.home, "payments", {}, desk.session, target)
    assert exports.engine(job, desk.session).run() == "finished"
    assert workbook.write(job, target).paths == (target,)
    job.close()


def test_an_empty_list_has_empty_summaries(desk, practice):
    practice.school.payments.clear()
    book = export(desk, "payments")
    assert book.rows("Summary") == [] and not book.formulas


def read_on(desk, name="export.xlsx"):
    """The day of the export, in its time zone."""
    about = dict(row[:2] for row in openpyxl.load_workbook(desk.folder / name)["About"].values)
    return about["Read on"].date()


def span(days, limits, longer):
    return next((title for most, title in limits if days <= most), longer)


SEEN = (
    *((0, "Today"), (7, "1 to 7 days ago"), (30, "8 to 30 days ago"), (90, "31 to 90 days ago")),
    *((180, "91 to 180 days ago"), (365, "181 to 365 days ago")),
)
SOON = (
    *((-1, "Already expired"), (30, "In the next 30 days"), (60, "In 31 to 60 days")),
    (90, "In 61 to 90 days"),
)
EDGES = (0, 1, 7, 8, 30, 31, 60, 61, 90, 91, 180, 181, 365, 366, 900)


def at_day(ago, hour):
    """A time so many days ago."""
    day = datetime.now(ZONE).replace(hour=hour, minute=1) - timedelta(days=ago)
    return day.timestamp()


def test_users_are_counted_by_month_tag_country_and_last_login(desk, practice):
    users = practice.school.users
    for n, user in enumerate(users):
        user.last_login = None if n % 16 == 15 else at_day(EDGES[n % 16], n % 24)
    for n, user in enumerate(users):
        user.tags = [["vip", "a; b", "Über 18"], ["vip"], [], ["vip*"]][n % 4]
        user.fields = {"country": ("Greece", "GREECE", "Côte d'Ivoire", "")[n % 4]} if n % 5 else {}
    book = export(desk, "users")
    today = read_on(desk)
    logins = [user.last_login and (today - local(user.last_login)).days for user in users]
    seen = Counter("Never" if days is None else span(days, SEEN, "Longer ago") for days in logins)
    assert [(row["Last login"], row["Users"]) for row in book.rows("Last seen")] == [
        (title, seen[title]) for title in (*(title for _most, title in SEEN), "Longer ago", "Never")
    ]
    days = [
        (row["From"] and row["From"].date(), row["Until"] and row["Until"].date())
        for row in book.rows("Last seen")
    ]
    assert days[0] == (today, None) and days[-1] == (None, None) and days[1][1] == today - timedelta(days=1)
    wanted = {
        "Sign-ups": Counter(month(user.created) for user in users),
        "By tag": Counter(tag for user in users for tag in user.tags or [None]),
        "By country": Counter(user.fields.get("country") or None for user in users),
    }
    for sheet, counts in wanted.items():
        rows = [tuple(row.values()) for row in book.rows(sheet)]
        found = {key: count for key, count in rows if count}
        assert len(rows) == len(dict(rows)), sheet
        assert {str(key).strip('"'): n for key, n in found.items()} == {str(k): n for k, n in counts.items()}
    for sheet, cell, formula, saved in book.formulas:
        assert book.calculate(sheet, formula) == pytest.approx(saved), (sheet, cell, formula)
    assert {sheet for sheet, *_rest in book.formulas} == {
        "Sign-ups",
        "Last seen",
        "By country",
    }  # a tag needs quotes
    for user in users:
        user.tags = [tag for tag in user.tags if ";" not in tag]
    book = export(desk, "users", name="again.xlsx")
    assert any(sheet == "By tag" for sheet, *_rest in book.formulas)
    for sheet, cell, formula, saved in book.formulas:
        assert book.calculate(sheet, formula) == pytest.approx(saved), (sheet, cell, formula)


def counted(rows):
    """Group -> the figure of a sheet with one figure, without groups of none."""
    rows = [list(shown(row).values()) for row in rows]
    return {tuple(groups): figure for *groups, figure in rows if figure}


def shown(row):
    """A row of sums without the ids in hidden columns."""
    return {header: cell for header, cell in row.items() if not header.endswith(" ID")}


def test_enrollments_are_counted_by_course_and_by_month_of_expiry(desk, practice):
    school = practice.school
    school.users[:] = school.users[:60]
    courses = school.products["course"]
    often = Counter(course["title"] for course in courses.values())
    titles = {
        id: f"{course['title']} ({id})" if often[course["title"]] > 1 else course["title"]
        for id, course in courses.items()
    }
    held = [
        (titles[id], holding) for user in school.users for id, holding in school.enrollments(user).items()
    ]
    for n, (_title, holding) in enumerate(held):
        holding.expires = None if n % 3 else int(at_day(7 - EDGES[n // 3 % 14], n % 24))
    book = export(desk, "enrollments")
    today = read_on(desk)
    left = [holding.expires and (local(holding.expires) - today).days for _title, holding in held]
    soon = Counter("Never" if days is None else span(days, SOON, "Later") for days in left)
    assert [(row["Expires"], row["Enrollments"]) for row in book.rows("Expiring soon")] == [
        (title, soon[title]) for title in (*(title for _most, title in SOON), "Later", "Never")
    ]
    ending = [(title, month(holding.expires)) for title, holding in held if holding.expires]
    assert counted(book.rows("By course")) == Counter((title,) for title, _holding in held)
    assert counted(book.rows("Expiring")) == Counter((when,) for _title, when in ending)
    assert counted(book.rows("Expiring by course")) == Counter((when, title) for title, when in ending)
    for sheet, cell, formula, saved in book.formulas:
        assert book.calculate(sheet, formula) == pytest.approx(saved), (sheet, cell, formula)


def test_coupons_are_summed_by_promotion_with_the_uses_that_are_left(desk, practice):
    promotions = practice.school.promotions.values()
    for n, coupon in enumerate(c for p in promotions for c in p["coupons"]):
        coupon |= {"quantity": (None, 5, 2)[n % 3], "times_used": n % 4}
    book = export(desk, "coupons")
    wanted = {}
    for promotion in promotions:
        codes = promotion["coupons"]
        limited = [code for code in codes if code["quantity"]]
        found = wanted.setdefault(promotion["name"], [0, 0, 0, 0])
        found[0] += len(codes)
        found[1] += sum(code["quantity"] for code in limited)
        found[2] += sum(code["times_used"] for code in codes)
        found[3] += sum(max(0, code["quantity"] - code["times_used"]) for code in limited)
    rows = {row["Promotion"]: list(shown(row).values())[1:] for row in book.rows("By promotion")}
    assert rows == {name: sums for name, sums in wanted.items() if sums[0]}
    left = {row["Code"]: row["Uses left"] for row in book.rows(book.titles[0])}
    assert left == {
        c["code"]: None if c["quantity"] is None else max(0, c["quantity"] - c["times_used"])
        for p in promotions
        for c in p["coupons"]
    }
    for sheet, cell, formula, saved in book.formulas:
        assert book.calculate(sheet, formula) == pytest.approx(saved), (sheet, cell, formula)


def test_sums_tell_apart_what_has_the_same_title_though_ids_were_not_chosen(desk, practice):
    """Promotions, affiliates, courses and products of one name have a row each; a renamed one has one row."""
    school = practice.school
    first, second, *_rest = school.promotions.values()
    for promotion in (first, second):
        promotion["name"] = "Spring sale"
    for n, payment in enumerate(school.payments):
        if payment["affiliate"]:
            payment["affiliate"] |= {"username": "anna", "id": school.users[n % 3].id}
        if payment["product"]["id"] == "bar" and n % 4:
            payment["product"] = {**payment["product"], "name": "Café bar, renamed"}
    book = export(
        desk, "coupons", columns=("code", "of.promotion.id:title", "quantity", "times_used", "left")
    )
    names = [row["Promotion"] for row in book.rows("By promotion")]
    assert {f"Spring sale ({one['id']})" for one in (first, second) if one["coupons"]} <= set(names)
    places = (
        "paid_at",
        "price",
        "discount",
        "tax_amount",
        "refund",
        "net",
        "currency_code",
        "product.id:title",
    )
    more = ("affiliate.username", "affiliate.commission_amount", "coupon")
    book = export(desk, "payments", columns=(*places, *more), name="payments.xlsx")
    check(
        book.rows("By affiliate"),
        grouped(
            [p for p in school.payments if p["affiliate"]],
            lambda p: (f"anna ({p['affiliate']['id']})", p["currency"]),
        ),
        ("Affiliate", "Currency"),
        ("Payments", "Gross", "Net", "Commission"),
    )
    bars = [row for row in book.rows("By product") if row["Product ID"] == "bar"]
    assert sum(row["Payments"] for row in bars) == sum(p["product"]["id"] == "bar" for p in school.payments)
    assert len({row["Product"] for row in bars}) == 1
    for sheet, cell, formula, saved in book.formulas:
        assert book.calculate(sheet, formula) == pytest.approx(saved, abs=1e-6), (sheet, cell, formula)
    assert {"By product", "By affiliate"} <= {sheet for sheet, *_rest in book.formulas}
    hidden = {
        cell.value
        for cell in book.values.worksheets[0][1]
        if book.values.worksheets[0].column_dimensions[cell.column_letter].hidden
    }
    assert {"Product ID", "Product type", "Affiliate ID"} <= hidden
