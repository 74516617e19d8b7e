"""Saved exports from the command line."""

from datetime import date


def test_an_export_is_saved_listed_run_and_deleted(lwdesk, school, tmp_path, cells, monkeypatch):
    assert "No export is saved" in lwdesk("saved").out
    file = tmp_path / "Users {date}.xlsx"
    options = ("--columns", "email", "--where", "registered_after=last 90000 days", "--save", "All users")
    found = lwdesk("export", "users", "-o", file, *options, "--json")
    assert found.status == 1 and "is not a date" in found.err and "last 7 days" in found.err
    options = ("--columns", "email", "--where", "registered_after=last 9999 days", "--save", "All users")
    found = lwdesk("export", "users", "-o", file, *options)
    assert found.status == 0 and "Registered from: “last 9999 days” is " in found.err
    assert "lwdesk run 'All users'" in found.err
    written = tmp_path / f"Users {date.today()}.xlsx"
    assert len(cells(written)) > 50
    found = lwdesk("export", "users", "-o", file, "--save", "all users")
    assert found.status == 1 and "There is a saved export “all users” already" in found.err
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
    assert "no saved export “All users”" in lwdesk("run", "All users").err


def test_a_run_may_replace_the_file_that_the_user_agreed_to(lwdesk, school, tmp_path, cells):
    file = tmp_path / "users.xlsx"
    file.write_text("old")
    save = ("export", "users", "-o", file, "--columns", "email", "--save", "Users", "--replace")
    refused = lwdesk(*save)
    assert refused.status == 1 and "already exists" in refused.err and file.read_text() == "old"
    assert lwdesk(*save, "--overwrite").status == 0 and len(cells(file)) > 50
    assert lwdesk("run", "Users", "--json").json["file"] == str(file)
