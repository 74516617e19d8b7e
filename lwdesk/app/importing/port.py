"""The port of import jobs: sends calls, interprets refusals, and looks up calls whose answer was lost."""

import re
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from lwdesk.api.answers import Answer
from lwdesk.api.build import Request, request
from lwdesk.app.importing.batch import FOUND, Batch
from lwdesk.app.job import passwords
from lwdesk.app.school.session import Session
from lwdesk.base.errors import ApiError, AppError, Unavailable
from lwdesk.base.text import _, listing, ngettext
from lwdesk.catalog import OPERATIONS
from lwdesk.catalog.cells.empty import EMPTY
from lwdesk.catalog.effects.deletes import Deletes
from lwdesk.catalog.effects.facts import get_path, unpack
from lwdesk.catalog.effects.mints import Mints
from lwdesk.catalog.effects.records import Creates, Updates
from lwdesk.catalog.effects.unique import numbered
from lwdesk.catalog.model import Column
from lwdesk.catalog.operation import Operation, Send, UpToDate
from lwdesk.jobs.journal import Journal
from lwdesk.jobs.states import DONE, FAILED, UNCHANGED, UNSURE, Call, End, Taken

_NO_CONTENT = 204
# Statuses that older schools answer to an endpoint that they do not have.
_NO_SUCH_CALL = (404, 405)
# Forms of a generated username that are tried where the school refuses one: "Ana", "Ana 2", "Ana 3".
_MOST_NAMESAKES = 3
# Words of a refusal which say that another user has the value.
_TAKEN = re.compile(r"exist|taken|already|in use|unique|duplicate")
# Seconds after which values read for the plan are read again before they are sent along.
_STALE = 120


