"""Downloads the files that LearnWorlds' lists link to, from whichever host has them.

None of the school's secrets goes there. Only https is followed, and only to addresses of the internet: a link comes
from outside, and must not make this computer ask its own network. A school on this computer may link to files on it.
"""

import email.message
import ipaddress
import logging
import re
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

from lwdesk import __version__
from lwdesk.api.limiter import Stopped, never
from lwdesk.api.wire import BROKEN, FileWire, NotAllowed, Stream
from lwdesk.base.errors import ApiError, Unavailable
from lwdesk.base.file_names import split_suffix
from lwdesk.base.text import _

log = logging.getLogger("lwdesk.api")

# Bytes of a file; seconds to connect, seconds without a byte, and seconds for all of it, or for the rest after a stop:
# most files are whole by then, and need not be fetched twice.
LARGEST = 2_000_000_000
TIMEOUT, LONGEST, GRACE = (10.0, 60.0), 3600.0, 10.0
_CHUNK = 256_000
_HEADERS = {"Accept": "*/*", "Accept-Encoding": "identity", "User-Agent": f"lwdesk/{__version__}"}
_REDIRECTS, _MOST_REDIRECTS = (301, 302, 303, 307, 308), 5
# Statuses by which servers say that a link with a signature has expired.
EXPIRED = (400, 401, 403, 410)
_TRY_LATER = (408, 425, 429)
_PAGES = {"text/html": ".html", "application/xhtml+xml": ".html", "application/json": ".json"}
_TYPES = {
    "application/pdf": ".pdf", "application/zip": ".zip", "application/msword": ".doc", "application/rtf": ".rtf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": ".pptx",
    "application/vnd.oasis.opendocument.text": ".odt", "application/vnd.ms-excel": ".xls",
    "application/vnd.ms-powerpoint": ".ppt", "application/xml": ".xml", "text/xml": ".xml",
    "image/jpeg": ".jpg", "image/png": ".png", "image/gif": ".gif", "image/webp": ".webp", "image/svg+xml": ".svg",
    "image/heic": ".heic", "audio/mpeg": ".mp3", "audio/mp4": ".m4a", "audio/wav": ".wav", "video/mp4": ".mp4",
    "video/quicktime": ".mov", "video/webm": ".webm", "text/plain": ".txt", "text/csv": ".csv", **_PAGES,
}  # fmt: skip
# Endings of addresses that are programs of the server, whatever they answer.
_SERVER = frozenset(".asp .aspx .cgi .do .html .htm .jsp .php".split())
_MARKUP = re.compile(rb"\s*(\xef\xbb\xbf)?\s*<(!doctype\s+html|html|head|body)\b", re.IGNORECASE)


@dataclass
class Incoming:
    """The answer to a download: `type` is what its header says, `name` the name there, `chunks` the content."""

    url: str
    type: str
    name: str
    chunks: Iterator[bytes]

    @property
    def first(self) -> bytes:
        """The start of the content, which stays in `chunks`."""
        start = next(self.chunks, b"")
        rest = self.chunks

        def whole() -> Iterator[bytes]:
            yield start
            yield from rest

        self.chunks = whole()
        return start

    def suffix(self, title: str = "") -> str:
        """The ending of the file's name: of the name that it has there or is called by, of its address, of its type."""
        places = (self.name, title, unquote(urlsplit(self.url).path))
        found = next((ending for place in places if (ending := split_suffix(place)[1])), "")
        if not found or (found.lower() in _SERVER and self.type not in _PAGES):
            found = _TYPES.get(self.type, ".bin")
        return found

    def is_page(self, title: str = "") -> bool:
        """Whether this is a web page or the data of an error, where a file was expected; `title` is its name."""
        wanted = split_suffix(title)[1].lower()[:4]
        if self.type in _PAGES:
            return wanted != _PAGES[self.type][:4]
        return wanted != ".htm" and bool(_MARKUP.match(self.first))


