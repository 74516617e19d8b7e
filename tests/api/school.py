"""A school with a script: each request meets the next act of a script. For what goes wrong."""

import json
import socket
import struct
import threading
from collections import deque
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

TOKEN = "/admin/api/oauth2/access_token"


class Seen:
    """A request as it stood on the wire."""

    def __init__(self, handler: BaseHTTPRequestHandler, body: bytes):
        self.method, self.target, self.headers, self.body = (
            handler.command,
            handler.path,
            handler.headers,
            body,
        )
        self.connection = handler.client_address

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def grant(self) -> dict[str, str]:
        (data,) = parse_qs(self.body.decode(), strict_parsing=True)["data"]
        return json.loads(data)


def reply(status: int, body: Any = None, kind: str = "application/json", **headers: str):
    """An act: answer with a status and a body (bytes and text as they are, the rest as JSON)."""
    raw = (
        body
        if isinstance(body, bytes)
        else body.encode()
        if isinstance(body, str)
        else json.dumps(body).encode()
    )

    def act(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        content = b"" if body is None else raw
        for name, value in {"Content-Type": kind, "Content-Length": str(len(content)), **headers}.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.end_headers()
        handler.wfile.write(content)

    return act


def html(
    status: int,
    text: str = "<html><head><title>Oops</title></head><body><h1>Bad&nbsp;gateway</h1></body></html>",
):
    return reply(status, text, "text/html")


def reset(handler: BaseHTTPRequestHandler) -> None:
    """An act: cut the line hard, without an answer."""
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    handler.close_connection = True
    # The handler's files hold the socket open; shutdown would be polite.
    handler.rfile.close()
    handler.wfile.close()
    handler.connection.close()


def hang_up(handler: BaseHTTPRequestHandler) -> None:
    """An act: close the line politely, without an answer."""
    handler.close_connection = True


def cut(handler: BaseHTTPRequestHandler) -> None:
    """An act: promise more bytes than are sent."""
    reply(200, b'{"data": [', Content_Length="500")(handler)
    handler.close_connection = True


def token(life: Any = 8000, name: str = "token-1", **more: Any):
    """An act: grant a token, wrapped as the API does."""
    data = {"access_token": name, "token_type": "Bearer", "expires_in": life, **more}
    return reply(200, {"tokenData": data, "errors": [], "success": True})


class School:
    """The server: `script` holds acts for API calls, `tokens` for token calls; `seen` what came in."""

    def __init__(self) -> None:
        self.script: deque = deque()
        self.tokens: deque = deque()
        self.seen: list[Seen] = []
        self.released = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self._server.handle_error = lambda *_: None
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)
        self._thread.start()

    @property
    def calls(self) -> list[Seen]:
        return [one for one in self.seen if one.target != TOKEN]

    @property
    def grants(self) -> list[dict[str, str]]:
        return [one.grant for one in self.seen if one.target == TOKEN]

    def stall(self, handler: BaseHTTPRequestHandler) -> None:
        """An act: say nothing until the test is over."""
        handler.close_connection = True
        self.released.wait(20)

    def close(self) -> None:
        self.released.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def _handler(school):  # noqa: N805
        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def answer(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                school.seen.append(Seen(self, body))
                if self.path == TOKEN:
                    act = school.tokens.popleft() if school.tokens else token()
                else:
                    act = school.script.popleft() if school.script else reply(200, {"data": []})
                act(self)

            do_GET = do_POST = do_PUT = do_DELETE = answer  # noqa: N815

            def log_message(self, *_: Any) -> None:
                pass

        return Handler
