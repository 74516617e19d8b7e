"""The tour of the first practice import: a bubble at each of the four steps, which nothing waits for."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, QPoint, QPointF, QRect, QRectF, Qt, QTimer
from PySide6.QtGui import (
    QColor,
    QKeySequence,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QPolygonF,
    QShortcut,
)
from PySide6.QtWidgets import QWidget

from lwdesk.base.text import N_, _
from lwdesk.ui.colours import colours
from lwdesk.ui.context import Context
from lwdesk.ui.theme import GRID, grown
from lwdesk.ui.widgets import announce, button, column, label, row

# Milliseconds between two looks at where the target is, while a bubble is shown.
_INTERVAL = 100
# What each bubble says.
_TEXTS = (
    (
        N_("What should happen?"),
        N_("lwdesk suggests this from your column headers. Choose something else if it's wrong."),
    ),
    (
        N_("Where your columns go"),
        N_(
            "Your columns are on the left. Where they go in LearnWorlds is on the right. Check the yellow ones."
        ),
    ),
    (
        N_("Look before you send"),
        N_("Each row says what will happen to it. Click a number to filter, and a cell to fix it."),
    ),
    (
        N_("What happened to each row"),
        N_(
            "Watch the rows change. At the end you can open the results, fix what failed, or undo the import."
        ),
    ),
)


class Tour(QObject):
    """Shows the bubbles on a page. `follow` is called whenever the page shows something else.

    `targets` tell what each bubble points at now; none covers the `footer`.
    """

    def __init__(
        self, context: Context, page: QWidget, footer: QWidget, targets: Sequence[Callable[[], QWidget]]
    ):
        super().__init__(page)
        self._context, self._footer, self._targets = context, footer, targets
        self.bubble = Bubble(page)
        self.bubble.got_it.clicked.connect(self._next)
        self.bubble.skip.clicked.connect(self.stop)
        self._on = False
        self._seen: set[int] = set()
        self._at = 0
        self._escape = QShortcut(QKeySequence(Qt.Key.Key_Escape), page)
        self._escape.activated.connect(self.stop)
        self._escape.setEnabled(False)
        self._timer = QTimer(self)
        self._timer.setInterval(_INTERVAL)
        self._timer.timeout.connect(self._place)

    def follow(self, at: int, ready: bool) -> None:
        """Show the bubble of a step that is `ready`. The tour begins by itself at the first practice import."""
        school = self._context.school
        if at == 0 and ready and not self._on and school is not None and school.practice and self._is_first():
            self._on = True
        if at != self._at:
            self._hide()
        self._at = at
        if self._on and ready and at not in self._seen:
            self._show()
        else:
            self._hide()

    def restart(self) -> None:
        """Begin again, at whatever school."""
        self._on, self._seen = True, set()

    def stop(self) -> None:
        """End the tour."""
        self._on = False
        self._hide()

    def _is_first(self) -> bool:
        return not self._context.settings.section("window").get("tour")

    def _show(self) -> None:
        if self._is_first():
            self._context.settings.change("window", "tour", True)
        if not self._timer.isActive():
            self._timer.start()

    def _hide(self) -> None:
        self._timer.stop()
        self._escape.setEnabled(False)
        self.bubble.hide()

    def _next(self) -> None:
        self._seen.add(self._at)
        self._hide()
        if self._at == len(_TEXTS) - 1:
            self._on = False

    def _place(self) -> None:
        """Keep the bubble beside its target."""
        target = self._targets[self._at]()
        if not target.isVisible():
            self.bubble.hide()
            return
        appears = not self.bubble.isVisible()
        if appears:
            self.bubble.say(self._at + 1, len(_TEXTS), *map(_, _TEXTS[self._at]))
        self.bubble.point_at(target, self._footer)
        if appears:
            self.bubble.show()
            self.bubble.raise_()
            self._escape.setEnabled(True)
            announce(self.bubble, self.bubble.accessibleName())


class Bubble(QWidget):
    """A few words with an arrow, above the widgets of a page."""

    ARROW = 10

    def __init__(self, page: QWidget):
        super().__init__(page)
        self.title, self.words = label(role="strong", wrap=True), label(wrap=True)
        self.count = label(role="small")
        self.got_it = button(_("Got it"), "primary")
        self.skip = button(_("Skip the tour"), "link")
        layout = column(self.title, self.words, row(self.count, None, self.skip, self.got_it, gap=8), gap=8)
        edge = 2 * GRID
        layout.setContentsMargins(edge, edge + self.ARROW, edge, edge + self.ARROW)
        self.setLayout(layout)
        self._tip = QPoint()
        self.hide()

    def say(self, number: int, of: int, title: str, words: str) -> None:
        self.title.setText(title)
        self.words.setText(words)
        self.count.setText(_("{n} of {count}").format(n=number, count=of))
        self.skip.setVisible(number < of)
        self.setAccessibleName(f"{title} {words}")

    def point_at(self, target: QWidget, footer: QWidget) -> None:
        """Go below the target, or above it where that would cover the footer."""
        page, layout = self.parentWidget(), self.layout()
        assert page is not None and layout is not None
        width = min(grown(340), page.width() - 2 * GRID)
        height = layout.totalHeightForWidth(width)
        place = QRect(target.mapTo(page, QPoint()), target.size())
        bottom = footer.mapTo(page, QPoint()).y()
        left = max(GRID, min(place.left(), page.width() - width - GRID))
        top, up = place.bottom(), True
        if top + height > bottom:
            up = place.top() < height
            top = max(0, bottom - height) if up else place.top() - height
        ahead = min(place.left() + 6 * GRID, place.center().x()) - left
        tip = QPoint(max(4 * GRID, min(ahead, width - 4 * GRID)), 0 if up else height)
        geometry = QRect(left, top, width, height)
        if (geometry, tip) != (self.geometry(), self._tip):
            self._tip = tip
            self.setGeometry(geometry)
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        body = QRectF(self.rect()).adjusted(1, self.ARROW, -1, -self.ARROW)
        path, arrow, up = QPainterPath(), QPainterPath(), self._tip.y() == 0
        path.addRoundedRect(body, 10, 10)
        base = body.top() if up else body.bottom()
        corners = ((-9, base), (0, 1 if up else self.height() - 1), (9, base))
        arrow.addPolygon(QPolygonF([QPointF(self._tip.x() + x, y) for x, y in corners]))
        arrow.closeSubpath()
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(QColor(colours().accent), 2))
            painter.setBrush(QColor(colours().card))
            painter.drawPath(path.united(arrow))
