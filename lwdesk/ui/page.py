"""What a page is: a name, an icon, a place to say what went wrong, a body that scrolls up and down only, a foot."""

from pathlib import Path
from typing import Any, ClassVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from lwdesk.base.errors import AppError
from lwdesk.ui.context import Context
from lwdesk.ui.theme import GRID
from lwdesk.ui.widgets import Banner


class Page(QWidget):
    """One page of the window. `id` is what `Context.go` calls it by; `title` is marked for translation.

    Put things into `body`, which scrolls; `banner` above it and `foot` below it never scroll out of sight.
    """

    id: ClassVar[str] = ""
    title: ClassVar[str] = ""
    icon: ClassVar[str] = ""
    in_sidebar: ClassVar[bool] = True

    def __init__(self, context: Context):
        super().__init__()
        self.setObjectName("page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.context = context
        self.banner = Banner()
        self.body = QVBoxLayout()
        self.body.setContentsMargins(0, 0, 0, 0)
        self.body.setSpacing(2 * GRID)
        inner = QVBoxLayout()
        inner.setContentsMargins(4 * GRID, 2 * GRID, 4 * GRID, 3 * GRID)
        inner.setSpacing(2 * GRID)
        inner.addLayout(self.body, 1)
        holder = QWidget()
        holder.setObjectName("page")
        holder.setLayout(inner)
        self.area = scrolling(holder)
        said = QVBoxLayout()
        said.setContentsMargins(4 * GRID, GRID, 4 * GRID, 0)
        said.addWidget(self.banner)
        self.foot = QVBoxLayout()  # with the margins of what is put into it: an empty foot takes no place
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addLayout(said)
        outer.addWidget(self.area)
        outer.addLayout(self.foot)

    def shown(self, **about: Any) -> None:
        """The page comes to the front; `about` is what `Context.go` was told."""

    def kept(self) -> dict[str, Any]:
        """What `shown` needs to stand there again, on a page made again; this one lets go of what it holds."""
        return {}

    def opened(self, path: Path) -> None:
        """A file was dropped while this page was in front; the window asks the import page by default."""
        self.context.go("import", path=path)

    def go_on(self) -> None:
        """Ctrl+Return: the next step."""

    def again(self) -> None:
        """F5: look again."""

    def fail(self, error: AppError) -> None:
        """Say on the page what went wrong."""
        self.banner.show_error(error)


def scrolling(holder: QWidget) -> QScrollArea:
    """A widget that scrolls up and down when it must, and never sideways."""
    area = QScrollArea()
    area.setWidget(holder)
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    return area
