"""Schedules: when they run, the entries of every system's scheduler, and the tool that keeps them."""

import plistlib
import sys
from datetime import datetime, timedelta
from xml.etree import ElementTree

import pytest

from lwdesk.app.exporting import scheduled
from lwdesk.app.exporting.saved import SavedExport, SavedExports
from lwdesk.app.scheduling import entries, system
from lwdesk.app.scheduling.entries import Entry
from lwdesk.app.scheduling.schedule import DAY, MONTH, WEEK, Schedule
from lwdesk.app.school import schools
from lwdesk.app.school.schools import School
from lwdesk.app.settings import Settings
from lwdesk.base.errors import UserError
from lwdesk.base.paths import Home

NOON = datetime(2026, 3, 4, 12)  # a Wednesday
COMMAND = ("/opt/lw desk/lwdesk", "run", 'Net "A&B" 100% $5 \\ Έσοδα', "--scheduled")
TITLE = "lwdesk: A & B < 100%"
MONTHLY = Entry("lwdesk-0123", TITLE, COMMAND, Schedule(MONTH, "08:05", day=3))
WEEKLY = Entry("lwdesk-0123", TITLE, COMMAND, Schedule(WEEK, "18:30", weekday=6))
DAILY = Entry("lwdesk-0123", TITLE, COMMAND, Schedule(DAY, "00:00"))


@pytest.mark.parametrize(
    ("schedule", "following", "before"),
    [
        (Schedule(DAY, "08:00"), "2026-03-05T08:00", "2026-03-04T08:00"),
        (Schedule(DAY, "12:30"), "2026-03-04T12:30", "2026-03-03T12:30"),
        (Schedule(WEEK, "08:00", weekday=2), "2026-03-11T08:00", "2026-03-04T08:00"),
        (Schedule(WEEK, "18:00", weekday=2), "2026-03-04T18:00", "2026-02-25T18:00"),
        (Schedule(MONTH, "08:00", day=1), "2026-04-01T08:00", "2026-03-01T08:00"),
        (Schedule(MONTH, "08:00", day=28), "2026-03-28T08:00", "2026-02-28T08:00"),
    ],
)
def test_the_next_run_and_the_last_due_one(schedule, following, before):
    assert schedule.next_run(NOON) == datetime.fromisoformat(following)
    assert schedule.last_due(NOON) == datetime.fromisoformat(before)


def test_a_run_is_due_once_and_not_before_its_schedule_was_set():
    daily, due = Schedule(DAY, "08:00"), datetime(2026, 3, 4, 8)
    assert daily.is_due(0.0, NOON) and daily.is_due((due - timedelta(hours=1)).timestamp(), NOON)
    assert not daily.is_due((due + timedelta(minutes=2)).timestamp(), NOON)
    assert not Schedule(DAY, "08:00", since=(due + timedelta(hours=1)).timestamp()).is_due(0.0, NOON)
    early = due - timedelta(seconds=40)  # a scheduler's clock may be a little ahead
    assert daily.is_due((due - timedelta(days=1)).timestamp(), early)
    assert not daily.is_due((due - timedelta(seconds=20)).timestamp(), due)  # that run has ended
    assert Schedule(DAY, "08:00", since=early.timestamp()).is_due(0.0, due)


def test_a_task_of_windows_catches_up_and_never_runs_twice_at_once():
    space = {"t": "http://schemas.microsoft.com/windows/2004/02/mit/task"}

    def task(entry):
        text = entries.windows(entry, NOON)
        return ElementTree.fromstring(text.encode("utf-16"))  # as the file is written

    found = task(MONTHLY)
    texts = {node.tag.partition("}")[2]: node.text for node in found.iter()}
    assert texts["StartBoundary"] == "2026-04-03T08:05:00" and texts["Day"] == "3"
    assert len(found.find(".//t:Months", space)) == 12
    assert texts["Description"] == TITLE and texts["Command"] == COMMAND[0]
    assert texts["Arguments"] == 'run "Net \\"A&B\\" 100% $5 \\ Έσοδα" --scheduled'
    assert (texts["StartWhenAvailable"], texts["MultipleInstancesPolicy"]) == ("true", "IgnoreNew")
    assert task(WEEKLY).find(".//t:DaysOfWeek/t:Sunday", space) is not None
    assert task(DAILY).find(".//t:ScheduleByDay", space) is not None


