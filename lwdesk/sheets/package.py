"""Opens the zip of an xlsx, xlsb or ods file, and refuses what would exhaust the memory; copies it with other parts."""

import shutil
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from lwdesk.base.errors import FileError
from lwdesk.base.text import _

_MOST_BYTES = 2 << 30
_MOST_TEXTS = 1 << 30
_FLAT = 64 << 20
_RATIO = 300
"""Deflate packs at most 1:1032; a real sheet of a million equal rows reaches about 1:100."""
PIECE = 1 << 20


@contextmanager
def opened(path: Path) -> Iterator[zipfile.ZipFile]:
    """The zip, its stated sizes checked. Raises UserError where it is damaged or unpacks to something absurd."""
    with broken_is_damaged(path), zipfile.ZipFile(path) as package:
        _check(path, package)
        yield package


@contextmanager
def broken_is_damaged(path: Path) -> Iterator[None]:
    """Turn all errors about a broken zip into a UserError."""
    try:
        yield
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError) as error:
        raise damaged(path) from error


def _check(path: Path, package: zipfile.ZipFile) -> None:
    infos = package.infolist()
    texts = sum(
        info.file_size for info in infos if info.filename.lower().endswith(("sharedstrings.xml", ".bin"))
    )
    flat = any(info.file_size > max(_FLAT, _RATIO * info.compress_size) for info in infos)
    if flat or texts > _MOST_TEXTS or sum(info.file_size for info in infos) > _MOST_BYTES:
        raise FileError(
            _("{name} is too large to read safely").format(name=path.name),
            _("It is small on disk but would unpack to more than the memory of a computer"),
            _("If it's your own sheet, copy its filled rows to a new workbook and use that"),
        )


def pieces(part: IO[bytes]) -> Iterator[bytes]:
    """The part unpacked, a megabyte at a time. Ends with BadZipFile where the stated size was a lie."""
    while piece := part.read(PIECE):
        yield piece


def rewrite(
    package: zipfile.ZipFile,
    target: Path,
    part: str,
    write: Callable[[IO[bytes], IO[bytes]], None],
    changed: Mapping[str, bytes],
) -> list[str]:
    """Copy the zip: `write` gets one part, to read, and what is written instead of it; `changed` parts are replaced or
    added. Returns the parts that differ."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as out:
        for name in changed.keys() - set(package.namelist()):
            out.writestr(name, changed[name])
        for info in package.infolist():
            copy = zipfile.ZipInfo(info.filename, info.date_time)
            copy.compress_type, copy.external_attr = info.compress_type, info.external_attr
            copy.file_size = info.file_size
            with package.open(info) as old, out.open(copy, "w") as new:
                if info.filename == part:
                    write(old, new)
                elif info.filename in changed:
                    new.write(changed[info.filename])
                else:
                    shutil.copyfileobj(old, new)
    return [part, *changed]


def walk_through(package: zipfile.ZipFile, name: str) -> None:
    """Unpack a part once and discard it, to check its stated size and checksum."""
    if name in package.namelist():
        with package.open(name) as part:
            for _piece in pieces(part):
                pass


def damaged(path: Path) -> FileError:
    return FileError(
        _("{name} is damaged").format(name=path.name),
        _("Part of the file is missing or damaged, for example because a download was interrupted"),
        _("Open it in Excel, let it repair the file and save it under a new name; or download it again"),
    )
