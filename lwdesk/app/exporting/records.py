"""Records of the school as an export lists them: the items of nested lists one by one, with what they belong to."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from lwdesk.catalog.model import Export


def at(record: Any, names: Sequence[str]) -> Any:
    """The value at a place; of a list in between, the list of the values."""
    for name in names:
        if isinstance(record, list):
            return [at(item, (name,)) for item in record]
        if not isinstance(record, dict):
            return None
        record = record.get(name)
    return record


def exploded(
    entry: Export, record: dict[str, Any], chain: Mapping[str, Any], variant: str = ""
) -> Iterator[dict[str, Any]]:
    """The rows that a record becomes; what they were listed for, and the records they are nested in, are under `of`."""
    return _levels({**record, "of": chain, "variant": variant}, entry.levels)


def _levels(record: dict[str, Any], levels: Sequence[tuple[str, str]]) -> Iterator[dict[str, Any]]:
    if not levels:
        yield record
        return
    (name, field), *rest = levels
    above = {**record["of"], name: record}
    for thing in record.get(field) or ():
        yield from _levels({**thing, "of": above, "variant": record["variant"]}, rest)
