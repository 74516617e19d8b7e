"""What an export fetches, in the journal: its pages, and the records that their ids refer to."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

import orjson

from lwdesk.jobs.file import JobFile
from lwdesk.jobs.states import DONE, FAILED, File, Page

_FILE = (
    "SELECT file.id, state, message, name, size, changed, digest FROM file JOIN call ON call.id = file.call"
)
# Where a call says which page of its list it is for, and its answer how many there are.
_NUMBERS = (('"values"', "number"), ("answer", "pages"))


class Spool(JobFile):
    """Pages, and records whose names are wanted, by listing and id: their fields, once they were found."""

    def pages(self, op: str) -> Iterator[Page]:
        """The pages of one export, in the order of their places."""
        sql = "SELECT page.call, place, rows, keys FROM page JOIN call ON call.id = page.call WHERE op = ?"
        for call_id, place, rows, keys in self.ask(f"{sql} ORDER BY place, page.call", op):
            data = self.ask("SELECT data FROM page WHERE call = ?", call_id)[0][0]
            yield Page(place, rows, data, _keys(keys), call_id)

    def page_keys(self, op: str) -> set[str]:
        """The columns that the pages of one export have beside the known ones."""
        sql = "SELECT DISTINCT keys FROM page JOIN call ON call.id = page.call WHERE op = ?"
        return {key for (keys,) in self.ask(sql, op) for key in _keys(keys)}

    def pages_of_lists(self) -> Iterator[tuple[str, dict[str, Any], str, Any]]:
        """The calls for the pages of lists that have several: which export, values, state, and answer."""
        number, pages = (f"json_extract(CAST({column} AS TEXT), '$.{name}')" for column, name in _NUMBERS)
        sql = f'SELECT op, "values", state, answer FROM call WHERE {number} > 1 OR {pages} > 1'
        for op, values, state, answer in self.stream(sql):
            yield op, orjson.loads(values), state, orjson.loads(answer) if answer else None

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

    # Files ----------------------------------------------------------------------------------------------------

    def want_file(self, id: str, call_id: int) -> None:
        """Note that a call fetches the file of this id, unless one does."""
        self._do("INSERT OR IGNORE INTO file (id, call) VALUES (?, ?)", id, call_id)

    def has_file(self, id: str) -> bool:
        """Whether a call fetches the file of this id."""
        return bool(self.ask("SELECT 1 FROM file WHERE id = ?", id))

    def claim_name(self, call_id: int, found: File, key: str) -> bool:
        """Give the file of a call its name before it gets it in the folder, on the disk when this returns. `key` is
        what no other file may have. Returns False where another has it."""
        sql = "UPDATE OR IGNORE file SET name = ?, key = ?, size = ?, changed = ?, digest = ? WHERE call = ?"
        with self.writing(durable=True):
            facts = (found.name, key, found.size, found.changed, found.digest)
            return self._do(sql, *facts, call_id).rowcount == 1

    def file(self, id: str) -> File | None:
        """The file of this id."""
        return next((_file(found) for found in self.ask(f"{_FILE} WHERE file.id = ?", id)), None)

    def file_of(self, call_id: int) -> File | None:
        """The file that a call fetches."""
        return next((_file(found) for found in self.ask(f"{_FILE} WHERE call = ?", call_id)), None)

    def files_there(self) -> Iterator[File]:
        """The files that were downloaded."""
        yield from map(_file, self.stream(f"{_FILE} WHERE state = ?", DONE))

    def file_counts(self) -> dict[str, int]:
        """How many files are in each state of their calls."""
        return dict(self.ask("SELECT state, count(*) FROM file JOIN call ON call.id = call GROUP BY state"))

    def requests_left(self) -> int:
        """How many open calls count for the pace of the school: those that download a file alone don't."""
        sql = "SELECT count(*) FROM call WHERE state IN ('ready', 'sending') AND method != 'FILE'"
        return int(self.ask(sql)[0][0])

    def files_without(self, state: str = FAILED) -> list[tuple[str, int]]:
        """Why files were not downloaded whose calls are in this state, and how many for each reason."""
        sql = "SELECT message, count(*) FROM file JOIN call ON call.id = call WHERE state = ?"
        return self.ask(f"{sql} GROUP BY message ORDER BY 2 DESC", state)

    # Calls that wait for names --------------------------------------------------------------------------------

    def held_back(self) -> Iterator[tuple[int, list[Any]]]:
        """The calls whose answer holds others back, with what it holds."""
        sql = "SELECT id, answer FROM call WHERE json_extract(CAST(answer AS TEXT), '$.held') NOT NULL ORDER BY id"
        for call_id, answer in self.ask(sql):
            yield call_id, orjson.loads(answer)["held"]

    def release(self, call_id: int) -> None:
        """Forget what an answer holds back."""
        sql = (
            "UPDATE call SET answer = CAST(json_remove(CAST(answer AS TEXT), '$.held') AS BLOB) WHERE id = ?"
        )
        self._do(sql, call_id)


def _file(found: tuple[Any, ...]) -> File:
    id, state, message, name, size, changed, digest = found
    return File(id, state, message, name or "", size or 0, changed or 0, digest or "")


def _keys(packed: bytes | None) -> list[str]:
    return list(orjson.loads(packed)) if packed else []
