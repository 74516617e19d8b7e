"""The sheet of coupon codes that an import created, one code per row."""

from collections.abc import Iterator
from typing import Any

import orjson

from lwdesk.base.text import _
from lwdesk.catalog import OPERATIONS
from lwdesk.catalog.effects.facts import unpack
from lwdesk.catalog.effects.mints import Mints
from lwdesk.jobs.journal import Journal
from lwdesk.sheets.columns import Column
from lwdesk.sheets.sheet import Sheet

MINTING = tuple(op.id for op in OPERATIONS.values() if isinstance(op.effect, Mints))


def codes_sheet(journal: Journal) -> Sheet | None:
    """Each code with its promotion, discount and expiry, and the cells of its row; None where none was made."""
    if not journal.ask(f"SELECT 1 FROM call WHERE made != '' AND {_MINTED} LIMIT 1", *MINTING):
        return None
    columns = [
        Column(_("Code")),
        Column(_("Promotion")),
        Column(_("Discount")),
        Column(_("Expiry date"), "date"),
    ]
    return Sheet(_("Codes"), [*columns, *map(Column, journal.get("headers"))], _rows(journal))


_MINTED = f"call.op IN ({', '.join('?' * len(MINTING))})"


def _rows(journal: Journal) -> Iterator[list[Any]]:
    sql = (
        "SELECT row.cells, call.id FROM step JOIN row ON row.id = step.row JOIN call ON call.id = step.call"
        f" WHERE call.made != '' AND {_MINTED} ORDER BY row.id, step.id"
    )
    width = len(journal.get("headers"))
    for cells, call_id in journal.ask(sql, *MINTING):
        call = journal.call(call_id)
        effect, values = OPERATIONS[call.op].effect, unpack(call.values)
        assert isinstance(effect, Mints)
        own = [None if cell is None else str(cell) for cell in orjson.loads(cells)][:width]
        own += [None] * (width - len(own))
        for code in call.made.split("; "):
            about = [str(values[effect.parent]), call.memo.get("worth", ""), values.get("expires")]
            yield [code, *about, *own]
