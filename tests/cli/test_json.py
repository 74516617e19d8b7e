"""With --json the last line on stdout is one object, however a command ends."""

import json

import pytest

from lwdesk.cli import run
from lwdesk.cli.statuses import USAGE


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        (("import", "nowhere.csv", "--operation", "create-user"), 1),
        (("import", "roster.xlsx"), 1),
        (("import", "roster.xlsx", "--operation", "no-such"), 1),
        (("import", "roster.xlsx", "--operation", "create-user"), 1),
        (("import", "roster.xlsx", "--operation", "create-user", "--results", "x.pdf"), 1),
        (("export", "no-such", "-o", "x.xlsx"), 1),
        (("export", "users", "-o", "x.pdf"), 1),
        (("check", "roster.xlsx", "--operation", "no-such"), 1),
        (("resume", "no-such-job"), 1),
    ],
)
def test_an_error_before_anything_is_sent_is_an_object(
    arguments, status, lwdesk, school, workbook, monkeypatch, tmp_path
):
    workbook(("Email", "Username"), ("ana@new.example", "Ana"))
    monkeypatch.chdir(tmp_path)
    found = lwdesk(*arguments, "--json")
    assert found.status == status and found.json["error"]["title"] and found.err


def test_a_no_is_an_object(lwdesk, school, workbook, monkeypatch):
    path = workbook(("Email", "Username"), ("ana@new.example", "Ana"))
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("builtins.input", lambda question: "n")
    found = lwdesk("import", path, "--operation", "create-user", "--json")
    assert found.status == 1 and found.json["error"]["title"] == "Nothing was done"


def test_words_that_are_no_command_and_what_nobody_foresaw_are_objects(home, capsys, monkeypatch):
    assert run(["import", "--json", "--nonsense"]) == USAGE
    assert json.loads(capsys.readouterr().out)["error"]["title"]
    monkeypatch.setattr("lwdesk.app.job.history.jobs", lambda home: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        run(["jobs", "--json"])
    assert "ZeroDivisionError" in json.loads(capsys.readouterr().out)["error"]["message"]
    monkeypatch.setattr("lwdesk.app.job.history.jobs", lambda home: (_ for _ in ()).throw(KeyboardInterrupt))
    assert run(["jobs", "--json"]) == 3
    assert json.loads(capsys.readouterr().out.splitlines()[-1])["error"]["title"] == "Stopped"
