"""The log: shared by programs, rotated, and never in anybody's way."""

import logging
import subprocess
import sys

import pytest

from lwdesk.base import log
from lwdesk.base.paths import Home


@pytest.fixture
def logger():
    """A logger of the test's own: what it logs, half an emoji too, comes into no report."""
    return logging.Logger("tests.log")


def spoil_file(path):
    path.mkdir()


def spoil_lock(path):
    path.with_name(f"{path.name}.lock").mkdir()


def spoil_folder(path):
    path.parent.rmdir()
    path.parent.write_text("a file where the folder was")


def fill_disk(path):
    path.symlink_to("/dev/full")


@pytest.mark.parametrize("spoil", [spoil_file, spoil_lock, spoil_folder, fill_disk])
def test_a_log_that_cannot_be_written_is_silent(spoil, tmp_path, logger, capsys):
    (tmp_path / "logs").mkdir()
    path = tmp_path / "logs" / "lwdesk.log"
    spoil(path)
    logger.addHandler(log.SharedFile(path))
    logger.warning("a line")
    logger.error("half an emoji \ud83d")
    try:
        raise ValueError("x")
    except ValueError:
        logger.exception("traceback")
    assert capsys.readouterr() == ("", "")


def test_a_command_says_nothing_of_a_log_that_cannot_be_written(tmp_path):
    home = Home(tmp_path / "home")
    home.logs.mkdir(parents=True, exist_ok=True)
    (home.logs / "lwdesk.log").mkdir()
    command = [
        sys.executable,
        "-m",
        "lwdesk",
        "--home",
        str(home.root),
        "export",
        "users",
        "--school",
        "practice",
    ]
    done = subprocess.run(
        [*command, "-o", str(tmp_path / "u.xlsx")], capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0 and "Logging error" not in done.stderr and "Traceback" not in done.stderr


def test_full_files_are_renamed_and_the_oldest_is_dropped(tmp_path, logger):
    path = tmp_path / "lwdesk.log"
    logger.addHandler(log.SharedFile(path, most=50, older=2))
    for n in range(12):
        logger.warning("line %02d with some words", n)
    kept = "".join((tmp_path / f"lwdesk.log{end}").read_text() for end in (".2", ".1", ""))
    assert sorted(one.name for one in tmp_path.glob("*log*") if ".lock" not in one.name) == [
        "lwdesk.log",
        "lwdesk.log.1",
        "lwdesk.log.2",
    ]
    assert kept.splitlines() == [
        f"line {n:02} with some words" for n in range(12 - len(kept.splitlines()), 12)
    ]


def test_a_file_that_cannot_be_renamed_is_written_on_and_no_older_one_is_lost(tmp_path, logger):
    """On Windows another program that reads a file keeps it from being renamed."""
    path = tmp_path / "lwdesk.log"
    for name, words in (("lwdesk.log", "full " * 20), ("lwdesk.log.1", "older")):
        (tmp_path / name).write_text(words + "\n")
    (held := tmp_path / "lwdesk.log.2").mkdir()  # nothing can be renamed to it
    logger.addHandler(log.SharedFile(path, most=50, older=2))
    for n in range(3):
        logger.warning("line %d", n)
    assert path.read_text().splitlines()[1:] == ["line 0", "line 1", "line 2"]
    assert path.with_name("lwdesk.log.1").read_text() == "older\n"
    held.rmdir()
    logger.warning("line 3")
    kept = [(tmp_path / f"lwdesk.log{end}").read_text().splitlines()[-1] for end in ("", ".1", ".2")]
    assert kept == ["line 3", "line 2", "older"]


PROGRAM = """
import logging, sys
from pathlib import Path
from lwdesk.base import log
logger = logging.getLogger("program")
logger.addHandler(log.SharedFile(Path(sys.argv[1]), most=3000, older=9))
for n in range(200):
    logger.warning("%s %03d", sys.argv[2], n)
"""


def test_programs_that_log_at_once_lose_no_line(tmp_path):
    path = tmp_path / "lwdesk.log"
    programs = [subprocess.Popen([sys.executable, "-c", PROGRAM, str(path), name]) for name in ("one", "two")]
    assert [one.wait(60) for one in programs] == [0, 0]
    files = [one for one in tmp_path.glob("lwdesk.log*") if not one.name.endswith("lock")]
    found = [line for one in files for line in one.read_text().splitlines()]
    assert sorted(found) == sorted(f"{name} {n:03}" for name in ("one", "two") for n in range(200))