def test_an_agent_of_launchd():
    found = plistlib.loads(entries.launchd(MONTHLY))
    assert found["ProgramArguments"] == list(COMMAND) and found["Label"] == "lwdesk-0123"
    assert found["StartCalendarInterval"] == {"Hour": 8, "Minute": 5, "Day": 3}
    weekly = plistlib.loads(entries.launchd(WEEKLY))["StartCalendarInterval"]
    assert weekly == {"Hour": 18, "Minute": 30, "Weekday": 0}


def test_a_timer_of_systemd():
    found = entries.systemd(MONTHLY)
    assert set(found) == {"lwdesk-0123.service", "lwdesk-0123.timer"}
    timer = found["lwdesk-0123.timer"]
    assert "OnCalendar=*-*-03 08:05:00\nPersistent=true\n" in timer and "A & B < 100%%\n" in timer
    command = r'ExecStart="/opt/lw desk/lwdesk" "run" "Net \"A&B\" 100%% $$5 \\ Έσοδα" "--scheduled"'
    assert command in found["lwdesk-0123.service"].splitlines()
    assert "OnCalendar=Sun *-*-* 18:30:00" in entries.systemd(WEEKLY)["lwdesk-0123.timer"]
    assert "OnCalendar=*-*-* 00:00:00" in entries.systemd(DAILY)["lwdesk-0123.timer"]


def test_lines_of_cron_leave_all_others_as_they_are():
    mine = "# my own\n0 5 * * * backup # lwdesk-01234"
    first = entries.with_cron(mine, "lwdesk-0123", entries.cron(WEEKLY))
    assert entries.in_cron(first, "lwdesk-0123") and not entries.in_cron(mine, "lwdesk-0123")
    second = entries.with_cron(first, "lwdesk-0123", entries.cron(MONTHLY))
    lines = second.removeprefix(f"{mine}\n").splitlines()
    command = r"""'/opt/lw desk/lwdesk' run 'Net "A&B" 100\% $5 \ Έσοδα' --scheduled # lwdesk-0123"""
    assert lines == [f"5 8 3 * * {command}", f"@reboot {command}"]
    assert entries.with_cron(second, "lwdesk-0123") == f"{mine}\n"
    assert entries.cron(WEEKLY)[0].startswith("30 18 * * 0 ")


# The tools -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def tools(tmp_path, monkeypatch):
    """Puts tools of these names, which are shell scripts, before those of the system."""
    if sys.platform == "win32":
        pytest.skip("shell scripts")
    folder = tmp_path / "tools"
    folder.mkdir()
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setattr(sys, "platform", "linux")

    def make(**scripts):
        for name, text in scripts.items():
            path = folder / name.replace("_", "-")
            path.write_text(f'#!/bin/sh\necho "{name} $*" >> "{tmp_path}/calls"\n{text}\n')
            path.chmod(0o755)
        return lambda: (tmp_path / "calls").read_text().splitlines()

    return make


def test_systemd_gets_the_units_and_is_told_to_start_them(tools, tmp_path):
    calls = tools(systemctl="")
    system.put(MONTHLY)
    units = tmp_path / "config" / "systemd" / "user"
    assert {path.name: path.read_text("utf-8") for path in units.iterdir()} == entries.systemd(MONTHLY)
    assert calls()[-2:] == [
        "systemctl --user daemon-reload",
        "systemctl --user enable --now lwdesk-0123.timer",
    ]
    assert system.has(MONTHLY.key)
    system.remove(MONTHLY.key)
    assert not list(units.iterdir()) and "systemctl --user disable --now lwdesk-0123.timer" in calls()


