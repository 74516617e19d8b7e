"""A card for problems of one kind: how many, where, and the fixes for all of them."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QPushButton, QVBoxLayout, QWidget

from lwdesk.app.importing.edits import Group
from lwdesk.app.job.sheet_rows import TONES
from lwdesk.base.text import _, ngettext, shorten
from lwdesk.catalog.cells.problems import EITHER, TOTAL
from lwdesk.ui.form import Combo
from lwdesk.ui.problem_words import title
from lwdesk.ui.tips import set_tip
from lwdesk.ui.title_edit import TitleEdit
from lwdesk.ui.widgets import SIGNS, button, column, label, row
from lwdesk.ui.words import number

_MOST_VALUES = 12
# Problems with the name of something in the school.
_NAMED = ("unknown", "ambiguous", "replaced")

Put = Callable[[Mapping[str, str]], object]


class ProblemCard(QFrame):
    """Calls `fix`, `empty`, `put` (text -> new text), `choose` (first or second choice) and
    `only` (show these rows)."""

    def __init__(
        self,
        group: Group,
        column_title: str,
        *,
        fix: Callable[[], object],
        empty: Callable[[], object],
        put: Put,
        choose: Callable[[int], object],
        only: Callable[[], object],
        titles: Sequence[str] = (),
        several: bool = True,
    ):
        """`titles` are all that the column can name in the school, if it names things there; `several`: its cells are
        lists."""
        super().__init__()
        self.group = group
        self.setProperty("card", True)
        tone = TONES[group.level]
        count = f"\u00a0·\u00a0{number(group.count)}"  # never alone on a line
        words = f"{SIGNS[tone]} {title(group, column_title)}{count}".strip()
        head = label(words, "strong", wrap=True, tone=tone)
        layout = column(head, label(self._about(), "small", wrap=True), gap=6)
        layout.setContentsMargins(16, 14, 16, 14)
        self._boxes: dict[str, Combo | TitleEdit] = {}
        self._titles = titles if group.code in _NAMED else ()
        self._several = several
        if group.code in EITHER and (pairs := [pair for pair in group.options.items() if len(pair[1]) == 2]):
            text, options = pairs[0]
            for place, choice in enumerate(options):
                words = _("All like {text} → {choice}").format(
                    text=shorten(text, 16), choice=shorten(choice, 16)
                )
                layout.addLayout(row(button(words, "quiet", clicked=partial(choose, place)), None))
        elif group.values and (group.choices or self._titles):
            layout.addWidget(self._mapping())
            layout.addLayout(
                row(button(_("Replace with my choices"), "quiet", clicked=lambda: put(self.words())), None)
            )
        elif group.fixes:
            if (
                group.level != "note"
                and (group.fix is None or group.code == "shifted")
                and group.code != TOTAL
            ):
                layout.addWidget(label(self._changes(), "small", wrap=True))
            layout.addLayout(row(self._fix_button(fix), None))
        more = column(gap=2)
        more.addLayout(row(button(_("Show these rows"), "link", clicked=only), None))
        if not group.needed and group.code != TOTAL and group.level != "note":
            text = ngettext("Leave it empty", "Leave all {n} empty", group.count)
            more.addLayout(row(button(text, "link", clicked=empty), None))
        layout.addLayout(more)
        self.setLayout(layout)
        self.setAccessibleName(words)

    def first_control(self) -> QWidget | None:
        """The control that has the focus first: the choice or the button of the fix."""
        self.show()  # a hidden widget takes no focus
        first: Iterable[QWidget] = self._boxes.values() or self.findChildren(QPushButton)
        return next(iter(first), None)

    def _about(self) -> str:
        places = ", ".join(cell for cell in self.group.cells if cell)
        if self.group.count > len(self.group.cells):
            places += " …"
        return f"{places}: {self.group.message}" if places else self.group.message

    def _changes(self) -> str:
        """Some repairs, before and after, a line each."""
        shown = [
            f"{shorten(before, 24) or '–'} → {shorten(fix, 24)}" for before, fix in self.group.changes.items()
        ]
        return "\n".join(shown + ["…"] * (self.group.fixes > len(shown)))

    def _fix_button(self, fix: Callable[[], object]) -> QPushButton:
        """A long suggestion is cut on the button, and whole in its tooltip."""
        if self.group.code == TOTAL:
            return button(ngettext("Skip {n} row", "Skip {n} rows", self.group.count), "quiet", clicked=fix)
        if self.group.fix is None or self.group.code == "shifted":
            words = ngettext("Apply suggested fix", "Apply {n} suggested fixes", self.group.fixes)
            return button(words, "quiet", clicked=fix)
        found = button(_("Use “{text}”").format(text=shorten(self.group.fix, 14)), "quiet", clicked=fix)
        whole = _("Use “{text}”").format(text=self.group.fix)
        set_tip(found, whole)
        found.setAccessibleName(whole)
        return found

    def words(self) -> dict[str, str]:
        """The user's choices: text of the cell -> replacement."""
        chosen = {
            text: box.text().strip() or None if isinstance(box, TitleEdit) else box.currentData()
            for text, box in self._boxes.items()
        }
        return {text: str(data) for text, data in chosen.items() if data is not None}

    def _title_field(self, text: str) -> TitleEdit:
        """A search in all that the school has."""
        found = TitleEdit(self._titles, likely=self.group.options.get(text, ()), several=self._several)
        found.setPlaceholderText(_("leave as it is"))
        found.setText(self.group.likely.get(text, ""))
        return found

    def _choice_field(self, text: str) -> Combo:
        """A list of the candidates."""
        found = Combo()
        found.setMinimumContentsLength(4)
        found.addItem(_("leave as it is"), None)
        own = self.group.options.get(text, ())
        for choice in dict.fromkeys((*own, *self.group.choices)):
            found.addItem(choice, choice)
        if not self.group.needed:
            found.addItem(_("leave empty"), "")
        if text in self.group.likely:
            found.setCurrentIndex(max(0, found.findData(self.group.likely[text])))
        return found

    def _mapping(self) -> QWidget:
        holder = QWidget()
        lines = QVBoxLayout(holder)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setSpacing(4)
        for text, count in self.group.values.most_common(_MOST_VALUES):
            box = self._boxes[text] = self._title_field(text) if self._titles else self._choice_field(text)
            box.setAccessibleName(_("“{text}” means").format(text=text))
            name = label(f"“{text}” × {number(count)}", "body", wrap=True)
            name.setAlignment(Qt.AlignmentFlag.AlignVCenter)
            lines.addWidget(name)
            lines.addWidget(box)
        return holder
