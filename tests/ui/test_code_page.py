"""A text file whose letters can be read in several ways: the window shows the names, and the user picks."""

from PySide6.QtWidgets import QPushButton

from tests.ui.actions import click, drop_file

ROSTER = "Email,Name\nu0@x.example,Anna Smith\nu1@x.example,Zoë\nu2@x.example,Mark Brown\n"


def test_the_names_of_each_reading_are_shown_and_the_chosen_one_is_read(desktop, qtbot, tmp_path):
    path = tmp_path / "class.csv"
    path.write_bytes(ROSTER.encode("cp1252"))
    page = drop_file(desktop, path)
    step = page.parts[0]
    qtbot.waitUntil(lambda: step.readings.isVisible(), timeout=20_000)
    offered = [one.text() for one in step.readings.findChildren(QPushButton) if one.isVisible()]
    assert offered == ["Zoë", "Zoė"]
    assert page.heading.text() == "Which of these names look right?" and not step.drop.isVisible()
    assert step.other.isVisible()  # for those who dropped the wrong file
    click(qtbot, step.readings, "Zoë")
    qtbot.waitUntil(lambda: step.wizard.preview is not None, timeout=20_000)
    assert "Zoë" in str(step.wizard.preview.top)
    assert not step.readings.isVisible() and page.heading.text() == "Is this the right sheet?"
