"""Numbers as typed: what the digits mean with a decimal point, and what with a decimal comma. Pure."""

import re
import unicodedata

_SPACE = r"[ '’ʼ´`\u2009\u202f]"
_MINUS = str.maketrans("−–—‐‑", "-----")


def _pattern(mark: str) -> re.Pattern[str]:
    """Sign, whole part, fraction after `mark`; thousands have the other mark, spaces or apostrophes between them."""
    other = re.escape("," if mark == "." else ".")
    threes = rf"\d{{2,3}}|[1-9]\d?|\d(?={_SPACE})"
    groups = [rf"(?:{threes})(?:{sign}\d{{3}})+" for sign in (other, _SPACE)]
    indian = [r"\d{1,2}(?:,\d{2})+,\d{3}"] if mark == "." else []
    whole = "|".join([*groups, *indian, r"\d+", rf"(?={re.escape(mark)}\d)"])
    return re.compile(rf"([-+]?)({whole})(?:{re.escape(mark)}(\d+))?")


_PATTERNS = {mark: _pattern(mark) for mark in ".,"}


def readings(text: str) -> dict[str, str]:
    """Decimal mark -> the number written plainly ("-1234.5"); {"": ...} where no mark matters, {} for no number.

    >>> readings("1.234,50"), readings("1.234"), readings("1 234")
    ({',': '1234.50'}, {'.': '1.234', ',': '1234'}, {'': '1234'})
    """
    text = plain_digits(text).translate(_MINUS)
    found: dict[str, str] = {}
    for mark, pattern in _PATTERNS.items():
        if match := pattern.fullmatch(text):
            sign, whole, fraction = match[1], re.sub(r"\D", "", match[2]), match[3]
            found[mark] = f"{sign.replace('+', '')}{whole or 0}{f'.{fraction}' if fraction else ''}"
    if "." not in text and "," not in text:
        return {"": found["."]} if found else {}
    return found


def plain_digits(text: str) -> str:
    """Digits of any script as those from 0 to 9."""
    if text.isascii():
        return text
    return "".join(str(unicodedata.decimal(char, char)) for char in text)


def unmistakable(number: str) -> str:
    """A plain number with a decimal point that can't be read as thousands: "1.234" is "1.2340"."""
    return f"{number}0" if re.fullmatch(r"-?[1-9]\d{0,2}\.\d{3}", number) else number