class ImportPort:
    """The calls of one import job, as `jobs.engine.Port` wants them."""

    def __init__(self, journal: Journal, session: Session):
        self._journal, self._session = journal, session
        self._tells = True  # whether the school answers about its own queue

    def send(self, call: Call, leaving: Callable[[], None]) -> End | Taken:
        """Send the request; Taken where the school puts the work in its own queue.

        Raises what the client raises, and Unavailable for an answer that does not say that anything was done:
        schools have been seen to answer 200 and nothing else.
        """
        if OPERATIONS[call.op].batch:
            return Batch(self._journal, self._session, call).send(leaving)
        query = tuple((name, value) for name, value in call.query)
        asked = Request(call.method, call.path, query, self._body(call))
        answer = self._send_named(call, asked, leaving)
        if isinstance(answer.data, dict) and answer.data.get("async") is True:
            return Taken({"job_id": str(answer.data.get("job_id") or "")})
        effect = OPERATIONS[call.op].effect
        made = effect.made(answer.data, unpack(call.values))
        makes = isinstance(effect, Creates | Mints)
        silent = answer.status == _NO_CONTENT or OPERATIONS[call.op].mute
        if (makes and not made) or (answer.data is None and not silent):
            raise Unavailable(_("LearnWorlds sent an empty answer"), sent=True)
        steps = {} if answer.data is None and silent else self._kept(call, answer.data)
        return End(DONE, status=answer.status, answer=_essence(answer.data), made=made, steps=steps)

    def _kept(self, call: Call, answer: Any) -> dict[int, tuple[str, str]]:
        """The steps whose values should be empty and are not: LearnWorlds documents no way to empty one, so what its
        answer does not show is asked for."""
        values, operation = unpack(call.values), OPERATIONS[call.op]
        emptied = [c for name, value in values.items() if value is EMPTY and (c := operation.column(name))]
        shown = [c for c in emptied if isinstance(answer, dict) and _shows(answer, c.field)]
        if emptied and all(not get_path(answer, c.field) for c in shown) and len(shown) == len(emptied):
            return {}
        kept = self._left_over(operation, call, values, emptied) if emptied else ()
        words = _("LearnWorlds didn't clear {columns}. Do that in the LearnWorlds admin.")
        message = words.format(columns=listing(kept))
        mine = {column.id for column in emptied}
        steps = self._journal.steps_of(call.id) if kept else []
        return {
            s.id: (FAILED, message)
            for s in steps
            if any(v is EMPTY for n, v in unpack(s.values).items() if n in mine)
        }

    def _left_over(
        self, operation: Operation, call: Call, values: dict[str, Any], emptied: Sequence[Column]
    ) -> list[str]:
        """The titles of the emptied columns that still have a value in the school."""
        names = {column.id for column in emptied}
        asked = {
            n: v for n, v in values.items() if n in names or not (c := operation.column(n)) or not c.sent
        }
        effect = operation.effect
        if isinstance(effect, Updates):
            asked[effect.by] = call.memo.get("id") or values[effect.by]
        directory = self._session.new_directory()
        directory.fetch(effect.needs(asked))
        verdict = effect.judge(operation, asked, directory, None)
        return [_(change.column) for change in verdict.changes] if isinstance(verdict, Send) else []

    def _send_named(self, call: Call, asked: Request, leaving: Callable[[], None]) -> Answer:
        """Send the request; retry with the next number where the school refuses a generated username as taken."""
        names: dict[str, str] = call.memo.get("names", {})
        for n in range(2, _MOST_NAMESAKES + 1):
            try:
                return self._session.client.send(asked, leaving=leaving)
            except ApiError as error:
                words = error.words.lower()
                place = next((one for one in names if one in words and _TAKEN.search(words)), None)
                if place is None or not asked.body:
                    raise
                forms = (numbered(names[place], n), numbered(names[place], n + 1))
                new = next(form for form in forms if form != asked.body[place])
                asked = replace(asked, body={**asked.body, place: new})
        return self._session.client.send(asked, leaving=leaving)

    def _body(self, call: Call) -> dict[str, Any] | None:
        """The body of the call. Values that are only sent along are read again where the plan is old."""
        operation = OPERATIONS[call.op]
        age = time.time() - self._journal.get("created", 0.0)
        if not operation.effect.sends_along or 0 <= age < _STALE:  # below 0: the clock was set back
            return call.body
        try:
            record = self._session.client.send(Request("GET", call.path)).data
        except Unavailable as error:
            error.sent = False  # the call itself did not leave yet
            raise
        return operation.effect.renewed(operation, unpack(call.values), call.memo, call.body or {}, record)

    def refused(self, call: Call, error: ApiError) -> End:
        """A refusal is a failure, quoting the school, unless it means that the row is up to date already."""
        operation = OPERATIONS[call.op]
        words = error.words.lower()
        deletes = isinstance(operation.effect, Deletes)
        so = any(mark in words for mark in operation.already)
        so = so or (operation.gone and error.status == 404 and not deletes)
        contradictory = error.status < 400  # a success that says it is none
        found = self.look(call) if isinstance(operation.effect, Creates | Deletes) or contradictory else None
        if not so and found is None and deletes and error.status in _NO_SUCH_CALL:
            return End(
                FAILED,
                _(
                    "Your school's version of LearnWorlds doesn't let lwdesk delete "
                    "this. Delete it in the LearnWorlds admin."
                ),
                error.status,
            )
        if not so and found is None:
            return End(FAILED, str(error), error.status)
        if found is not None and found.outcome == UNSURE:
            return found
        # On a retry, an earlier attempt whose answer was lost has done it.
        outcome = DONE if call.tries > 1 or contradictory else UNCHANGED
        message = operation.so.format_map(unpack(call.values)) if outcome == UNCHANGED else _(FOUND)
        return End(
            outcome,
            message,
            error.status,
            made=found.made if found else "",
            steps=found.steps if found else {},
        )

    def waiting(self, error: AppError, seconds: float) -> None:
        """Report the wait as the client reports its own."""
        self._session.client.tell_wait(error.title, seconds)

    def partial(self, call: Call) -> bool:
        """Batches skip users whom the school does not have."""
        return OPERATIONS[call.op].batch is not None

    def further(self) -> bool:
        """Nothing: an import is planned whole."""
        return False

    def run_ended(self) -> None:
        """Delete passwords from the journal, except those that a retry needs."""
        passwords.wipe(self._journal)

    def look(self, call: Call) -> End | None:
        """Look up whether a call was processed, from the state of the school."""
        return self._follow(call) if call.answer else self._looked_up(call)

    def _follow(self, call: Call) -> End | None:
        """The outcome of a call in the school's own queue; None while it is being processed.

        LearnWorlds API v2, of 2026: an action is in-progress, failed or completed. Older schools have no such call,
        and an action can be polled for an unknown time only: after that, the result itself is looked up.
        """
        if self._tells and call.answer["job_id"]:
            asked = request("GET async-actions/{job}", {"job": call.answer["job_id"]})
            try:
                data = self._session.client.send(asked).data
            except ApiError as error:
                if error.status not in _NO_SUCH_CALL:
                    raise
                self._tells = False
            else:
                return _told(data if isinstance(data, dict) else {})
        return self._looked_up(call)

    def _looked_up(self, call: Call) -> End | None:
        operation, values = OPERATIONS[call.op], unpack(call.values)
        if operation.batch:
            return Batch(self._journal, self._session, call).look()
        if isinstance(operation.effect, Updates):  # the call may have changed what the record was known by
            values[operation.effect.by] = call.memo.get("id") or values[operation.effect.by]
        directory = self._session.new_directory()
        directory.fetch(operation.effect.needs(values))
        if isinstance(operation.effect, Mints):
            return self._look_for_codes(
                call, operation.effect.codes(values, directory), int(values["quantity"])
            )
        verdict = operation.effect.judge(operation, values, directory, None)
        if not isinstance(verdict, UpToDate):
            return None
        return End(DONE, _(FOUND), made=_id_of(operation, values, directory))

    def _look_for_codes(self, call: Call, now: list[str], count: int) -> End | None:
        known = set(call.memo["known"])
        others = self._journal.ask(
            "SELECT made FROM call WHERE lane = ? AND id != ? AND made != ''", call.lane, call.id
        )
        known.update(code for (codes,) in others for code in codes.split("; "))
        fresh = [code for code in now if code not in known]
        if len(fresh) == count:
            message = _("The answer was lost, but lwdesk found the new codes in LearnWorlds.")
            return End(DONE, message, made="; ".join(fresh))
        if not fresh:
            return None
        text = _(
            "The answer was lost, and LearnWorlds has {n} new codes instead of {count}. Check the promotion."
        )
        return End(UNSURE, text.format(n=len(fresh), count=count), made="; ".join(fresh))


