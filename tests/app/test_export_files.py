"""The files behind an export's links: each once, whole, well named, and without a secret on the way."""

import sys
from datetime import UTC, datetime
from pathlib import Path

import openpyxl
import pytest

from lwdesk.api.downloads import Downloads, Incoming
from lwdesk.api.limiter import Stopped
from lwdesk.app.exporting import estimates, exports, workbook
from lwdesk.app.job import again
from lwdesk.base.errors import ApiError, UserError
from lwdesk.base.file_names import name_key, safe_name
from lwdesk.jobs.journal import Journal
from lwdesk.practice.files import pdf
from lwdesk.practice.server import Practice
from lwdesk.practice.switches import Fault
from tests import fast
from tests.app import killed
from tests.app.desk import Desk

LINK = "GET payments/{payment}/invoice-link"


@pytest.fixture
def practice():
    with Practice(users=60, limit=False) as school:
        yield school


def create(desk, entry_id, target, where=None, columns=()):
    return exports.create(desk.home, entry_id, where or {}, desk.session, target, columns, files=True)


def run(desk, journal, state="finished"):
    assert exports.engine(journal, desk.session, clock=fast.CLOCK).run() == state, journal.reason
    return workbook.write_wanted(journal) if state == "finished" else None


def export(desk, entry_id, target, **more):
    journal = create(desk, entry_id, target, **more)
    return journal, run(desk, journal)


def sheet_of(path):
    """The rows of a workbook by header, the cells of files as the file they open, or their text."""
    book = openpyxl.load_workbook(path)
    head, *rows = book.worksheets[0].iter_rows()
    titles = [cell.value for cell in head]
    about = list(book["About"].iter_rows(values_only=True))
    found = [
        {title: c.hyperlink.target if c.hyperlink else c.value for title, c in zip(titles, row, strict=True)}
        for row in rows
    ]
    return found, about


def opened(path, target):
    """The file that a link of a workbook opens."""
    return path.parent / target.replace("%20", " ")


def invoices(practice):
    """Invoice -> the name of its file without the ending, and what is in it; from the school's own data."""
    found = {}
    for one in practice.school.payments:
        if one["invoice"]:
            month = f"{datetime.fromtimestamp(one['created'], UTC).astimezone():%Y-%m}"
            user = practice.school.by_id[one["user_id"]]
            name = f"{month} {one['invoice']} {user.last_name}".rstrip()
            found[one["invoice"]] = name, pdf(f"Invoice {one['id']}")
    return found


def names_in(journal):
    return sorted(path.name for path in Path(journal.get("files")).iterdir())


def test_each_invoice_is_fetched_once_at_once_and_linked(desk, practice, tmp_path):
    target = tmp_path / "Τιμολόγια #1 100%.xlsx"
    journal, written = export(desk, "invoice-links", target)
    rows, about = sheet_of(target)
    expected = invoices(practice)
    assert len(rows) == len(expected) > 5 and not written.notes
    for row in rows:
        name, content = expected[row["Invoice"]]
        file = opened(target, row["File"])
        assert file.name == f"{name}.pdf" and file.read_bytes() == content
    assert names_in(journal) == sorted(f"{name}.pdf" for name, _content in expected.values())
    assert set(practice.files.served.values()) == {1} and practice.api.counts[LINK] == len(expected)
    assert practice.files.headers == {
        "host",
        "user-agent",
        "accept",
        "accept-encoding",
    }  # no token, no client
    assert Path(journal.get("files")) == tmp_path / "Τιμολόγια 1 100 files"
    n = len(expected)
    assert dict(about)["Files"].startswith(f"{n} of {n} files, in the folder “Τιμολόγια 1 100 files”")


