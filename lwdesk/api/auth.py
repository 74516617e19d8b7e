"""Who we are to a school: its address, and the credentials of one grant."""

import ipaddress
import re
from dataclasses import dataclass, field, fields
from urllib.parse import urlsplit

from lwdesk.base.errors import AddressError, UserError
from lwdesk.base.text import _

_HOST = re.compile(r"(?=.{1,253}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+")


@dataclass(frozen=True)
class Credentials:
    """A school's address and client id with one grant.

    The grant is client credentials (`client_secret`), resource owner (`username` and `password` beside
    the secret), `refresh_token` (beside the secret), or a pasted `access_token`. Text is stripped. Raises
    UserError when there is no complete grant or a value cannot be sent.
    """

    url: str
    client_id: str
    client_secret: str = field(default="", repr=False)
    username: str = field(default="", repr=False)
    password: str = field(default="", repr=False)
    refresh_token: str = field(default="", repr=False)
    access_token: str = field(default="", repr=False)

    def __post_init__(self) -> None:
        for one in fields(self):
            if one.name != "password":
                object.__setattr__(self, one.name, getattr(self, one.name).strip())
        school_root(self.url)
        for name, value, field_ in (
            (_("client ID"), self.client_id, "client_id"),
            (_("access token"), self.access_token, "access_token"),
        ):
            if not re.fullmatch(r"[!-~]*", value):
                words = _("The {name} contains a space or a character that isn't allowed").format(name=name)
                raise incomplete(words, field_)
        if not self.client_id:
            raise incomplete(_("The client ID is missing"), "client_id")
        if not self.access_token and not self.client_secret:
            raise incomplete(_("The client secret (or an access token) is missing"), "secret")
        if bool(self.username) != bool(self.password):
            raise incomplete(_("Enter the username and password together"))

    @property
    def root(self) -> str:
        """`https://host/admin/api` of the school."""
        return school_root(self.url)

    @property
    def local(self) -> bool:
        """Whether the school is on this computer, as a practice school is."""
        return _is_local(urlsplit(self.root).hostname or "")

    @property
    def secrets(self) -> tuple[str, ...]:
        """What must not be seen in an error or a log."""
        given = (self.client_secret, self.password, self.refresh_token, self.access_token)
        return tuple(secret for secret in given if secret)


def incomplete(message: str, field: str = "") -> UserError:
    """The error for credentials that can't be complete; `field` is the one to look at."""
    error = UserError(
        _("The school's connection details are incomplete"),
        message,
        _("Copy them from LearnWorlds: Settings > Developers > API"),
    )
    return error.at(field)


def school_root(url: str) -> str:
    """The API's root for an address as the user pasted it: `https://host/admin/api`.

    Takes a bare host, the address of any page of the school, or the API's own address. Plain http is for
    this computer only. Raises UserError.
    """
    text = url.strip().strip("\"'<>")
    if not re.match(r"[a-z][a-z0-9+.-]*://", text, re.IGNORECASE):
        text = f"//{text}"
    try:
        parts = urlsplit(text)
        scheme, host, port = parts.scheme.lower(), _ascii(parts.hostname or ""), parts.port
    except ValueError as error:
        raise _bad_address(url) from error
    local = _is_local(host)
    if (
        parts.username is not None
        or scheme not in ("", "http", "https")
        or not (local or _HOST.fullmatch(host))
    ):
        raise _bad_address(url)
    if scheme == "http" and not local:
        raise AddressError(
            _("The address must start with https://"),
            _("http:// isn't secure: others could read your client secret"),
            _("Type {address}").format(address=f"https://{host}"),
        ).at("address")
    scheme = scheme or ("http" if local and port else "https")
    netloc = f"[{host}]" if ":" in host else host
    if port and port != {"http": 80, "https": 443}[scheme]:
        netloc += f":{port}"
    return f"{scheme}://{netloc}/admin/api"


def _is_local(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _ascii(host: str) -> str:
    host = host.rstrip(".")
    if host.isascii():
        return host
    import requests

    try:
        prepared = requests.Request("GET", f"https://{host}/").prepare()
    except requests.RequestException as error:
        raise ValueError(host) from error
    return urlsplit(prepared.url or "").hostname or ""


def _bad_address(url: str) -> AddressError:
    return AddressError(
        _("“{url}” isn't the address of a school").format(url=url.strip()[:80]),
        "",
        _("Type it as in the browser, for example https://myschool.learnworlds.com"),
    ).at("address")
