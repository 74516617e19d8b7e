"""The parts of an xlsx package: which one holds which sheet, and what its cell styles show."""

import posixpath
import re
import zipfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from xml.etree import ElementTree as ET

from lwdesk.sheets.package import broken_is_damaged

_PLAIN = re.compile(r'0|"[^"]*"|\\.|[- ()+/.:]|\[\$[^\]]*\]')
_QUOTED = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]')
# The formats 0% and 0.00%, which every workbook has (ECMA-376, numFmt).
_PERCENTAGES = ("9", "10")
PERCENT = "%"
DURATION = "PT"
_TOO_BIG = 100 << 20


def local(element: ET.Element) -> str:
    """The element's name without its namespace: Excel knows two (transitional and strict)."""
    return element.tag.rsplit("}", 1)[-1]


def children(root: ET.Element, name: str) -> Iterator[ET.Element]:
    return (element for element in root.iter() if local(element) == name)


def tree(package: zipfile.ZipFile, name: str) -> ET.Element:
    """A small part as a tree. Raises BadZipFile where it is missing, absurdly large or not XML."""
    try:
        if package.getinfo(name).file_size > _TOO_BIG:
            raise zipfile.BadZipFile(name)
        return ET.fromstring(package.read(name))
    except (KeyError, ET.ParseError) as error:
        raise zipfile.BadZipFile(name) from error


def rels_of(part: str) -> str:
    folder, name = posixpath.split(part)
    return posixpath.join(folder, "_rels", f"{name}.rels")


def related(package: zipfile.ZipFile, part: str) -> dict[str, tuple[str, str]]:
    """Relationship id → (last word of its type, the part it leads to)."""
    found = {}
    if rels_of(part) in package.namelist():
        for rel in children(tree(package, rels_of(part)), "Relationship"):
            target = rel.get("Target", "")
            if rel.get("TargetMode") != "External":
                target = posixpath.normpath(posixpath.join("/", posixpath.dirname(part), target)).lstrip("/")
            found[rel.get("Id", "")] = (rel.get("Type", "").rsplit("/", 1)[-1], target)
    return found


def workbook_part(package: zipfile.ZipFile) -> str:
    targets = (target for kind, target in related(package, "").values() if kind == "officeDocument")
    return next(targets, "xl/workbook.xml")


def sheet_parts(package: zipfile.ZipFile) -> dict[str, str]:
    """Sheet name → the part that holds its cells, in the workbook's order."""
    workbook = workbook_part(package)
    rels = related(package, workbook)
    found = {}
    for sheet in children(tree(package, workbook), "sheet"):
        relation = next((value for key, value in sheet.attrib.items() if key.endswith("}id")), "")
        if relation in rels:
            found[sheet.get("name", "")] = rels[relation][1]
    return found


_SHEET = re.compile(rb"""<(?:\w+:)?sheet\s[^>]*?:id=["']([^"']*)["'][^>]*?(?:/>|></(?:\w+:)?sheet>)""")


def without_other_sheets(path: Path) -> bytes:
    """The file without its macro, chart and dialog sheets. Other parts are unchanged."""
    content = BytesIO(path.read_bytes())
    with broken_is_damaged(path), zipfile.ZipFile(content, "a", zipfile.ZIP_DEFLATED) as package:
        name = workbook_part(package)
        rels = related(package, name)
        if name not in package.namelist() or name.endswith(".bin"):
            return content.getvalue()
        kept = _SHEET.sub(
            lambda sheet: (
                sheet[0] if rels.get(sheet[1].decode("utf-8", "replace"), "")[:1] == ("worksheet",) else b""
            ),
            package.read(name),
        )
        # The new part is at the end of the file; the directory of the zip no longer names the old one.
        package.filelist.remove(package.NameToInfo.pop(name))
        package.writestr(name, kept)
    return content.getvalue()


def styles_part(package: zipfile.ZipFile) -> str | None:
    targets = (
        target for kind, target in related(package, workbook_part(package)).values() if kind == "styles"
    )
    return next((target for target in targets if target in package.namelist()), None)


def shown_styles(package: zipfile.ZipFile) -> dict[int, str]:
    """Cell style → format code, for the styles that show a number as it is not stored: with leading zeros (`00000`),
    or as a percentage (`%`)."""
    part = styles_part(package)
    if part is None:
        return {}
    root = tree(package, part)
    codes = {fmt.get("numFmtId"): fmt.get("formatCode", "").split(";")[0] for fmt in children(root, "numFmt")}
    shown = dict.fromkeys(_PERCENTAGES, PERCENT)
    for key, code in codes.items():
        if key is not None and (_pads(code) or "%" in _QUOTED.sub("", code)):
            shown[key] = code if _pads(code) else PERCENT
    styles = next(children(root, "cellXfs"), None)
    if styles is None:
        return {}
    formats = (xf.get("numFmtId", "") for xf in styles)
    return {i: shown[key] for i, key in enumerate(formats) if key in shown}


def _pads(code: str) -> bool:
    tokens = _PLAIN.findall(code)
    return "".join(tokens) == code and tokens.count("0") >= 2 and "." not in tokens


def padded_text(number: int, code: str) -> str:
    """What Excel shows for a whole number in such a format.

    >>> padded_text(7, "00000"), padded_text(1234567, "000-0000")
    ('00007', '123-4567')
    """
    if code.strip("0") == "":
        return str(number).zfill(len(code))
    tokens = _PLAIN.findall(code)
    places = tokens.count("0")
    digits = str(number).zfill(places)
    head, rest = digits[: len(digits) - places], iter(digits[len(digits) - places :])
    shown = []
    for token in tokens:
        if token == "0":
            shown.append(head + next(rest))
            head = ""
        elif not token.startswith("["):
            shown.append(token.strip('"') if token.startswith('"') else token.lstrip("\\"))
    return "".join(shown)