def test_a_file_that_fails_costs_its_row_nothing_and_is_fetched_by_a_retry(desk, practice, tmp_path):
    paid = [one for one in practice.school.payments if one["invoice"]]
    effects = ("half", "404", "private", "redirect", "huge", "html", "500", "401", "empty")
    practice.switches.faults = [
        Fault(effect, path=f"^/files/invoices/{one['id']}")
        for effect, one in zip(effects, paid, strict=False)
    ]
    target = tmp_path / "out.xlsx"
    journal, written = export(desk, "invoice-links", target)
    said = {row["Invoice"]: row["File"] for row in sheet_of(target)[0]}
    why = [said.pop(one["invoice"]) for one in paid[: len(effects)]]
    assert [text.removeprefix("Not downloaded: ") for text in why] == [
        "no connection to 127.0.0.1",
        "the file isn't there any more",
        "the link leads into a private network",
        "the link isn't secure (http://)",
        "the file is larger than 2000 MB",
        "a web page, not a file",
        "127.0.0.1 is having trouble (error 500)",
        "the link has expired",
        "the file is empty",
    ]
    assert len(said) == len(paid) - len(effects) and all(
        opened(target, link).exists() for link in said.values()
    )
    assert written.notes == ("1 file wasn't downloaded: a web page, not a file",)
    assert len(exports.missing(journal)) == len(effects) - 1
    assert names_in(journal) == sorted(opened(target, link).name for link in said.values())  # nothing half
    practice.switches.faults = []
    practice.api.counts.clear()
    again.retry(journal, desk.session)
    run(desk, journal)
    rows, _about = sheet_of(target)
    assert len(rows) == len(paid) and all(opened(target, row["File"]).exists() for row in rows)
    assert exports.missing(journal) == [] and set(practice.files.served.values()) == {1}
    assert practice.api.counts[LINK] == len(effects)


def test_what_ended_unsaid_is_there_and_what_the_user_did_stays(desk, practice, tmp_path):
    """Power is lost between the file and the word about it; files are deleted and changed; another's are in the way."""
    target = tmp_path / "out.xlsx"
    create(desk, "invoice-links", target).remove()
    other = tmp_path / "out files"
    other.mkdir()
    (other / "mine.txt").write_text("mine")
    journal = create(desk, "invoice-links", target)
    assert Path(journal.get("files")) == tmp_path / "out files (2)"
    (tmp_path / "out files (2)").mkdir()  # and somebody makes that one as well
    (tmp_path / "out files (2)" / "mine.txt").write_text("mine")
    run(desk, journal)
    assert Path(journal.get("files")) == tmp_path / "out files (3)"
    others = [path.name for path in tmp_path.glob("out files*/*") if path.parent.name != "out files (3)"]
    assert others == ["mine.txt"] * 2
    before, served = names_in(journal), dict(practice.files.served)
    journal._do("UPDATE call SET state = 'sending', answer = NULL WHERE id IN (SELECT call FROM file)")
    journal._do("DELETE FROM page")
    gone, changed = (Path(journal.get("files")) / name for name in before[:2])
    run(desk, journal)
    assert names_in(journal) == before and practice.files.served == served
    gone.unlink()
    changed.write_text("a remark")
    written = workbook.write_wanted(journal)
    assert [note.partition(":")[2].strip() for note in written.notes] == [
        f"“{gone.name}”",
        f"“{changed.name}”",
    ]
    texts = [row["File"] for row in sheet_of(target)[0]]
    assert texts.count("Deleted or moved since it was downloaded") == 1
    again.retry(journal, desk.session)
    run(desk, journal)
    assert practice.files.served == served and changed.read_text() == "a remark" and not gone.exists()


@pytest.mark.parametrize("how", ["stop", "cancel"])
def test_stopped_in_the_middle_of_downloads(desk, practice, tmp_path, monkeypatch, how):
    journal = create(desk, "invoice-links", tmp_path / "out.xlsx")
    engine = exports.engine(journal, desk.session, clock=fast.CLOCK)
    save, begun = Downloads.save, []

    def stopping(*arguments):
        begun.append(arguments)
        if len(begun) == 3:
            getattr(engine, how)()
        return save(*arguments)

    monkeypatch.setattr(Downloads, "save", stopping)
    assert engine.run() == {"stop": "interrupted", "cancel": "cancelled"}[how]
    before = names_in(journal)
    assert 3 <= len(before) < len(invoices(practice))
    desk.again()
    if how == "cancel":
        again.retry(journal, desk.session)
    run(desk, journal)
    assert set(before) < set(names_in(journal)) and len(names_in(journal)) == len(invoices(practice))
    assert set(practice.files.served.values()) == {1}


