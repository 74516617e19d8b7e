"""What a plan would do, in numbers."""

from collections.abc import Callable
from dataclasses import dataclass, field

from lwdesk.app.job import row_status, sheet_rows
from lwdesk.catalog import MEMBERSHIPS, OPERATIONS
from lwdesk.catalog.effects.joins import Joins
from lwdesk.catalog.effects.records import Creates
from lwdesk.catalog.model import TAKES
from lwdesk.catalog.operation import Operation
from lwdesk.jobs.journal import Journal
from lwdesk.jobs.states import CONFLICT, DONE, FAILED, SKIPPED, UNCHANGED, UNSURE


@dataclass
class Plan:
    """What would happen, in rows (create, update, unchanged, conflict, failed, skipped) and in calls.

    `new_users` and `changed_users` are the users behind the rows to create and update, where rows are of users by their
    email: several rows may be of one.

    `operations` counts the calls of each; `mails`, `invitations` and `seats` are how many go out or are used; `reads`
    are the requests that planning cost; `estimated_seconds` is the time at the school's pace.
    """

    create: int = 0
    update: int = 0
    unchanged: int = 0
    conflict: int = 0
    failed: int = 0
    skipped: int = 0
    calls: int = 0
    operations: dict[str, int] = field(default_factory=dict)
    mails: int = 0
    invitations: int = 0
    seats: int = 0
    reads: int = 0
    estimated_seconds: float = 0
    new_users: int = 0
    changed_users: int = 0

    @property
    def takes(self) -> bool:
        """Whether the plan takes something away from users."""
        return any(OPERATIONS[op].risk == TAKES for op in self.operations)


def summary(journal: Journal, seconds_for: Callable[[int], float]) -> Plan:
    """Count the rows and calls of a planned journal."""
    found = sheet_rows.figures(journal, warnings=False)
    plan = Plan(
        create=found.get(row_status.CREATE, 0),
        update=found.get(row_status.UPDATE, 0),
        conflict=found.get(CONFLICT, 0),
        failed=found.get(FAILED, 0),
        skipped=found.get(SKIPPED, 0),
    )
    # Of a job that is planned again: what was done before.
    plan.unchanged = sum(found.get(word, 0) for word in (UNCHANGED, DONE, row_status.CREATED, UNSURE))
    counts = journal.ask("SELECT op, count(*), sum(mails) FROM call WHERE state = 'ready' GROUP BY op")
    plan.operations = {op: number for op, number, _mails in counts}
    plan.calls = sum(plan.operations.values())
    plan.mails = sum(mails for op, _number, mails in counts if not _invites(OPERATIONS[op]))
    noted = journal.ask(
        "SELECT call.op, count(*) FROM step JOIN call ON call.id = step.call"
        " WHERE call.state = 'ready' AND call.mails GROUP BY call.op"
    )
    plan.invitations = sum(number for op, number in noted if _invites(OPERATIONS[op]))
    plan.seats = sum(n for op, n in plan.operations.items() if _takes_room(OPERATIONS[op]))
    plan.new_users = sum(n for op, n in plan.operations.items() if _makes_user(OPERATIONS[op]))
    plan.changed_users = _changed_users(journal)
    plan.estimated_seconds = round(seconds_for(plan.calls), 1)
    return plan


def _changed_users(journal: Journal) -> int:
    """The users by email of the rows that update something."""
    rows = sheet_rows.rows_with(row_status.UPDATE)
    sql = f"""SELECT count(DISTINCT lower("values" ->> '$.email')) FROM (SELECT CAST("values" AS TEXT) AS "values"
        FROM row WHERE id IN ({rows}))"""
    return int(journal.ask(sql)[0][0])


def _makes_user(operation: Operation) -> bool:
    return isinstance(operation.effect, Creates) and operation.effect.listing == "user"


def _invites(operation: Operation) -> bool:
    """Whether the calls of an operation send invitations, one per step."""
    return isinstance(operation.effect, Joins) and bool(operation.effect.invites)


def _takes_room(operation: Operation) -> bool:
    effect = operation.effect
    return isinstance(effect, Joins) and effect.there and bool(MEMBERSHIPS[effect.membership].room)
