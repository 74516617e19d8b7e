"""The exit status says what happened to the rows, and to nothing else."""

import pytest

from lwdesk import cli
from lwdesk.base.errors import UserError
from lwdesk.cli.statuses import STATUSES
from lwdesk.jobs.engine import Engine


@pytest.mark.parametrize(
    "arguments", [["import"], ["no-such-command"], ["export", "users", "--no-such-option"]]
)
def test_a_command_that_is_not_understood_is_no_failed_row(arguments, capsys):
    assert cli.run(arguments) == cli.USAGE == 64
    assert "usage" in capsys.readouterr().err


def test_the_help_has_the_table(capsys):
    with pytest.raises(SystemExit):
        cli.run(["--help"])
    shown = capsys.readouterr().out
    assert all(f"{number:>2}  {words}" in shown for number, words in STATUSES.items())


def test_a_disk_that_fills_in_the_middle_is_an_interruption(lwdesk, school, workbook, monkeypatch):
    path = workbook(("Email", "Username"), ("a.new@b.example", "A"), ("b.new@b.example", "B"))

    def fill(self):
        raise UserError("Not enough space for the job", "The disk is full", "Make room, and resume")

    monkeypatch.setattr(Engine, "run", fill)
    result = lwdesk("import", path, "--operation", "create-user", "--yes", "--json")
    assert result.status == 3 and result.json["done"] == 0 and "disk is full" in result.err
