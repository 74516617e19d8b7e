"""The import command: its JSON, its exit status, its results, its questions."""

from pathlib import Path

import pytest

from lwdesk.app.desk import Desk
from lwdesk.app.job.status import job_status
from lwdesk.app.school.schools import School
from lwdesk.base.paths import Home

HEAD = ("Email", "Username", "Tags", "Course(s)")


def test_a_roster_is_imported_and_a_second_time_nothing_is_sent(lwdesk, school, workbook, cells):
    path = workbook(
        HEAD, ("ana@intake.example", "Ana", "autumn", "gdpr; safety-101"), ("tom@intake.example", "Tom")
    )
    first = lwdesk("import", path, "--operation", "roster", "--yes", "--json")
    assert first.status == 0
    facts = first.json
    assert facts["plan"] | {"operations": 0, "estimated_seconds": 0, "reads": 0} == {
        **{"create": 2, "update": 0, "unchanged": 0, "conflict": 0, "failed": 0, "skipped": 0, "calls": 4},
        **{"operations": 0, "mails": 0, "invitations": 0, "seats": 0, "reads": 0, "estimated_seconds": 0},
        **{"new_users": 2, "changed_users": 0},
    }
    assert {k: facts[k] for k in ("rows", "done", "unchanged", "failed", "skipped", "unsure", "refused")} == {
        **{"rows": 2, "done": 2, "unchanged": 0, "failed": 0, "skipped": 0, "unsure": 0, "refused": 0},
    }
    ana = school.school.find_user("ana@intake.example")
    head, row, _tom = cells(facts["results"])
    assert head[-4:] == ("lwdesk status", "lwdesk message", "lwdesk id", "lwdesk time")
    assert row[4:7] == (
        "done",
        "created · tagged autumn · enrolled in Data Protection (GDPR) · enrolled in Workplace Safety",
        ana.id,
    )
    writes = school.api.totals["writes"]
    second = lwdesk("import", path, "--operation", "roster", "--yes", "--json")
    assert (second.status, second.json["unchanged"]) == (0, 2)
    assert school.api.totals["writes"] == writes
    assert school.school.mails == []


def test_a_dry_run_sends_nothing_keeps_no_job_and_can_write_the_plan(
    lwdesk, school, workbook, cells, tmp_path
):
    path = workbook(HEAD, ("ana@intake.example", "Ana", None, "gdpr"))
    result = lwdesk("import", path, "--operation", "roster", "--dry-run", "--results", tmp_path / "plan.xlsx")
    assert result.status == 0
    assert "Nothing was sent: this was a dry run." in result.out
    assert cells(tmp_path / "plan.xlsx")[1][4:6] == ("ready", "created · enrolled in Data Protection (GDPR)")
    assert school.api.totals["writes"] == 0
    assert lwdesk("jobs", "--json").json == {"jobs": []}


def test_without_yes_and_without_a_terminal_nothing_is_sent(lwdesk, school, workbook):
    result = lwdesk("import", workbook(HEAD, ("ana@intake.example", "Ana")), "--operation", "roster")
    assert result.status == 1
    assert "Add --yes" in result.err
    assert school.api.totals["writes"] == 0
    assert lwdesk("jobs", "--json").json == {"jobs": []}


def test_a_row_with_an_error_fails_and_the_others_are_done(lwdesk, school, workbook, cells):
    path = workbook(
        HEAD, ("ana@intake", "Ana"), ("tom@intake.example", "Tom", None, "gdrp"), ("eva@x.example", "Eva")
    )
    result = lwdesk("import", path, "--operation", "roster", "--yes", "--json")
    assert result.status == 2
    assert (result.json["done"], result.json["failed"]) == (1, 2)
    message = [row[4:6] for row in cells(result.json["results"])[1:]]
    assert message[0] == ("failed", "A2: “ana@intake” isn't an email address.")
    assert message[1][0] == "failed" and message[1][1].startswith("D3: Your school has no course “gdrp”.")
    assert message[2] == ("done", "created")


