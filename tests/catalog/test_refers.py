"""Ids in exports: each says what it refers to, is the export's own, or is excepted for a reason."""

import re
from collections import Counter

import pytest

from lwdesk.catalog import EXPORTS
from lwdesk.catalog.export_model import ID, Name

ID_PLACE = re.compile(r"(?:^|[._])ids?$|(?:^|[a-z])Ids?$|_ids$")
# What the export lists, so that its names are beside it.
OWN = {
    "users": "id",
    "courses": "id",
    "grades": "id",
    "bundles": "id",
    "subscription-plans": "id",
    "installments": "id",
    "course-contents": "id",
    "certificates": "id",
    "seat-offerings": "id",
    "groups": "id",
    "roles": "id",
    "segments": "id",
    "collections": "id",
    "spaces": "id",
    "posts": "id",
    "payments": "id",
    "promotions": "id",
    "coupon-usage": "id",
    "affiliate-payments": "id",
    "affiliate-payouts": "id",
    "payout-payments": "id",
    "payment-plans": "id",
    "assessment-responses": "of.response.id",
    "form-responses": "of.response.id",
    "invoice-links": "of.payment.id",
}
# Field -> why it has no name of its own.
EXCEPTED = {
    "learningUnit.id": "the activity's title is in the column Activity",
    "unit_id": "the activity's title is in the row",
    "of.unit.id": "the activity's title is in the row",
    "of.assessment.id": "the activity's title is in the row",
    "of.form.id": "the activity's title is in the row",
    "of.section.id": "the section's title is in the row",
    "blockId": "the question itself is in the row",
    "of.payout.id": "a payout has no name",
    "of.coupon.id": "a coupon's id is its code",
    "transaction_id": "the payment provider's",
    "provider_meta.id": "the payment provider's",
    "provider_meta.plan": "the payment provider's",
    "provider_meta.customer_id": "the payment provider's",
    "identifiers.google_store_id": "Google's",
    "identifiers.apple_store_id": "Apple's",
    "stripePlanId": "Stripe's",
    "billing_info.bf_taxid": "a tax number",
    "assigned_licenses_ids": "the API has no list of licenses",
    "payments.id": "a payment has no name",
    "usages.unitId": "the API lists an activity only under its course, which has its name",
}


@pytest.mark.parametrize("entry", [e for e in EXPORTS.values() if not e.parts], ids=lambda e: e.id)
def test_every_id_refers_to_something_or_is_excepted(entry):
    for column in entry.columns:
        if column.refers or not (column.kind == ID or ID_PLACE.search(column.at)):
            continue
        payment_plan = (entry.id, column.at) == ("installments", "plan_id")  # its name is in the row
        assert column.at in EXCEPTED or OWN.get(entry.id) == column.at or payment_plan, column.at


@pytest.mark.parametrize("entry", [e for e in EXPORTS.values() if not e.parts], ids=lambda e: e.id)
def test_names_stand_before_ids_and_no_two_columns_are_called_alike(entry):
    ids = [column.is_id for column in entry.outs]
    assert ids == sorted(ids)
    headings = Counter(column.heading for column in entry.outs)
    assert [heading for heading, count in headings.items() if count > 1] == []
    for column in entry.columns:
        if column.refers:
            mine = [c for c in entry.outs if isinstance(c, Name) and c.of is column]
            assert len(mine) == (3 if column.refers.to == ("user",) else 1)
