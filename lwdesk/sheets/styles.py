"""Adds one cell style, for dates with times, to the style sheet of a workbook."""

import re

_XFS = re.compile(rb"<((?:\w+:)?)cellXfs\b[^>]*>(.*?)</(?:\w+:)?cellXfs>", re.DOTALL)
_XF = re.compile(rb"<(?:\w+:)?xf\b")
_FORMATS = re.compile(rb"<(?:\w+:)?numFmts\b[^>]*>")
_FORMAT_ID = re.compile(rb"""numFmtId=["']([0-9]+)["']""")
_ROOT = re.compile(rb"<(?:\w+:)?styleSheet\b[^>]*>")
_COUNT = re.compile(rb"""count=["']([0-9]+)["']""")
_FIRST_OWN = 164


def with_date_style(xml: bytes, code: str) -> tuple[bytes, int] | None:
    """The style sheet with a style of number format `code` added, and its number; None where it cannot be added."""
    styles, root = _XFS.search(xml), _ROOT.search(xml)
    if styles is None or root is None:
        return None
    prefix, number = styles[1], len(_XF.findall(styles[2]))
    own = max([_FIRST_OWN - 1, *(int(found) for found in _FORMAT_ID.findall(xml))]) + 1
    style = b'<%bxf numFmtId="%d" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>' % (
        prefix,
        own,
    )
    start = _COUNT.sub(b'count="%d"' % (number + 1), xml[styles.start() : styles.start(2)])
    xml = xml[: styles.start()] + start + styles[2] + style + xml[styles.end(2) :]
    entry = b'<%bnumFmt numFmtId="%d" formatCode="%b"/>' % (prefix, own, code.encode())
    formats = _FORMATS.search(xml)
    if formats is None:
        entry = b'<%bnumFmts count="1">%b</%bnumFmts>' % (prefix, entry, prefix)
        return xml[: root.end()] + entry + xml[root.end() :], number
    start = _COUNT.sub(lambda found: b'count="%d"' % (int(found[1]) + 1), formats[0])
    if start.endswith(b"/>"):
        start, entry = start[:-2] + b">", entry + b"</%bnumFmts>" % prefix
    return xml[: formats.start()] + start + entry + xml[formats.end() :], number
