"""The host of the school's files, on a port of its own: invoices, certificates, and what users uploaded.

Links to it need no token, as on real schools: they are signed, and most expire. Every header that arrives is kept, so
that tests see which don't.
"""

import asyncio
from collections import Counter
from collections.abc import Callable
from urllib.parse import parse_qsl, quote

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.types import Receive, Scope, Send

from lwdesk.practice.faults import spoiled
from lwdesk.practice.school import School
from lwdesk.practice.switches import FILE_EFFECTS, Fault

_PAGE = "<!DOCTYPE html><html><head><title>{title}</title></head><body><h1>{title}</h1></body></html>"
_PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c4944415408d763606060000000040001"
    "27342711000000000049454e44ae426082"
)


class Half(Response):
    """Sends half of the content, and breaks the connection."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
        half = bytes(self.body[: len(self.body) // 2])
        await send({"type": "http.response.body", "body": half, "more_body": True})
        scope["extensions"]["practice"]["abort"]()
        await asyncio.sleep(0)  # the server must notice before it misses the rest


class FileHost:
    """Everything on the port of the files, as an ASGI application. `served` counts the files that left, by path."""

    def __init__(self, school: School):
        self.school, self.port = school, 0
        self.served: Counter[str] = Counter()
        self.headers: set[str] = set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        path = scope["raw_path"].decode("ascii", "replace")
        self.headers |= set(request.headers)
        switches = self.school.switches
        fault = next((one for one in switches.faults if one.strikes(request.method, f"/files{path}")), None)
        if fault is not None and fault.effect == "stall":
            await asyncio.sleep(fault.seconds)
            fault = None
        answer = self._answer(path, scope["query_string"].decode("ascii", "replace"))
        if answer.status_code == 200 and fault is None:
            self.served[path] += 1
        await (_spoiled(fault, answer) if fault else answer)(scope, receive, send)

    def _answer(self, path: str, query: str) -> Response:
        kind, _slash, rest = path.strip("/").partition("/")
        if kind == "c":
            return self._certificate(rest)
        if not self.school.is_link(path, dict(parse_qsl(query))):
            return Response("<Error><Code>AccessDenied</Code></Error>", 403, media_type="application/xml")
        found: dict[str, Callable[[str], Response]] = {"invoices": _invoice, "uploads": _upload}
        return found[kind](rest) if kind in found else Response(status_code=404)

    def _certificate(self, rest: str) -> Response:
        """Short links lead to a file, of every second certificate to a page that shows it."""
        if rest.endswith(".pdf"):
            return Response(pdf("Certificate"), media_type="application/pdf")
        row = next((one for id, one in self.school.certificates.items() if id.endswith(rest)), None)
        if row is None:
            return Response(status_code=404)
        if int(row["id"][-1], 16) % 2:
            return Response(_PAGE.format(title="Certificate"), media_type="text/html")
        return RedirectResponse(f"/c/{row['id']}.pdf", 302)


def _invoice(rest: str) -> Response:
    return Response(pdf(f"Invoice {rest}"), media_type="application/pdf")


def _upload(rest: str) -> Response:
    title = rest.rpartition("/")[2]
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{title}"}
    if title.endswith((".png", ".jpg")):
        return Response(_PIXEL, 200, headers, media_type="image/png")
    if title.endswith(".pdf"):
        return Response(pdf(rest), 200, headers, media_type="application/pdf")
    return Response(f"Handed in: {rest}\n" * 20, 200, headers, media_type="application/octet-stream")


def upload_path(submission: str, block: str, n: int, title: str) -> str:
    """The path of an uploaded file."""
    return f"/uploads/{submission}/{quote(block)}/{n}/{quote(title)}"


def _spoiled(fault: Fault, answer: Response) -> Response:
    if fault.effect not in FILE_EFFECTS:
        return spoiled(fault)
    if fault.effect == "private":
        return RedirectResponse("https://10.0.0.1/", 302)
    if fault.effect == "huge":
        return Half(bytes(answer.body), headers={"Content-Length": str(10**12)})
    return Half(bytes(answer.body), media_type=answer.media_type)


def pdf(words: str) -> bytes:
    """A document of one page with these words, which are ASCII."""
    text = f"BT /F1 18 Tf 72 720 Td ({words}) Tj ET".encode("ascii", "replace")
    parts = (
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(text), text),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    )
    found, places = b"%PDF-1.4\n", []
    for n, part in enumerate(parts, 1):
        places.append(len(found))
        found += b"%d 0 obj%s\nendobj\n" % (n, part)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    start = len(found)
    found += b"xref\n0 6\n0000000000 65535 f \n%s" % table
    return found + b"trailer<</Size 6/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % start
