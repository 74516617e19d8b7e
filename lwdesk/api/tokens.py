"""The access token of a school: fetched when it is needed, renewed before it ends."""

import json
import threading
import time
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlencode

from lwdesk.api.answers import UnknownClient
from lwdesk.api.auth import Credentials, incomplete
from lwdesk.base.errors import ApiError, Denied, Unavailable
from lwdesk.base.text import _

TOKEN_PATH = "oauth2/access_token"
# A token is renewed this many seconds before it ends: longer than one call can take.
MARGIN = 120.0

# Posts the fields of a grant and returns the parsed answer; raises AppError.
Fetch = Callable[[dict[str, str]], Any]


class Tokens:
    """The access token of one school, fetched when needed, by one thread at a time.

    `on_rotated` gets every refresh token that replaces the one given, so that it can be kept.
    """

    def __init__(
        self,
        credentials: Credentials,
        *,
        clock: Callable[[], float] = time.monotonic,
        on_rotated: Callable[[str], None] | None = None,
    ):
        self._credentials, self._clock, self._on_rotated = credentials, clock, on_rotated
        self._lock = threading.Lock()
        self._token, self._renew_at = credentials.access_token, float("inf")
        self._refresh = credentials.refresh_token

    def get(self, fetch: Fetch) -> str:
        """A token that is good for now. Raises what `fetch` raises."""
        with self._lock:
            if not self._token or self._clock() >= self._renew_at:
                self._mint(fetch)
            return self._token

    def renew(self, refused: str, fetch: Fetch) -> str:
        """A token other than the refused one; another thread may have fetched it already.

        Raises Denied (401) for a pasted token: only the user can renew that.
        """
        if self._credentials.access_token:
            raise Denied(
                _("LearnWorlds doesn't accept the access token"),
                _("It has expired or was replaced, and lwdesk can't renew a pasted token"),
                _("Paste a new one, or enter the client ID and client secret instead"),
                status=401,
            )
        with self._lock:
            if self._token == refused:
                self._mint(fetch)
            return self._token

    def _mint(self, fetch: Fetch) -> None:
        asked = self._clock()
        answer = self._granted(fetch)
        found = answer.get("tokenData", answer) if isinstance(answer, Mapping) else None
        token = found.get("access_token") if isinstance(found, Mapping) else None
        if not isinstance(found, Mapping) or not isinstance(token, str) or not token:
            raise Unavailable(
                _("Sign-in to LearnWorlds failed: no access token was returned"),
                "",
                _("Check the address, client ID, and client secret"),
            )
        life = _seconds(found.get("expires_in"))
        self._token, self._renew_at = token, asked + life - min(MARGIN, life / 4)
        refresh = found.get("refresh_token")
        if isinstance(refresh, str) and refresh and refresh != self._refresh:
            self._refresh = refresh
            if self._on_rotated:
                self._on_rotated(refresh)

    def _granted(self, fetch: Fetch) -> Any:
        given = self._credentials
        if self._refresh:
            try:
                return fetch(self._fields("refresh_token", refresh_token=self._refresh))
            except ApiError:
                if not given.username:
                    raise
                self._refresh = ""
        if given.username:
            return fetch(self._fields("password", username=given.username, password=given.password))
        if given.refresh_token:
            raise incomplete(_("The refresh token has expired"))
        return fetch(self._fields("client_credentials"))

    def _fields(self, grant: str, **more: str) -> dict[str, str]:
        given = self._credentials
        return {
            "client_id": given.client_id,
            "client_secret": given.client_secret,
            "grant_type": grant,
        } | more


def denied(error: ApiError, grant: str) -> ApiError:
    """The error of a refused grant, naming what may be wrong of all that was given; another error as it is.

    Schools refuse a wrong client ID and a wrong secret alike (LearnWorlds API v2: 400, `access_denied`).
    """
    if error.status not in (400, 401) or isinstance(error, UnknownClient):
        return error
    titles = {
        "password": _("LearnWorlds doesn't accept this username, password, client ID or client secret"),
        "refresh_token": _("LearnWorlds doesn't accept the refresh token, client ID or client secret"),
    }
    title = titles.get(grant, _("LearnWorlds doesn't accept the client ID or client secret"))
    hint = _("Copy both again from LearnWorlds: Settings > Developers > API")
    return Denied(title, error.words, hint, status=error.status, words=error.words).at("secret")


def form(fields_: dict[str, str]) -> bytes:
    """The body of a token call: one form field `data` that holds JSON."""
    return urlencode({"data": json.dumps(fields_)}).encode()


def _seconds(life: Any) -> float:
    """The life of a token; one that names none is renewed when it is refused."""
    try:
        return max(float(life), 0.0)
    except (TypeError, ValueError):
        return float("inf")
