"""Detects the format of a file from its content, not its name."""

import mmap
import re
from pathlib import Path

from lwdesk.base.errors import FileError
from lwdesk.base.text import N_, _
from lwdesk.sheets.package import opened

_MAGIC = (
    (b"%PDF", N_("a PDF document")),
    (b"\x89PNG", N_("an image")),
    (b"\xff\xd8\xff", N_("an image")),
    (b"GIF8", N_("an image")),
    (b"II*\0", N_("an image")),
    (b"RIFF", N_("an image or an audio file")),
    (b"MZ", N_("a Windows program")),
    (b"\x7fELF", N_("a program")),
    (b"{\\rtf", N_("a text document (RTF)")),
    (b"\x1f\x8b", N_("a compressed file (gzip)")),
    (b"7z\xbc\xaf", N_("a compressed file (7-Zip)")),
    (b"Rar!", N_("a compressed file (RAR)")),
    (b"SQLite format 3", N_("a database")),
    (b"PAR1", N_("a Parquet data file")),
    (b"bplist", N_("an Apple settings file")),
    (b"MIME-Version:", N_("a web archive")),
)
_IN_ZIP = (
    (re.compile(r"xl/workbook\w*\.bin$"), "xlsb"),
    (re.compile(r"xl/vbaProject\.bin$"), "xlsm"),
    (re.compile(r"xl/workbook\w*\.xml$"), "xlsx"),
    (re.compile(r"word/document"), N_("a Word document")),
    (re.compile(r"ppt/presentation"), N_("a PowerPoint presentation")),
    (re.compile(r"Index/.*\.iwa$|Index\.zip$|index\.apxl$"), N_("an Apple Numbers or Pages document")),
)
_IN_OLE = (
    ("EncryptedPackage", "locked"),
    ("Workbook", "xls"),
    ("Book", "xls"),
    ("WordDocument", N_("a Word document")),
    ("PowerPoint Document", N_("a PowerPoint presentation")),
    ("__substg1.0", N_("an Outlook message")),
)
_CONTROLS = b"\t\n\r\f\v\x1a\x1b"
_WEB_PAGE = re.compile(rb"(?:<\?xml[^>]*>\s*)?<(?:!doctype html|html|head|body|table|meta|style|div|!--)")
_OLD_TEXT = (
    # Each line is a record: its kind, then fields that begin with a letter. Some cell names its column or row.
    (
        re.compile(
            rb"id;p[^\r\n]*\s+(?:(?:[bcefopw]|n[nuelv]);[a-z][^\r\n]*\s+)*?c;(?:[a-z][^\r\n;]*;)*[xy]\d+;(?:[a-z][^\r\n;]*;)*k[-\"\d.#]"
        ),
        N_("a sheet in the old SYLK format"),
    ),
    (
        re.compile(rb'table\s*[\r\n]+0\s*,\s*1\s*[\r\n]+"[^\r\n]*"\s*[\r\n]+(?:vectors|tuples)\s*[\r\n]'),
        N_("a sheet in the old DIF format"),
    ),
)
_LINK = re.compile(rb'^\s*\{[^}]*"(?:doc_id|resource_key|url)"', re.DOTALL)


