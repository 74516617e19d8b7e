"""The cell styles of a workbook, and further ones."""

import re
from collections.abc import Mapping
from html import escape, unescape

_XFS = re.compile(rb"<((?:\w+:)?)cellXfs\b[^>]*>(.*?)</(?:\w+:)?cellXfs>", re.DOTALL)
_XF = re.compile(rb"<(?:\w+:)?xf\b(?:[^>]*/>|[^>]*>.*?</(?:\w+:)?xf>)", re.DOTALL)
_TAG = re.compile(rb"<(?:\w+:)?xf\b([^>]*?)(/?)>")
_ATTRIBUTE = re.compile(rb"""\s([\w:]+)=["']([^"']*)["']""")
_ALIGNMENT = re.compile(rb"<(?:\w+:)?alignment\b")
_FORMATS = re.compile(rb"<(?:\w+:)?numFmts\b[^>]*>")
_ALL_FORMATS = re.compile(rb"<(?:\w+:)?numFmts\b[^>]*>.*?</(?:\w+:)?numFmts>", re.DOTALL)
_FORMAT_ID = re.compile(rb"""numFmtId=["']([0-9]+)["']""")
_FORMAT = re.compile(rb"<(?:\w+:)?numFmt\s([^>]*)>")
_ROOT = re.compile(rb"<(?:\w+:)?styleSheet\b[^>]*>")
_COUNT = re.compile(rb"""count=["']([0-9]+)["']""")
_FIRST_OWN = 164
GENERAL = 0
# Formats that every workbook has (ECMA-376, numFmt).
_BUILT_IN = {"General": GENERAL, "0": 1, "0.00": 2, "#,##0": 3, "#,##0.00": 4, "0%": 9, "0.00%": 10}


class StyleSheet:
    """The styles part of a workbook; `xml` has the styles that were added too. A style is the number that cells have.

    Raises ValueError where the part is written in a way this class doesn't know.
    """

    def __init__(self, xml: bytes):
        styles, root = _XFS.search(xml), _ROOT.search(xml)
        if styles is None or root is None:
            raise ValueError("no cell styles")
        self._xml, self._place, self._root, self._prefix = xml, styles.span(2), root.end(), styles[1]
        self._styles = _XF.findall(styles[2])
        if not self._styles:
            raise ValueError("no cell styles")
        self._facts = [_facts(style) for style in self._styles]
        self._count = len(self._styles)
        self._formats = dict[str, int]()
        formats = _ALL_FORMATS.search(xml)
        for found in _FORMAT.findall(formats[0] if formats else b""):
            facts = dict(_ATTRIBUTE.findall(b" " + found))
            code = unescape(facts.get(b"formatCode", b"").decode("utf-8", "replace"))
            self._formats.setdefault(code, int(facts.get(b"numFmtId", GENERAL)))
        self._last = max([_FIRST_OWN - 1, *map(int, _FORMAT_ID.findall(xml))])
        self._own: list[tuple[int, str]] = []

    @property
    def xml(self) -> bytes:
        if len(self._styles) == self._count:
            return self._xml
        xml, (start, end) = self._xml, self._place
        added = b"".join(self._styles[self._count :])
        head = xml.rindex(b"<", 0, start)
        count = _COUNT.sub(b'count="%d"' % len(self._styles), xml[head:start])
        xml = xml[:head] + count + xml[start:end] + added + xml[end:]
        entries = b"".join(
            b'<%bnumFmt numFmtId="%d" formatCode="%b"/>' % (self._prefix, id, escape(code).encode())
            for id, code in self._own
        )
        return self._with_formats(xml, entries) if entries else xml

    def format_of(self, style: int) -> int:
        """The number of a style's format: GENERAL, one that all workbooks have, or one of the workbook's own."""
        return int(self._facts[style][0].get(b"numFmtId", GENERAL)) if style < len(self._facts) else GENERAL

    def like(self, style: int, format: str | int, alignment: Mapping[str, str | int] | None = None) -> int:
        """The style that is like another one, but for its number format (a code, or its number), and aligned so where
        the other one isn't aligned at all. It is added where there is none."""
        style = style if style < len(self._styles) else 0
        attributes, inner = self._facts[style]
        id = format if isinstance(format, int) else self._id_of(format)
        alignment = None if _ALIGNMENT.search(inner) else alignment
        if id == self.format_of(style) and not alignment:
            return style
        attributes = attributes | {b"numFmtId": b"%d" % id, b"applyNumberFormat": b"1"}
        if alignment:
            shown = " ".join(f'{name}="{value}"' for name, value in alignment.items())
            attributes[b"applyAlignment"] = b"1"
            inner = b"<%balignment %b/>" % (self._prefix, shown.encode()) + inner
        if (attributes, inner) in self._facts:
            return self._facts.index((attributes, inner))
        said = b" ".join(b'%b="%b"' % fact for fact in attributes.items())
        close = b">%b</%bxf>" % (inner, self._prefix) if inner else b"/>"
        self._styles.append(b"<%bxf %b%b" % (self._prefix, said, close))
        self._facts.append((attributes, inner))
        return len(self._styles) - 1

    def _id_of(self, code: str) -> int:
        if code in _BUILT_IN:
            return _BUILT_IN[code]
        if code not in self._formats:
            self._last += 1
            self._formats[code] = self._last
            self._own.append((self._formats[code], code))
        return self._formats[code]

    def _with_formats(self, xml: bytes, entries: bytes) -> bytes:
        formats = _FORMATS.search(xml)
        if formats is None:
            entries = b'<%bnumFmts count="%d">%b</%bnumFmts>' % (
                *(self._prefix, len(self._own), entries, self._prefix),
            )
            return xml[: self._root] + entries + xml[self._root :]
        start = _COUNT.sub(lambda found: b'count="%d"' % (int(found[1]) + len(self._own)), formats[0])
        if start.endswith(b"/>"):
            start, entries = start[:-2] + b">", entries + b"</%bnumFmts>" % self._prefix
        return xml[: formats.start()] + start + entries + xml[formats.end() :]


def _facts(xf: bytes) -> tuple[dict[bytes, bytes], bytes]:
    """The attributes of a style, and what is in it."""
    tag = _TAG.match(xf)
    if tag is None:
        raise ValueError("a style of another shape")
    return dict(_ATTRIBUTE.findall(tag[1])), b"" if tag[2] else xf[tag.end() : xf.rindex(b"</")]
