"""Writes PDF files. Qt lays them out, in a process of its own: it wants the main thread, and nothing here needs a
window. The process is lwdesk itself, with `COMMAND`."""

import json
import os
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from lwdesk.base.errors import SaveError
from lwdesk.base.paths import own_command, temporary_folder, written_whole
from lwdesk.base.text import _

COMMAND = "--write-pdf"
# In points: margins, the lines of header and footer, and the size of their letters.
_MARGIN, _LINE, _SMALL = 42, 26, 8
_POINTS = 72
_FONTS = ("Segoe UI", "Helvetica Neue", "Noto Sans", "DejaVu Sans", "Arial")


@dataclass(frozen=True)
class Chapter:
    """HTML that begins on a page of its own; `left` and `right` are in the header of each of its pages, `foot` in the
    footer, with "{page}" and "{pages}" of the chapter."""

    html: str
    left: str
    right: str
    foot: str


def write(path: Path, chapters: Iterable[Chapter], title: str) -> None:
    """Write a PDF file, whole or not at all. `chapters` are walked once; memory holds one at a time.

    Raises SaveError where the file can't be written, or Qt can't lay it out.
    """
    with written_whole(path) as temporary, temporary_folder() as folder:
        source = folder / "chapters"
        with source.open("w", encoding="utf-8") as lines:
            lines.write(json.dumps(title) + "\n")
            lines.writelines(json.dumps(asdict(chapter)) + "\n" for chapter in chapters)
        flags = getattr(subprocess, "CREATE_NO_WINDOW", 0)
        done = subprocess.run(
            [*own_command(), COMMAND, str(source), str(temporary)],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            creationflags=flags,
            check=False,
        )
        if done.returncode != 0:
            why = done.stderr.decode("utf-8", "replace").strip().rpartition("\n")[2]
            title = _("{name} can't be written").format(name=path.name)
            raise SaveError(title, why, _("Export it as a workbook instead (.xlsx)"))


def run(source: str, target: str) -> int:
    """The process that writes: reads the chapters from `source`. Returns the exit status."""
    if sys.platform != "win32":  # on Windows this plugin finds no fonts, and the usual one needs no window
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    from PySide6.QtCore import QMarginsF
    from PySide6.QtGui import QFont, QGuiApplication, QPageLayout, QPageSize, QPainter, QPdfWriter

    application = QGuiApplication(["lwdesk"])
    font = QFont(list(_FONTS))
    font.setPointSizeF(9)
    application.setFont(font)
    writer = QPdfWriter(target)
    margins = QMarginsF(_MARGIN, _MARGIN, _MARGIN, _MARGIN)
    a4 = QPageSize(QPageSize.PageSizeId.A4)
    writer.setPageLayout(QPageLayout(a4, QPageLayout.Orientation.Portrait, margins, QPageLayout.Unit.Point))
    writer.setResolution(_POINTS)
    writer.setCreator("lwdesk")
    painter = QPainter()
    with Path(source).open(encoding="utf-8") as lines:
        writer.setTitle(json.loads(next(lines)))
        if not painter.begin(writer):
            return 1
        for number, line in enumerate(lines):
            if number:
                writer.newPage()
            _draw(painter, writer, Chapter(**json.loads(line)), font)
    return 0 if painter.end() else 1


def _draw(painter: Any, writer: Any, chapter: Chapter, font: Any) -> None:
    """Draw a chapter, from the page that the writer is at."""
    from PySide6.QtCore import QRectF, QSizeF, Qt
    from PySide6.QtGui import QFont, QTextDocument

    area = writer.pageLayout().paintRectPixels(_POINTS)
    body = QSizeF(area.width(), area.height() - 2 * _LINE)
    document = QTextDocument()
    document.setDefaultFont(font)
    document.documentLayout().setPaintDevice(writer)
    document.setDocumentMargin(0)
    document.setHtml(chapter.html)
    document.setPageSize(body)
    small = QFont(font)
    small.setPointSizeF(_SMALL)
    left, right = Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignRight
    for page in range(document.pageCount()):
        if page:
            writer.newPage()
        painter.save()
        painter.translate(0, _LINE - page * body.height())
        document.drawContents(painter, QRectF(0, page * body.height(), body.width(), body.height()))
        painter.restore()
        painter.setFont(small)
        painter.setPen(Qt.GlobalColor.darkGray)
        half = area.width() / 2 - _SMALL
        foot = chapter.foot.format(page=page + 1, pages=document.pageCount())
        for text, x, y, side in (
            (chapter.left, 0, 0, left),
            (chapter.right, area.width() - half, 0, right),
            (foot, area.width() - half, area.height() - _LINE / 2, right),
        ):
            shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, int(half))
            painter.drawText(QRectF(x, y, half, _LINE / 2), side, shown)
