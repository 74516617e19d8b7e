"""Icons from the Phosphor icon font, painted in the colours of the theme at the moment of painting."""

import functools
import importlib.util
import json
from pathlib import Path

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QIcon, QIconEngine, QPainter, QPixmap

from lwdesk.ui.colours import colours

# The icon of each family of the catalog; one that is not named has the last of all.
FAMILIES = {
    "Users": "user",
    "Courses": "notebook",
    "Enrollments": "book-open",
    "Progress": "chart-line-up",
    "Assessments and forms": "student",
    "Certificates": "medal",
    "Seats": "armchair",
    "User groups": "users-three",
    "Roles and segments": "identification-card",
    "Community": "chats-circle",
    "Promotions and product discount offers (coupons)": "ticket",
    "Affiliates": "handshake",
    "Payments": "currency-circle-dollar",
    "Events": "calendar",
    "The whole school": "file",
}


# Imports and exports that have one of their own.
ENTRIES = {
    "roster": "user-list",
    "create-user": "user-plus",
    "update-user": "user-gear",
    "tag": "tag",
    "untag": "tag-simple",
    "suspend": "user-minus",
    "unsuspend": "user-circle-plus",
    "create-section": "list-plus",
    "course-contents": "list-bullets",
    "course-analytics": "chart-bar",
    "unit-analytics": "chart-bar-horizontal",
    "grades": "percent",
    "gradebook": "table",
    "progress-overview": "chart-pie-slice",
    "transcript": "file-text",
    "user-data": "user-focus",
    "leads": "funnel",
    "lead-submissions": "note-pencil",
    "payment-plans": "calendar-check",
    "subscription-plans": "arrows-clockwise",
    "user-subscriptions": "arrows-clockwise",
    "installments": "calendar-check",
    "bundles": "stack",
    "invoice-links": "receipt",
    "suspended-enrollments": "user-minus",
}


def of(id: str, family: str) -> str:
    """The icon of an import or export: its own, or that of its family (the untranslated name)."""
    return ENTRIES.get(id) or FAMILIES.get(family, "squares-four")


@functools.cache
def _font() -> tuple[str, dict[str, str]]:
    """The font's family, and name -> hexadecimal code point."""
    spec = importlib.util.find_spec(
        "qtawesome"
    )  # only its fonts are wanted: importing it costs a tenth of a second
    assert spec is not None and spec.origin is not None
    folder = Path(spec.origin).parent / "fonts"
    number = QFontDatabase.addApplicationFont(str(next(folder.glob("phosphor-[0-9]*.ttf"))))
    codes = json.loads(next(folder.glob("phosphor-charmap-*.json")).read_text("utf-8"))
    return QFontDatabase.applicationFontFamilies(number)[0], codes


def paint(painter: QPainter, rect: QRectF, name: str, colour: str) -> None:
    """Draw an icon into a square."""
    found, codes = _font()
    letters = QFont(found)
    letters.setPixelSize(max(1, round(min(rect.width(), rect.height()))))
    painter.save()
    painter.setPen(QColor(colour))
    painter.setFont(letters)
    painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, chr(int(codes[name], 16)))
    painter.restore()


def pixmap(name: str, colour: str, side: int) -> QPixmap:
    """An icon of one colour, twice as fine as `side` says."""
    found = QPixmap(side * 2, side * 2)
    found.fill(Qt.GlobalColor.transparent)
    with QPainter(found) as painter:
        paint(painter, QRectF(0, 0, side * 2, side * 2), name, colour)
    return found


class _Engine(QIconEngine):
    def __init__(self, name: str, role: str):
        super().__init__()
        self._name, self._role = name, role

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        role = "quiet" if mode == QIcon.Mode.Disabled else self._role
        side = min(rect.width(), rect.height())  # what is wider than high has its room at the right
        square = QRectF(rect.left(), rect.top() + (rect.height() - side) / 2, side, side)
        paint(painter, square, self._name, getattr(colours(), role))

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        found = QPixmap(size)
        found.fill(Qt.GlobalColor.transparent)
        with QPainter(found) as painter:
            self.paint(painter, QRect(QPoint(0, 0), size), mode, state)
        return found


def icon(name: str, role: str = "accent") -> QIcon:
    """An icon in the theme's colour of that role."""
    assert name in _font()[1], name
    return QIcon(_Engine(name, role))
