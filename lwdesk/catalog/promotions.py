"""Promotions and coupons: single codes, codes in bulk, both lists."""

from collections.abc import Mapping
from typing import Any

from lwdesk.base.text import N_
from lwdesk.catalog.cells.dates import Date
from lwdesk.catalog.cells.kinds import Choice, Reference, Several, Text
from lwdesk.catalog.cells.numbers import Number
from lwdesk.catalog.cells.sense import SOME, UNTIL
from lwdesk.catalog.effects.mints import Mints
from lwdesk.catalog.effects.records import Creates
from lwdesk.catalog.export_model import DATETIME, DAY, ID, LIST, NUMBER, YES_NO, Export, Out, Parents
from lwdesk.catalog.filters import days, one_of
from lwdesk.catalog.model import LOOK, NEVER, Column, Listing
from lwdesk.catalog.operation import Operation
from lwdesk.catalog.payment_columns import (
    BILLING,
    CURRENCY,
    DETAILS,
    DISCOUNT,
    NET,
    PRICE,
    PRODUCT,
    REFUND,
    TRANSACTION,
)
from lwdesk.catalog.refers import PRODUCTS, id_of, ids_of, user_id
from lwdesk.catalog.summaries import By, Figure, Summary

FAMILY = N_("Promotions and product discount offers (coupons)")
# The service names no limit; this many codes come back in one answer of moderate size.
CODES_A_CALL = 100

PROMOTIONS = Listing(
    "promotion", N_("promotion"), walk="GET promotions", size=20, label="name",
    keys=("id", "name"), keep=("id", "name"),
)  # fmt: skip
COUPONS = Listing(
    "coupon",
    N_("product discount offer (coupon)"),
    within="promotion",
    items="coupons",
    ask="GET promotions/{parent}/coupons",
    keys=("code",),
    label="code",
    keep=("code", "bulk", "quantity", "expires"),
)

PROMOTION = Column(
    "promotion",
    N_("Promotion"),
    Reference(("promotion",)),
    at="path",
    required=True,
    example="Spring sale",
    help=N_("The promotion that the product discount offers (coupons) belong to, by name or ID."),
)
EXPIRES = Column(
    "expires",
    N_("Expires"),
    Date(),
    at="expires",
    sense=UNTIL,
    example="2030-03-31",
    help=N_("The last day the code works. If blank: it never expires."),
)

CREATE_PROMOTION = Operation(
    id="create-promotion",
    title=N_("Create promotions"),
    family=FAMILY,
    call="POST promotions",
    columns=(
        Column(
            "name",
            N_("Name"),
            Text(),
            at="name",
            required=True,
            example="Spring sale",
            help=N_("The promotion's name in the LearnWorlds admin."),
        ),
        Column(
            "type",
            N_("Type"),
            Choice.of(percentage="percent %", fixed="amount", flat=""),
            at="type",
            default="percentage",
            example="percentage",
            help=N_("percentage, fixed (an amount), or flat. If blank: percentage."),
        ),
        Column(
            "value",
            N_("Value"),
            Number(low=0, percent=True, money=True),
            at="value",
            sense=SOME,
            most=("type", "percentage", 100),
            required=True,
            example="20",
            help=N_("The discount: in percent, or an amount in the school's currency."),
        ),
        Column(
            "applies_to_all",
            N_("Applies to all"),
            Several(Choice.of("bundles", "courses", "courses_bundles", "none"), commas=True),
            at="applies_to_all",
            help=N_(
                "courses, bundles or courses_bundles, to apply it to all of "
                "them. Or leave this blank and list products."
            ),
        ),
        Column(
            "products",
            N_("Products"),
            Several(Reference(("course", "bundle", "subscription"))),
            at="products",
            typed=True,
            help=N_(
                "The courses, learning programs (bundles) and subscription plans it applies to, by title or "
                "ID, separated by semicolons."
            ),
        ),
    ),
    effect=Creates("promotion", by="name"),
    done=N_("promotion {name} created"),
    so=N_("promotion {name} already exists"),
    repeat=NEVER,
    no_undo=N_(
        "LearnWorlds doesn't let other apps delete promotions. Delete the promotion in the LearnWorlds admin."
    ),
    doc=N_("Creates promotions without product discount offers (coupons). Create those afterwards."),
)

CREATE = Operation(
    id="create-coupon",
    title=N_("Create product discount offers (coupons)"),
    family=FAMILY,
    call="POST promotions/{promotion}/coupons",
    columns=(
        PROMOTION,
        Column(
            "code",
            N_("Code"),
            Text(),
            at="code",
            required=True,
            example="SPRING-10",
            help=N_("The code that users type. It must be unique in your school."),
        ),
        Column(
            "quantity",
            N_("Quantity"),
            Number(low=1, whole=True),
            at="quantity",
            example="50",
            words="quantity.coupon",
            help=N_("How many times the code can be used. If blank: no limit."),
        ),
        EXPIRES,
    ),
    effect=Creates("coupon", by="code", parent="promotion"),
    done=N_("code {code} created"),
    so=N_("code {code} already exists"),
    repeat=LOOK,
    no_undo=N_(
        "LearnWorlds doesn't let other apps delete product discount offers "
        "(coupons). Delete the code in the LearnWorlds admin."
    ),
    doc=N_("Creates product discount offers (coupons) with the codes in your sheet."),
)

