"""The one place that calls the system's scheduler, and the one that shows a notification of the system."""

import logging
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from lwdesk.app.scheduling import entries
from lwdesk.app.scheduling.entries import Entry
from lwdesk.base.errors import UserError
from lwdesk.base.paths import temporary_folder, written_whole
from lwdesk.base.text import _

log = logging.getLogger(__name__)

WINDOWS, LAUNCHD, SYSTEMD, CRON = "Windows Task Scheduler", "launchd", "systemd", "cron"
# Seconds that a tool may take.
_PATIENCE = 30
# Without a console of its own, on Windows.
_HIDDEN = getattr(subprocess, "CREATE_NO_WINDOW", 0)
# The folder of tasks in the Windows Task Scheduler.
_FOLDER = "lwdesk"
_TOAST = """
[void][Windows.UI.Notifications.ToastNotificationManager, Windows.UI.Notifications, ContentType = WindowsRuntime]
$xml = [Windows.UI.Notifications.ToastNotificationManager]::GetTemplateContent(1)
$texts = $xml.GetElementsByTagName('text')
[void]$texts.Item(0).AppendChild($xml.CreateTextNode($env:LWDESK_TITLE))
[void]$texts.Item(1).AppendChild($xml.CreateTextNode($env:LWDESK_TEXT))
$toast = [Windows.UI.Notifications.ToastNotification]::new($xml)
$id = '{1AC14E77-02E7-4E5D-B744-2EB1AE5198B7}\\WindowsPowerShell\\v1.0\\powershell.exe'
[Windows.UI.Notifications.ToastNotificationManager]::CreateToastNotifier($id).Show($toast)
"""


class NoScheduler(UserError):
    """This computer has no scheduler that lwdesk knows."""


def kind() -> str:
    """The scheduler of this system. Raises NoScheduler where there is none."""
    if sys.platform == "win32":
        return WINDOWS
    if sys.platform == "darwin":
        return LAUNCHD
    if shutil.which("systemctl") and _call("systemctl", "--user", "show-environment")[0] == 0:
        return SYSTEMD
    if shutil.which("crontab"):
        return CRON
    raise NoScheduler(
        _("lwdesk can't find a scheduler on this computer"),
        _("It needs systemd or cron"),
        _("Start it yourself with: lwdesk run NAME"),
    )


def put(entry: Entry) -> None:
    """Write an entry, in place of the one of the same key. Raises UserError where the system refuses."""
    which = kind()
    if which == WINDOWS:
        with temporary_folder() as folder:
            path = folder / "task.xml"
            path.write_text(entries.windows(entry, datetime.now()), "utf-16")
            _run("schtasks", "/Create", "/F", "/TN", _task(entry.key), "/XML", str(path))
    elif which == LAUNCHD:
        remove(entry.key)
        _write(_agent(entry.key), entries.launchd(entry))
        _run("launchctl", "bootstrap", _domain(), str(_agent(entry.key)))
    elif which == SYSTEMD:
        for name, text in entries.systemd(entry).items():
            _write(_units() / name, text.encode())
        _run("systemctl", "--user", "daemon-reload")
        _run("systemctl", "--user", "enable", "--now", f"{entry.key}.timer")
    else:
        _run("crontab", "-", text=entries.with_cron(_crontab(), entry.key, entries.cron(entry)))


def remove(key: str) -> None:
    """Remove an entry, if it is there and the computer has a scheduler. Raises UserError where that refuses."""
    try:
        which = kind()
    except NoScheduler:
        return
    if not has(key):
        return
    if which == WINDOWS:
        _run("schtasks", "/Delete", "/F", "/TN", _task(key))
    elif which == LAUNCHD:
        _call("launchctl", "bootout", f"{_domain()}/{key}")
        _agent(key).unlink(missing_ok=True)
    elif which == SYSTEMD:
        _run("systemctl", "--user", "disable", "--now", f"{key}.timer")
        for suffix in ("timer", "service"):
            (_units() / f"{key}.{suffix}").unlink(missing_ok=True)
        _run("systemctl", "--user", "daemon-reload")
    else:
        _run("crontab", "-", text=entries.with_cron(_crontab(), key))


def has(key: str) -> bool:
    """Whether the scheduler has an entry."""
    which = kind()
    if which == WINDOWS:
        return _call("schtasks", "/Query", "/TN", _task(key))[0] == 0
    if which == LAUNCHD:
        return _agent(key).exists()
    return (_units() / f"{key}.timer").exists() if which == SYSTEMD else entries.in_cron(_crontab(), key)


def notify(title: str, text: str) -> None:
    """Show a notification of the system, where there is a way to."""
    environment = dict(os.environ)
    if sys.platform == "win32":
        environment |= {"LWDESK_TITLE": title, "LWDESK_TEXT": text}
        command: Sequence[str] = ("powershell", "-NoProfile", "-NonInteractive", "-Command", _TOAST)
    elif sys.platform == "darwin":
        lines = (
            "on run argv",
            "display notification (item 2 of argv) with title (item 1 of argv)",
            "end run",
        )
        command = ("osascript", *(part for line in lines for part in ("-e", line)), title, text)
    else:
        command = ("notify-send", "--app-name=lwdesk", "--", title, text)
    if shutil.which(command[0]) is None:
        return
    try:
        subprocess.run(
            command,
            env=environment,
            timeout=_PATIENCE,
            check=True,
            capture_output=True,
            creationflags=_HIDDEN,
        )
    except (OSError, subprocess.SubprocessError):
        log.exception("no notification")


def _call(*command: str, text: str = "") -> tuple[int, str, str]:
    """Exit status of a tool, what it prints, and what it says went wrong."""
    try:
        done = subprocess.run(
            command,
            input=text,
            timeout=_PATIENCE,
            capture_output=True,
            check=False,
            encoding="oem" if sys.platform == "win32" else "utf-8",  # tools of Windows write for its console
            errors="replace",
            env={**os.environ, "LC_ALL": "C"},
            creationflags=_HIDDEN,
        )
    except (OSError, subprocess.SubprocessError) as error:
        return -1, "", str(error)
    return done.returncode, done.stdout, done.stderr.strip() or done.stdout.strip()


def _run(*command: str, text: str = "") -> None:
    """Run a tool. Raises UserError where it fails, with what it says."""
    status, _out, why = _call(*command, text=text)
    if status:
        raise _refused(command[0], why or str(status))


def _refused(tool: str, why: str) -> UserError:
    return UserError(
        _("This computer's scheduler didn't accept the schedule"),
        _("{tool} says: {words}").format(tool=tool, words=why),
        _("Try again, or start it yourself with: lwdesk run NAME"),
    )


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with written_whole(path) as temporary:
        temporary.write_bytes(data)


def _crontab() -> str:
    """The lines of the user; none where there is no table so far."""
    status, out, why = _call("crontab", "-l")
    if status and not any(words in why.lower() for words in ("no crontab", "no such file")):
        raise _refused("crontab", why)  # else a table that can't be read now would be replaced
    return "" if status else out


def _task(key: str) -> str:
    return f"\\{_FOLDER}\\{key}"


def _agent(key: str) -> Path:
    return Path.home() / "Library" / "LaunchAgents" / f"{key}.plist"


def _units() -> Path:
    return Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config") / "systemd" / "user"


def _domain() -> str:
    return f"gui/{os.getuid()}" if hasattr(os, "getuid") else ""
