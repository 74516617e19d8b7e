"""Saved exports from the command line."""

import sys
from dataclasses import replace
from datetime import date

import pytest

from lwdesk.app.exporting.saved import SavedExport, SavedExports
from lwdesk.app.scheduling.schedule import Schedule
from lwdesk.app.school import schools
from lwdesk.app.school.schools import School
from lwdesk.app.settings import Settings
from lwdesk.base.errors import UserError
from lwdesk.base.paths import Home
from lwdesk.practice.switches import Fault


def test_an_export_is_saved_listed_run_and_deleted(lwdesk, school, tmp_path, cells, monkeypatch):
    assert "No saved exports yet" in lwdesk("saved").out
    file = tmp_path / "Users {date}.xlsx"
    options = ("--columns", "email", "--where", "registered_after=last 90000 days", "--save", "All users")
    found = lwdesk("export", "users", "-o", file, *options, "--json")
    assert found.status == 1 and "isn't a date" in found.err and "last 7 days" in found.err
    options = ("--columns", "email", "--where", "registered_after=last 9999 days", "--save", "All users")
    found = lwdesk("export", "users", "-o", file, *options)
    assert found.status == 0 and "Registered from: “last 9999 days” currently means " in found.err
    assert "lwdesk run 'All users'" in found.err
    written = tmp_path / f"Users {date.today()}.xlsx"
    assert len(cells(written)) > 50
    found = lwdesk("export", "users", "-o", file, "--save", "all users")
    assert found.status == 1 and "A saved export named “all users” already exists" in found.err
    again = lwdesk("run", "all users", "--json")
    assert again.status == 0 and again.json["file"] == str(written.with_stem(f"{written.stem} (2)"))
    assert "All users" in lwdesk("saved").out
    (saved,) = lwdesk("saved", "--json").json["saved"]
    assert saved["next_file"] == str(written) and saved["last"]["job"] == again.json["job"]
    monkeypatch.delenv("LWDESK_SCHOOL_URL")
    gone = lwdesk("run", "All users")
    assert gone.status == 1 and "was removed from lwdesk" in gone.err
    assert "was removed from lwdesk" in lwdesk("saved").err
    assert lwdesk("saved", "--delete", "All users").status == 0 and written.exists()
    assert "No saved export is named “All users”" in lwdesk("run", "All users").err


def test_a_run_may_replace_the_file_that_the_user_agreed_to(lwdesk, school, tmp_path, cells):
    file = tmp_path / "users.xlsx"
    file.write_text("old")
    save = ("export", "users", "-o", file, "--columns", "email", "--save", "Users", "--replace")
    refused = lwdesk(*save)
    assert refused.status == 1 and "already exists" in refused.err and file.read_text() == "old"
    assert lwdesk(*save, "--overwrite").status == 0 and len(cells(file)) > 50
    assert lwdesk("run", "Users", "--json").json["file"] == str(file)


def test_a_run_that_adds_says_how_many_rows_are_new(lwdesk, school, tmp_path, cells):
    file = tmp_path / "users.xlsx"
    found = lwdesk("export", "users", "-o", file, "--columns", "email", "--save", "Users", "--add")
    count = len(cells(file)) - 1
    assert found.status == 0 and f"{count} new rows in {file}" in found.out
    again = lwdesk("run", "Users")
    assert again.status == 0 and f"0 new rows in {file}" in again.out and len(cells(file)) - 1 == count


@pytest.fixture
def scheduled(tmp_path, home, monkeypatch):
    """A saved export of the practice school that is due, and the notifications that are shown."""
    tools = tmp_path / "tools"
    tools.mkdir()
    script = tools / "notify-send"
    script.write_text(f'#!/bin/sh\necho "$*" >> "{tmp_path}/shown"\n')
    script.chmod(0o755)
    monkeypatch.setenv("PATH", str(tools), prepend=":")
    monkeypatch.setattr("sys.platform", "linux")
    store = SavedExports(Home(home))
    store.save(SavedExport("Users", "users", "practice", str(tmp_path / "users.csv"), {}, ("email",)))
    store.schedule("Users", Schedule("day", "00:00"))
    return store, lambda: (tmp_path / "shown").read_text() if (tmp_path / "shown").exists() else ""


@pytest.mark.skipif(sys.platform == "win32", reason="its tools are shell scripts")
def test_a_scheduled_run_is_made_once_while_it_is_due(lwdesk, scheduled, tmp_path):
    store, shown = scheduled
    assert lwdesk("run", "Users", "--scheduled").status == 0 and (tmp_path / "users.csv").exists()
    last = store.find("Users").last
    assert last.scheduled and not last.error and last.rows > 0 and shown() == ""
    again = lwdesk("run", "Users", "--scheduled")
    assert again.status == 0 and "already ran as scheduled" in again.out
    assert store.find("Users").last == last


@pytest.mark.skipif(sys.platform == "win32", reason="its tools are shell scripts")
def test_a_scheduled_run_that_lacks_something_says_so_and_has_run(lwdesk, scheduled, school, tmp_path, home):
    store, shown = scheduled
    schools.add(
        Settings(Home(home)),
        School("Riverside", school.url, school.client_id),
        school.client_secret,
        keep=False,
    )
    store.save(replace(store.find("Users"), export="grades", columns=(), school="Riverside"), was="Users")
    school.switches.faults = [Fault("success false", path="/grades", times=1)]
    assert lwdesk("run", "Users", "--scheduled").status == 2
    last = store.find("Users").last
    assert last.partial and last.error and last.rows > 0
    assert "“Users” ran, but some rows or files are missing" in shown() and "didn't run" not in shown()
    assert "already ran as scheduled" in lwdesk("run", "Users", "--scheduled").out


@pytest.mark.skipif(sys.platform == "win32", reason="its tools are shell scripts")
def test_a_scheduled_run_that_fails_is_kept_and_shown(lwdesk, scheduled, tmp_path, home, monkeypatch):
    store, shown = scheduled
    schools.add(Settings(Home(home)), School("Riverside", "https://riverside.example", "id"), "x", keep=False)
    store.save(replace(store.find("Users"), school="Riverside"), was="Users")
    monkeypatch.setattr(schools, "_recall", lambda _name: "")  # a locked keychain
    assert lwdesk("run", "Users", "--scheduled").status == 1
    last = store.find("Users").last
    assert last.scheduled and not last.seen and "Unlock the keychain" in last.error
    assert "“Users” didn't run as scheduled" in shown() and "Unlock the keychain" in shown()
    store.save(replace(store.find("Users"), columns=("shoe_size",), school="practice"), was="Users")
    assert lwdesk("run", "Users", "--scheduled").status == 1
    assert "no column “shoe_size”" in store.find("Users").last.error


@pytest.mark.skipif(sys.platform == "win32", reason="its tools are shell scripts")
def test_the_failure_of_a_run_is_kept_though_its_saved_export_was_renamed(lwdesk, scheduled, monkeypatch):
    store, shown = scheduled

    def broken(*_about):
        store.rename("Users", "All users")
        raise UserError("users.csv is open in another program")

    monkeypatch.setattr("lwdesk.cli.exports.fetch", broken)
    assert lwdesk("run", "Users", "--scheduled").status == 1
    last = store.find("All users").last
    assert "open in another program" in last.error and last.scheduled and not last.seen
    assert "“All users” didn't run as scheduled" in shown()
