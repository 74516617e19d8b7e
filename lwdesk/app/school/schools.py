"""Schools: their addresses in the settings, their secrets in the system's keychain, nowhere else."""

import os
from dataclasses import dataclass

from lwdesk.api.auth import Credentials
from lwdesk.app.settings import Settings
from lwdesk.base.errors import SecretError, SecretNeeded, UserError
from lwdesk.base.text import _, listing

SERVICE = "lwdesk"


@dataclass(frozen=True)
class School:
    """A connection: its name and colour, the school's address and client id.

    Jobs know a school by its `name`, which stays; `title` is what it is called since it was renamed.
    """

    name: str
    url: str
    client_id: str
    colour: str = ""
    title: str = ""

    @property
    def shown(self) -> str:
        """The name that people see."""
        return self.title or self.name


def schools(settings: Settings) -> list[School]:
    """All schools, by name."""
    return [School(name, **facts) for name, facts in sorted(settings.section("schools").items())]


def find(settings: Settings, name: str) -> School:
    """The school of this name. Raises UserError when there is none."""
    found = schools(settings)
    known = {school.shown: school for school in found} | {school.name: school for school in found}
    if name not in known:
        names = listing([school.shown for school in found], 10)
        there = _("Connected schools: {schools}").format(schools=names) if found else ""
        hint = _("Add it with: lwdesk schools add")
        raise UserError(_("There is no school “{name}”").format(name=name), there, hint)
    return known[name]


def add(settings: Settings, school: School, secret: str, *, keep: bool = True) -> bool:
    """Keep a school, and its secret in the keychain unless `keep` is False. Returns whether the secret was kept.

    Raises UserError for an address that cannot be one.
    """
    credentials = Credentials(school.url, school.client_id, client_secret=secret)
    facts = {"url": credentials.root, "client_id": credentials.client_id, "colour": school.colour}
    if school.title not in ("", school.name):
        facts["title"] = school.title
    settings.change("schools", school.name, facts)
    return keep and _keep(school.name, secret)


def remove(settings: Settings, name: str) -> None:
    """Forget a school and its secret. Raises UserError when there is none of this name."""
    name = find(settings, name).name
    settings.change("schools", name, None)
    _forget(name)


def credentials(settings: Settings, name: str | None) -> tuple[str, Credentials]:
    """The name and credentials of a school; without a name, of the school of the environment.

    Raises UserError where something is missing, saying what.
    """
    environment = os.environ
    if name is not None:
        school = find(settings, name)
        name = school.name
        secret = _recall(name) or environment.get("LWDESK_CLIENT_SECRET", "")
        if not secret:
            raise SecretNeeded(
                _("We don't have the client secret for “{name}”").format(name=school.shown),
                _("This computer's keychain is locked or doesn't have it"),
                _("Unlock the keychain, or edit the school on the Schools page and enter the secret again"),
                school=name,
            )
        return name, Credentials(school.url, school.client_id, client_secret=secret)
    url, client = environment.get("LWDESK_SCHOOL_URL", ""), environment.get("LWDESK_CLIENT_ID", "")
    if not url or not client:
        raise UserError(
            _("No school is chosen"),
            "",
            _("Name one with --school, or set LWDESK_SCHOOL_URL, LWDESK_CLIENT_ID and LWDESK_CLIENT_SECRET"),
        )
    found = Credentials(
        url,
        client,
        client_secret=environment.get("LWDESK_CLIENT_SECRET", ""),
        access_token=environment.get("LWDESK_ACCESS_TOKEN", ""),
    )
    return found.root.removesuffix("/admin/api").partition("//")[2], found


def keychain() -> str:
    """The name of the system's keychain, after something was kept in it, read and removed again.

    Raises UserError where there is none, or it is locked.
    """
    import keyring
    import keyring.errors

    place, word = f"{SERVICE} self-test", "no secret"
    try:
        keyring.set_password(place, place, word)
        kept = keyring.get_password(place, place) == word
        keyring.delete_password(place, place)
    except keyring.errors.KeyringError as error:
        kept, why = False, type(error).__name__
    else:
        why = _("A test value saved in it couldn't be read back")
    if not kept:
        raise SecretError(
            _("This computer's keychain can't be used right now"),
            why,
            _("Until this is fixed, lwdesk keeps client secrets only until you close the window"),
        )
    return str(keyring.get_keyring().name)


def _keep(name: str, secret: str) -> bool:
    import keyring
    import keyring.errors

    try:
        keyring.set_password(SERVICE, name, secret)
    except keyring.errors.KeyringError:
        return False
    return True


def _recall(name: str) -> str:
    import keyring
    import keyring.errors

    try:
        return keyring.get_password(SERVICE, name) or ""
    except keyring.errors.KeyringError:
        return ""


def _forget(name: str) -> None:
    import contextlib

    import keyring
    import keyring.errors

    with contextlib.suppress(keyring.errors.KeyringError):
        keyring.delete_password(SERVICE, name)
