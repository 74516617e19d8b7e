"""Text with tags is shown as text."""

import pytest
from PySide6.QtWidgets import QLabel

from lwdesk.ui.tips import plain_tip, set_tip

EVIL = ['<img src="//host/share/x.png">', "<b>x</b>", "a\n<a href='file://h'>b</a>", "&lt;img src=x&gt;<br>"]


@pytest.mark.parametrize("name", EVIL)
def test_a_name_with_tags_makes_no_picture_and_no_link(name, qtbot):
    shown = plain_tip(name)
    assert "<img" not in shown and "<a " not in shown and "<b>" not in shown
    label = QLabel()
    qtbot.addWidget(label)
    set_tip(label, name)
    assert label.toolTip() == shown


@pytest.mark.parametrize("name", ["Ana López", "3 > 2", "R&D", ""])
def test_a_plain_text_stays_as_it_is(name):
    assert plain_tip(name) == name
