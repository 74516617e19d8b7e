"""Where the app keeps what it keeps, and files that appear whole or not at all."""

import errno
import hashlib
import os
import re
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from lwdesk.base.errors import SaveError
from lwdesk.base.text import _

# How files in the making are called, and the seconds after which none can be in use any more.
_MARK = "lwdesk-making-"
_OURS = re.compile(rf"\.?{_MARK}[a-z0-9_]{{8}}(\.\w+)?$")
_LEFT = 86_400
# Names that Windows reserves for devices, with any extension, and characters it allows in no name. Files travel, so
# no system writes them.
DEVICES = re.compile(r"(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9¹²³])\s*(\..*)?", re.IGNORECASE)
_NOT_IN_NAMES = re.compile(r'[<>:"/\\|?*\x00-\x1f]')
# Bytes: every file system in use takes 255, and Office adds to a name for the lock file beside it.
LONGEST_NAME = 240
# Seconds for which Windows is asked again, where it says that a file is in use.
_PATIENCE = 2.0
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
Result = TypeVar("Result")


@dataclass(frozen=True)
class Home:
    """The one folder that everything the app keeps lives under."""

    root: Path

    @classmethod
    def find(cls, given: str | None = None) -> "Home":
        """The folder given, else `LWDESK_HOME`, else the system's place for application data."""
        if chosen := given or os.environ.get("LWDESK_HOME"):
            return cls(Path(chosen).expanduser().absolute())
        import platformdirs

        return cls(Path(platformdirs.user_data_dir("lwdesk", appauthor=False)))

    def folder(self, name: str) -> Path:
        """A folder under the root, made if it is not there.

        Raises UserError where it cannot be made.
        """
        found = ensure_folder(self.root / name, _("Choose another folder with --home"))
        make_private(self.root)
        make_private(found)
        return found

    @property
    def jobs(self) -> Path:
        return self.folder("jobs")

    @property
    def pace(self) -> Path:
        return self.folder("pace")

    @property
    def logs(self) -> Path:
        return self.folder("logs")


def make_private(path: Path) -> None:
    """Make a file or folder of the app readable by this user only: rosters, pending passwords, addresses of schools.

    Windows has no such modes; there the folder is in the user's own profile.
    """
    if sys.platform == "win32":
        return
    with suppress(OSError):  # another's file, or a disk without modes
        mode = path.stat().st_mode & 0o777
        if mode & 0o077:
            path.chmod(mode & 0o700)


def ensure_folder(folder: Path, hint: str) -> Path:
    """The folder, made if it is not there. Raises UserError with the hint where it cannot be made."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        message = _("Can't use the folder {path}").format(path=folder)
        raise SaveError(message, str(error.strerror or error), hint) from error
    return folder


def own_command() -> list[str]:
    """The command that starts lwdesk once more; a packaged app is its own Python."""
    return [sys.executable] if getattr(sys, "frozen", False) else [sys.executable, "-m", "lwdesk"]


def free_name(path: Path, taken: Callable[[Path], bool] = Path.exists) -> Path:
    """The path itself, or the first `name (2).ext`, `name (3).ext` ... that isn't taken."""
    candidate, n = path, 1
    while taken(candidate):
        n += 1
        candidate = path.with_name(f"{path.stem} ({n}){path.suffix}")
    return candidate


@contextmanager
def written_whole(path: Path) -> Iterator[Path]:
    """A temporary path beside `path`; moved onto it when the block ends well, removed when it does not.

    What a program that was killed left there goes, too, a day later.
    Raises UserError as `in_the_making` does, and where the file is open in a program that locks it.
    """
    sweep(path.parent)
    with in_the_making(path) as temporary:
        yield temporary
        _publish(temporary, path)


@contextmanager
def in_the_making(path: Path) -> Iterator[Path]:
    """A temporary path beside `path`, removed when the block ends.

    Raises UserError where the folder cannot be written, or the disk gets full.
    """
    try:
        handle, name = tempfile.mkstemp(prefix=f".{_MARK}", suffix=path.suffix, dir=path.parent)
        os.close(handle)
    except OSError as error:
        raise _no_room(path, str(error.strerror or error)) from error
    temporary = Path(name)
    try:
        yield temporary
    except OSError as error:
        if error.errno not in _FULL:
            raise
        raise SaveError(
            _("Not enough space for {name}").format(name=path.name),
            _("The disk is full or you've reached your storage limit"),
            _("Free some space on it or choose another folder, and try again"),
        ) from error
    finally:
        temporary.unlink(missing_ok=True)


@contextmanager
def temporary_folder() -> Iterator[Path]:
    """An empty folder for files in the making, removed when the block ends; or a day after the program was killed."""
    sweep(Path(tempfile.gettempdir()))
    with tempfile.TemporaryDirectory(prefix=_MARK) as folder:
        yield Path(folder)


def sweep(folder: Path, age: float = _LEFT) -> None:
    """Remove leftovers of this program from a folder that haven't changed for so many seconds."""
    with suppress(OSError):  # it may be another person's, or not be there any more
        for found in (one for mark in (_MARK, f".{_MARK}") for one in folder.glob(f"{mark}*")):
            if _OURS.match(found.name) and not found.is_symlink() and _untouched(found, age):
                shutil.rmtree(found, ignore_errors=True) if found.is_dir() else found.unlink(missing_ok=True)


def _untouched(path: Path, age: float) -> bool:
    return all(time.time() - found.stat().st_mtime >= age for found in (path, *path.glob("*")))


