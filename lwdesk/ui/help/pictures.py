"""The pictures of the help, drawn in the colours and the language of the window."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QFont, QImage, QPainter, QPen

from lwdesk.base.text import _, ngettext
from lwdesk.ui.colours import colours
from lwdesk.ui.icons import paint
from lwdesk.ui.widgets import SIGNS

# All pictures are drawn this wide and high, and scaled.
_WIDTH, _HEIGHT = 520, 156


def picture(name: str, size: QSizeF, ratio: float) -> QImage:
    """A picture by its name; `size` in the window's pixels, of which a fine screen has `ratio` times as many."""
    found = QImage((size * ratio).toSize(), QImage.Format.Format_ARGB32_Premultiplied)
    found.fill(Qt.GlobalColor.transparent)
    with QPainter(found) as painter:
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.TextAntialiasing)
        painter.scale(found.width() / _WIDTH, found.height() / _HEIGHT)
        _box(painter, QRectF(0.5, 0.5, _WIDTH - 1, _HEIGHT - 1), colours().page, colours().line)
        PICTURES[name](painter)
    found.setDevicePixelRatio(ratio)
    return found


def _file(painter: QPainter) -> None:
    tints = colours()
    _box(painter, QRectF(200, 24, 290, 108), tints.card, tints.edge, dashed=True)
    paint(painter, QRectF(331, 40, 28, 28), "file-arrow-up", tints.accent)
    _text(painter, QRectF(210, 76, 270, 40), _("Drop an Excel or CSV file here"), strong=True, middle=True)
    _sheet(painter, QRectF(34, 38, 84, 80))
    _arrow(painter, QPointF(130, 78), QPointF(188, 78))


def _match(painter: QPainter) -> None:
    tints = colours()
    pairs = (
        ("E-mail", _("Email")),
        (_("Last name"), _("Last name")),
        (_("Course"), _("Courses")),
    )
    for line, (header, title) in enumerate(pairs):
        top = 18 + line * 42
        _box(painter, QRectF(34, top, 180, 32), tints.sidebar, tints.line)
        _text(painter, QRectF(46, top, 160, 32), header)
        _arrow(painter, QPointF(226, top + 16), QPointF(292, top + 16))
        _box(painter, QRectF(304, top, 182, 32), tints.card, tints.accent)
        _text(painter, QRectF(316, top, 160, 32), title, strong=True)


def _review(painter: QPainter) -> None:
    rows = (
        ("create", _("New"), "ana.lopez@example.com"),
        ("update", ngettext("{n} change", "{n} changes", 2), "li.wei@example.com"),
        ("same", _("Up to date"), "tom.oneil@example.com"),
        ("failed", ngettext("Fix {n} cell", "Fix {n} cells", 1), "maria.k@example"),
    )
    _rows(painter, rows)


def _send(painter: QPainter) -> None:
    rows = (
        ("done", _("Created"), "ana.lopez@example.com"),
        ("done", _("Done"), "li.wei@example.com"),
        ("failed", _("Failed"), "kim@example.com"),
        ("waiting", _("Waiting"), "eva.berg@example.com"),
    )
    _rows(painter, rows)


def _api(painter: QPainter) -> None:
    tints = colours()
    for place, (symbol, words) in enumerate((("gear", "Settings"), ("code", "Developers"), ("key", "API"))):
        left = 28 + place * 162
        _box(painter, QRectF(left, 18, 136, 40), tints.card, tints.accent if place == 2 else tints.line)
        paint(painter, QRectF(left + 12, 29, 18, 18), symbol, tints.accent)
        _text(painter, QRectF(left + 38, 18, 96, 40), words, strong=True)
        if place < 2:
            _arrow(painter, QPointF(left + 139, 38), QPointF(left + 159, 38))
    for place, words in enumerate((_("Client ID"), _("Client secret"))):
        top = 72 + place * 38
        _text(painter, QRectF(28, top, 128, 30), words)
        _box(painter, QRectF(164, top, 328, 30), tints.card, tints.edge)
        _text(painter, QRectF(176, top, 300, 30), "• • • • • • • • • • • •", tints.quiet)


PICTURES: dict[str, Callable[[QPainter], None]] = {
    "file": _file,
    "match": _match,
    "review": _review,
    "send": _send,
    "api": _api,
}


def _rows(painter: QPainter, rows: Sequence[tuple[str, str, str]]) -> None:
    """Rows of a sheet with a status in front: (tone, status, email)."""
    tints = colours()
    for line, (tone, status, email) in enumerate(rows):
        top = 16 + line * 32
        _box(painter, QRectF(28, top, 464, 28), tints.card, tints.line)
        ink = {"create": tints.accent, "update": tints.accent, "done": tints.done, "failed": tints.failed}
        _text(
            painter,
            QRectF(40, top, 170, 28),
            f"{SIGNS[tone]}  {status}",
            ink.get(tone, tints.quiet),
            strong=True,
        )
        ground = tints.failed_tint if tone == "failed" else tints.card
        painter.fillRect(QRectF(220, top + 1, 270, 26), QColor(ground))
        _text(painter, QRectF(230, top, 250, 28), email)


def _sheet(painter: QPainter, place: QRectF) -> None:
    tints = colours()
    _box(painter, place, tints.card, tints.edge)
    painter.setPen(QPen(QColor(tints.line), 2))
    for line in range(1, 5):
        y = place.top() + line * place.height() / 5
        painter.drawLine(QPointF(place.left() + 8, y), QPointF(place.right() - 8, y))
    painter.drawLine(
        QPointF(place.left() + 34, place.top() + 8), QPointF(place.left() + 34, place.bottom() - 8)
    )


def _box(painter: QPainter, place: QRectF, ground: str, edge: str, dashed: bool = False) -> None:
    pen = QPen(QColor(edge), 1.5 if dashed else 1)
    pen.setStyle(Qt.PenStyle.DashLine if dashed else Qt.PenStyle.SolidLine)
    painter.setPen(pen)
    painter.setBrush(QColor(ground))
    painter.drawRoundedRect(place, 8, 8)


def _arrow(painter: QPainter, start: QPointF, end: QPointF) -> None:
    painter.setPen(QPen(QColor(colours().accent), 2))
    painter.drawLine(start, end)
    for side in (-5, 5):
        painter.drawLine(end, end + QPointF(-6, side))


def _text(
    painter: QPainter,
    place: QRectF,
    words: str,
    ink: str = "",
    *,
    strong: bool = False,
    middle: bool = False,
) -> None:
    letters = QFont()
    letters.setPixelSize(14)
    letters.setWeight(QFont.Weight.DemiBold if strong else QFont.Weight.Normal)
    painter.setFont(letters)
    painter.setPen(QColor(ink or colours().text))
    across = Qt.AlignmentFlag.AlignHCenter if middle else Qt.AlignmentFlag.AlignLeft
    flags = across | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextWordWrap
    painter.drawText(place, int(flags), words)
