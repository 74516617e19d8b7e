"""The small parts that pages are made of: labels, buttons, cards, chips, banners."""

import re
from collections.abc import Callable, Sequence

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QButtonGroup,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLayout,
    QPushButton,
    QSizePolicy,
    QTableWidget,
    QVBoxLayout,
    QWidget,
)

from lwdesk.base.errors import AppError
from lwdesk.base.text import _
from lwdesk.ui.colours import colours
from lwdesk.ui.context import Context
from lwdesk.ui.icons import icon, paint
from lwdesk.ui.theme import GRID, grown
from lwdesk.ui.tips import set_tip

# Sign and name of a tone: colour is never the only sign.
SIGNS = {
    "done": "✓",
    "look": "△",
    "failed": "!",
    "accent": "",
    "create": "+",
    "update": "~",
    "same": "=",
    "waiting": "…",
    "sending": "↻",
    "plain": "–",
    "": "",
}
# Letters by which a shortened text is recognized.
_RECOGNIZED = 16


def restyle(widget: QWidget, **properties: object) -> None:
    """Set properties that the style sheet looks at."""
    for name, value in properties.items():
        widget.setProperty(name, value)
    widget.style().unpolish(widget)
    widget.style().polish(widget)


# Words that may be wider than their label, and the signs in them after which a line may end.
_LONG, _JOINTS = re.compile(r"\S{25,}"), re.compile(r"([\\/@._-])(?=.)")
_BREAK = "\u200b"


class _Wrapping(QLabel):
    """Text that takes as many lines as its width demands; Qt's own guess would make pages too high.

    Long words break too: Qt finds no place for that in a path of Windows, and would clip it. Text that can be copied
    stays as it is.
    """

    def __init__(self, text: str):
        super().__init__()
        self.setText(text)

    def setText(self, text: str) -> None:
        if not self.textInteractionFlags() & Qt.TextInteractionFlag.TextSelectableByMouse:
            text = _LONG.sub(lambda word: _JOINTS.sub(rf"\1{_BREAK}", word[0]), text)
        super().setText(text)

    def text(self) -> str:
        return super().text().replace(_BREAK, "")

    def sizeHint(self) -> QSize:
        found = super().sizeHint()
        if self.testAttribute(Qt.WidgetAttribute.WA_Resized) and self.width() > 1:
            found.setHeight(self.heightForWidth(self.width()))
        return found

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.updateGeometry()

    def minimumSizeHint(self) -> QSize:
        return QSize(1, self.fontMetrics().height())


def label(text: str = "", role: str = "body", *, wrap: bool = False, tone: str = "") -> QLabel:
    """Text. `role` is one of title, section, strong, quiet, small, number, body."""
    found = _Wrapping(text) if wrap else QLabel(text)
    found.setTextFormat(Qt.TextFormat.PlainText)
    found.setProperty("role", role)
    found.setProperty("tone", tone)
    found.setWordWrap(wrap)
    if wrap:
        policy = found.sizePolicy()
        policy.setHorizontalPolicy(QSizePolicy.Policy.Ignored)
        policy.setVerticalPolicy(QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        found.setSizePolicy(policy)
    return found


class Elided(QLabel):
    """A line of text that shows as much as there is room for, but enough to recognize it; all of it in its tip."""

    def __init__(self, role: str, alignment: Qt.AlignmentFlag):
        super().__init__()
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setProperty("role", role)
        self.setAlignment(alignment | Qt.AlignmentFlag.AlignVCenter)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def setText(self, text: str) -> None:
        super().setText(text)
        set_tip(self, text)
        letters = self.fontMetrics()
        self.setMinimumWidth(min(letters.horizontalAdvance(text), _RECOGNIZED * letters.averageCharWidth()))

    @property
    def shown(self) -> str:
        """The text as there is room for it."""
        return self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideMiddle, self.width())

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.drawText(self.rect(), self.alignment(), self.shown)


def say(found: QLabel, text: str) -> None:
    """Show a text in a label; hide the label where the text is empty."""
    found.setText(text)
    found.setVisible(bool(text))


