"""The self-test says what works here, line by line, and cannot be well where something is missing."""

import os
import subprocess
import sys

import pytest

from lwdesk import selftest
from lwdesk.base import text


def test_all_is_well_here():
    done = subprocess.run(
        [sys.executable, "-m", "lwdesk", "--self-test"],
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={name: value for name, value in os.environ.items() if name not in ("QT_QPA_PLATFORM", "DISPLAY")},
    )
    lines = done.stdout.splitlines()
    assert done.returncode == 0, done.stdout + done.stderr
    assert len(lines) == len(selftest.TRIES) + 2
    assert all(line.startswith(("ok ", "missing ")) for line in lines[1:-1])
    assert "done, failed, done" in done.stdout


@pytest.fixture
def only(monkeypatch, tmp_path):
    """One attempt alone."""

    def choose(name):
        monkeypatch.setattr(selftest, "TRIES", [one for one in selftest.TRIES if one[1].__name__ == name])

    yield choose
    text.set_language("en")


def test_a_package_without_its_translations_is_not_whole(only, monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(text, "LOCALE", tmp_path)
    only("_languages")
    assert selftest.run() == 1
    assert "FAILED   The languages" in capsys.readouterr().out


def test_a_package_without_the_texts_of_licences_is_not_whole(only, monkeypatch, capsys):
    monkeypatch.setattr(selftest.about, "licence", lambda name: "" if name == "requests" else "text")
    only("_licences")
    assert selftest.run() == 1
    assert "no text for requests" in capsys.readouterr().out


def test_a_wrong_setting_of_the_computer_is_named_and_the_program_is_not_blamed(only, monkeypatch, capsys):
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "/no/such/file")
    only("_import")
    assert selftest.run() == 1
    out = capsys.readouterr().out
    assert "REQUESTS_CA_BUNDLE" in out and "Reinstall" not in out


def test_an_import_that_ends_otherwise_is_told(only, monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(selftest, "BECOMES", ("done", "done", "done"))
    monkeypatch.setattr(
        selftest, "TRIES", [one for one in selftest.TRIES if one[1].__name__ in ("_workbook", "_import")]
    )
    assert selftest.run() == 1
    out = capsys.readouterr().out
    assert "FAILED   Importing three rows" in out and "ok       Writing" in out