class Downloads:
    """Downloads of one school's files; `local`: it is a school on this computer. For many threads."""

    def __init__(
        self, local: bool, stop: Callable[[], bool] = never, largest: int = LARGEST, grace: float = GRACE
    ):
        self._local, self._stop, self._largest, self._grace = local, stop, largest, grace
        self._wire = FileWire(self.is_allowed, TIMEOUT)

    @contextmanager
    def open(self, url: str) -> Iterator[Incoming]:
        """Ask for a file, and follow redirects.

        Raises ApiError for what asking again can't change (its title says why), Unavailable for what it may; Stopped.
        """
        with ExitStack() as opened:
            for _hop in range(_MOST_REDIRECTS + 1):
                self._check(url)
                with self._spoken(url):
                    stream = opened.enter_context(self._wire.open(url, _HEADERS))
                log.info("file of %s: %d", urlsplit(url).hostname, stream.status)
                if stream.status not in _REDIRECTS:
                    self._check_status(stream.status, urlsplit(url).hostname or "")
                    yield self._incoming(url, stream)
                    return
                opened.close()
                url = _redirected(url, stream.headers.get("Location", ""))
        raise ApiError(_("the link redirects too often"))

    def close(self) -> None:
        """Close the connections."""
        self._wire.close()

    def save(self, incoming: Incoming, path: Path, on_chunk: Callable[[bytes], object]) -> int:
        """Write the content to a file; `on_chunk` gets each piece. Returns its size in bytes. Raises as `open` does."""
        size, end, stopped = 0, time.monotonic() + LONGEST, False
        with path.open("wb") as file:
            for chunk in incoming.chunks:
                size += len(chunk)
                if size > self._largest:
                    raise self._too_large()
                if not stopped and self._stop():
                    stopped, end = True, min(end, time.monotonic() + self._grace)
                if time.monotonic() > end:
                    if stopped:
                        raise Stopped
                    raise Unavailable(_("the download takes too long"), sent=True)
                file.write(chunk)
                on_chunk(chunk)
        if not size:
            raise ApiError(_("the file is empty"))
        return size

    @contextmanager
    def _spoken(self, url: str) -> Iterator[None]:
        """What goes wrong on the way, as an error of this program's own."""
        host = urlsplit(url).hostname or ""
        try:
            yield
        except NotAllowed:
            raise private() from None
        except BROKEN as error:
            log.warning("file of %s: %s", host, type(error).__name__)
            if self._stop():
                raise Stopped from None
            raise Unavailable(_("no connection to {host}").format(host=host), sent=True) from None

    def _incoming(self, url: str, stream: Stream) -> Incoming:
        length = stream.headers.get("Content-Length", "")
        if length.isdigit() and int(length) > self._largest:
            raise self._too_large()
        header = email.message.Message()
        header["Content-Disposition"] = stream.headers.get("Content-Disposition", "")
        header["Content-Type"] = stream.headers.get("Content-Type", "") or "application/octet-stream"

        def chunks() -> Iterator[bytes]:
            with self._spoken(url):
                yield from stream.chunks(_CHUNK)

        return Incoming(url, header.get_content_type(), header.get_filename() or "", chunks())

    def _too_large(self) -> ApiError:
        return ApiError(_("the file is larger than {n} MB").format(n=self._largest // 1_000_000))

    def _check_status(self, status: int, host: str) -> None:
        if status in (200, 203):
            return
        if status in EXPIRED:
            raise ApiError(_("the link has expired"), status=status)
        if status == 404:
            raise ApiError(_("the file isn't there any more"), status=status)
        if status in _TRY_LATER or status >= 500:
            raise Unavailable(
                _("{host} is having trouble (error {n})").format(host=host, n=status), sent=True
            )
        raise ApiError(_("{host} refuses it (error {n})").format(host=host, n=status), status=status)

    def _check(self, url: str) -> None:
        """Raise ApiError for an address that is not followed."""
        try:
            parts = urlsplit(url)
            host, scheme, user = parts.hostname or "", parts.scheme.lower(), parts.username
            _port = parts.port
        except ValueError:
            host = scheme = ""
            user = None
        if not host or scheme not in ("http", "https") or user is not None:
            raise no_address()
        if scheme == "http" and not (self._local and _is_loopback(host)):
            raise ApiError(_("the link isn't secure (http://)"))
        if (found := _literal(host)) is not None and not self.is_allowed(str(found)):
            raise private()

    def is_allowed(self, address: str) -> bool:
        """Whether files may come from an IP address."""
        found = _literal(address.partition("%")[0])
        return found is not None and (
            (found.is_global and not found.is_multicast) or (self._local and found.is_loopback)
        )


def _redirected(url: str, location: str) -> str:
    try:
        return urljoin(url, location)
    except ValueError:
        raise no_address() from None


def no_address() -> ApiError:
    """The error for a link that can't be followed."""
    return ApiError(_("the link isn't the address of a file"))


def private() -> ApiError:
    """The error for a link into a private network."""
    return ApiError(_("the link leads into a private network"))


def _literal(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        found = ipaddress.ip_address(host)
    except ValueError:
        return None
    return getattr(found, "ipv4_mapped", None) or found


def _is_loopback(host: str) -> bool:
    found = _literal(host)
    return host == "localhost" or (found is not None and found.is_loopback)
