"""Payments as an export."""

from collections.abc import Mapping
from typing import Any

from lwdesk.base.text import N_
from lwdesk.catalog.cells.dates import Date
from lwdesk.catalog.cells.kinds import Choice, Reference, User
from lwdesk.catalog.export_model import (
    DATETIME,
    ID,
    LIST,
    MONEY,
    NUMBER,
    PERCENT,
    YES_NO,
    Export,
    Extract,
    Out,
    Parents,
    names_of,
)
from lwdesk.catalog.files import Files
from lwdesk.catalog.filters import days
from lwdesk.catalog.model import Column
from lwdesk.catalog.payment_columns import (
    BILLING,
    COMMISSION,
    COUPON,
    CURRENCY,
    DISCOUNT,
    INVOICE,
    NET,
    PAID,
    PLAN,
    PRICE,
    PRODUCT,
    REFUND,
    REFUNDED,
    TAX,
    TAX_RATE,
    TRANSACTION,
)
from lwdesk.catalog.refers import PRODUCTS, user_id
from lwdesk.catalog.summaries import MONTH, By, Figure, Summary
from lwdesk.catalog.users import CAME_FROM

FAMILY = N_("Payments")
# LearnWorlds filters by the time of the order, an accountant by that of the payment: so many days lie between them at
# the most.
_YEAR = 366


def _shares(payment: Mapping[str, Any]) -> list[str]:
    """The share of each instructor, in the order of their names; older schools list instructors without."""
    found = payment.get("instructors") or ()
    shares = [one.get("percentage") for one in found if isinstance(one, dict)]
    return [f"{share * 100:g}%" for share in shares if share is not None]


def _without_tax(payment: Mapping[str, Any]) -> Any:
    """The price without the tax in it."""
    price, tax = payment.get("price"), payment.get("tax_amount")
    if not isinstance(price, int | float):
        return price
    return round(price - tax, 6) if isinstance(tax, int | float) else price


_USER = user_id("user_id")
_AFFILIATE = Out("affiliate.username", N_("Affiliate"))
_TYPE = Out("product.type", N_("Product type"))

# Sums by the columns of the list, which have the same titles. Amounts in several currencies are never added.
_COUNT = Figure(N_("Payments"))
_GROSS, _NET = Figure(N_("Gross"), PRICE.at), Figure(N_("Net"), NET.at)
_DISCOUNTS = Figure(N_("Discounts"), DISCOUNT.at)
_FIGURES = (
    _COUNT,
    _GROSS,
    _DISCOUNTS,
    Figure(N_("Tax"), TAX.at),
    Figure(N_("Refunds"), REFUND.at),
    _NET,
)
_IN = By(CURRENCY.at, empty=True)
_MONTH = By(PAID.at, MONTH, empty=True)
_BOUGHT = By(f"{PRODUCT.at}:title", empty=True, id=(PRODUCT.at, _TYPE.at))
_SUMMARIES = (
    Summary(
        N_("Summary"),
        (_MONTH, _IN),
        _FIGURES,
        chart=_NET.title,
        apart=CURRENCY.at,
        doc=N_(
            "Gross is what was paid: after discounts, with tax. Net is gross less refunds, tax included."
            " A refund counts in the month of its payment. Currencies are never mixed."
        ),
    ),
    Summary(N_("By product"), (_BOUGHT, _IN), _FIGURES, chart=_NET.title, apart=CURRENCY.at),
    Summary(N_("By product and month"), (_MONTH, _BOUGHT, _IN), _FIGURES),
    Summary(
        N_("By discount offer"), (By(COUPON.at), _IN), (_COUNT, _DISCOUNTS, _GROSS, _NET), apart=CURRENCY.at
    ),
    Summary(
        N_("By affiliate"),
        (By(_AFFILIATE.at, id=("affiliate.id",)), _IN),
        (_COUNT, _GROSS, _NET, Figure(N_("Commission"), COMMISSION.at)),
        apart=CURRENCY.at,
    ),
)
_INVOICES = Extract(
    N_("Invoices"),
    (
        INVOICE,
        PAID,
        BILLING["name"],
        names_of(_USER)[0],
        BILLING["country"],
        BILLING["taxid"],
        *names_of(PRODUCT),
        Out("net_of_tax", N_("Amount excluding tax"), MONEY, derive=_without_tax),
        TAX_RATE,
        TAX,
        Out("price", N_("Gross"), MONEY),
        CURRENCY,
        REFUNDED,
        REFUND,
    ),
    only="invoice",
)

