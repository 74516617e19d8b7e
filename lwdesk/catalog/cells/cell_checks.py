"""What Excel, the clipboard and a wrong encoding do to one text, as far as the text alone shows. Pure."""

import re
from functools import cache
from html import unescape

from lwdesk.base.text import _, shorten
from lwdesk.catalog.cells.problems import ERROR, WARNING, Problem

_SHORTENED = re.compile(r"(\d)(?:[.,](\d+))?E\+(\d{2,})")
# The mark that makes Excel take digits as text, and the formula used for it in text files.
_FORCED = re.compile(r"'(?=[\d+])(.+)|=\"(.*)\"")
_ENTITY = re.compile(
    r"&(?:amp|lt|gt|quot|apos|nbsp|[A-Za-z]{1,2}(?:acute|grave|uml|circ|tilde|cedil)|#\d{2,5});"
)
_LOST = re.compile(r"[?\s.,'-]*\?{3}[?\s.,'-]*")
# Letters of other alphabets and the Latin letters that look like them.
_LOOKS = str.maketrans(
    "авеһіјкорсуѕхԁԛԝАВЕКМНОРСТУХІЈЅ" + "αεικνορτυχΑΒΕΖΗΙΚΜΝΟΡΤΥΧ" + "ıİ",
    "abehijkopcysxdqwABEKMHOPCTYXIJS" + "aeikvoptuxABEZHIKMNOPTYX" + "iI",
)
_CODE_PAGES = ("cp1252", "cp1253", "cp1251")


def look_alike(letter: str) -> str:
    """The Latin letter that a letter looks like, else itself."""
    return letter.translate(_LOOKS)


def look_alikes(text: str) -> str | None:
    """The text in plain Latin letters; None where a letter of it has no Latin double."""
    plain = text.translate(_LOOKS)
    return plain if plain.isascii() else None


def check_text(text: str) -> Problem | None:
    """What was done to a text on its way into the sheet; None mostly. An error where its content is lost."""
    if "E+" in text and (found := _SHORTENED.fullmatch(text)):
        return _shortened(text, found[1] + (found[2] or ""), int(found[3]))
    if text[:1] in ("'", "=") and (found := _FORCED.fullmatch(text)):
        message = _('The apostrophe or ="" around this value is only for Excel and isn\'t part of it.')
        return Problem(WARNING, "text-mark", message, fix=found[1] or found[2])
    if "&" in text and _ENTITY.search(text):
        message = _("Copied from a web page: “{text}” is web code for “{plain}”.")
        plain = unescape(text).replace("\u00a0", " ")
        return Problem(
            WARNING, "web-code", message.format(text=shorten(text), plain=shorten(plain)), fix=plain
        )
    if "\ufffd" in text or ("???" in text and _LOST.fullmatch(text)):
        message = _("Some characters of “{text}” were lost when the file was saved. Type the value again.")
        return Problem(WARNING, "letters-lost", message.format(text=shorten(text)))
    return None if text.isascii() else _misread(text)


def _shortened(text: str, digits: str, power: int) -> Problem:
    if len(digits) == power + 1:
        message = _("Excel shows this number as {text}. All its digits are still there: {digits}.")
        message = message.format(text=text, digits=digits)
        return Problem(ERROR, "number-shortened", message, fix=digits)
    message = _(
        "Excel has shortened a long number to {text}, and its digits are lost."
        " Format the column as text and type the number again."
    )
    return Problem(ERROR, "long-number", message.format(text=text))


def _misread(text: str) -> Problem | None:
    """“MÃ¼ller”: UTF-8 that was opened with a code page. Other text of these letters is hardly ever valid UTF-8."""
    for page in _CODE_PAGES:
        table = _bytes(page)
        try:
            plain = bytes([table[char] for char in text]).decode()
        except (KeyError, UnicodeDecodeError):
            continue
        letters = [char for char in plain if char.isalpha() and not char.isascii()]
        if len(letters) < (1 if page == "cp1252" else 2) and "â€" not in text:
            continue
        message = _("The characters got garbled when the file was opened: “{text}” should be “{plain}”.")
        message = message.format(text=shorten(text), plain=shorten(plain))
        return Problem(WARNING, "letters-mixed", message, fix=plain)
    return None


@cache
def _bytes(page: str) -> dict[str, int]:
    """Letter -> byte of a code page; bytes without a letter are control characters, as Windows has it."""
    return {bytes([n]).decode(page, "ignore") or chr(n): n for n in range(256)}
