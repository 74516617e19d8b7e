"""Saved exports: what users export again and again, by name, in one readable file of the home folder."""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any

from lwdesk.app.scheduling.schedule import Schedule
from lwdesk.base.errors import UserError
from lwdesk.base.json_file import JsonFile
from lwdesk.base.paths import Home
from lwdesk.base.text import _, listing, squeeze, suggestion, title_key
from lwdesk.catalog.export_model import Export
from lwdesk.catalog.returns import KEY

_VERSION = 1
_LONGEST = 60
# What may be in braces in the name of the file: the year and month of the period, the day of the run.
PLACEHOLDERS = ("year", "month", "date")
# What a run does: write a new file, replace that of the run before, or add its rows to the workbook that is there.
NEW, REPLACE, ADD = "new", "replace", "add"
_BRACES = re.compile(r"\{(\w*)\}")


@dataclass(frozen=True)
class LastRun:
    """The last run: its job, when it ended (Unix seconds), the files it wrote with their digests, and the error it
    ended with, "" for none. `partial`: it wrote its file all the same, without what the error names. `scheduled`: the
    system's scheduler started it; `seen`: the user knows of the error."""

    job: str = ""
    time: float = 0.0
    rows: int = 0
    files: Mapping[str, str] = field(default_factory=dict)
    error: str = ""
    partial: bool = False
    scheduled: bool = False
    seen: bool = False


@dataclass(frozen=True)
class SavedExport:
    """All that an export asks: the id of the `export`, the name of its `school`, filters as they were typed (`where`),
    places of `columns` (none: all), the time `zone` ("": this computer's), `summary`, `beside` and `files` as
    `exports.create` takes them.

    `target` is the whole path of the file, with `PLACEHOLDERS` in braces; `mode` is one of NEW, REPLACE and ADD.
    `schedule`: when the system's scheduler runs it.
    """

    name: str
    export: str
    school: str
    target: str
    where: Mapping[str, str] = field(default_factory=dict)
    columns: Sequence[str] = ()
    zone: str = ""
    summary: bool = True
    beside: bool = False
    files: bool = False
    mode: str = NEW
    schedule: Schedule | None = None
    last: LastRun = LastRun()


@dataclass(frozen=True)
class SavedOffer:
    """A saved export, the file that a run writes now, and why it can't run, "" where it can. `next_run`: when the
    system's scheduler runs it (Unix seconds), None where it doesn't though it should."""

    saved: SavedExport
    file: str
    wrong: str
    next_run: float | None = None


