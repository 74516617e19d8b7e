"""Users who are suspended: the rows about them are sent, with a warning."""

from collections.abc import Iterator

from lwdesk.app.school.directory import Directory
from lwdesk.catalog.cells.empty import EMPTY
from lwdesk.catalog.cells.kinds import Email, Several
from lwdesk.catalog.effects.facts import lookup_key
from lwdesk.catalog.model import Column, Values
from lwdesk.catalog.operation import Operation

# The field of a user who can't sign in (LearnWorlds API v2, users).
SUSPENDED = "is_suspended"


class SuspendedUsers:
    """Finds them among the users that steps are about."""

    def __init__(self, directory: Directory):
        self._directory = directory
        self._columns: dict[str, list[Column]] = {}

    def of(self, operation: Operation, values: Values) -> Iterator[tuple[Column, str]]:
        """The suspended users of a step, each with its column and the email; none where the step is about just that."""
        if (columns := self._columns.get(operation.id)) is None:
            columns = self._columns[operation.id] = _user_columns(operation)
        for column in columns:
            if (value := values.get(column.id)) is None or value is EMPTY:
                continue
            for user in value if isinstance(value, tuple) else (value,):
                known = self._directory.record("user", lookup_key(user))
                if known is not None and known.data.get(SUSPENDED):
                    yield column, str(known.data.get("email") or lookup_key(user))


def _user_columns(operation: Operation) -> list[Column]:
    """The columns that name existing users, or list them."""
    if getattr(operation.effect, "flag", "") == SUSPENDED:
        return []
    kinds = ((c, c.kind.item if isinstance(c.kind, Several) else c.kind) for c in operation.columns)
    known = operation.effect.identity
    return [c for c, kind in kinds if isinstance(kind, Email) and (not c.unique or c.id in known)]