def button(
    text: str, kind: str = "quiet", symbol: str = "", clicked: Callable[[], object] | None = None
) -> QPushButton:
    """A button: primary (one a page), quiet, danger, destroy, link or chip."""
    found = QPushButton(text)
    found.setProperty("kind", kind)
    found.setAutoDefault(True)  # Enter presses the button that has the focus
    if symbol:
        role = {"primary": "on_accent", "destroy": "on_accent", "danger": "failed", "link": "accent"}
        found.setIcon(icon(symbol, role.get(kind, "text")))
        found.setIconSize(QSize(16 + 6, 16))
    if kind == "chip":
        found.setCheckable(True)
        found.setAutoExclusive(True)  # one of several: a radio to screen readers
    if clicked is not None:
        found.clicked.connect(lambda _checked=False: clicked())
    return found


def chip(text: str, tone: str = "accent") -> QLabel:
    """A few words on a tint, with the sign of their tone."""
    found = QLabel()
    found.setTextFormat(Qt.TextFormat.PlainText)
    found.setProperty("chip", True)
    set_chip(found, text, tone)
    found.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Maximum)
    return found


def set_chip(found: QLabel, text: str, tone: str) -> None:
    sign = "" if tone == "plain" else SIGNS[tone]
    found.setText(f"{sign} {text}".strip())
    restyle(found, tone=tone)


def row(*parts: QWidget | QLayout | int | None, gap: int = GRID) -> QHBoxLayout:
    """Things side by side; a number is a blank of so many pixels, None takes all room that is left."""
    return _filled(QHBoxLayout(), parts, gap)  # type: ignore[return-value]


def column(*parts: QWidget | QLayout | int | None, gap: int = GRID) -> QVBoxLayout:
    """Things one below the other; as in `row`."""
    return _filled(QVBoxLayout(), parts, gap)  # type: ignore[return-value]


def _filled(
    layout: QHBoxLayout | QVBoxLayout, parts: Sequence[QWidget | QLayout | int | None], gap: int
) -> QHBoxLayout | QVBoxLayout:
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(gap)
    for part in parts:
        if part is None:
            layout.addStretch(1)
        elif isinstance(part, int):
            layout.addSpacing(part)
        elif isinstance(part, QWidget):
            layout.addWidget(part)
        else:
            layout.addLayout(part)
    return layout


def card(*parts: QWidget | QLayout | int | None, gap: int = GRID) -> QFrame:
    """A white box: 16 inside, 10 round."""
    found = QFrame()
    found.setProperty("card", True)
    layout = column(*parts, gap=gap)
    layout.setContentsMargins(2 * GRID, 2 * GRID, 2 * GRID, 2 * GRID)
    found.setLayout(layout)
    return found


def clear(layout: QLayout) -> None:
    """Remove all that a layout holds."""
    while (item := layout.takeAt(0)) is not None:
        if (widget := item.widget()) is not None:
            widget.hide()
            widget.deleteLater()
        elif (inner := item.layout()) is not None:
            clear(inner)
            inner.deleteLater()


def chosen(group: QButtonGroup) -> str:
    """The word (`which`) of the chip that is chosen among several."""
    found = group.checkedButton()
    return "" if found is None else str(found.property("which"))


def help_link(context: Context, place: str) -> QPushButton:
    """A link to a place in the help, for an error."""
    return button(_("What can I do?"), "link", "question", lambda: context.go("help", place=place))


class Task(QPushButton):
    """A card to press: icon, title, and what it does."""

    def __init__(self, symbol: str, title: str, about: str = "", clicked: Callable[[], object] | None = None):
        super().__init__()
        self.setProperty("kind", "card")
        self.setAutoDefault(False)
        self.setAccessibleName(title)
        self.setAccessibleDescription(about)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        words = column(label(title, "strong", wrap=True), gap=4)
        if about:
            words.addWidget(label(about, "small", wrap=True))
        words.addStretch(1)
        layout = row(gap=14)
        layout.addWidget(Picture(symbol, 20), 0, Qt.AlignmentFlag.AlignTop)
        layout.addLayout(words, 1)
        layout.setContentsMargins(2 * GRID, 2 * GRID, 2 * GRID, 2 * GRID)
        self.setLayout(layout)
        self._layout = layout
        for child in self.findChildren(QWidget):
            child.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        if clicked is not None:
            self.clicked.connect(lambda _checked=False: clicked())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return self._layout.totalHeightForWidth(width)

    def sizeHint(self) -> QSize:
        return QSize(grown(220), self._layout.totalHeightForWidth(grown(220)))

    def minimumSizeHint(self) -> QSize:
        return QSize(grown(140), grown(40))


