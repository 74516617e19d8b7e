"""The command line against a practice school of the test's own."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from lwdesk.cli import run
from lwdesk.practice.server import Practice


@dataclass
class CommandResult:
    """What a command answered: its exit status, both streams, the JSON of the last line."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out.strip().splitlines()[-1])


@pytest.fixture
def lwdesk(capsys):
    """Runs a command line, in this process."""

    def command(*arguments: object) -> CommandResult:
        capsys.readouterr()
        status = run([str(argument) for argument in arguments])
        captured = capsys.readouterr()
        return CommandResult(status, captured.out, captured.err)

    return command


@pytest.fixture
def school(monkeypatch):
    """A practice school without a limit, named by the environment."""
    with Practice(users=60, limit=False) as practice:
        monkeypatch.setenv("LWDESK_SCHOOL_URL", practice.url)
        monkeypatch.setenv("LWDESK_CLIENT_ID", practice.client_id)
        monkeypatch.setenv("LWDESK_CLIENT_SECRET", practice.client_secret)
        yield practice


@pytest.fixture
def workbook(tmp_path):
    """Writes rows, the first of them headers, to a workbook."""

    def write(*rows: tuple, name: str = "roster.xlsx") -> Path:
        book = openpyxl.Workbook()
        for row in rows:
            book.active.append(row)
        book.save(tmp_path / name)
        return tmp_path / name

    return write


@pytest.fixture
def cells():
    """All cells of a workbook's first sheet."""

    def read(path: Path) -> list[tuple]:
        return list(openpyxl.load_workbook(path).worksheets[0].iter_rows(values_only=True))

    return read