BULK = Operation(
    id="bulk-coupons",
    title=N_("Create product discount offers (coupons) in bulk"),
    family=FAMILY,
    call="POST promotions/{promotion}/coupons-bulk",
    columns=(
        PROMOTION,
        Column(
            "prefix",
            N_("Prefix"),
            Text(),
            at="prefix",
            required=True,
            example="spring",
            help=N_("The beginning of each code. LearnWorlds adds a hyphen and six letters."),
        ),
        Column(
            "quantity",
            N_("Quantity"),
            Number(low=1, high=10_000, whole=True),
            at="quantity",
            required=True,
            example="100",
            words="quantity.bulk",
            help=N_("How many codes to create. Each works once."),
        ),
        EXPIRES,
    ),
    effect=Mints("coupon", parent="promotion", prefix="prefix", count="quantity", most=CODES_A_CALL),
    done=N_("{quantity} codes {prefix}-… created"),
    so="",
    repeat=NEVER,
    no_undo=N_(
        "LearnWorlds doesn't let other apps delete product discount offers "
        "(coupons). Delete the code in the LearnWorlds admin."
    ),
    doc=N_("Creates many codes at once. You find them in the results workbook."),
)


def _of_promotion(shown: str) -> Out:
    return id_of("promotion", "of.promotion.id", N_("Promotion ID"), N_("Promotion"), shown=shown)


PROMOTION_LIST = Export(
    id="promotions",
    title=N_("Promotions"),
    family=FAMILY,
    call="GET promotions",
    size=20,
    columns=(
        Out("name", N_("Name")),
        Out("type", N_("Type")),
        Out("value", N_("Value"), NUMBER),
        Out("applies_to_all", N_("Applies to all"), LIST),
        ids_of(PRODUCTS, "products.id", N_("Product IDs"), N_("Products"), by="products.type"),
        Out("products.type", N_("Product types"), LIST),
        Out("coupons.code", N_("Discount offers (coupons)"), LIST),
        Out("created", N_("Created"), DATETIME),
        Out("modified", N_("Modified"), DATETIME),
        Out("id", N_("ID"), ID),
    ),
    doc=N_("Every promotion, with its discount, products, and product discount offers (coupons)."),
)


def _left(coupon: Mapping[str, Any]) -> int | None:
    """How often a code can still be used; None where that has no limit."""
    quantity, used = coupon.get("quantity"), coupon.get("times_used") or 0
    return max(0, int(quantity) - int(used)) if quantity is not None else None


COUPON_LIST = Export(
    id="coupons",
    title=N_("Product discount offers (coupons)"),
    family=FAMILY,
    call="GET promotions",
    size=20,
    levels=(("promotion", "coupons"),),
    filters=(
        one_of("promotion", N_("Promotions"), ("promotion",), "of.promotion.id"),
        *days("expires", N_("Expires from"), N_("Expires until"), "expires_"),
    ),
    columns=(
        _of_promotion("of.promotion.name"),
        Out("code", N_("Code")),
        Out("quantity", N_("Quantity"), NUMBER),
        Out("times_used", N_("Times used"), NUMBER),
        Out("left", N_("Uses left"), NUMBER, derive=_left),
        Out("expires", N_("Expires"), DAY),
        Out("bulk", N_("Created in bulk"), YES_NO),
        Out("prefix", N_("Prefix")),
        Out("of.promotion.type", N_("Discount type")),
        Out("of.promotion.value", N_("Discount"), NUMBER),
        Out("of.promotion.applies_to_all", N_("Applies to all"), LIST),
        ids_of(
            PRODUCTS,
            "of.promotion.products.id",
            N_("Product IDs"),
            N_("Products"),
            by="of.promotion.products.type",
        ),
    ),
    summaries=(
        Summary(
            N_("By promotion"),
            (By("of.promotion.id:title", empty=True, id=("of.promotion.id",)),),
            (
                Figure(N_("Codes")),
                Figure(N_("Quantity"), "quantity"),
                Figure(N_("Times used"), "times_used"),
                Figure(N_("Uses left"), "left"),
            ),
            chart=N_("Times used"),
        ),
    ),
    doc=N_(
        "Every product discount offer (coupon) code, with its promotion, number of uses, and expiry date."
    ),
)

COUPON_USAGE = Export(
    id="coupon-usage",
    title=N_("Discount offer usage (coupons)"),
    family=FAMILY,
    call="GET promotions/{promotion}/coupons/{coupon}/usage",
    size=50,
    per=(
        Parents(
            "coupon",
            "GET promotions/{promotion}/coupons",
            id="code",
            title="code",
            facts=(("times_used", "times_used"),),
            only=("times_used", ()),
            of=Parents("promotion", "GET promotions", title="name"),
        ),
    ),
    filters=(
        Column("promotion", N_("Promotions"), Several(Reference(("promotion",)))),
        *days("created", N_("Used from"), N_("Used until")),
    ),
    columns=(
        _of_promotion("of.promotion.title"),
        Out("of.coupon.id", N_("Code")),
        Out("created", N_("Used"), DATETIME),
        user_id("user_id"),
        PRODUCT,
        Out("product.type", N_("Product type")),
        PRICE,
        DISCOUNT,
        REFUND,
        NET,
        CURRENCY,
        *DETAILS,
        BILLING["name"],
        TRANSACTION,
        Out("id", N_("Payment ID"), ID),
    ),
    doc=N_(
        "The payments each product discount offer (coupon) was used for. Can take a while if many codes were used."
    ),
)

LISTINGS = (PROMOTIONS, COUPONS)
OPERATIONS = (CREATE_PROMOTION, CREATE, BULK)
EXPORTS = (PROMOTION_LIST, COUPON_LIST, COUPON_USAGE)
