"""The workbook of 100,000 payments, written from their pages: the list, with its sums and charts, with all sheets."""

import time
from collections.abc import Iterator
from pathlib import Path

from tests.bench.measure import Line, measured

PAYMENTS, PAGE, DAYS, PRODUCTS = 100_000, 200, 1_500, 80
MOST_TIMES, MOST_MB = 1.3, 100


def lines(folder: Path) -> Iterator[Line]:
    job = _spool(folder / "summaries")
    plain = measured(write, job, folder / "plain.xlsx", "list", runs=1)
    yield Line("write 100,000 payments, the list only", plain)
    summed = measured(write, job, folder / "summed.xlsx", "sums", runs=1)
    times = summed.cpu / plain.cpu
    met = times <= MOST_TIMES and summed.peak <= MOST_MB
    says = f"{times:.2f} times the list, {summed.found} sheets"
    yield Line("the same with its sums and charts", summed, says, f"{MOST_TIMES} times, {MOST_MB} MB", met)
    whole = measured(write, job, folder / "whole.xlsx", "all", runs=1)
    says = f"{whole.cpu / plain.cpu:.2f} times the list, {whole.found} sheets"
    yield Line(
        "the same with the 75,000 invoices for the accountant",
        whole,
        says,
        f"{MOST_MB} MB",
        whole.peak <= MOST_MB,
    )


def _spool(folder: Path) -> Path:
    """A job that has fetched the payments of some years: several products, currencies, invoices for most."""
    from lwdesk.app.exporting.spooled import squeeze
    from lwdesk.app.job.history import new_journal
    from lwdesk.base.paths import Home
    from lwdesk.jobs.states import DONE, PLANNED, Call, End, Page

    with new_journal(Home(folder), "payments") as journal:
        facts = {"school": "Bench", "root": "https://bench.example", "created": time.time()}
        journal.put(kind="export", what="payments", state=PLANNED, **facts)
        for first in range(0, PAYMENTS, PAGE):
            rows = [_payment(n) for n in range(first, first + PAGE)]
            page = Page(f"0/{first:06}", PAGE, squeeze({"chain": {}, "variant": "", "rows": rows}))
            call = journal.add_call(Call("payments", "GET", "/v2/payments"))
            names = {
                "user": {
                    row["user_id"]: {"email": f"{row['user_id']}@example.org", "first_name": "Ana"}
                    for row in rows
                }
            }
            wants = {"user": set(names["user"])}
            journal.ended(call, End(DONE, page=page, names=names, wants=wants), 0)
    path = Path(journal.path)
    journal.close()
    return path


def _payment(n: int) -> dict[str, object]:
    price, kind = (19, 49.9, 120, 0)[n % 4], ("course", "course", "bundle", "subscription")[n % 4]
    paid = 1_640_000_000 + n * 86_400 * DAYS // PAYMENTS
    product = {"id": f"product-{n % PRODUCTS}", "type": kind, "name": f"Product number {n % PRODUCTS}"}
    return {
        **{"id": f"{n:024x}", "transaction_id": f"pi_{n:020x}", "type": "one-off", "product": product},
        **{"price": price, "discount": {"amount": price / 10 if n % 5 == 0 else 0, "currency": "EUR"}},
        **{"refund_at": paid + 3600 if n % 31 == 0 else None, "user_id": f"user{n % 20_000}", "created": paid},
        **{"paid_at": paid, "invoice": f"INV-{n:06}" if price else None, "currency_code": ("EUR", "USD")[n % 10 == 0]},
        "billing_info": {
            **{"bf_name": f"Company {n % 5000}", "bf_address": "Main street 1", "bf_city": "Athens"},
            **{"bf_postalcode": "105 57", "bf_country": "GR", "bf_taxid": f"EL{n % 5000:09}"},
        },
        **{"coupon": f"CODE{n % 40}" if n % 5 == 0 else None, "tax_percentage": 24},
        "tax_amount": round(price * 0.1935, 2),
        **{"gateway": "stripe", "products": [product], "external_invoice": "", "instructors": []},
        "affiliate": {"id": "user1", "username": f"aff{n % 9}", "commission_amount": 1.5} if n % 8 == 0 else None,
    }  # fmt: skip


def write(job: str, target: str, sheets: str) -> int:
    """Sheets of the workbook: "list", "sums" with those that are made of it, or "all" with the invoices too."""
    import zipfile
    from dataclasses import replace

    from lwdesk.app.exporting import workbook
    from lwdesk.catalog import EXPORTS
    from lwdesk.jobs.journal import Journal

    journal = Journal(Path(job))
    journal.put(summary=sheets != "list")
    if sheets == "sums":
        EXPORTS["payments"] = replace(EXPORTS["payments"], extracts=())
    assert workbook.write(journal, Path(target)).rows == PAYMENTS
    journal.close()
    with zipfile.ZipFile(target) as book:
        return sum(name.startswith("xl/worksheets/sheet") for name in book.namelist())
