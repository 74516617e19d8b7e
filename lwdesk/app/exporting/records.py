"""Records of the school as an export lists them: the items of nested lists one by one, with what they belong to."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from lwdesk.catalog.export_model import Export


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


def pruned(
    entry: Export,
    record: dict[str, Any],
    chain: Mapping[str, Any],
    variant: str,
    fits: Callable[[Mapping[str, Any]], bool],
) -> dict[str, Any] | None:
    """The record with those items of its nested lists alone whose rows fit; None where no row does."""
    return _pruned(record, chain, variant, entry.levels, fits)


def _pruned(
    record: dict[str, Any],
    above: Mapping[str, Any],
    variant: str,
    levels: Sequence[tuple[str, str]],
    fits: Callable[[Mapping[str, Any]], bool],
) -> dict[str, Any] | None:
    row = {**record, "of": above, "variant": variant}
    if not levels:
        return record if fits(row) else None
    (name, field), *rest = levels
    inside = {**above, name: row}
    things = (_pruned(thing, inside, variant, rest, fits) for thing in record.get(field) or ())
    kept = [thing for thing in things if thing is not None]
    return {**record, field: kept} if kept else None
