"""Access tokens: three grants, three body forms, one answer."""

import secrets
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs

import orjson

from lwdesk.practice.refusals import Refusal, denied
from lwdesk.practice.school import School
from lwdesk.practice.switches import Switches

_DENIED = "The resource owner or authorization server denied the request."


def no_client() -> Exception:
    return denied(400, "client_id", "Missing client_id or client cannot be found.")


def no_token() -> Refusal:
    return denied("401", None, "Invalid object ID")


class Tokens:
    """Tokens of one school client; `clock` gives monotonic seconds."""

    def __init__(
        self, client: str, secret: str, school: School, switches: Switches, clock: Callable[[], float]
    ):
        self._client, self._secret, self._school = client, secret, school
        self._switches, self._clock = switches, clock
        self._access: dict[str, float] = {}
        self._refresh: set[str] = set()

    def check_client(self, sent: str | None) -> None:
        if sent != self._client:
            raise no_client()

    def check(self, authorization: str | None) -> None:
        """Refuse requests without a valid bearer token."""
        scheme, _, token = (authorization or "").partition(" ")
        if scheme != "Bearer" or self._access.get(token, 0) <= self._clock():
            raise no_token()

    def grant(self, body: bytes) -> dict[str, Any]:
        """The answer to a token request. Refuses in LearnWorlds' access_denied shape."""
        sent = _read(body)
        if sent.get("client_id") != self._client:
            raise no_client()
        kind = sent.get("grant_type")
        good = sent.get("client_secret") == self._secret
        if not good or not (kind == "client_credentials" or self._owner(kind, sent)):
            raise denied("400", "access_denied", _DENIED)
        return {
            "tokenData": self._mint(refreshable=kind != "client_credentials"),
            "errors": [],
            "success": True,
        }

    def _owner(self, kind: Any, sent: dict[str, Any]) -> bool:
        if kind == "refresh_token":
            token = str(sent.get("refresh_token"))
            known = token in self._refresh
            self._refresh.discard(token)
            return known
        user = self._school.find_user(str(sent.get("username")))
        right = user is not None and user.password is not None and user.password == sent.get("password")
        return kind == "password" and right

    def _mint(self, refreshable: bool) -> dict[str, Any]:
        token, life = secrets.token_hex(20), self._switches.token_life
        if self._switches.one_token:
            self._access.clear()
        self._access[token] = self._clock() + life
        data = {"access_token": token, "token_type": "Bearer", "expires_in": life}
        if refreshable:
            data["refresh_token"] = secrets.token_hex(20)
            self._refresh.add(str(data["refresh_token"]))
        return data


def _read(body: bytes) -> dict[str, Any]:
    """A JSON object, a form field `data` that holds one, or plain form fields."""
    fields = {key: values[0] for key, values in parse_qs(body.decode("utf-8", "replace")).items()}
    try:
        sent = orjson.loads(fields.get("data", body))
    except orjson.JSONDecodeError:
        return fields
    return sent if isinstance(sent, dict) else {}
