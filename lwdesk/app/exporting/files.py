"""The files that the rows of an export link to: each is downloaded by a call of its own into the folder of the job.

A file gets its name in the folder when it is whole and the journal has claimed the name for it: so a call that is
repeated after a crash finds its file, and no file replaces another. Where links live for a minute only, the call that
asks for the link downloads the file as well, and it waits until the names that the file is called by are known.
"""

import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, tzinfo
from hashlib import sha256
from itertools import count, islice, zip_longest
from pathlib import Path
from typing import Any

from lwdesk.api.build import Request
from lwdesk.api.downloads import EXPIRED
from lwdesk.api.pages import page
from lwdesk.app.exporting.cells import moment, readers_of
from lwdesk.app.exporting.names import Names
from lwdesk.app.exporting.records import at
from lwdesk.app.exporting.row_filters import RowFilters
from lwdesk.app.exporting.spooled import MARK, SOURCE, new_page, rows_in
from lwdesk.app.school.session import Session
from lwdesk.app.targets import folder_beside, free_folder
from lwdesk.base.errors import ApiError, AppError, Unavailable
from lwdesk.base.file_names import name_key, numbered, safe_name, split_suffix
from lwdesk.base.paths import digest_of, ensure_folder, in_the_making, mark_as_download, publish_new, sweep
from lwdesk.base.text import _
from lwdesk.catalog.export_model import Export, Out
from lwdesk.catalog.files import Files
from lwdesk.jobs.engine import MOST_TRIES
from lwdesk.jobs.journal import Journal
from lwdesk.jobs.states import DONE, FAILED, SKIPPED, Call, End, File, Page

# What a call of an export does that downloads a file, and how many do at once.
FILE, LANES = "file", 4
# What a virus scan says of files that are not downloaded.
INFECTED = "unsafe"
# Calls that are planned in one transaction; seconds for which links are used that were asked for again, and how many
# pages of them are remembered.
_CHUNK, _RENEWED, _MOST_PAGES = 500, 600, 8


@dataclass(frozen=True)
class Link:
    """A link to a file: `title` is what the file is called, `scan` what a virus scan said."""

    id: str
    url: str
    title: str = ""
    scan: str = ""


def links_of(files: Files, row: Mapping[str, Any]) -> list[Link]:
    """The links in a row."""
    for place in files.links:
        urls = _listed(row, place)
        if any(urls):
            facts = zip_longest(urls, _listed(row, files.titles), _listed(row, files.scans))
            return [
                Link(f"{row[MARK]}|{n}", str(url), str(title or ""), str(scan or ""))
                for n, (url, title, scan) in enumerate(facts)
                if url
            ]
    return []


def _listed(row: Mapping[str, Any], place: str) -> list[Any]:
    """The items of the lists at a place, one after the other."""

    def flat(value: Any) -> Iterator[Any]:
        if isinstance(value, list):
            for one in value:
                yield from flat(one)
        else:
            yield value

    return list(flat(at(row, place.split(".")))) if place else []


def name_columns(entry: Export) -> list[Out]:
    """The columns that files are called by."""
    places = entry.files.name if entry.files else ()
    return [column for place in places for column in entry.outs if column.at == place]


