"""A topic of the help as a text document in the look of the window."""

import re

from PySide6.QtCore import QSizeF
from PySide6.QtGui import (
    QColor,
    QFont,
    QKeySequence,
    QTextBlock,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextFormat,
    QTextFrameFormat,
    QTextLength,
    QTextTable,
)

from lwdesk.help.topics import Topic
from lwdesk.ui.colours import colours
from lwdesk.ui.theme import GRID, grown, size
from lwdesk.ui.tips import native_keys

_KEYS = re.compile(r"`((?:(?:Ctrl|Alt|Shift)\+)*(?:Ctrl|Alt|Shift)\+[^`+]+)`")
# Keys that are others on some systems.
_STANDARD = {"Ctrl+Shift+Z": QKeySequence.StandardKey.Redo}
# What a picture is in the text.
_IMAGE = "\ufffc"
_PICTURE = re.compile(r"^(!\[([^\]]*)\]\(picture:.*\))$", re.MULTILINE)


def fill(document: QTextDocument, topic: Topic) -> dict[str, int]:
    """Write the topic into a document that is not shown yet: it would be laid out at every step.

    Returns the place of each heading: its name -> its position in the text.
    """
    text = _KEYS.sub(lambda found: f"`{native_keys(_STANDARD.get(found[1], found[1]))}`", topic.text)
    text = _PICTURE.sub(r"\1\n\n*\2*", text)  # the alternative text is the caption
    document.setDocumentMargin(2 * GRID)
    document.setIndentWidth(3 * GRID)
    document.setMarkdown(text, QTextDocument.MarkdownFeature.MarkdownDialectGitHub)
    cursor = QTextCursor(document)
    cursor.beginEditBlock()
    headings = []
    block = document.begin()
    while block.isValid():
        if block.blockFormat().headingLevel():
            headings.append(block.position())
        _style(block)
        block = block.next()
    cursor.endEditBlock()
    for frame in document.rootFrame().childFrames():
        if isinstance(frame, QTextTable):
            _style_table(frame)
    return dict(zip(topic.anchors, headings, strict=True))


def _style(block: QTextBlock) -> None:
    cursor, level = QTextCursor(block), block.blockFormat().headingLevel()
    layout = QTextBlockFormat()
    if block.text() != _IMAGE:
        layout.setLineHeight(125, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
    if cursor.currentTable() is None:
        layout.setTopMargin(GRID * (3 if level == 2 else 0))
        inside = block.textList() is not None and block.next().textList() is not None
        layout.setBottomMargin(GRID // 2 if inside else GRID)
    cursor.mergeBlockFormat(layout)
    caption = block.previous().text() == _IMAGE
    small = (table := cursor.currentTable()) is not None and table.columns() > 2
    for piece in [piece.fragment() for piece in block]:  # type: ignore[attr-defined]
        letters = _letters(piece.charFormat(), level, caption)
        if small:
            letters.setFontPointSize(size("quiet"))
        cursor.setPosition(piece.position())
        cursor.setPosition(piece.position() + piece.length(), QTextCursor.MoveMode.KeepAnchor)
        cursor.setCharFormat(letters)


def _letters(letters: QTextCharFormat, level: int, caption: bool) -> QTextCharFormat:
    """The letters of a piece of text: headings large, links in the accent colour, code as something to type."""
    if level:
        letters.clearProperty(QTextFormat.Property.FontSizeAdjustment)
        letters.setFontPointSize(size("title" if level == 1 else "section"))
        letters.setFontWeight(QFont.Weight.DemiBold)
    elif caption and letters.fontItalic():
        letters.setFontItalic(False)
        letters.setForeground(QColor(colours().quiet))
        letters.setFontPointSize(size("quiet"))
    if letters.fontFixedPitch():
        letters = QTextCharFormat()
        letters.setBackground(QColor(colours().sidebar))
        letters.setFontWeight(QFont.Weight.Medium)
    elif letters.anchorHref().startswith("mailto:"):  # an address that is an example
        letters = QTextCharFormat()
    elif letters.isAnchor():
        letters.setForeground(QColor(colours().accent))
    return letters


def _style_table(table: QTextTable) -> None:
    layout = table.format().toTableFormat()
    layout.setWidth(QTextLength(QTextLength.Type.PercentageLength, 100))
    layout.setBorderCollapse(True)
    layout.setBorder(1)
    layout.setBorderStyle(QTextFrameFormat.BorderStyle.BorderStyle_Solid)
    layout.setBorderBrush(QColor(colours().line))
    layout.setCellPadding(grown(6))
    layout.setCellSpacing(0)
    layout.setTopMargin(GRID)
    layout.setBottomMargin(GRID)
    weights = [_weight(table, place) for place in range(table.columns())]
    share = QTextLength.Type.PercentageLength
    layout.setColumnWidthConstraints([QTextLength(share, 100 * one / sum(weights)) for one in weights])
    table.setFormat(layout)
    for place in range(table.columns()):
        cell = table.cellAt(0, place)
        letters = cell.format()
        letters.setBackground(QColor(colours().sidebar))
        cell.setFormat(letters)


def _weight(table: QTextTable, column: int) -> float:
    """How much width a column needs: room for its longest word, and some more for long texts."""
    texts = [_text(table, line, column) for line in range(table.rows())]
    words = [word for text in texts for word in text.split()]
    return max(map(len, words), default=0) + min(60, max(map(len, texts))) / 6 + 1


def _text(table: QTextTable, line: int, column: int) -> str:
    cell = table.cellAt(line, column)
    cursor = cell.firstCursorPosition()
    cursor.setPosition(cell.lastCursorPosition().position(), QTextCursor.MoveMode.KeepAnchor)
    return cursor.selectedText()


def picture_size(width: int) -> QSizeF:
    """The size of a picture, in a text that is so many pixels wide."""
    wide = min(grown(520), width - 5 * GRID)
    return QSizeF(wide, wide * 0.3)
