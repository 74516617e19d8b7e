"""The reference pages: as committed, in step with the catalog; every link leads somewhere, every table holds."""

import re
from pathlib import Path

import pytest

from lwdesk.base import text
from lwdesk.catalog import EXPORTS, IMPORTS
from lwdesk.reference import pages
from lwdesk.reference.markdown import anchor

FOLDER = Path(__file__).parents[2] / "resources" / "reference"
LINK = re.compile(r"\]\(([^)#]*)(?:#([^)]*))?\)")


@pytest.fixture(autouse=True)
def english():
    text.set_language("en")
    yield
    text.set_language("en")


@pytest.fixture
def found():
    return pages()


def test_the_committed_pages_are_those_of_the_catalog(found):
    there = {path.relative_to(FOLDER).as_posix(): path.read_text("utf-8") for path in FOLDER.rglob("*.md")}
    stale = sorted(name for name in {*found, *there} if found.get(name) != there.get(name))
    assert not stale, f"run make reference: {stale}"


def test_every_entry_has_a_page_that_the_index_leads_to(found):
    wanted = {f"imports/{name}.md" for name in IMPORTS} | {f"exports/{name}.md" for name in EXPORTS}
    assert wanted == set(found) - {"README.md"}
    assert wanted <= {target for target, _anchor in LINK.findall(found["README.md"])}


def test_every_link_leads_somewhere(found):
    headings = {anchor(line.lstrip("# ")) for line in found["README.md"].splitlines() if line[:1] == "#"}
    for name, page in found.items():
        for target, place in LINK.findall(page):
            path = Path(name).parent / target if target else Path(name)
            parts = [part for part in path.parts if part != ".."]
            parts = parts[-2:] if ".." not in path.parts else target.removeprefix("../").split("/")
            assert "/".join(parts) in found, (name, target)
            assert not place or place in headings, (name, place)


def test_every_row_of_a_table_has_all_its_cells(found):
    for name, page in found.items():
        for block in page.split("\n\n"):
            lines = [line for line in block.splitlines() if line.startswith("|")]
            assert len({len(re.findall(r"(?<!\\)\|", line)) for line in lines}) <= 1, (name, lines[:1])


def test_a_page_tells_what_the_entry_says(found):
    page = found["imports/roster.md"]
    for words in (
        "5. [",
        "if Courses is filled in",
        "Only in rows that say yes",
        "**Email** \\*",
        "## More columns",
    ):
        assert words in page
    assert "[Remove tags from users](untag.md)" in found["imports/tag.md"]
    assert "[Users](../exports/users.md)" in found["imports/tag.md"]
    assert "[Tag users](../imports/tag.md)" in found["exports/users.md"]
    assert "school's name before it starts" in found["imports/suspend.md"]
    assert "Creates new codes each time." in found["imports/bulk-coupons.md"]
    assert "For each course: one for 200 rows" in found["exports/course-users.md"]


def test_a_page_tells_how_it_is_undone_and_what_stays(found):
    [line] = [line for line in found["imports/review-submission.md"].splitlines() if "**Undo**" in line]
    assert "Restores the earlier values" in line and "can be changed but not removed" in line


def test_pages_speak_the_language_that_is_chosen(found):
    text.set_language("el")
    greek = pages()
    assert set(greek) == set(found)
    assert text._("Good to know") in greek["imports/tag.md"] and "Good to know" not in greek["imports/tag.md"]
    plain = re.sub(r"`[^`]*`|\]\([^)]*\)|```.*?```", "", greek["exports/users.md"], flags=re.S)
    assert sum("α" <= c <= "ω" for c in plain.lower()) > sum("a" <= c <= "z" for c in plain.lower()) / 2