@pytest.fixture
def table(tools, tmp_path):
    """A crontab, where there is no systemd."""
    path = tmp_path / "table"
    script = f'[ "$1" = -l ] && {{ cat "{path}" 2>/dev/null || {{ echo "no crontab for ana" >&2; exit 1; }}; exit; }}'
    tools(systemctl="exit 1", crontab=f'{script}; cat > "{path}"')
    return path


def test_cron_keeps_the_lines_of_others(table):
    system.put(DAILY)
    assert table.read_text().splitlines() == entries.cron(DAILY)
    table.write_text("0 5 * * * backup\n" + table.read_text())
    system.remove(DAILY.key)
    assert table.read_text() == "0 5 * * * backup\n" and not system.has(DAILY.key)


def test_a_crontab_that_cannot_be_read_is_not_replaced(tools, tmp_path):
    calls = tools(systemctl="exit 1", crontab='[ "$1" = -l ] && { echo "not allowed" >&2; exit 1; }')
    with pytest.raises(UserError, match="crontab says: not allowed"):
        system.put(DAILY)
    assert "crontab -" not in calls()


def test_a_computer_without_a_scheduler_says_so(tools, tmp_path, monkeypatch):
    tools(systemctl="exit 1")
    monkeypatch.setenv("PATH", str(tmp_path / "tools"))
    with pytest.raises(UserError, match="can't find a scheduler"):
        system.put(DAILY)


def test_a_saved_export_is_unscheduled_and_deleted_where_no_scheduler_is_left(tools, tmp_path, monkeypatch):
    home = Home(tmp_path / "home")
    store = SavedExports(home)
    store.save(SavedExport("Daily", "users", "Test", str(tmp_path / "u.csv"), schedule=Schedule(DAY)))
    tools(systemctl="exit 1")
    monkeypatch.setenv("PATH", str(tmp_path / "tools"))
    scheduled.set_schedule(home, "Daily", None)
    assert store.find("Daily").schedule is None
    store.schedule("Daily", Schedule(DAY))
    scheduled.delete(home, "Daily")
    assert store.all() == []


def test_the_entry_goes_with_its_saved_export(table, tmp_path, monkeypatch):
    home = Home(tmp_path / "home")
    store = SavedExports(home)
    store.save(SavedExport("Monthly", "payments", "practice", str(tmp_path / "p.xlsx")))
    scheduled.set_schedule(home, "monthly", Schedule(MONTH, "08:00"))
    assert store.find("Monthly").schedule.since > 0 and scheduled.is_kept(home, store.find("Monthly"))
    (line, _reboot) = table.read_text().splitlines()
    assert line.startswith("0 8 1 * * ") and f"--home {home.root} run Monthly --scheduled" in line
    store.rename("Monthly", "Each month")
    scheduled.moved(home, "Monthly", "Each month")
    (line, _reboot) = table.read_text().splitlines()
    assert "run 'Each month' --scheduled" in line and store.find("Each month").schedule.day == 1
    scheduled.delete(home, "Each month")
    assert table.read_text() == "" and store.all() == []
    monkeypatch.setenv("LWDESK_SCHOOL_URL", "https://riverside.example")
    store.save(SavedExport("Other", "payments", "riverside.example", str(tmp_path / "p.xlsx")))
    with pytest.raises(UserError, match="can't run on a schedule"):
        scheduled.set_schedule(home, "Other", Schedule(DAY))
    schools.add(Settings(home), School("Riverside", "https://riverside.example", "id"), "x", keep=False)
    monkeypatch.setattr(schools, "_recall", lambda _name: "")
    store.save(SavedExport("Third", "payments", "Riverside", str(tmp_path / "p.xlsx")))
    with pytest.raises(UserError, match="keep its secret in the keychain"):
        scheduled.set_schedule(home, "Third", Schedule(DAY))
    assert table.read_text() == "" and all(one.schedule is None for one in store.all())
