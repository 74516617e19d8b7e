"""The other commands: looking, schools, exports, jobs."""

import json
import os
import subprocess
import sys
import time

import keyring
import keyring.backend
import keyring.errors
import pytest

from lwdesk.catalog import EXPORTS, IMPORTS


class Chain(keyring.backend.KeyringBackend):
    """A keychain in memory."""

    priority = 1

    def __init__(self):
        self.kept = {}

    def set_password(self, service, username, password):
        self.kept[service, username] = password

    def get_password(self, service, username):
        return self.kept.get((service, username))

    def delete_password(self, service, username):
        if (service, username) not in self.kept:
            raise keyring.errors.PasswordDeleteError(username)
        del self.kept[service, username]


@pytest.fixture
def keychain():
    before, chain = keyring.get_keyring(), Chain()
    keyring.set_keyring(chain)
    yield chain
    keyring.set_keyring(before)


def test_operations_and_exports_list_the_catalog(lwdesk):
    assert [entry["id"] for entry in lwdesk("operations", "--json").json["operations"]] == list(IMPORTS)
    assert [entry["id"] for entry in lwdesk("exports", "--json").json["exports"]] == list(EXPORTS)
    assert "Import a roster" in lwdesk("operations").out
    assert lwdesk("describe", "nothing").status == 1


def test_check_needs_no_school(lwdesk, workbook):
    path = workbook(("Mail", "Name"), ("a@b.example", "Ana"), ("a b@c.example", "Tom"))
    result = lwdesk("check", path, "--operation", "create-user", "--json")
    assert result.status == 2
    assert [(p["cell"], p["code"], p["fix"]) for p in result.json["problems"]] == [
        ("A3", "email-spaces", "ab@c.example")
    ]
    assert [m["column"] for m in result.json["matches"]] == ["email", "username"]


def test_schools_keep_their_secret_in_the_keychain_only(lwdesk, school, keychain, home, monkeypatch):
    result = lwdesk("schools", "add", "riverside", "--url", school.url, "--client-id", school.client_id)
    assert result.status == 0
    monkeypatch.delenv("LWDESK_CLIENT_SECRET")
    assert keychain.kept == {("lwdesk", "riverside"): school.client_secret}
    assert school.client_secret not in (home / "settings.json").read_text("utf-8")
    assert lwdesk("schools", "test", "riverside").status == 0
    assert [s["name"] for s in lwdesk("schools", "list", "--json").json["schools"]] == ["riverside"]
    assert lwdesk("schools", "remove", "riverside").status == 0
    assert keychain.kept == {}
    assert lwdesk("schools", "test", "riverside").status == 1


def test_plain_http_is_for_this_computer_only(lwdesk, keychain, monkeypatch):
    monkeypatch.setenv("LWDESK_CLIENT_SECRET", "s")
    result = lwdesk("schools", "add", "x", "--url", "http://school.example.com", "--client-id", "c")
    assert result.status == 1 and "https" in result.err
    assert keychain.kept == {}


def test_an_export_says_what_it_wrote(lwdesk, school, tmp_path, cells):
    result = lwdesk("export", "users", "-o", tmp_path / "users.xlsx", "--json")
    assert result.status == 0
    assert result.json["rows"] == len(school.school.users) == len(cells(tmp_path / "users.xlsx")) - 1
    assert set(result.json) == {"job", "rows", "requests", "refused", "seconds", "file"}
    narrow = lwdesk("export", "grades", "-o", tmp_path / "g.csv", "--where", "course=nope", "--json")
    assert narrow.status == 1 and "nope" in narrow.err


@pytest.mark.parametrize(
    ("variable", "value", "words"),
    [
        ("LWDESK_CLIENT_SECRET", "wrong", "doesn't accept the client ID or client secret"),
        ("LWDESK_SCHOOL_URL", "http://127.0.0.1:9", "refuses connections"),
    ],
)
def test_an_export_that_cannot_begin_leaves_no_job(
    lwdesk, school, tmp_path, monkeypatch, variable, value, words
):
    monkeypatch.setenv(variable, value)
    began = time.monotonic()
    result = lwdesk("export", "users", "-o", tmp_path / "users.xlsx")
    assert (result.status, time.monotonic() - began < 5) == (1, True)
    assert words in result.err and "resume" not in result.err
    assert lwdesk("jobs", "--json").json == {"jobs": []}