def _told(action: dict[str, Any]) -> End | None:
    """The outcome of a call from the state of its action in the school's queue; None while in progress."""
    if action.get("state") == "failed":
        errors = "; ".join(map(str, action.get("errors") or ()))
        return End(
            FAILED, _("LearnWorlds started this but couldn't finish it: {errors}").format(errors=errors)
        )
    if action.get("state") != "completed":
        return None
    results = action.get("results")
    left_out = results.get("numOfUnitsSkipped") if isinstance(results, dict) else None
    if left_out:
        message = ngettext(
            "Done, but LearnWorlds skipped {n} activity. Check it in LearnWorlds.",
            "Done, but LearnWorlds skipped {n} activities. Check them in LearnWorlds.",
            int(left_out),
        )
        return End(UNSURE, message)
    return End(DONE)


def _shows(answer: dict[str, Any], place: str) -> bool:
    """Whether an answer has a key at the dotted place, empty or not."""
    *way, last = place.split(".")
    inner = get_path(answer, ".".join(way)) if way else answer
    return isinstance(inner, dict) and last in inner


def _essence(data: Any) -> Any:
    """The part of an answer to store: nothing that can be fetched again."""
    return (
        {key: data[key] for key in ("success", "job_id") if key in data} or None
        if isinstance(data, dict)
        else None
    )


def _id_of(operation: Operation, values: dict[str, Any], directory: Any) -> str:
    effect = operation.effect
    found = effect.there(values, directory) if isinstance(effect, Creates) else {}
    return str(found.get("id") or found.get("code") or "")