def test_a_file_with_the_longest_name_gets_its_results(lwdesk, school, workbook, cells):
    path = workbook(HEAD, ("ana@intake.example", "Ana"), name="ü" * 125 + ".xlsx")
    result = lwdesk("import", path, "--operation", "roster", "--yes", "--json")
    assert result.status == 0 and result.json["done"] == 1
    written = Path(result.json["results"])
    assert written.parent == path.parent and written.name.endswith("ü - results.xlsx")
    assert cells(written)[1][4] == "done"


def test_results_dropped_back_in_leave_out_what_was_done(lwdesk, school, workbook, cells):
    path = workbook(
        ("Promotion", "Prefix", "Quantity"), ("Spring sale", "spring", 3), ("Nobody's sale", "x", 1)
    )
    first = lwdesk("import", path, "--operation", "bulk-coupons", "--yes", "--json").json
    assert (first["done"], first["failed"]) == (1, 1)
    assert len(cells(first["results"])[1][5].split("; ")) == 3
    again = lwdesk("import", first["results"], "--operation", "bulk-coupons", "--yes", "--json").json
    assert (again["done"], again["skipped"], again["failed"]) == (0, 1, 1)
    assert school.api.counts["POST promotions/{promotion}/coupons-bulk"] == 1


def test_rows_that_were_undone_are_sent_again_from_their_results(lwdesk, school, workbook):
    user = next(one for one in school.school.users if not one.suspended and not one.tags)
    first = lwdesk(
        "import", workbook(("User", "Tags"), (user.email, "vip")), "--operation", "tag", "--yes", "--json"
    )
    again = lwdesk("import", first.json["results"], "--operation", "tag", "--yes", "--json").json
    assert (again["done"], again["skipped"]) == (0, 1)
    assert lwdesk("undo", first.json["job"], "--yes").status == 0 and user.tags == []
    again = lwdesk("import", first.json["results"], "--operation", "tag", "--yes", "--json").json
    assert (again["done"], again["skipped"]) == (1, 0) and user.tags == ["vip"]


def test_codes_are_not_made_again_after_an_undo(lwdesk, school, workbook):
    user = next(one for one in school.school.users if not one.suspended and not one.tags)
    path = workbook(
        ("Promotion", "Prefix", "Quantity", "User", "Tags"), ("Spring sale", "spring", 3, user.email, "vip")
    )
    both = ("--operation", "bulk-coupons", "--operation", "tag", "--yes", "--json")
    first = lwdesk("import", path, *both)
    assert first.json["done"] == 1 and user.tags == ["vip"]
    lwdesk("undo", first.json["job"], "--yes")
    assert user.tags == []
    again = lwdesk("import", first.json["results"], *both).json
    assert (again["done"], again["skipped"]) == (0, 1)
    assert school.api.counts["POST promotions/{promotion}/coupons-bulk"] == 1


def test_several_operations_over_one_row(lwdesk, school, workbook):
    path = workbook(("Mail", "Name", "Label", "Kurs"), ("ana@intake.example", "Ana", "autumn", "GDPR"))
    result = lwdesk(
        *("import", path, "--operation", "create-user", "--operation", "enroll", "--yes", "--json"),
        *("--map", "Kurs=product", "--map", "Label=tags", "--set", "product_type=course"),
    )
    assert (result.status, result.json["done"]) == (0, 1)
    ana = school.school.find_user("ana@intake.example")
    assert ana.tags == ["autumn"]
    assert school.api.counts["POST users/{user}/enrollment"] == 1


