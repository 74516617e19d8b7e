"""Every message is translated in every language, whole and unbroken, and none is translated before it is shown."""

import ast
import string
from pathlib import Path

import polib
import pytest
from babel.messages.extract import extract_from_dir

from lwdesk.base import text

ROOT = Path(__file__).parents[1] / "lwdesk"
KEYWORDS = {"_": None, "N_": None, "ngettext": (1, 2)}
OTHERS = [language for language in text.LANGUAGES if language != "en"]


@pytest.fixture(scope="module")
def messages():
    """All messages of the source, (one, many) where they count."""
    found = extract_from_dir(ROOT, method_map=[("**.py", "python")], keywords=KEYWORDS)
    return {
        message if isinstance(message, str) else tuple(message) for _file, _line, message, *_rest in found
    }


@pytest.fixture(scope="module")
def catalogs():
    return {lang: polib.pofile(str(text.LOCALE / lang / "LC_MESSAGES" / "lwdesk.po")) for lang in OTHERS}


@pytest.fixture(autouse=True)
def english():
    yield
    text.set_language("en")


def forms(entry):
    """(message, translation) of an entry; the plural is held against the message of the plural."""
    if not entry.msgid_plural:
        return [(entry.msgid, entry.msgstr)]
    return [
        (entry.msgid if n == 0 else entry.msgid_plural, words) for n, words in entry.msgstr_plural.items()
    ]


def holes(message):
    """The places to fill in. Raises ValueError where braces don't match."""
    return {name for _text, name, _spec, _conversion in string.Formatter().parse(message) if name is not None}


@pytest.mark.parametrize("language", OTHERS)
def test_all_is_translated_and_nothing_is_left_over(language, messages, catalogs):
    known = {
        (entry.msgid, entry.msgid_plural) if entry.msgid_plural else entry.msgid
        for entry in catalogs[language]
        if entry.translated() and not entry.obsolete
    }
    missing = sorted(map(str, messages - known))
    assert not missing, f"{len(missing)} not translated; make messages, then translate: {missing[:20]}"
    left = sorted(str(message) for message in known - messages)
    assert not left, f"{len(left)} are no longer in the source; make messages: {left[:20]}"
    assert not [entry.msgid for entry in catalogs[language] if entry.fuzzy or entry.obsolete]


@pytest.mark.parametrize("language", OTHERS)
def test_no_translation_is_broken(language, catalogs):
    broken = []
    for entry in catalogs[language]:
        for message, words in forms(entry):
            wrong = holes(words) - holes(message) or (holes(message) - holes(words)) - {"n"}
            if len(forms(entry)) == 1:
                wrong = wrong or holes(message) - holes(words)
            edges = (message[:1].isspace(), message[-1:].isspace(), message.count("\n"))
            if wrong or edges != (words[:1].isspace(), words[-1:].isspace(), words.count("\n")):
                broken.append((message, words))
    assert not broken


@pytest.mark.parametrize("language", OTHERS)
def test_plurals_have_all_their_forms(language, catalogs):
    header = catalogs[language].metadata["Plural-Forms"]
    count = int(header.partition("nplurals=")[2].partition(";")[0])
    counted = [entry for entry in catalogs[language] if entry.msgid_plural]
    assert counted and all(sorted(entry.msgstr_plural) == list(range(count)) for entry in counted)


def test_greek_is_greek(catalogs):
    """A sentence that was left in English would pass for translated."""
    alien = [
        message
        for entry in catalogs["el"]
        for message, words in forms(entry)
        if sum(word.isalpha() for word in message.split()) > 2
        and not any("α" <= c <= "ω" for c in words.lower())
    ]
    assert not alien


def test_the_language_is_spoken_and_left_again():
    text.set_language("el_GR")
    assert text._("Home") == "Αρχική"
    assert text.ngettext("{n} row", "{n} rows", 1) == "1 γραμμή"
    assert text.ngettext("{n} row", "{n} rows", 5) == "5 γραμμές"
    text.set_language("xx")
    assert text._("Home") == "Home"


def calls(tree, inside=False):
    """(call, whether it is in a function) of all calls of the translating functions."""
    for child in ast.iter_child_nodes(tree):
        if isinstance(child, ast.Call) and getattr(child.func, "id", "") in ("_", "ngettext"):
            yield child, inside
        deeper = inside or isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
        yield from calls(child, deeper)


def test_no_message_is_written_inside_an_f_string():
    """Python before 3.12 tokenizes an f-string as one string, in which no tool finds a message to translate."""
    wrong = [
        f"{path.relative_to(ROOT)}:{call.lineno}"
        for path in sorted(ROOT.rglob("*.py"))
        for string in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(string, ast.JoinedStr)
        for call in ast.walk(string)
        if isinstance(call, ast.Call) and getattr(call.func, "id", "") in KEYWORDS
        if any(isinstance(argument, ast.Constant) for argument in call.args)
    ]
    assert not wrong


def test_nothing_is_translated_before_it_is_shown_nor_put_together_before_it_is_translated():
    wrong = []
    for path in sorted(ROOT.rglob("*.py")):
        for call, inside in calls(ast.parse(path.read_text("utf-8"))):
            if not inside or any(isinstance(argument, ast.JoinedStr) for argument in call.args[:2]):
                wrong.append(f"{path.relative_to(ROOT)}:{call.lineno}")
    assert not wrong
