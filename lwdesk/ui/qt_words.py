"""The few words that Qt itself shows (menus of text fields, its own dialogs), in the language of the window."""

from PySide6.QtCore import QCoreApplication, QLocale, QTranslator

from lwdesk.base.text import N_, _

# Qt's word without its mark for the key -> ours.
_WORDS = {
    "Undo": N_("Undo"),
    "Redo": N_("Redo"),
    "Cut": N_("Cut"),
    "Copy": N_("Copy"),
    "Paste": N_("Paste"),
    "Delete": N_("Delete"),
    "Select All": N_("Select all"),
    "OK": N_("OK"),
    "Cancel": N_("Cancel"),
    "Close": N_("Close"),
    "Open": N_("Open"),
    "Save": N_("Save"),
    "Choose": N_("Choose"),
    "Yes": N_("Yes"),
    "No": N_("No"),
    "Look in:": N_("Look in:"),
    "File name:": N_("File name:"),
    "Directory:": N_("Folder:"),
    "Files of type:": N_("Files of type:"),
    "Create New Folder": N_("Create a folder"),
    "Clear": N_("Clear"),
    "Step up": N_("Step up"),
    "Step down": N_("Step down"),
}


class QtWords(QTranslator):
    """Translates what Qt says; what is not known stays as Qt has it."""

    def translate(self, context: str, text: str, about: str | None = None, n: int = -1) -> str:
        found = _WORDS.get(text.replace("&", "").replace("...", ""))
        return text if found is None else _(found)

    def isEmpty(self) -> bool:
        return False


def install(app: QCoreApplication, language: str) -> None:
    """Have Qt speak our words from now on, and write days as the language does: as the system, where it speaks it."""
    short, system = language.replace("-", "_").partition("_")[0].lower(), QLocale.system()
    QLocale.setDefault(system if system.name().partition("_")[0] == short else QLocale(short))
    if not app.findChildren(QtWords):
        app.installTranslator(QtWords(app))
