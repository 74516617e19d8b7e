"""Affiliates: who they are, their customers, leads, payments and payouts."""

from lwdesk.base.text import N_
from lwdesk.catalog.cells.kinds import Choice, Several, Text, User
from lwdesk.catalog.cells.numbers import Number
from lwdesk.catalog.effects.marks import Marks
from lwdesk.catalog.export_model import DATETIME, ID, LIST, MONEY, NUMBER, Export, Out, Parents
from lwdesk.catalog.filters import days
from lwdesk.catalog.model import LOOK, Column
from lwdesk.catalog.operation import Operation
from lwdesk.catalog.payment_columns import (
    COMMISSION,
    COUPON,
    CURRENCY,
    DETAILS,
    DISCOUNT,
    NET,
    PRICE,
    PRODUCT,
    REFUND,
    TRANSACTION,
)
from lwdesk.catalog.refers import user_id
from lwdesk.catalog.users import USER

FAMILY = N_("Affiliates")

EACH_AFFILIATE = Parents("affiliate", "GET affiliates", title="email", facts=(("username", "username"),))
_WHICH = Column(
    "affiliate",
    N_("Affiliates"),
    Several(User(), commas=True),
    help=N_("Emails or user IDs, separated by semicolons. If blank: all affiliates."),
)
_WHO = user_id(
    "of.affiliate.id",
    N_("Affiliate ID"),
    who=N_("Affiliate"),
    email="of.affiliate.title",
    username="of.affiliate.username",
)
_PERSON = (
    user_id("id", whole=""),
    Out("username", N_("Username")),
    Out("created", N_("Registered"), DATETIME),
    Out("last_login", N_("Last login"), DATETIME),
    Out("tags", N_("Tags"), LIST),
)

AFFILIATE_LIST = Export(
    id="affiliates",
    title=N_("Affiliates"),
    family=FAMILY,
    call="GET affiliates",
    columns=(
        user_id("id", email="email", username="username", first_name="first_name", last_name="last_name"),
        Out("username", N_("Username")),
        Out("code", N_("Code")),
        Out("commission_percentage", N_("Commission %"), NUMBER),
        Out("paymentMethod", N_("Payment method")),
        Out("paymentNotes", N_("Payment notes")),
        Out("date", N_("Since"), DATETIME),
        Out("clicks", N_("Clicks"), NUMBER),
        Out("leads", N_("Leads"), NUMBER),
        Out("customers", N_("Customers"), NUMBER),
        Out("sales", N_("Sales"), MONEY),
        Out("commissions", N_("Commissions"), MONEY),
        Out("payouts", N_("Payouts"), MONEY),
        Out("pending", N_("Pending"), MONEY),
        Out("due", N_("Due"), MONEY),
    ),
    doc=N_("All affiliates with their code, commission, sales, and the amount due."),
)


def _per_affiliate(
    entry_id: str,
    title: str,
    call: str,
    columns: tuple[Out, ...],
    doc: str,
    span: tuple[Column, Column],
    size: int = 20,
) -> Export:
    return Export(
        id=entry_id,
        title=title,
        family=FAMILY,
        call=call,
        size=size,
        per=(EACH_AFFILIATE,),
        filters=(_WHICH, *span),
        columns=(_WHO, *columns),
        doc=doc,
    )


