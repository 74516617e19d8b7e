"""Takes the messages of the source into the translations: new ones untranslated, those that are gone dropped.

Run it with `make messages`; then translate what is empty, and run the tests of the translations.
"""

import tempfile
from contextlib import chdir
from pathlib import Path

import polib
from babel.messages.frontend import CommandLineInterface

from lwdesk.base.text import LANGUAGES

# The tree that this file is part of, whichever lwdesk is installed.
ROOT = Path(__file__).resolve().parents[1]
LOCALE = ROOT / "lwdesk" / "base" / "locale"
HEADER = ("Language", "Plural-Forms", "MIME-Version", "Content-Type", "Content-Transfer-Encoding")


def run(*arguments: object) -> None:
    CommandLineInterface().run(["pybabel", "-q", *map(str, arguments)])


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, chdir(ROOT):
        template = Path(folder) / "lwdesk.pot"
        marks = ("--no-default-keywords", "-k", "_", "-k", "N_", "-k", "ngettext:1,2")
        run(
            "extract",
            *marks,
            "--project=lwdesk",
            "--omit-header",
            "--add-location=file",
            "-o",
            template,
            "lwdesk",
        )
        for language in LANGUAGES:
            if language != "en":
                update(language, template)


def update(language: str, template: Path) -> None:
    path = LOCALE / language / "LC_MESSAGES" / "lwdesk.po"
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        run("init", "-i", template, "-o", path, "-l", language)
    options = ("--no-fuzzy-matching", "--ignore-obsolete", "--ignore-pot-creation-date", "--no-wrap")
    run("update", *options, "-i", template, "-o", path, "-l", language)
    found = polib.pofile(str(path), wrapwidth=0)
    found.metadata = {name: text for name, text in found.metadata.items() if name in HEADER}
    found.save()
    done = found.percent_translated()
    print(
        f"{language}: {len(found)} messages, {done} % translated, {len(found.untranslated_entries())} to do"
    )


if __name__ == "__main__":
    main()