def kind_of(path: Path) -> str:
    """xlsx, xlsm, xlsb, xls, ods, xml (that of Excel 2003), html or text.

    Raises UserError for what cannot be read: missing, a folder, empty, no permission, password, another kind.
    """
    head = _head(path)
    if head[:4] in (b"PK\x03\x04", b"PK\x05\x06"):
        return _zip_kind(path)
    if head[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        return _ole_kind(path)
    for magic, name in _MAGIC:
        if head.startswith(magic):
            raise no_sheet(path, _(name))
    if head[4:8] == b"ftyp":
        raise no_sheet(path, _("a video or audio file"))
    if head[0] == 9 and head[1] in (0, 2, 4, 8) and head[3] == 0:
        raise no_sheet(path, _("a workbook from a very old version of Excel"))
    return _text_kind(path, head)


def _head(path: Path) -> bytes:
    if path.is_dir():
        raise FileError(
            _("{name} is a folder").format(name=path.name),
            "",
            _("Choose the file inside it that has the rows"),
        )
    try:
        with path.open("rb") as file:
            head = file.read(4096)
    except FileNotFoundError as error:
        raise FileError(
            _("Can't find {name}").format(name=path.name),
            _("There is no file {path}").format(path=path),
            _("Was it moved or renamed? Choose it again"),
        ) from error
    except OSError as error:
        raise FileError(
            _("{name} can't be opened").format(name=path.name),
            str(error.strerror or error),
            _("Copy it to a folder of your own, or ask its owner for permission to read it"),
        ) from error
    if not head:
        raise FileError(
            _("{name} is empty").format(name=path.name),
            _("The file has no content (0 bytes)"),
            _("Export or download it again"),
        )
    return head


def _zip_kind(path: Path) -> str:
    with opened(path) as package:
        names = package.namelist()
        if any(info.flag_bits & 1 for info in package.infolist()):
            raise locked(path)
        manifest = "META-INF/manifest.xml"
        if manifest in names and b"encryption-data" in package.read(manifest):
            raise locked(path)
        kind = package.read("mimetype")[:100].decode("ascii", "replace") if "mimetype" in names else ""
    if "opendocument.spreadsheet" in kind:
        return "ods"
    if "opendocument" in kind:
        raise no_sheet(path, _("a LibreOffice document, but not a spreadsheet"))
    for pattern, name in _IN_ZIP:
        if any(pattern.search(entry) for entry in names):
            if name.startswith("xls"):
                return name
            raise no_sheet(path, _(name))
    raise no_sheet(path, _("a ZIP file"), _("Extract it and choose the sheet inside"))


def _ole_kind(path: Path) -> str:
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        for entry, name in _IN_OLE:
            # Names in OLE files know no case.
            if re.search(re.escape(entry.encode("utf-16-le")), content, re.IGNORECASE):
                if name == "locked":
                    raise locked(path)
                if name == "xls":
                    return name
                raise no_sheet(path, _(name))
    raise no_sheet(path, _("an Office document, but not a workbook"))


def _text_kind(path: Path, head: bytes) -> str:
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        start = head.decode("utf-16", "replace").encode()
    else:
        start = head.removeprefix(b"\xef\xbb\xbf")
        _refuse_binary(path, start)
        start = start.replace(b"\0", b"")
    start = start.lstrip().lower()
    for pattern, name in _OLD_TEXT:
        if pattern.match(start):
            raise no_sheet(path, _(name), _("Open it in Excel and save it as .xlsx"))
    if start.startswith(b"<"):
        if b"urn:schemas-microsoft-com:office:spreadsheet" in start:
            return "xml"
        if _WEB_PAGE.match(start):
            return "html"
        raise no_sheet(path, _("an XML file"))
    if _LINK.match(start) and path.suffix.lower().startswith(".g"):
        raise no_sheet(
            path,
            _("only a link to a Google document"),
            _(
                "Open it in Google Sheets, choose File > Download > Microsoft Excel (.xlsx), and use that file"
            ),
        )
    if start.startswith((b"{", b"[{")):
        raise no_sheet(path, _("a JSON file"))
    return "text"


def _refuse_binary(path: Path, head: bytes) -> None:
    """Text holds no control characters but tab, line ends and page ends."""
    if not head.strip(b"\0"):
        raise no_sheet(path, _("a file of zero bytes only: it wasn't completely saved or copied"))
    strange = sum(byte < 32 and byte not in _CONTROLS for byte in head)
    if utf16_without_mark(head) is None and (b"\0" in head or strange * 50 > len(head)):
        raise no_sheet(path, _("a program's own data, not text"))


def utf16_without_mark(head: bytes) -> str | None:
    """The encoding, if this is UTF-16 that does not say so: read the right way round it has line ends or tabs."""
    if b"\0" not in head:
        return None
    for encoding in ("utf-16-le", "utf-16-be"):
        text = head[: len(head) // 2 * 2].decode(encoding, "replace")[:-1]
        plain = all(char >= " " or ord(char) in _CONTROLS for char in text) and "\ufffd" not in text
        if plain and any(char in text for char in "\n\r\t,;"):
            return encoding
    return None


def locked(path: Path) -> FileError:
    return FileError(
        _("{name} is protected with a password").format(name=path.name),
        _("Its content is encrypted, so lwdesk can't read the rows"),
        _(
            "Open it in Excel, choose File > Info > Protect Workbook > Encrypt "
            "with Password, clear the password, and save"
        ),
    )


def no_sheet(path: Path, what: str, hint: str = "") -> FileError:
    return FileError(
        _("lwdesk can't read {name} as a sheet").format(name=path.name),
        _("It is {what}").format(what=what),
        hint or _("Open it in the program it comes from and save or export it as .xlsx or .csv"),
    )