def announce(widget: QWidget, text: str) -> None:
    """Let screen readers say a text that appeared without the user going there."""
    if widget.isVisible():
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(widget, text))


class Banner(QFrame):
    """A message on a page until it no longer applies: icon, title, text, and an action."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self.title = label(role="strong", wrap=True)
        self.words = label(wrap=True)
        self.words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.choices = row(gap=GRID)
        layout = column(self.title, self.words, self.choices, gap=4)
        layout.setContentsMargins(2 * GRID, 12, 2 * GRID, 12)
        self.setLayout(layout)
        self.hide()

    def show_error(self, error: AppError, *actions: QPushButton) -> None:
        """Say what went wrong and what to do, with a link to the help about it."""
        words = " ".join(_sentence(part) for part in (error.message, error.hint) if part)
        self.say("failed", error.title, words, *actions, help_link(self._context, error.help))

    def ask(self, title: str, words: str, keep: str, act: str, call: Callable[[], object]) -> None:
        """Ask before something is taken away: `keep` is the harmless answer, which has the focus and is Esc too; `act`
        is the button that calls `call`."""

        def agreed() -> None:
            self.hide()
            call()

        harmless = button(keep, "primary", clicked=self.hide)
        self.say("look", title, words, harmless, button(act, "danger", clicked=agreed))
        harmless.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.hide()
        else:
            super().keyPressEvent(event)

    def say(self, tone: str, title: str, words: str = "", *actions: QPushButton) -> None:
        """Say something: `tone` is accent, done, look or failed."""
        clear(self.choices)
        for action in actions:
            self.choices.addWidget(action)
        if actions:
            self.choices.addStretch(1)
        restyle(self, banner=tone)
        restyle(self.title, tone=tone)
        self.title.setText(f"{SIGNS[tone]} {title}".strip())
        self.words.setText(words)
        self.words.setVisible(bool(words))
        self.setAccessibleName(f"{title} {words}")
        self.show()
        announce(self, f"{title} {words}".strip())


def _sentence(text: str) -> str:
    text = text.strip()
    return text if text.endswith((".", "!", "?")) else f"{text}."


def plain_table(name: str) -> QTableWidget:
    """A table of a few rows to read. `name` is what screen readers call it."""
    found = QTableWidget()
    found.setAccessibleName(name)
    found.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    found.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
    found.setTabKeyNavigation(False)
    found.setShowGrid(False)
    found.setWordWrap(False)
    found.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    found.horizontalHeader().setMaximumSectionSize(grown(260))
    found.verticalHeader().hide()
    found.verticalHeader().setDefaultSectionSize(grown(30))
    return found


class Empty(QWidget):
    """What a page says when there is nothing yet: a big icon, a sentence, and what to do next."""

    def __init__(self, symbol: str, title: str, words: str, *actions: QPushButton):
        super().__init__()
        sign = Picture(symbol, 40)
        layout = column(None, gap=GRID)
        layout.addWidget(sign, 0, Qt.AlignmentFlag.AlignHCenter)
        for text in (label(title, "section", wrap=True), label(words, "quiet", wrap=True)):
            text.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            layout.addWidget(text)
        layout.addSpacing(GRID)
        layout.addLayout(row(None, *actions, None))
        layout.addStretch(1)
        self.setLayout(layout)


class Picture(QWidget):
    """An icon that follows the theme."""

    def __init__(self, symbol: str, side: int, role: str = "accent"):
        super().__init__()
        self._symbol, self._role = symbol, role
        self.setFixedSize(side, side)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint(painter, QRectF(self.rect()), self._symbol, getattr(colours(), self._role))
