"""The entries of each system's scheduler, as texts: pure, so that all of them are tested on every system."""

import plistlib
import shlex
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from xml.sax.saxutils import escape

from lwdesk.app.scheduling.schedule import DAY, MONTH, WEEK, Schedule

_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)


@dataclass(frozen=True)
class Entry:
    """What a scheduler runs: `command` at the times of `schedule`. `key` is its name there, of letters, digits and
    dashes; `title` is for people."""

    key: str
    title: str
    command: Sequence[str]
    schedule: Schedule


def windows(entry: Entry, now: datetime) -> str:
    """A task of the Windows Task Scheduler. A missed run is made as soon as possible; a second one at once is not."""
    program, *arguments = entry.command
    start = entry.schedule.next_run(now).isoformat()
    return f"""<?xml version="1.0" encoding="UTF-16"?>
<Task version="1.2" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">
  <RegistrationInfo>
    <Description>{escape(entry.title)}</Description>
  </RegistrationInfo>
  <Triggers>
    <CalendarTrigger>
      <StartBoundary>{start}</StartBoundary>
      <Enabled>true</Enabled>
      {_windows_days(entry.schedule)}
    </CalendarTrigger>
  </Triggers>
  <Principals>
    <Principal id="Author">
      <LogonType>InteractiveToken</LogonType>
      <RunLevel>LeastPrivilege</RunLevel>
    </Principal>
  </Principals>
  <Settings>
    <MultipleInstancesPolicy>IgnoreNew</MultipleInstancesPolicy>
    <DisallowStartIfOnBatteries>false</DisallowStartIfOnBatteries>
    <StopIfGoingOnBatteries>false</StopIfGoingOnBatteries>
    <StartWhenAvailable>true</StartWhenAvailable>
    <RunOnlyIfNetworkAvailable>true</RunOnlyIfNetworkAvailable>
    <ExecutionTimeLimit>PT0S</ExecutionTimeLimit>
    <Enabled>true</Enabled>
  </Settings>
  <Actions Context="Author">
    <Exec>
      <Command>{escape(program)}</Command>
      <Arguments>{escape(subprocess.list2cmdline(arguments))}</Arguments>
    </Exec>
  </Actions>
</Task>
"""


def _windows_days(schedule: Schedule) -> str:
    if schedule.every == WEEK:
        day = _WEEKDAYS[schedule.weekday]
        inner = f"<WeeksInterval>1</WeeksInterval><DaysOfWeek><{day} /></DaysOfWeek>"
        return f"<ScheduleByWeek>{inner}</ScheduleByWeek>"
    if schedule.every == MONTH:
        months = "".join(f"<{month} />" for month in _MONTHS)
        inner = f"<DaysOfMonth><Day>{schedule.day}</Day></DaysOfMonth><Months>{months}</Months>"
        return f"<ScheduleByMonth>{inner}</ScheduleByMonth>"
    return "<ScheduleByDay><DaysInterval>1</DaysInterval></ScheduleByDay>"


def launchd(entry: Entry) -> bytes:
    """An agent of macOS. It starts at each login too, where the command sees whether a run was missed: launchd itself
    makes up for those of a Mac that slept, not of one that was off."""
    at = entry.schedule.time
    days = {DAY: {}, WEEK: {"Weekday": (entry.schedule.weekday + 1) % 7}, MONTH: {"Day": entry.schedule.day}}
    return plistlib.dumps(
        {
            "Label": entry.key,
            "ProgramArguments": list(entry.command),
            "StartCalendarInterval": {"Hour": at.hour, "Minute": at.minute, **days[entry.schedule.every]},
            "RunAtLoad": True,
            "ProcessType": "Background",
        }
    )


def systemd(entry: Entry) -> dict[str, str]:
    """The units of a user timer by the names of their files. Missed runs start as soon as they can (`Persistent`)."""
    schedule = entry.schedule
    days = {
        DAY: "*-*-*",
        WEEK: f"{_WEEKDAYS[schedule.weekday][:3]} *-*-*",
        MONTH: f"*-*-{schedule.day:02}",
    }
    title = entry.title.replace("%", "%%")
    command = " ".join(map(_systemd_word, entry.command))
    service = f"[Unit]\nDescription={title}\n\n[Service]\nType=oneshot\nExecStart={command}\n"
    when = f"OnCalendar={days[schedule.every]} {schedule.at}:00\nPersistent=true\n"
    timer = f"[Unit]\nDescription={title}\n\n[Timer]\n{when}\n[Install]\nWantedBy=timers.target\n"
    return {f"{entry.key}.service": service, f"{entry.key}.timer": timer}


def _systemd_word(word: str) -> str:
    r"""A word of a command line: in quotes, and with \, ", % and $ as themselves."""
    for sign, written in (("\\", "\\\\"), ('"', '\\"'), ("%", "%%"), ("$", "$$")):
        word = word.replace(sign, written)
    return f'"{word}"'


def cron(entry: Entry) -> list[str]:
    """The lines of a crontab. The command sees itself whether a run was missed, when the computer starts."""
    schedule, at = entry.schedule, entry.schedule.time
    days = {DAY: "* * *", WEEK: f"* * {(schedule.weekday + 1) % 7}", MONTH: f"{schedule.day} * *"}
    command = shlex.join(entry.command).replace("%", r"\%")
    mark = _cron_mark(entry.key)
    return [
        f"{when} {command} {mark}" for when in (f"{at.minute} {at.hour} {days[schedule.every]}", "@reboot")
    ]


def with_cron(table: str, key: str, lines: Sequence[str] = ()) -> str:
    """A crontab with these lines as the only ones of an entry; all others stay as they are."""
    kept = [line for line in table.splitlines() if not line.endswith(_cron_mark(key))]
    return "".join(f"{line}\n" for line in (*kept, *lines))


def in_cron(table: str, key: str) -> bool:
    """Whether a crontab has an entry."""
    return any(line.endswith(_cron_mark(key)) for line in table.splitlines())


def _cron_mark(key: str) -> str:
    return f"# {key}"
