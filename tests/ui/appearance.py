"""What a careful eye sees in a window: clipped text, controls without a name, faint ink, sideways scrolling."""

import re
from collections import Counter
from collections.abc import Iterator

from PySide6.QtCore import QRect, QSize
from PySide6.QtGui import QAccessible, QColor, QImage
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSpinBox,
    QCheckBox,
    QComboBox,
    QHeaderView,
    QLabel,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QWidget,
)

from lwdesk.ui.widgets import Elided

LEAST = 4.5
_RECOGNIZED = 10  # letters by which a shortened text is known


def contrast(one: QColor, other: QColor) -> float:
    """The contrast of two colours, 1 to 21 (WCAG 2)."""

    def light(colour: QColor) -> float:
        parts = (colour.redF(), colour.greenF(), colour.blueF())
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    low, high = sorted((light(one), light(other)))
    return (high + 0.05) / (low + 0.05)


def visible_widgets(window: QWidget) -> list[QWidget]:
    """The widgets that a person sees, or can scroll to."""
    return [widget for widget in window.findChildren(QWidget) if widget.isVisible()]


def text_of_widget(widget: QWidget) -> str:
    text = widget.text() if hasattr(widget, "text") else ""
    return f"{type(widget).__name__} {widget.accessibleName() or text!r}"


def clipped(window: QWidget) -> Iterator[str]:
    """Texts that do not fit into what shows them."""
    for widget in visible_widgets(window):
        if isinstance(widget, Elided):  # shortened on purpose; its tip has all of it
            fits = len(widget.shown) >= min(len(widget.text()), _RECOGNIZED)
        elif isinstance(widget, QLabel) and widget.text():
            room, metrics = widget.contentsRect(), widget.fontMetrics()
            if widget.wordWrap():
                fits = widget.heightForWidth(widget.width()) <= widget.height() and _words_fit(widget)
            else:
                size = metrics.size(0, widget.text())
                fits = size.width() <= room.width() + 1 and metrics.height() <= room.height() + 1
        elif isinstance(widget, QPushButton | QCheckBox) and widget.text():
            size = widget.sizeHint()
            fits = size.width() <= widget.width() + 1 and size.height() <= widget.height() + 1
        elif isinstance(widget, QLineEdit) and not isinstance(widget.parent(), QComboBox | QAbstractSpinBox):
            needed = widget.fontMetrics().horizontalAdvance(widget.placeholderText())
            fits = needed + 16 <= widget.width() and widget.sizeHint().height() <= widget.height() + 1
        else:
            continue
        if not fits:
            yield f"clipped: {text_of_widget(widget)} has {widget.size().toTuple()}, needs {_needs(widget).toTuple()}"
        elif not _inside(widget, window):
            yield f"outside: {text_of_widget(widget)}"


def _needs(widget: QWidget) -> QSize:
    if isinstance(widget, QLabel) and widget.wordWrap():
        return QSize(widget.width(), widget.heightForWidth(widget.width()))
    return widget.sizeHint()


def _words_fit(widget: QLabel) -> bool:
    """Whether the longest word has room; paths and addresses are the user's own, and as long as they are."""
    longest = max(re.split(r"[\s\u200b]+", QLabel.text(widget)), key=len, default="")
    return (
        any(sign in longest for sign in "/\\@")
        or widget.fontMetrics().horizontalAdvance(longest) <= widget.width() + 1
    )


def _inside(widget: QWidget, window: QWidget) -> bool:
    """Whether a widget's sides are inside what its parents show, left and right."""
    parent = widget.parentWidget()
    while parent is not None and parent is not window:
        if isinstance(parent, QAbstractItemView):
            return True
        place = QRect(widget.mapTo(parent, widget.rect().topLeft()), widget.size())
        if place.left() < -1 or place.right() > parent.width() + 1:
            return False
        parent = parent.parentWidget()
    return True


def without_accessible_name(window: QWidget) -> Iterator[str]:
    """Controls that a screen reader has no name for."""
    kinds = (QAbstractButton, QLineEdit, QComboBox, QAbstractSpinBox, QAbstractItemView)
    inner = (QComboBox, QAbstractSpinBox, QLineEdit, QAbstractItemView)
    for widget in visible_widgets(window):
        if not isinstance(widget, kinds) or isinstance(widget, QHeaderView):
            continue
        if isinstance(widget.parent(), inner):
            continue
        found = QAccessible.queryAccessibleInterface(widget)
        if not found.text(QAccessible.Text.Name).strip():
            yield f"no name: {text_of_widget(widget)} in {text_of_widget(widget.parentWidget())}"


def scrolling_sideways(window: QWidget) -> Iterator[str]:
    """Pages that are wider than their window."""
    for area in visible_widgets(window):
        if isinstance(area, QScrollArea) and area.widget() is not None:
            wide = max(area.widget().width(), area.widget().minimumSizeHint().width())
            if wide > area.viewport().width():
                yield f"too wide: {wide} > {area.viewport().width()} in {text_of_widget(area.parentWidget())}"


def low_contrast(window: QWidget) -> Iterator[str]:
    """Texts whose ink is too near to their ground."""
    image = window.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    for widget in visible_widgets(window):
        if not isinstance(widget, QLabel | QPushButton) or not widget.text() or not widget.isEnabled():
            continue
        place = QRect(widget.mapTo(window, widget.rect().topLeft()), widget.size())
        if widget.visibleRegion().boundingRect().size() != widget.size():
            continue  # partly scrolled away
        inner = place.adjusted(3, 3, -3, -3) if isinstance(widget, QPushButton) else place
        found = _contrast_in(image.copy(inner))
        if found < LEAST:
            yield f"faint: {text_of_widget(widget)} {found:.1f}"


def _contrast_in(image: QImage) -> float:
    """The contrast of the ground (the colour there is most of) and the ink that differs most from it."""
    pixels = Counter(memoryview(image.constBits()).cast("I"))  # type: ignore[call-overload]
    colours = [QColor(pixel) for pixel, _n in pixels.most_common(200)]
    return max((contrast(colours[0], colour) for colour in colours[1:]), default=1.0)
