"""Qt's own words are in the language of the window."""

from PySide6.QtCore import QCoreApplication

from lwdesk.base import text


def test_the_menu_of_a_text_field_is_greek_where_the_window_is(desktop):
    assert QCoreApplication.translate("QLineEdit", "&Paste") == "Paste"
    text.set_language("el")
    try:
        assert QCoreApplication.translate("QLineEdit", "Cu&t") == "Αποκοπή"
        assert QCoreApplication.translate("QFileDialog", "File &name:") == "Όνομα αρχείου:"
        assert QCoreApplication.translate("Any", "Something else") == "Something else"
    finally:
        text.set_language("en")