EXPORT = Export(
    id="payments",
    title=N_("Payments"),
    family=FAMILY,
    call="GET payments",
    size=200,
    sized=True,
    filters=(
        Column(
            "from",
            N_("Paid from"),
            Date(),
            at="created_after",
            reads=PAID.at,
            wider=_YEAR,
            help=N_(
                "By the day of payment. Payments that were created more than a year before it aren't found."
            ),
        ),
        Column(
            "until",
            N_("Paid until"),
            Date(),
            at="created_before",
            reads=PAID.at,
            wider=1,
            help=N_("By the day of payment. What isn't paid yet isn't included."),
        ),
        Column("user", N_("User"), User(), at="user_id"),
        Column(
            "product_type",
            N_("Product type"),
            Choice.of("course", "bundle", "subscription"),
            at="product_type",
        ),
        Column("product", N_("Product"), Reference(PRODUCTS, lacking=True), at="product_id"),
        Column("affiliate", N_("Affiliate"), User(), at="affiliate_id"),
    ),
    columns=(
        Out("created", N_("Created"), DATETIME),
        PAID,
        _USER,
        PRODUCT,
        _TYPE,
        PRICE,
        DISCOUNT,
        REFUND,
        NET,
        CURRENCY,
        TAX,
        TAX_RATE,
        COUPON,
        Out("type", N_("Type")),
        Out("gateway", N_("Gateway")),
        REFUNDED,
        INVOICE,
        Out("external_invoice", N_("External invoice")),
        *PLAN,
        *BILLING.values(),
        user_id("affiliate.id", N_("Affiliate ID"), who=N_("Affiliate"), username="affiliate.username"),
        _AFFILIATE,
        Out("affiliate.code", N_("Affiliate code")),
        Out("affiliate.commission_percentage", N_("Commission %"), NUMBER),
        COMMISSION,
        Out("affiliate.payment_status", N_("Commission status")),
        user_id("instructors.id", N_("Instructor IDs"), who=N_("Instructors"), kind=LIST),
        Out("instructors.percentage", N_("Instructors: Share"), LIST, derive=_shares),
        Out("instructors_total_percentage", N_("Instructors' total share"), PERCENT),
        Out("products.name", N_("All products"), LIST),
        Out("product.original_price", N_("Product original price"), MONEY),
        Out("product.discount_price", N_("Product discount price"), MONEY),
        Out("product.final_price", N_("Product final price"), MONEY),
        Out("product.trial_days", N_("Trial days"), NUMBER),
        Out("product.description", N_("Product description")),
        TRANSACTION,
        Out("id", N_("ID"), ID),
    ),
    summaries=_SUMMARIES,
    extracts=(_INVOICES,),
    doc=N_(
        "Every payment with user, product, amounts, discount offer, billing data and affiliate. Refunds are negative;"
        " the net amount is the price less the refund."
    ),
)

INVOICE_LINKS = Export(
    id="invoice-links",
    title=N_("Invoice links"),
    family=FAMILY,
    call="GET payments/{payment}/invoice-link",
    per=(
        Parents(
            "payment",
            "GET payments",
            size=200,
            sized=True,
            title="transaction_id",
            facts=(
                ("product", "product.name"),
                ("price", "price"),
                ("currency", "currency_code"),
                ("created", "created"),
                ("paid_at", "paid_at"),
                ("user_id", "user_id"),
            ),
            only=("invoice", ()),
        ),
    ),
    narrows=EXPORT.filters,
    columns=(
        Out("invoice", N_("Invoice")),
        Out("url", N_("Link")),
        Out("expires_at", N_("Link expires"), DATETIME),
        user_id("of.payment.user_id"),
        Out("of.payment.product", N_("Product")),
        Out("of.payment.price", N_("Price"), MONEY),
        Out("of.payment.currency", N_("Currency")),
        Out("of.payment.created", N_("Created"), DATETIME),
        Out("of.payment.paid_at", N_("Paid"), DATETIME),
        Out("of.payment.id", N_("Payment ID"), ID),
    ),
    files=Files(
        links=("url",),
        name=("invoice", "of.payment.user_id:last_name"),
        month="of.payment.created",
        at_once=True,
    ),
    doc=N_(
        "A link to each invoice and, if you like, the invoice files. Can take a while with many invoices. "
        "The links expire about a minute after lwdesk gets them."
    ),
)

LEADS = Export(
    id="leads",
    title=N_("Leads"),
    family=N_("Users"),
    call="GET leads",
    filters=days("created", N_("Created from"), N_("Created until")),
    columns=(
        user_id("user_id", email="email", first_name="first_name", last_name="last_name"),
        Out("tags", N_("Tags"), LIST),
        Out("created", N_("Created"), DATETIME),
        Out("page_submitted", N_("Page")),
        Out("subscribed_for_marketing_emails", N_("Marketing emails"), YES_NO),
        Out("eu_customer", N_("EU customer"), YES_NO),
        Out("user_registered_at", N_("Registered"), DATETIME),
        Out("submissions.page_submitted", N_("All pages"), LIST),
        *CAME_FROM,
    ),
    doc=N_("Visitors who left their email on a page of the school."),
)

LEAD_SUBMISSIONS = Export(
    id="lead-submissions",
    title=N_("Lead submissions"),
    family=N_("Users"),
    call="GET leads",
    levels=(("lead", "submissions"),),
    filters=days("created", N_("Submitted from"), N_("Submitted until")),
    columns=(
        user_id("of.lead.user_id", email="of.lead.email", first_name="first_name", last_name="last_name"),
        Out("created", N_("Submitted"), DATETIME),
        Out("page_submitted", N_("Page")),
        Out("tags", N_("Tags"), LIST),
        Out("subscribed_for_marketing_emails", N_("Marketing emails"), YES_NO),
        Out("eu_customer", N_("EU customer"), YES_NO),
        *CAME_FROM,
    ),
    doc=N_("Every form submitted by leads, one row per submission, with the lead's source at that time."),
)

EXPORTS = (EXPORT, INVOICE_LINKS, LEADS, LEAD_SUBMISSIONS)