def test_a_wrong_secret_is_told_apart(lwdesk, school, workbook, monkeypatch):
    monkeypatch.setenv("LWDESK_CLIENT_SECRET", "wrong")
    result = lwdesk("import", workbook(HEAD, ("ana@intake.example", "Ana")), "--operation", "roster", "--yes")
    assert result.status == 1
    assert "secret" in result.err and "wrong" not in result.err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--operation", "rooster"), "Did you mean “roster”?"),
        (("--operation", "roster", "--map", "Mail=email"), "The sheet has no column header “Mail”"),
        (("--operation", "roster", "--map", "Email=e"), "There is no column “e” in roster"),
        (("--operation", "roster", "--set", "send_enrollment_email=perhaps"), "neither yes nor no"),
        (("--operation", "enroll"), "The sheet has no column for “Product”"),
        (("--operation", "roster", "--sheet", "Nope"), "has no sheet “Nope”"),
    ],
)
def test_what_cannot_be_carried_out_is_said_in_one_paragraph(lwdesk, school, workbook, arguments, words):
    result = lwdesk("import", workbook(("Email", "Username"), ("ana@x.example", "Ana")), *arguments, "--yes")
    assert result.status == 1
    assert words in result.err
    assert result.err.count("\n") == 1 and "Traceback" not in result.err
    assert school.api.totals["writes"] == 0


def test_suggested_repairs_are_applied_where_they_are_asked_for(lwdesk, school, workbook):
    rows = [(f"p{n}@intake.example", f"P {n}", f"0694{n:07}") for n in range(4)]
    path = workbook(("Email", "Username", "Phone"), *rows, ("p9@іntake.example", "P 9", 6940000009))
    result = lwdesk("check", path, "--operation", "roster")
    assert (
        "Suggested fix: “06940000009” (--fix zeros-lost)" in result.out and "--fix email-double" in result.out
    )
    result = lwdesk("import", path, "--operation", "roster", "--fix", "zeros-lost", "--dry-run", "--json")
    assert (result.json["plan"]["create"], result.json["plan"]["failed"]) == (4, 1)
    lwdesk("import", path, "--operation", "roster", "--fix", "all", "--yes")
    phones = {user.email: user.fields.get("phone") for user in school.school.users}
    assert phones["p9@intake.example"] == "06940000009"


def test_a_word_that_is_no_kind_of_fix_is_refused_with_the_allowed_ones(lwdesk, school, workbook):
    path = workbook(("Email", "Username"), ("ana@x.example", "Ana"))
    result = lwdesk("import", path, "--operation", "roster", "--fix", "all", "--fix", "nonsense", "--yes")
    assert result.status == 1 and "There's no fix called “nonsense”" in result.err
    assert "Use one of: all, choice, " in result.err and school.api.totals["writes"] == 0
    result = lwdesk("import", path, "--operation", "roster", "--fix", "zeros-lost", "--yes")
    assert "0 cells were fixed as suggested." in result.err


def test_what_is_taken_away_is_said_before_and_what_stays_when_it_is_undone(lwdesk, school, workbook):
    group = next(g for g in school.school.groups.values() if g.title == "Spring cohort")
    path = workbook(("User group",), (group.title,))
    result = lwdesk("import", path, "--operation", "delete-group", "--dry-run")
    assert (
        "This import removes data or access:" in result.out
        and f"row 2: group {group.title} deleted; it was in use" in result.out
    )
    job = lwdesk("import", path, "--operation", "delete-group", "--yes", "--json").json["job"]
    assert "row 2: can't be undone" in lwdesk("undo", job, "--yes").out


def test_failed_rows_of_a_command_are_fixed_in_the_window(lwdesk, school, workbook, home):
    path = workbook(HEAD, ("ana@intake", "Ana"), ("eva@x.example", "Eva"))
    lwdesk("import", path, "--operation", "roster", "--yes")
    [facts] = lwdesk("jobs", "--json").json["jobs"]
    job, name = facts["job"], facts["school"]
    assert job_status(home / "jobs" / f"{job}.lwjob").editable
    desk = Desk(Home(home))
    try:
        desk.schools.connect(School(name, school.url, school.client_id), school.client_secret, False)
        found = desk.drafts.edit(job, {1: {0: "ana@intake.example"}})
        assert found.figures["fixed"] == 1
        workbook(HEAD, ("ben@intake", "Ben"))  # in the file's place
        desk.drafts._open.clear()  # as after a new start
        found = desk.drafts.edit(job, {1: {1: "Anna"}})  # by the copy that the job keeps
        assert found.figures["fixed"] == 1
    finally:
        desk.close()
