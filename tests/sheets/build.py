"""Workbooks written part by part, as no library would write them."""

import struct
import zipfile
from pathlib import Path

FILES = Path(__file__).parent / "files"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"


def sheet_xml(rows: str, head: str = "", tail: str = "") -> str:
    return f'<worksheet xmlns="{MAIN}">{head}<sheetData>{rows}</sheetData>{tail}</worksheet>'


def book(path: Path, sheet: str | bytes, parts: dict[str, str | bytes] | None = None) -> Path:
    """An xlsx of one sheet "S"; `parts` adds or replaces others."""
    everything: dict[str, str | bytes] = {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="xml" ContentType="application/xml"/><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_TYPE}.worksheet+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="r1" '
        f'Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{_OFFICE}"><sheets>'
        '<sheet name="S" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
        f'<Relationship Id="rId2" Type="{_OFFICE}/styles" Target="styles.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": sheet,
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in (everything | (parts or {})).items():
            package.writestr(name, content)
    return path


def texts(number: int, *cells: str) -> str:
    """A row of inline texts from column A."""
    inner = "".join(
        f'<c r="{chr(65 + i)}{number}" t="inlineStr"><is><t>{text}</t></is></c>'
        for i, text in enumerate(cells)
    )
    return f'<row r="{number}">{inner}</row>'


def parts_of(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as package:
        return {name: package.read(name) for name in package.namelist()}


def record(kind: int, data: bytes = b"") -> bytes:
    return struct.pack("<HH", kind, len(data)) + data


def xls(
    path: Path,
    cells: bytes,
    *,
    stream: str = "Workbook",
    code_page: int = 1200,
    extra: bytes = b"",
    others: tuple[tuple[str, int, bytes], ...] = (),
) -> Path:
    """An .xls of one sheet "S" with the records `cells`; `extra` are further records of the workbook, `others` further
    sheets: name, type ([MS-XLS] 2.4.28), records. They stand before "S"."""
    sheets = [*others, ("S", 0, cells)]
    start = record(0x809, struct.pack("<HHHHII", 0x600, 5, 0, 0, 0, 0)) + extra
    start += record(0x42, struct.pack("<H", code_page))
    size = len(start) + sum(12 + len(name) for name, _type, _cells in sheets) + 4
    bound, parts = b"", b""
    for name, kind, inside in sheets:
        text = struct.pack("<BB", len(name), 0) + name.encode()
        bound += record(0x85, struct.pack("<IBB", size + len(parts), 0, kind) + text)
        parts += record(0x809, struct.pack("<HHHHII", 0x600, 0x10, 0, 0, 0, 0)) + inside + record(0x0A)
    return ole(path, stream, start + bound + record(0x0A) + parts)


def label(row: int, column: int, text: str) -> bytes:
    return record(0x204, struct.pack("<HHHHB", row, column, 0, len(text), 1) + text.encode("utf-16-le"))


def ole(path: Path, stream: str, content: bytes) -> Path:
    """A compound file of one stream ([MS-CFB]): header, table of sectors, directory, the stream."""
    content = content.ljust(4096, b"\0")
    content += bytes(-len(content) % 512)
    count = len(content) // 512
    assert count <= 126
    table = [0xFFFFFFFD, 0xFFFFFFFE, *range(3, 2 + count), 0xFFFFFFFE]
    table += [0xFFFFFFFF] * (128 - len(table))
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    head += struct.pack("<HHHHH6x", 0x3E, 3, 0xFFFE, 9, 6)
    head += struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0)
    head += struct.pack("<109I", 0, *[0xFFFFFFFF] * 108)

    def entry(name: str, kind: int, child: int, first: int, size: int) -> bytes:
        text = (name + "\0").encode("utf-16-le") if name else b""
        fixed = struct.pack("<HBBIII", len(text), kind, 1, 0xFFFFFFFF, 0xFFFFFFFF, child)
        return text.ljust(64, b"\0") + fixed + bytes(36) + struct.pack("<IQ", first, size)

    directory = entry("Root Entry", 5, 1, 0xFFFFFFFE, 0) + entry(stream, 2, 0xFFFFFFFF, 2, len(content))
    path.write_bytes(
        head + struct.pack("<128I", *table) + directory + 2 * entry("", 0, 0xFFFFFFFF, 0, 0) + content
    )
    return path