class SavedExports:
    """The saved exports of one home. Every change is written at once; several programs may change them."""

    def __init__(self, home: Home):
        self._file = JsonFile(home, "saved-exports.json")

    def all(self) -> list[SavedExport]:
        """All of them, by name. Raises UserError where the file can't be read."""
        found = self._read()["exports"]
        try:
            return [_saved(name, found[name]) for name in sorted(found, key=title_key)]
        except (TypeError, AttributeError) as error:
            raise self._damaged() from error

    def find(self, name: str) -> SavedExport:
        """The one of this name. Raises UserError where there is none."""
        known = {title_key(saved.name): saved for saved in self.all()}
        if found := known.get(title_key(name)):
            return found
        names = [saved.name for saved in known.values()]
        raise UserError(_("No saved export is named “{name}”").format(name=name), "", suggestion(name, names))

    def of_job(self, job: str) -> SavedExport | None:
        """The one whose last run is this job, whatever it is called by now; None where it was deleted."""
        return next((saved for saved in self.all() if job and saved.last.job == job), None)

    def save(self, saved: SavedExport, was: str = "") -> SavedExport:
        """Keep a saved export under its name, in place of the one that `was` called so. Returns it as it was kept.

        Raises UserError for a name that can't be one or that another has, and for a target with unknown placeholders.
        """
        check_placeholders(saved.target)
        with self._changing() as found:
            saved = replace(saved, name=self._free(saved.name, was, found))
            if was:
                before = _saved(was, found.pop(was, {}))
                saved = replace(saved, last=before.last, schedule=before.schedule)
            found[saved.name] = _facts(saved)
        return saved

    def rename(self, name: str, new: str) -> str:
        """Give a saved export another name. Returns the name as it was kept. Raises UserError as `save` does."""
        with self._changing() as found:
            name = self.find(name).name
            new = self._free(new, name, found)
            found[new] = found.pop(name)
        return new

    def delete(self, name: str) -> None:
        """Delete a saved export. The files it wrote stay."""
        with self._changing() as found:
            found.pop(name, None)

    def schedule(self, name: str, schedule: Schedule | None) -> None:
        """Note when a saved export runs by itself; None for never."""
        with self._changing() as found:
            if name in found:
                found[name] = {**found[name], "schedule": asdict(schedule) if schedule else None}

    def note(self, name: str, **facts: Any) -> None:
        """Note facts of the last run (`LastRun`), unless the saved export was deleted meanwhile."""
        with self._changing() as found:
            if name in found:
                last = replace(_saved(name, found[name]).last, **facts)
                found[name] = {**found[name], "last": asdict(last)}

    def _free(self, name: str, own: str, found: Mapping[str, Any]) -> str:
        name = squeeze(name)
        if not name or not name.isprintable() or name[0] == "-" or len(name) > _LONGEST:
            words = _("Type a name of up to {n} characters, such as Monthly payments").format(n=_LONGEST)
            raise UserError(_("The saved export needs a name"), "", words).at("name")
        if any(title_key(other) == title_key(name) and other != own for other in found):
            raise UserError(
                _("A saved export named “{name}” already exists").format(name=name),
                "",
                _("Choose another name, or open that one and change it"),
            ).at("name")
        return name

    @contextmanager
    def _changing(self) -> Iterator[dict[str, Any]]:
        """What is kept by name, written when the block ends well."""
        with self._file.changing(self._read) as data:
            yield data["exports"]

    def _read(self) -> dict[str, Any]:
        try:
            data = self._file.read()
        except (OSError, ValueError) as error:
            raise self._damaged() from error
        if data is None:
            return {"version": _VERSION, "exports": {}}
        if not isinstance(data, dict) or not isinstance(data.get("exports"), dict):
            raise self._damaged()
        if data.get("version") != _VERSION:
            raise UserError(
                _("The saved exports can't be read"),
                _("They were saved by a newer version of lwdesk"),
                _("Update lwdesk"),
            )
        return data

    def _damaged(self) -> UserError:
        return UserError(
            _("The saved exports can't be read"),
            _("The file {path} is damaged or can't be read").format(path=self._file.path),
            _("Move this file to another folder, then save your exports again"),
        )


def _saved(name: str, facts: Mapping[str, Any]) -> SavedExport:
    """A saved export as its file has it; of a run, what this version knows."""
    known = _known(SavedExport, facts)
    schedule = facts.get("schedule") and Schedule(**_known(Schedule, facts["schedule"]))
    last = LastRun(**_known(LastRun, facts.get("last", {})))
    defaults = {"export": "", "school": "", "target": ""}
    return SavedExport(**{**defaults, **known, "name": name, "schedule": schedule, "last": last})


def _known(kind: Any, facts: Mapping[str, Any]) -> dict[str, Any]:
    return {one.name: facts[one.name] for one in fields(kind) if one.name in facts}


def _facts(saved: SavedExport) -> dict[str, Any]:
    facts = asdict(saved)
    del facts["name"]
    return facts


def check_placeholders(target: str) -> None:
    """Nothing, where all that is in braces are placeholders. Raises UserError otherwise."""
    if wrong := next((found for found in _BRACES.findall(target) if found not in PLACEHOLDERS), None):
        known = listing([f"{{{name}}}" for name in PLACEHOLDERS])
        raise UserError(
            _("{name} isn't a placeholder you can use").format(name=f"{{{wrong}}}"),
            "",
            _("Available: {names}").format(names=known),
        ).at("path")


def adds(entry: Export) -> bool:
    """Whether rows of an export can be added to those of a run before: they have an id of their own."""
    key = next((column for column in entry.outs if column.at == KEY), None)
    whose = key is not None and (not entry.per or key.refers is None)
    return whose and not (entry.levels or entry.parts or entry.pages)
