"""How the network is used, as the settings say: a proxy, and fewer calls than the school allows."""

import os
from urllib.parse import urlsplit

from lwdesk.api.limiter import CAPACITY
from lwdesk.app.settings import Settings
from lwdesk.base.errors import UserError
from lwdesk.base.text import _

_SECTION = "network"
# This computer itself is reached straight: the practice school lives there.
_STRAIGHT = "localhost,127.0.0.1,::1"


def pace(settings: Settings) -> int:
    """Calls in 10 seconds at the most, 1 to what LearnWorlds allows."""
    found = settings.section(_SECTION).get("pace", CAPACITY)
    return max(1, min(CAPACITY, found)) if isinstance(found, int) else CAPACITY


def choose_pace(settings: Settings, calls: int) -> None:
    """From the next connection on, no more than so many calls in 10 seconds."""
    settings.change(_SECTION, "pace", None if calls >= CAPACITY else max(1, calls))


def proxy(settings: Settings) -> str:
    """The address of the proxy; "" for what the system says."""
    return str(settings.section(_SECTION).get("proxy", ""))


def choose_proxy(settings: Settings, address: str) -> None:
    """From the next start on, go through this proxy; "" for what the system says.

    Raises UserError for an address that cannot be one, or one with a password in it.
    """
    text = address.strip()
    if text and "://" not in text:
        text = f"http://{text}"
    found = urlsplit(text)
    try:
        usable = not text or (found.scheme in ("http", "https") and found.hostname and (found.port or True))
    except ValueError:
        usable = False
    if not usable:
        raise UserError(_("This isn't a proxy address"), text, _("Write it like proxy.example.org:8080")).at(
            "proxy"
        )
    if found.password:
        raise UserError(
            _("Leave the password out of the proxy address"),
            _("Settings are stored in a plain text file that others could read"),
            _("Ask your IT team to set HTTPS_PROXY on this computer, and leave this field empty"),
        ).at("proxy")
    settings.change(_SECTION, "proxy", text or None)


def use(settings: Settings) -> None:
    """Send what this process sends from now on through the proxy of the settings, where there is one."""
    if found := proxy(settings):
        os.environ["HTTPS_PROXY"] = os.environ["HTTP_PROXY"] = found
        known = os.environ.get("NO_PROXY", "")
        os.environ["NO_PROXY"] = f"{known},{_STRAIGHT}" if known else _STRAIGHT
