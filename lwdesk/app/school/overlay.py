"""What planned calls will make true, over what the school has now."""

from collections import defaultdict
from typing import Any

import orjson

from lwdesk.catalog.operation import Fact


def packed(record: Any) -> bytes:
    """JSON in a buffer of its exact size: orjson's own bytes keep the larger buffer that they were written to."""
    return bytes(memoryview(orjson.dumps(record)))


def packed_fact(fact: Fact) -> bytes:
    """A fact as JSON, the fields that one row gives together."""
    rows: dict[tuple[int, ...], list[str]] = defaultdict(list)
    for name, by in fact.given.items():
        rows[tuple(by)].append(name)
    return packed((fact.data, fact.call, list(rows.items())))


def unpacked_fact(data: bytes) -> Fact:
    """What `packed_fact` made."""
    record, call, rows = orjson.loads(data)
    return Fact(record, call, {name: tuple(by) for by, names in rows for name in names})


class Overlay:
    """Planned records and memberships, as JSON; names that will be taken, places that will be used.

    Where `watched` is a set, a number is added to it for each fact that is looked at or planned: two rows of a plan
    depend on each other only where they share one.
    """

    def __init__(self, watched: set[int] | None = None) -> None:
        self.records: dict[str, dict[str, bytes]] = defaultdict(dict)
        self.gone: dict[tuple[str, str], int] = {}
        self.members: dict[tuple[str, str, str], dict[str, bytes | None]] = defaultdict(dict)
        self.taken: dict[tuple[str, str], int] = defaultdict(int)
        self.names: dict[tuple[str, str], dict[str, str]] = defaultdict(dict)
        self.counts: dict[tuple[str, str, str], int] = {}
        self.watched = watched

    def touch(self, *fact: str) -> None:
        """Note that a fact is looked at, or planned."""
        if self.watched is not None:
            self.watched.add(hash(fact))
