"""The value that empties, and the text for it in a cell. Pure."""

from lwdesk.base.text import N_, _, fold

_WORD = N_("empty")


class Empty:
    """The kind of `EMPTY`: false, as an empty value is, but not None, which changes nothing."""

    def __bool__(self) -> bool:
        return False

    def __str__(self) -> str:
        return _("(empty)")

    def __repr__(self) -> str:
        return "EMPTY"


EMPTY = Empty()


def empty_word() -> str:
    """What to write in a cell to empty the value, in the user's language: `[empty]`."""
    return f"[{_(_WORD)}]"


def empties(cell: object) -> bool:
    """Whether a cell says that the value is to be emptied: in English or the user's language, in any case."""
    if not isinstance(cell, str):
        return False
    text = cell.strip()
    return text[:1] == "[" and text[-1:] == "]" and fold(text[1:-1]) in (_WORD, fold(_(_WORD)))