def test_an_export_of_some_columns_in_their_order(lwdesk, school, tmp_path, cells):
    known = lwdesk("describe", "users", "--json").json["columns"]
    titles = {column["at"]: column["title"] for column in known}
    result = lwdesk("export", "users", "-o", tmp_path / "few.xlsx", "--columns", "tags, email", "--json")
    head, *rows = cells(tmp_path / "few.xlsx")
    # The id is kept out of sight, for the way back.
    assert [title for title in head if title != titles["id"]] == [titles["tags"], titles["email"]]
    assert result.status == 0 and len(rows) == len(school.school.users)
    wrong = lwdesk("export", "users", "-o", tmp_path / "none.xlsx", "--columns", "e-mial")
    assert wrong.status == 1 and "e-mial" in wrong.err and not (tmp_path / "none.xlsx").exists()


def test_jobs_are_listed_newest_first_and_can_be_undone(lwdesk, school, workbook, tmp_path):
    user = school.school.users[10]
    path = workbook(("User", "Tags"), (user.email, "autumn"))
    job = lwdesk("import", path, "--operation", "tag", "--yes", "--json").json["job"]
    assert "autumn" in user.tags
    undo = lwdesk("undo", job, "--yes", "--json")
    assert (undo.status, undo.json["done"]) == (0, 1)
    assert "autumn" not in user.tags
    listed = lwdesk("jobs", "--json").json["jobs"]
    assert [j["job"] for j in listed] == [undo.json["job"], job]
    assert {"job", "what", "state", "rows"} <= set(listed[0])
    assert lwdesk("results", job, "-o", tmp_path / "r.xlsx").status == 0
    assert lwdesk("resume", "nothing").status == 1


def test_the_practice_school_of_one_command(lwdesk, workbook):
    path = workbook(("Email", "Username"), ("ana@x.example", "Ana"))
    result = lwdesk("import", path, "--operation", "create-user", "--school", "practice", "--yes", "--json")
    assert (result.status, result.json["done"]) == (0, 1)
    resumed = lwdesk("resume", result.json["job"], "--yes")
    assert resumed.status == 1 and "practice" in resumed.err


def test_the_command_line_loads_only_what_it_needs():
    code = "import sys; from lwdesk.cli import run; run(['operations']); print(sorted(sys.modules))"
    env = {key: value for key, value in os.environ.items() if not key.startswith("COVERAGE")}
    out = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=env
    ).stdout
    loaded = {name.partition(".")[0] for name in eval(out.strip().splitlines()[-1])}
    heavy = {
        "PySide6",
        "keyring",
        "starlette",
        "uvicorn",
        "requests",
        "sqlite3",
        "openpyxl",
        "xlsxwriter",
        "python_calamine",
    }
    assert not loaded & heavy


@pytest.mark.skipif(sys.platform == "win32", reason="signals between processes differ there")
def test_the_practice_command_says_where_it_is_and_ends_on_a_signal():
    command = [sys.executable, "-m", "lwdesk", "practice", "--users", "20", "--no-limit"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        facts = json.loads(process.stdout.readline())
        process.terminate()
        assert process.wait(10) == 0
    assert set(facts) == {"url", "client_id", "client_secret"}


def test_reference_writes_a_page_about_every_entry(lwdesk, tmp_path, monkeypatch):
    monkeypatch.setenv("LWDESK_LANGUAGE", "en")
    result = lwdesk("reference", "-o", tmp_path / "pages")
    assert result.status == 0 and f"{len(IMPORTS) + len(EXPORTS) + 1} pages" in result.out
    assert (tmp_path / "pages" / "imports" / "roster.md").read_text("utf-8").startswith("# Import a roster\n")
    (tmp_path / "file").write_text("")
    assert "Can't use the folder" in lwdesk("reference", "-o", tmp_path / "file").err
