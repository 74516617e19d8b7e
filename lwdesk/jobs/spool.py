"""What an export fetches, in the journal: its pages, and the records that their ids refer to."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

import orjson

from lwdesk.jobs.file import JobFile
from lwdesk.jobs.states import Page


class Spool(JobFile):
    """Pages, and records whose names are wanted, by listing and id: their fields, once they were found."""

    def pages(self, op: str) -> Iterator[Page]:
        """The pages of one export, in the order of their places."""
        sql = "SELECT page.call, place, rows, keys FROM page JOIN call ON call.id = page.call WHERE op = ?"
        for call_id, place, rows, keys in self.ask(f"{sql} ORDER BY place, page.call", op):
            data = self.ask("SELECT data FROM page WHERE call = ?", call_id)[0][0]
            yield Page(place, rows, data, _keys(keys))

    def page_keys(self, op: str) -> set[str]:
        """The columns that the pages of one export have beside the known ones."""
        sql = "SELECT DISTINCT keys FROM page JOIN call ON call.id = page.call WHERE op = ?"
        return {key for (keys,) in self.ask(sql, op) for key in _keys(keys)}

    def want_names(self, listing: str, ids: Iterable[str]) -> None:
        """Note that these ids are referred to."""
        self._do_many("INSERT OR IGNORE INTO name (listing, id) VALUES (?, ?)", [(listing, id) for id in ids])

    def add_names(self, listing: str, found: Mapping[str, Any]) -> None:
        """Keep the fields of records, by their ids, where they are wanted."""
        sql = "UPDATE name SET fields = ? WHERE listing = ? AND id = ?"
        self._do_many(sql, [(orjson.dumps(fields), listing, id) for id, fields in found.items()])

    def name(self, listing: str, id: str) -> dict[str, Any] | None:
        """The fields of a record that was found."""
        found = self.ask("SELECT fields FROM name WHERE listing = ? AND id = ?", listing, id)
        return orjson.loads(found[0][0]) if found and found[0][0] is not None else None

    def names_open(self, listing: str, *, asked: bool, beside: Collection[str] = ()) -> int:
        """How many records of a listing are wanted and not found: those that were looked for, or those that were not;
        `beside` these."""
        sql = (
            "SELECT count(*) FROM name WHERE listing = ? AND asked = ? AND fields IS NULL"
            " AND id NOT IN (SELECT value FROM json_each(?))"
        )
        return int(self.ask(sql, listing, asked, orjson.dumps(list(beside)).decode())[0][0])

    def names_missing(self, listing: str) -> list[str]:
        """The ids of records that were looked for and not found."""
        sql = "SELECT id FROM name WHERE listing = ? AND asked = 1 AND fields IS NULL"
        return [id for (id,) in self.ask(sql, listing)]

    def look_for_names(self, listing: str, most: int) -> list[str]:
        """Mark all wanted records as looked for. Returns the ids of those that were not, so many at the most."""
        where = "WHERE listing = ? AND asked = 0 AND fields IS NULL"
        found = self.ask(f"SELECT id FROM name {where} LIMIT ?", listing, most)
        self._do(f"UPDATE name SET asked = 1 {where}", listing)
        return [id for (id,) in found]


def _keys(packed: bytes | None) -> list[str]:
    return list(orjson.loads(packed)) if packed else []