@pytest.mark.skipif(sys.platform == "win32", reason="killing without warning is POSIX's")
def test_killed_while_it_downloads(tmp_path):
    def start(n):
        (tmp_path / str(n)).mkdir()
        practice = Practice(users=30, limit=False).start()
        desk = Desk(tmp_path / str(n), practice)
        target = desk.folder / "out.xlsx"
        arguments = (str(desk.home.root), practice.credentials(), "invoice-links", str(target), "", 2, True)
        return practice, desk, target, (killed.exporting, arguments)

    practice, desk, target, work = start(0)
    steps, _killed = killed.run(work)
    whole = sorted(opened(target, row["File"]).name for row in sheet_of(target)[0])
    assert len(whole) > 3
    desk.close()
    practice.stop()
    for n in range(25, steps, steps // 4):
        practice, desk, target, work = start(n)
        assert killed.run(work, at=n)[1]
        [job] = [path.stem for path in desk.home.jobs.glob("*.lwjob")]
        journal = Journal(desk.home.jobs / f"{job}.lwjob")
        run(desk, journal)
        links = sorted(opened(target, row["File"]).name for row in sheet_of(target)[0])
        assert links == names_in(journal) == whole, n  # no leftovers either
        assert sum(practice.files.served.values()) <= len(whole) + 2, n  # two workers: what was on its way
        journal.close()
        desk.close()
        practice.stop()


def test_uploads_get_fresh_links_and_what_is_infected_stays_there(desk, practice, tmp_path):
    target = tmp_path / "answers.xlsx"
    journal = create(desk, "form-responses", target)
    practice.switches.link_life = 0
    engine = exports.engine(journal, desk.session, clock=fast.CLOCK)
    plan = engine.port.further

    def further():
        practice.switches.link_life = None  # twelve hours later
        return plan()

    engine.port.further = further
    reads = practice.api.counts.copy()
    assert engine.run() == "finished"
    written = workbook.write_wanted(journal)
    uploads = {
        (row["id"], one["title"]): one["avStatus"]
        for row in practice.school.submissions.values()
        for answer in row["answers"]
        for one in (answer["answerData"] or {}).get("downloads", ())
    }
    unsafe = sum(scan == "unsafe" for scan in uploads.values())
    assert 0 < unsafe < len(uploads) and set(practice.files.served.values()) == {1}
    assert sum(practice.files.served.values()) == len(uploads) - unsafe == len(names_in(journal))
    assert written.notes == (f"{unsafe} files weren't downloaded: marked as unsafe by the virus scan",)
    asked = practice.api.counts["GET forms/{form}/responses"] - reads["GET forms/{form}/responses"]
    units = [unit for id in practice.school.contents for unit in practice.school.units(id).values()]
    forms = sum(unit["type"] == "newSurvey" for unit in units)
    assert asked <= 2 * forms  # each page once more at the most, however many files it has
    rows, _about = sheet_of(target)
    for row in rows:
        titles = (row["File names"] or "").split("; ") if row["File names"] else []
        links = [row[name] for name in ("File", "File 2") if row[name]]
        assert len(links) == len(titles)
        if row["Virus scan"] and "unsafe" not in row["Virus scan"]:
            assert [Path(link).suffix for link in links] == [Path(title).suffix for title in titles]
            assert all(opened(target, link).exists() for link in links)


def test_certificates_that_are_pages_keep_their_link(desk, practice, tmp_path):
    first, second = list(practice.school.certificates.values())[:2]
    for one in (first, second):  # two that would be called the same
        one |= {
            "title": "CON: " + "Ü" * 300,
            "issued": first["issued"],
            "form": {"firstname": "", "lastname": ""},
        }
    target = tmp_path / "certificates.csv"
    found = estimates.look("certificates", {}, desk.session, files=True)
    assert found.downloads().endswith("files to download")
    journal, _written = export(desk, "certificates", target)
    pages = sum(int(one["id"][-1], 16) % 2 for one in practice.school.certificates.values())
    lines = target.read_text("utf-8-sig")
    assert lines.count("Not downloaded: a web page, not a file") == pages > 0
    names = names_in(journal)
    assert len(names) == len(practice.school.certificates) - pages
    assert all(len(name.encode()) < 255 and f"certificates files/{name}" in lines for name in names)


def test_only_exports_with_files_have_them(desk, tmp_path):
    with pytest.raises(UserError, match=r"users has no files.*invoice-links"):
        create(desk, "users", tmp_path / "users.xlsx")
    assert desk.reads == 0


def refusal(downloads, url):
    with pytest.raises(ApiError) as caught, downloads.open(url):
        pass
    return caught.value.title


def test_links_of_a_real_school_lead_to_the_internet_only(practice):
    downloads = Downloads(local=False)
    port = practice.files.port
    assert refusal(downloads, f"http://127.0.0.1:{port}/x") == "the link isn't secure (http://)"
    for host in (
        f"localhost:{port}",
        "127.0.0.1",
        "[::1]",
        "10.1.2.3",
        "[::ffff:10.1.2.3]",
        "169.254.169.254",
    ):
        assert refusal(downloads, f"https://{host}/x") == "the link leads into a private network"
    for url in (
        "ftp://example.com/x",
        "file:///etc/passwd",
        "https://me:secret@example.com/",
        "https://[",
        "x",
    ):
        assert refusal(downloads, url) == "the link isn't the address of a file"
    assert downloads.is_allowed("93.184.215.14") and not practice.files.served
    downloads.close()


def test_a_download_stops_where_it_is_told_to_or_grows_too_large(practice, tmp_path):
    url = practice.school.link("/invoices/1", 60)[0]
    for options, error in (({"stop": lambda: True, "grace": -1}, Stopped), ({"largest": 100}, ApiError)):
        downloads = Downloads(local=True, **options)
        with pytest.raises(error), downloads.open(url) as incoming:
            downloads.save(incoming, tmp_path / "file", len)
        downloads.close()


@pytest.mark.parametrize(
    ("parts", "suffix", "name"),
    [
        (["2026-03", "INV-0042", "Παπαδοπούλου"], ".pdf", "2026-03 INV-0042 Παπαδοπούλου.pdf"),
        (["a/b\\c", '<"x">', "50% [#1]?"], ".pdf", "a b c x 50 1.pdf"),
        (["invoice\u202efdp", "\x00\x1f"], ".exe", "invoice fdp.exe_"),
        (["CON"], ".txt", "CON_.txt"),
        (["com1.old"], "", "com1.old_"),
        (["  ..hidden.. "], ".png", "hidden.png"),
        (["…", "...", ""], ".md", "….md"),
        ([], ".bin", "file.bin"),
        (["می\u200cخواهم", "e\u0301"], ".pdf", "می\u200cخواهم \u00e9.pdf"),
    ],
)
def test_a_name_is_safe_on_every_system(parts, suffix, name):
    assert safe_name(parts, suffix) == name


def test_long_names_are_cut_and_equal_ones_told_apart():
    for part in ("x" * 300, "Ω" * 300, "😀" * 300, "x" * 98 + ". ."):
        name = safe_name([part], ".pdf")
        assert (
            name.endswith(".pdf") and len(name) <= 100 and len(name.encode()) <= 200 and name[-5] not in " ."
        )
    assert name_key("STRASSE É.pdf") == name_key("straße e\u0301.PDF")


@pytest.mark.parametrize(
    ("url", "kind", "name", "title", "suffix"),
    [
        ("https://x.example/invoices/1.2026?a=b.exe", "application/pdf", "", "", ".pdf"),
        ("https://x.example/show.php", "application/pdf", "", "", ".pdf"),
        ("https://x.example/a%2Epng", "application/octet-stream", "", "", ".png"),
        ("https://x.example/a.bin", "application/octet-stream", "../../CV.DOCX", "", ".DOCX"),
        ("https://x.example/a", "text/plain", "", "Essay v1.2", ".txt"),
        ("https://x.example/a", "text/html", "", "my page.html", ".html"),
        ("https://x.example/a", "application/x-strange", "", "", ".bin"),
    ],
)
def test_the_ending_is_the_one_of_the_file(url, kind, name, title, suffix):
    incoming = Incoming(url, kind, name, iter([b"content"]))
    assert incoming.suffix(title) == suffix and not incoming.is_page(title)


def test_a_page_is_known_by_its_type_or_its_start():
    for kind, start in (
        ("text/html", b"%PDF"),
        ("application/json", b"{}"),
        ("application/pdf", b"\n<!DOCTYPE HTML>"),
    ):
        incoming = Incoming("https://x.example/a.pdf", kind, "", iter([start, b"rest"]))
        assert incoming.is_page("a.pdf") and b"".join(incoming.chunks) == start + b"rest"