class Downloader:
    """Plans and makes the downloads of one export job."""

    def __init__(
        self, entry: Export, journal: Journal, session: Session, tests: RowFilters, zone: tzinfo | None
    ):
        assert entry.files is not None
        self._entry, self._files, self._journal = entry, entry.files, journal
        self._session, self._tests, self._zone = session, tests, zone
        self.at_once = self._files.at_once
        self._naming, self._renewing = threading.Lock(), threading.Lock()
        self._numbers: dict[str, int] = {}
        self._renewed: dict[int, tuple[float, dict[str, str]]] = {}
        self._swept = False

    # Planning -------------------------------------------------------------------------------------------------

    def release(self) -> bool:
        """Plan the calls that were held back until names are known. Returns whether there were any."""
        if not self.at_once:
            return False
        planned = {path for (path,) in self._journal.ask("SELECT path FROM call WHERE lane != ''")}
        released = False
        for call_id, held in self._journal.held_back():
            with self._journal.writing():
                for path, query, values in held:
                    if path not in planned:  # pages shift: what is on two of them is asked for once
                        values["lane"] = len(planned) % LANES
                        self._journal.add_call(self._call("GET", path, values, query))
                        planned.add(path)
                self._journal.release(call_id)
            released = True
        return released

    def plan(self) -> bool:
        """Plan a download for each link that has none. Returns whether there are new ones."""
        if self.at_once:
            return False
        read = self._reader()
        rows = rows_in(self._entry, self._journal.pages(self._entry.id))
        found = ((row, link) for row in rows for link in links_of(self._files, row))
        new = ((row, link) for row, link in found if not self._journal.has_file(link.id))
        planned = 0
        for chunk in _chunks(new, _CHUNK):
            with self._journal.writing():
                for row, link in chunk:
                    values = {"role": FILE, "link": asdict(link), "parts": read(row), "source": row[SOURCE]}
                    values |= {"chain": {}, "number": 1, "lane": planned % LANES}
                    shown = safe_name([*values["parts"], split_suffix(link.title)[0]])
                    self._journal.want_file(
                        link.id, self._journal.add_call(self._call("FILE", shown, values))
                    )
                    planned += 1
        return planned > 0

    def _call(
        self, method: str, path: str, values: dict[str, Any], query: list[list[str]] | None = None
    ) -> Call:
        lane = f"files {values.pop('lane')}"
        return Call(self._entry.id, method, path, query=query or [], values=values, lane=lane)

    def _reader(self) -> Callable[[dict[str, Any]], list[str]]:
        """Row -> what its files are called by."""
        readers = readers_of(name_columns(self._entry), Names(self._journal.name, lambda _listings: ""))
        place = self._files.month.split(".")

        def read(row: dict[str, Any]) -> list[str]:
            when = moment(at(row, place))
            month = f"{when.astimezone(self._zone):%Y-%m}" if isinstance(when, datetime) else ""
            return [text for text in (month, *(str(read(row) or "") for read in readers)) if text]

        return read

    # Downloading ----------------------------------------------------------------------------------------------

    def send(self, call: Call, leaving: Callable[[], None]) -> End:
        """Download the file of a call; where its link leads nowhere, with a new link. Raises what `Downloads.open`
        raises."""
        link, parts = Link(**call.values["link"]), call.values["parts"]
        if link.scan == INFECTED:
            return End(SKIPPED, _("marked as unsafe by the virus scan"))
        if (end := self._there(call)) is not None:
            return end
        leaving()
        lost: AppError
        try:
            return self._fetch(call, link, parts)
        except ApiError as error:
            if error.status not in (*EXPIRED, 404):
                raise
            lost = error
        except Unavailable as error:
            if not error.sent or call.tries < MOST_TRIES:
                raise
            lost = error
        fresh = self._renew(call).get(link.id, "")
        if fresh in ("", link.url):
            raise lost
        return self._fetch(call, Link(link.id, fresh, link.title, link.scan), parts)

    def follow(self, call: Call, brought: Page) -> End:
        """Download the first file that a page links to, whose links live for a minute only. The page is kept whatever
        becomes of the file, but for what may be better a moment later: then raises Unavailable."""
        rows = rows_in(self._entry, [brought])
        row, link = next(((row, link) for row in rows for link in links_of(self._files, row)), ({}, None))
        if link is None:
            return End(DONE, page=brought)
        self._journal.want_file(link.id, call.id)
        if self._journal.file_of(call.id) is None:
            return End(DONE, page=brought)  # the row is on two pages, and the other one fetches its file
        try:
            end = self._there(call) or self._fetch(call, link, self._reader()(row))
        except ApiError as error:
            end = End(FAILED, error.title, error.status)
        except Unavailable as error:
            if not error.sent or call.tries < MOST_TRIES:
                raise
            end = End(FAILED, error.title)
        end.page = brought
        return end

    def _there(self, call: Call) -> End | None:
        """The end of a call whose file is there: the program ended before it could say so."""
        found = self._journal.file_of(call.id)
        folder = Path(self._journal.get("files"))
        if found is None or not found.name or not is_same(folder / found.name, found):
            return None
        return _downloaded(found.name)

    def _fetch(self, call: Call, link: Link, parts: Sequence[str]) -> End:
        downloads, digest = self._session.downloads, sha256()
        with downloads.open(link.url) as incoming:
            if incoming.is_page(link.title):
                return End(SKIPPED, _("a web page, not a file"))
            name = safe_name([*parts, split_suffix(link.title)[0]], incoming.suffix(link.title))
            folder = self._folder()
            with in_the_making(folder / name) as temporary:
                size = downloads.save(incoming, temporary, digest.update)
                mark_as_download(temporary)
                facts = temporary.stat()
                found = File("", "", "", name, size, facts.st_mtime_ns, digest.hexdigest())
                return _downloaded(self._place(call, temporary, folder, found))

    def _place(self, call: Call, temporary: Path, folder: Path, found: File) -> str:
        """Give a file its name, or the first one with a number that no file has. Returns it."""
        name, key = found.name, name_key(found.name)
        with self._naming:
            for n in count(self._numbers.get(key, 1)):
                found.name = numbered(name, n)
                path = folder / found.name
                try:
                    free = not path.exists()
                    claimed = free and self._journal.claim_name(call.id, found, name_key(found.name))
                    published = claimed and publish_new(temporary, path)
                except OSError as error:
                    raise ApiError(_("it can't be saved here: {why}").format(why=error.strerror)) from error
                if published:
                    self._numbers[key] = n + 1
                    break
        return found.name

    def _folder(self) -> Path:
        """The folder, made where it isn't there; another one where somebody else has made that one meanwhile."""
        with self._naming:
            while not self._journal.get("files_begun"):
                folder = free_folder(folder_beside(Path(self._journal.get("target"))))
                self._journal.put(files=str(folder), files_begun=True)
                try:
                    folder.mkdir()
                except FileExistsError:
                    self._journal.put(files_begun=False)
                except OSError:
                    break  # said below
            folder = Path(self._journal.get("files"))
            ensure_folder(folder, _("Choose another folder for the file"))
            if not self._swept:
                sweep(folder, 0)
                self._swept = True
        return folder

    def _renew(self, call: Call) -> dict[str, str]:
        """Ask for a page again whose links have expired: file -> link."""
        source = call.values["source"]
        with self._renewing:
            known = self._renewed.pop(source, None)
            if known is None or time.monotonic() - known[0] > _RENEWED:
                known = (time.monotonic(), self._ask(self._journal.call(source)))
            self._renewed[source] = known
            if len(self._renewed) > _MOST_PAGES:
                del self._renewed[next(iter(self._renewed))]
        return known[1]

    def _ask(self, source: Call) -> dict[str, str]:
        values = source.values
        asked = Request(source.method, source.path, tuple((name, text) for name, text in source.query))
        size = values["size"] if values["sized"] else None
        found = page(self._session.client, asked, values["number"], size, tail=values.get("tail", False))
        rows = self._tests.kept(found.rows, values["chain"], values.get("variant", ""))
        brought = new_page(source, rows, self._entry)
        links = (link for row in rows_in(self._entry, [brought]) for link in links_of(self._files, row))
        return {link.id: link.url for link in links}


def _downloaded(name: str) -> End:
    return End(DONE, _("downloaded: {name}").format(name=name), made=name)


def is_same(path: Path, found: File) -> bool:
    """Whether a file is there as it was downloaded."""
    try:
        facts = path.stat()
    except OSError:
        return False
    if facts.st_size != found.size:
        return False
    return facts.st_mtime_ns == found.changed or digest_of(path) == found.digest


def _chunks(things: Iterable[tuple[Any, Link]], size: int) -> Iterator[list[tuple[Any, Link]]]:
    walk = iter(things)
    while chunk := list(islice(walk, size)):
        yield chunk
