"""Columns that lists of payments share: what was paid and given back, in which currency, for what, billed to whom."""

from collections.abc import Mapping
from typing import Any

from lwdesk.base.text import N_
from lwdesk.catalog.export_model import DATETIME, ID, MONEY, NUMBER, Out
from lwdesk.catalog.refers import PRODUCTS, id_of

Record = Mapping[str, Any]


def _discount(payment: Record) -> Any:
    """A number, or since 2026 an amount with its currency."""
    found = payment.get("discount")
    return found.get("amount") if isinstance(found, Mapping) else found


def currency(payment: Record) -> Any:
    """The code of the payment's currency; None where an older LearnWorlds doesn't name it."""
    found = payment.get("discount")
    return payment.get("currency_code") or (found.get("currency") if isinstance(found, Mapping) else None)


def _refund(payment: Record) -> Any:
    """What was given back, below zero; None where nothing was. A payment is refunded whole or not at all."""
    price = payment.get("price")
    return -price if payment.get("refund_at") and isinstance(price, int | float) and price else None


def _net(payment: Record) -> Any:
    """The price, without what was given back."""
    price = payment.get("price")
    return price + (_refund(payment) or 0) if isinstance(price, int | float) else price


PRICE = Out("price", N_("Price"), MONEY)
DISCOUNT = Out("discount", N_("Discount"), MONEY, derive=_discount)
REFUND = Out("refund", N_("Refund"), MONEY, derive=_refund)
NET = Out("net", N_("Net"), MONEY, derive=_net)
CURRENCY = Out("currency_code", N_("Currency"), derive=currency)
TAX, TAX_RATE = Out("tax_amount", N_("Tax"), MONEY), Out("tax_percentage", N_("Tax %"), NUMBER)
PAID, REFUNDED = Out("paid_at", N_("Paid"), DATETIME), Out("refund_at", N_("Refunded"), DATETIME)
INVOICE = Out("invoice", N_("Invoice"))
COUPON = Out("coupon", N_("Discount offer (coupon)"))
PLAN = (
    Out("period", N_("Period")),
    Out("payment_plan_current_payment", N_("Installment"), NUMBER),
    Out("payment_plan_total_payments", N_("Installments"), NUMBER),
)
# What further lists of payments tell of each.
DETAILS = (
    TAX,
    TAX_RATE,
    PAID,
    REFUNDED,
    Out("type", N_("Type")),
    Out("gateway", N_("Gateway")),
    INVOICE,
    *PLAN,
)
TRANSACTION = Out("transaction_id", N_("Transaction ID"), ID)
PRODUCT = id_of(
    PRODUCTS, "product.id", N_("Product ID"), N_("Product"), by="product.type", shown="product.name"
)
COMMISSION = Out("affiliate.commission_amount", N_("Commission"), MONEY)
BILLING = {
    key: Out(f"billing_info.bf_{key}", title)
    for key, title in (
        ("name", N_("Billing name")),
        ("address", N_("Billing address")),
        ("city", N_("Billing city")),
        ("postalcode", N_("Billing postal code")),
        ("country", N_("Billing country")),
        ("taxid", N_("Billing tax ID")),
    )
}
