"""The one tree of errors. Each speaks to the user: what happened, and what to do about it."""

from typing import Any, Self


class AppError(Exception):
    """Root of every error a face shows: `title` (few words), `message` (what happened), `hint` (do what).

    `help` is the place in the help that tells more: a topic, or `topic#heading`. Each kind of error has its own.
    `field` is the field of a form that it speaks of, "" for none.
    """

    help = "troubleshooting"
    field = ""

    def __init__(self, title: str, message: str = "", hint: str = ""):
        super().__init__(title, message, hint)
        self.title, self.message, self.hint = title, message, hint

    def __reduce__(self) -> tuple[Any, ...]:
        """Errors cross to the window's process: whatever a kind of error is made of, it arrives as it was."""
        return _restored, (type(self), self.args), self.__dict__

    def at(self, field: str) -> Self:
        """The same error, as one that speaks of a field."""
        self.field = field
        return self

    def __str__(self) -> str:
        parts = (part.strip() for part in (self.title, self.message, self.hint))
        return " ".join(part if part.endswith((".", "!", "?")) else f"{part}." for part in parts if part)


def _restored(kind: type[AppError], words: tuple[str, ...]) -> AppError:
    return kind.__new__(kind, *words)


class UserError(AppError):
    """Something in the file, the mapping or the settings that the user can fix."""


class FileError(UserError):
    """The user's file can't be read as a sheet."""

    help = "troubleshooting#file"


class NoHeadersError(FileError):
    """The first row of the sheet is data: there are no column headers."""


class MappingError(UserError):
    """A column of the sheet or of the import is missing or ambiguous."""

    help = "troubleshooting#columns"


class AddressError(UserError):
    """The address of a school isn't one, or something else answers there."""

    help = "troubleshooting#address"


class SecretError(UserError):
    """The client secret of a school is not at hand."""

    help = "troubleshooting#secret"


class SecretNeeded(SecretError):
    """The client secret of a known school isn't known: `school` is its name."""

    def __init__(self, title: str, message: str = "", hint: str = "", *, school: str = ""):
        super().__init__(title, message, hint)
        self.school = school


class SaveError(UserError):
    """A file can't be written."""

    help = "troubleshooting#saving"


class AlreadyThere(SaveError):
    """Files exist at these `paths`, and the user didn't ask to replace them."""

    def __init__(self, title: str, message: str = "", hint: str = "", *, paths: tuple[str, ...] = ()):
        super().__init__(title, message, hint)
        self.paths = paths


class Unavailable(AppError):
    """The school could not be reached, or its answer was lost.

    `sent` says whether the request may have been processed: False means it surely was not.
    """

    help = "troubleshooting#offline"

    def __init__(self, title: str, message: str = "", hint: str = "", *, sent: bool = False):
        super().__init__(title, message, hint)
        self.sent = sent


class ApiError(AppError):
    """The school answered with a refusal: `status` (HTTP) and `words` (the school's own message)."""

    help = "troubleshooting#refused"

    def __init__(self, title: str, message: str = "", hint: str = "", *, status: int = 0, words: str = ""):
        super().__init__(title, message, hint)
        self.status, self.words = status, words


class Denied(ApiError):
    """The school does not accept the credentials: no request will get through with them."""

    help = "troubleshooting#denied"


class Bug(AppError):
    """The program broke a promise to itself."""
