"""Planned faults: broken answers that replace the school's own."""

import asyncio
from collections.abc import Callable

from starlette.responses import RedirectResponse, Response
from starlette.types import Receive, Scope, Send

from lwdesk.practice.refusals import MISSING, Refusal
from lwdesk.practice.switches import Fault
from lwdesk.practice.tokens import no_token
from lwdesk.practice.wire import answer

_PAGE = "<!DOCTYPE html><html><head><title>Sign in</title></head><body><h1>Sign in</h1></body></html>"


class Cut(Response):
    """Breaks the TCP connection without an answer."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope["extensions"]["practice"]["abort"]()
        await asyncio.sleep(0)  # the server must notice before it misses an answer


def spoiled(fault: Fault) -> Response:
    """The answer of a fault that is not a stall."""
    if fault.effect == "401":
        return refused(no_token())
    if fault.effect == "429":
        headers = {} if fault.retry_after is None else {"Retry-After": str(fault.retry_after)}
        return answer(429, {"error": "Too many requests"}, headers)
    spoilt: dict[str, Callable[[], Response]] = {
        "404": lambda: answer(404, {"error": MISSING}),
        "408": lambda: answer(408, {"error": "Request Timeout"}),
        "425": lambda: answer(425, {"error": "Too Early"}),
        "500": lambda: answer(500, {"error": "Server Error"}),
        "503": lambda: Response("<h1>Service Unavailable</h1>", 503, media_type="text/html"),
        "redirect": lambda: RedirectResponse("http://other-school.invalid/signin", 302),
        "html": lambda: Response(_PAGE, media_type="text/html"),
        "empty": lambda: Response(),
        "bad json": lambda: Response(b'{"data": [', media_type="application/json"),
        "success false": lambda: answer(200, {"success": False}),
        "cut": Cut,
    }
    return spoilt[fault.effect]()


def refused(refusal: Refusal) -> Response:
    return answer(refusal.status, refusal.body, refusal.headers)