def check_place(path: Path) -> None:
    """Nothing, where a file could be written to `path` now.

    Raises UserError where the name can't be one on every system, its folder is not there or cannot be written, or the
    file is open in another program.
    """
    check_name(path.name)
    folder = path.absolute().parent
    if not folder.is_dir():
        raise _no_room(path.absolute(), _("This folder doesn't exist"))
    if not os.access(folder, os.W_OK):
        raise _no_room(path.absolute(), _("You don't have permission to save there"))
    if path.is_dir():
        raise SaveError(_("{name} is a folder").format(name=path.name), "", _("Choose a name for the file"))
    if path.exists() and not os.access(path, os.W_OK):
        raise SaveError(
            _("{name} can't be replaced").format(name=path.name),
            _("The file is read-only"),
            _("Choose another name"),
        )
    if lock_of(path):
        raise _open_elsewhere(path)


def check_name(name: str) -> None:
    """Raises UserError for the name of a file or folder that some system can't write."""
    why = ""
    if DEVICES.fullmatch(name.strip()):
        why = _("Windows reserves this name")
    elif found := _NOT_IN_NAMES.search(name):
        why = _("A file name can't contain {sign}").format(
            sign=found[0] if found[0].isprintable() else repr(found[0])
        )
    elif name != name.rstrip(" .") and name != "..":
        why = _("A file name can't end in a space or a period")
    elif len(os.fsencode(name)) > LONGEST_NAME:
        why = _("The name is too long")
    if why:
        raise SaveError(
            _("“{name}” can't be the name of a file").format(name=name), why, _("Choose another name")
        )


def digest_of(path: Path) -> str:
    """The SHA-256 of a file's content, to see whether it was changed; "" where there is none."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""


def _no_room(path: Path, why: str) -> SaveError:
    return SaveError(
        _("Can't save in the folder {folder}").format(folder=path.parent),
        why,
        _("Choose another folder for the file"),
    )


def mark_as_download(path: Path) -> None:
    """Note in a file that it comes from the internet, as browsers do on Windows: Office then opens it protected."""
    if sys.platform == "win32" and _has_streams(path):
        with suppress(OSError):
            Path(f"{path}:Zone.Identifier").write_text("[ZoneTransfer]\nZoneId=3\n", "ascii")


def _has_streams(path: Path) -> bool:
    """Whether files on this volume can have notes (FILE_NAMED_STREAMS of GetVolumeInformationW): NTFS has, others may
    make files of them."""
    if sys.platform == "win32":
        import ctypes

        flags = ctypes.c_ulong()
        about = (path.anchor, None, 0, None, None, ctypes.byref(flags), None, 0)
        return bool(ctypes.windll.kernel32.GetVolumeInformationW(*about) and flags.value & 0x40000)
    return False


def publish_new(temporary: Path, path: Path) -> bool:
    """Move a temporary file to a path that has none, so that a power cut loses neither. Returns False where it has."""
    _set_mode(temporary)
    with temporary.open("rb+") as file:
        os.fsync(file.fileno())
    try:
        if sys.platform == "win32":
            temporary.rename(path)  # never replaces there
        else:
            _link(temporary, path)
            _sync_folder(path.parent)
    except FileExistsError:
        return False
    return True


def _sync_folder(folder: Path) -> None:
    """Have the names in a folder on the disk, where the system can."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _link(temporary: Path, path: Path) -> None:
    """Give a file its name as well, unless it is taken; where a disk has no links, move it."""
    try:
        path.hardlink_to(temporary)
    except FileExistsError:
        raise
    except OSError:
        if path.exists():
            raise FileExistsError(path) from None
        temporary.rename(path)


def _set_mode(temporary: Path) -> None:
    """The mode of any new file: temporary ones are readable by this user only."""
    if sys.platform != "win32":
        mask = os.umask(0)
        os.umask(mask)
        temporary.chmod(0o666 & ~mask)


def _publish(temporary: Path, path: Path) -> None:
    _set_mode(temporary)
    check_closed(path)
    try:
        _patiently(lambda: temporary.replace(path))
    except PermissionError as error:
        raise _open_elsewhere(path) from error


def check_closed(path: Path) -> None:
    """Raise UserError where the file is open in Excel or LibreOffice."""
    if lock_of(path):
        raise _open_elsewhere(path)


def read_whole(path: Path) -> bytes:
    """The content of a file that another program may replace at this moment. Raises OSError."""
    return _patiently(path.read_bytes)


def _patiently(action: Callable[[], Result]) -> Result:
    """Do it, on Windows once more for a while: it lets nobody replace a file that is being read, by a virus scanner
    say, nor read one that is being replaced."""
    end = time.monotonic() + _PATIENCE
    while True:
        try:
            return action()
        except PermissionError:
            if os.name != "nt" or time.monotonic() > end:
                raise
        time.sleep(0.02)


def lock_of(path: Path) -> Path | None:
    """The lock file that Excel (`~$name`) or LibreOffice (`.~lock.name#`) keeps beside an open file."""
    for name in (f"~${path.name}", f".~lock.{path.name}#"):
        if (lock := path.with_name(name)).exists():
            return lock
    return None


def _open_elsewhere(path: Path) -> SaveError:
    return SaveError(
        _("{name} is open in another program").format(name=path.name),
        _("It can't be replaced while it is open there"),
        _("Close it there and try again, or save as {other}").format(other=free_name(path).name),
    )
