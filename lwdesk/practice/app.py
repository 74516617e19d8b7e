"""The web application: the order of checks, how an operation is answered, and the controls for tests."""

import asyncio
import contextlib
import json
import math
import random
from collections import Counter
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl

import orjson
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route as Path
from starlette.types import ASGIApp, Receive, Scope, Send

from lwdesk.practice import routes, slots
from lwdesk.practice.faults import refused, spoiled
from lwdesk.practice.files import FileHost
from lwdesk.practice.limits import Limiter
from lwdesk.practice.refusals import Refusal, invalid, missing, refuse
from lwdesk.practice.school import School
from lwdesk.practice.switches import Fault, Switches
from lwdesk.practice.tokens import Tokens
from lwdesk.practice.wire import Answered, Call, Route, answer, reshaped

ROOT = "/admin/api"


class Api:
    """Everything below /admin/api, as an ASGI application.

    The order of checks is client header (400), token (401), rate (429), path (404), body (422), then the
    operation's own rules; the order on the real service is not known.
    """

    def __init__(self, school: School, tokens: Tokens, switches: Switches, clock: Callable[[], float]):
        self.school, self.tokens, self.switches = school, tokens, switches
        self.limiter = Limiter(switches, clock)
        self.counts: Counter[str] = Counter()
        self.totals: Counter[str] = Counter()
        self._jitter = random.Random("jitter")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        path = scope["raw_path"].decode("ascii", "replace").removeprefix(ROOT)
        self.totals["received"] += 1
        body = await request.body()
        faults = [fault for fault in self.switches.faults if fault.strikes(request.method, path)]
        with contextlib.suppress(asyncio.CancelledError):  # the school stops: the answer has nowhere to go
            response = await self._answer(request, path, body, faults)
            await response(scope, receive, send)

    async def _answer(self, request: Request, path: str, body: bytes, faults: list[Fault]) -> Response:
        for fault in faults:
            self.totals["faults"] += 1
            if fault.effect == "stall" and not fault.after:
                await asyncio.sleep(fault.seconds)
            elif not fault.after:
                return spoiled(fault)
        response = self._process(request, path, body)
        if not self.switches.limit:
            response.headers["X-Practice-Limit"] = "none"  # spares a client the pace that nobody asks for
        await self._delay()
        for fault in faults:
            if fault.effect == "stall" and fault.after:
                await asyncio.sleep(fault.seconds)
            elif fault.after:
                return spoiled(fault)
        return response

    async def _delay(self) -> None:
        seconds = self.switches.latency + self.switches.jitter * self._jitter.random()
        if seconds > 0:
            await asyncio.sleep(seconds)

    def _process(self, request: Request, path: str, body: bytes) -> Response:
        """One call from its checks to its answer, in one go: no other call comes in between."""
        try:
            self.tokens.check_client(request.headers.get("lw-client"))
            if (request.method, path) == ("POST", "/oauth2/access_token"):
                self.totals["tokens"] += 1
                return answer(200, self.tokens.grant(body))
            self.tokens.check(request.headers.get("authorization"))
            return self._operate(request, path, body)
        except Refusal as refusal:
            return refused(refusal)
        except Answered as other:
            return answer(other.status, other.body)

    def _operate(self, request: Request, path: str, body: bytes) -> Response:
        below = path.removeprefix("/v2/") if path.startswith("/v2/") else ""
        route, names, other = routes.match(request.method, below, self.switches.dialect)
        self._pace(route.operation if route else "unknown")
        if route is None:
            raise refuse(405, "Method Not Allowed") if other else missing()
        self.counts[route.operation] += 1
        self.totals["reads" if request.method == "GET" else "writes"] += 1
        self.school.settle()
        found = slots.find(self.school, names)
        call = Call(self.school, self.switches, self._query(route, request), {}, names)
        if route.body is not None:
            call.body = self._body(route, request, body)
        result = route.run(call, *found)
        if route.page is not None:
            rows, meta = route.page.cut(result, call.query, self.switches)
            show = route.show
            shown = [show(call, row) for row in rows] if show else list(rows)
            result = reshaped(route.wrap(call, shown, meta, *found), self.switches.shape)
        return answer(route.status, result)

    def _pace(self, operation: str) -> None:
        wait = self.limiter.ask(operation)
        if wait <= 0:
            return
        self.totals["refused"] += 1
        seconds = self.switches.retry_after_seconds or max(1, math.ceil(wait))
        headers = {"Retry-After": str(seconds)} if self.switches.retry_after else {}
        raise Refusal(429, {"error": "Too many requests"}, headers)

    def _query(self, route: Route, request: Request) -> dict[str, Any]:
        """Query values by name; repeated ones joined by commas, `name[]` counted as `name`."""
        texts: dict[str, str] = {}
        for name, text in parse_qsl(request.scope["query_string"].decode("latin-1"), keep_blank_values=True):
            key = name.removesuffix("[]")
            texts[key] = f"{texts[key]},{text}" if key in texts else text
        problems = [(name, f"The {name} field is required.") for name in route.needs if not texts.get(name)]
        query: dict[str, Any] = dict(texts)
        for name, kind in route.query.items():
            if name in texts:
                try:
                    query[name] = kind.read(texts[name])
                    problems += kind.problems(query[name], name)
                except ValueError:
                    problems.append((name, f"The {name} field must be a number."))
        if problems:
            raise invalid(problems, self.switches)
        return query

    def _body(self, route: Route, request: Request, raw: bytes) -> dict[str, Any]:
        """The JSON body; one of another content type is not read, as frameworks do."""
        sent: dict[str, Any] = {}
        if raw and "json" in request.headers.get("content-type", ""):
            try:
                sent = orjson.loads(raw)
            except orjson.JSONDecodeError as error:
                raise refuse(400, "The body is not valid JSON.") from error
        if problems := list(route.body.problems(sent, "")):
            raise invalid(problems, self.switches)
        return sent


def application(api: Api, files: FileHost) -> ASGIApp:
    """The API, and below /practice the controls that tests in another process use; on another port the files."""

    async def switches(request: Request) -> Response:
        if request.method == "PUT":
            try:
                api.switches.update(json.loads(await request.body()))
            except (ValueError, TypeError) as error:
                return answer(422, {"error": str(error)})
        return answer(200, api.switches.as_json())

    async def mails(request: Request) -> Response:
        return answer(200, api.school.mails)

    async def requests(request: Request) -> Response:
        if request.method == "DELETE":
            api.counts.clear()
            api.totals.clear()
        names = ("received", "reads", "writes", "refused", "faults", "tokens")
        return answer(200, {"calls": dict(api.counts), **{name: api.totals[name] for name in names}})

    async def unknown(request: Request, error: Exception) -> Response:
        return refused(missing())

    paths = [
        Path("/practice/switches", switches, methods=["GET", "PUT"]),
        Path("/practice/mails", mails),
        Path("/practice/requests", requests, methods=["GET", "DELETE"]),
        Path(ROOT + "/{rest:path}", api),
    ]
    school = Starlette(routes=paths, exception_handlers={404: unknown})

    async def by_port(scope: Scope, receive: Receive, send: Send) -> None:
        await (files if scope["server"][1] == files.port else school)(scope, receive, send)

    return by_port