CUSTOMERS = _per_affiliate(
    "affiliate-customers",
    N_("Affiliate customers"),
    "GET affiliates/{affiliate}/customers",
    _PERSON,
    N_("Customers and the affiliate they bought through."),
    days("created", N_("Registered from"), N_("Registered until")),
)
LEADS = _per_affiliate(
    "affiliate-leads",
    N_("Affiliate leads"),
    "GET affiliates/{affiliate}/leads",
    _PERSON,
    N_("Leads and the affiliate they signed up through."),
    days("created", N_("Registered from"), N_("Registered until")),
)
_COMMISSION = (
    Out("affiliate.commission_percentage", N_("Commission %"), NUMBER),
    COMMISSION,
    Out("affiliate.payment_status", N_("Commission status")),
)
PAYMENTS = _per_affiliate(
    "affiliate-payments",
    N_("Payments through affiliates"),
    "GET affiliates/{affiliate}/payments",
    (
        Out("created", N_("Created"), DATETIME),
        user_id("user_id"),
        PRODUCT,
        Out("product.type", N_("Product type")),
        PRICE,
        DISCOUNT,
        REFUND,
        NET,
        CURRENCY,
        *_COMMISSION,
        COUPON,
        *DETAILS,
        TRANSACTION,
        Out("id", N_("Payment ID"), ID),
    ),
    N_("Purchases made through affiliates, with the commission."),
    days("created", N_("Created from"), N_("Created until")),
    size=50,
)
PAYOUTS = Export(
    id="affiliate-payouts",
    title=N_("Affiliate payouts"),
    family=FAMILY,
    variants=(
        ("completed", "GET affiliates/{affiliate}/payouts/completed"),
        ("due", "GET affiliates/{affiliate}/payouts/due"),
        ("upcoming", "GET affiliates/{affiliate}/payouts/upcoming"),
    ),
    per=(EACH_AFFILIATE,),
    filters=(_WHICH, *days("created", N_("Created from"), N_("Created until"))),
    columns=(
        _WHO,
        Out("variant", N_("State")),
        Out("amount", N_("Amount"), MONEY),
        Out("created", N_("Paid out"), DATETIME),
        Out("paymentMethod", N_("Payment method")),
        Out("paymentNotes", N_("Payment notes")),
        user_id(
            "completedBy.id", N_("Completed by ID"), who=N_("Completed by"), username="completedBy.username"
        ),
        Out("payments.id", N_("Payment IDs"), LIST),
        Out("id", N_("Payout ID"), ID),
    ),
    doc=N_("Completed, due, and upcoming payouts. Can take a while if you have many affiliates."),
)

PAYOUT_PAYMENTS = Export(
    id="payout-payments",
    title=N_("Payments in payouts"),
    family=FAMILY,
    call="GET affiliates/{affiliate}/payouts/completed",
    per=(EACH_AFFILIATE,),
    filters=(_WHICH, *days("of.payout.created", N_("Created from"), N_("Created until"))),
    levels=(("payout", "payments"),),
    columns=(
        _WHO,
        Out("of.payout.created", N_("Paid out"), DATETIME),
        Out("of.payout.amount", N_("Payout"), MONEY),
        Out("created", N_("Created"), DATETIME),
        user_id("user_id"),
        PRODUCT,
        Out("product.type", N_("Product type")),
        PRICE,
        REFUND,
        NET,
        CURRENCY,
        *_COMMISSION,
        TRANSACTION,
        Out("id", N_("Payment ID"), ID),
        Out("of.payout.id", N_("Payout ID"), ID),
    ),
    doc=N_("The payments covered by each completed payout, with their commissions."),
)

MAKE = Operation(
    id="make-affiliate",
    title=N_("Make users affiliates"),
    family=FAMILY,
    call="POST affiliates/{user}",
    columns=(
        USER,
        Column(
            "commission_percentage",
            N_("Commission %"),
            Number(low=0, high=100, percent=True),
            at="commission_percentage",
            example="10",
            help=N_("What the affiliate earns per sale. If blank: the program's usual commission."),
        ),
        Column(
            "payment_method",
            N_("Payment method"),
            Choice.of("none", "other", paypal="pay pal", bank_transfer="bank transfer"),
            at="paymentMethod",
            example="paypal",
            help=N_("How the affiliate is paid: paypal, bank_transfer, other or none."),
        ),
        Column(
            "payment_notes",
            N_("Payment notes"),
            Text(),
            at="paymentNotes",
            example="IBAN on file",
            help=N_("A note about how to pay the affiliate."),
        ),
    ),
    effect=Marks("user", by="user", flag="is_affiliate"),
    done=N_("made an affiliate"),
    so=N_("already an affiliate"),
    repeat=LOOK,
    no_undo=N_("LearnWorlds doesn't let other apps remove affiliates. Do it in the LearnWorlds admin."),
    already=("already",),
    doc=N_("Lets users earn a commission. Existing affiliates aren't changed."),
)

OPERATIONS = (MAKE,)
EXPORTS = (AFFILIATE_LIST, CUSTOMERS, LEADS, PAYMENTS, PAYOUTS, PAYOUT_PAYMENTS)
