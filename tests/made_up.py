"""A family that lwdesk has not: one operation and one export, as a file under `lwdesk/catalog` would have them."""

import sys

from lwdesk import catalog
from lwdesk.app import helper
from lwdesk.catalog import words
from lwdesk.catalog.cells.kinds import Choice
from lwdesk.catalog.effects.records import Updates
from lwdesk.catalog.export_model import Export, Out
from lwdesk.catalog.model import CHANGES, SAFE, Column
from lwdesk.catalog.operation import Operation
from lwdesk.catalog.users import USER

FAMILY = "Shirts"

SET = Operation(
    id="set-shirt-size",
    title="Set shirt sizes",
    family=FAMILY,
    call="PUT users/{user}",
    columns=(
        USER,
        Column(
            "shirt_size",
            "Shirt size",
            Choice.of("S", "M", "L", XL="extra-large"),
            at="fields.cf_t-shirt_size",
            required=True,
            example="M",
            help="The size of the user's shirt, as a letter.",
        ),
    ),
    effect=Updates("user", by="user"),
    done="given a shirt of size {shirt_size}",
    so="has a shirt of that size",
    repeat=SAFE,
    risk=CHANGES,
    undo="set-shirt-size",
    doc="Writes down which shirt fits whom.",
)
SIZES = Export(
    id="shirt-sizes",
    title="Shirt sizes",
    family=FAMILY,
    call="GET users",
    size=200,
    sized=True,
    columns=(Out("email", "Email"), Out("fields.cf_t-shirt_size", "Shirt size")),
    doc="Everyone with the size of their shirt.",
)

OPERATIONS = (SET,)
EXPORTS = (SIZES,)


WORDS = {"en": "jersey", "de": "Hemdgröße"}


def add():
    """Take the family into the catalog, and the words of its column into the languages' tables."""
    catalog.add(sys.modules[__name__])
    for language, word in WORDS.items():
        words.tables()[language]["headers"]["shirt_size"] = [word]


def forget_words():
    """Take the words out of the languages' tables, and read these again when they are next asked for."""
    for language in WORDS:
        words.tables()[language]["headers"].pop("shirt_size", None)
    words.tables.cache_clear()
    words.headers.cache_clear()


def serve(*arguments):
    """The main function of a window's helper process that knows the family."""
    add()
    helper.serve(*arguments)
