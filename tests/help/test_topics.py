"""The topics: alike in all languages, every link and label true, every place that an error names there."""

import re

import polib
import pytest

from lwdesk.api.answers import refusal
from lwdesk.app.job.rows import Cell
from lwdesk.app.job.sheet_rows import RowDetail
from lwdesk.base import errors, text
from lwdesk.help import facts, topics
from lwdesk.help.places import of_row
from lwdesk.ui.help.pictures import PICTURES
from lwdesk.ui.pages import PAGES

LANGUAGES = list(text.LANGUAGES)
LINK = re.compile(r"!?\[[^\]]*\]\(([^)]+)\)")
EL = polib.pofile(str(text.LOCALE / "el" / "LC_MESSAGES" / "lwdesk.po"))
MESSAGES = {entry.msgid for entry in EL}


@pytest.fixture(autouse=True, params=LANGUAGES)
def language(request):
    text.set_language(request.param)
    yield request.param
    text.set_language("en")


def all_topics():
    return [topics.read(topic) for _group, group in topics.contents() for topic, _title in group]


def raw(topic, language):
    return (topics.FOLDER / language / f"{topic}.md").read_text("utf-8")


def test_every_file_is_a_topic_and_every_topic_a_file(language):
    files = {path.stem for path in (topics.FOLDER / language).iterdir()}
    assert files == set(topics.GUIDE)


@pytest.mark.parametrize("topic", topics.GUIDE)
def test_all_languages_have_the_same_headings_links_labels_keys_and_facts(topic, language):
    def shape(found):
        return (
            re.findall(r"^(#+) .*?(\{#.*\})?$", found, re.MULTILINE),
            sorted(LINK.findall(found)),
            sorted(re.findall(r"\[\[(.+?)\]\]", found)),
            re.findall(r"`((?:Ctrl|Alt|Shift)\+.+?|F\d+)`", found),
            re.findall(r"\{\{\w+\}\}", found),
            [line.count("|") for line in found.splitlines() if line.startswith("|")],
        )

    assert shape(raw(topic, language)) == shape(raw(topic, "en"))


@pytest.mark.parametrize("topic", topics.GUIDE)
def test_headings_have_names_that_are_unique(topic):
    anchors = topics.read(topic).anchors
    assert len(set(anchors)) == len(anchors) and not [name for name in anchors[1:] if name[:5] == "part-"]


@pytest.mark.parametrize("topic", topics.GUIDE)
def test_texts_of_the_window_are_what_the_window_says(topic, language):
    assert set(re.findall(r"\[\[(.+?)\]\]", raw(topic, language))) <= MESSAGES
    assert not re.search(r"\[\[|\{\{|\{#", topics.read(topic).text)


def test_every_link_and_picture_leads_somewhere():
    found = {topic.id: topic for topic in all_topics()}
    pages, lost = {page.id for page in PAGES}, []
    for topic in found.values():
        for target in LINK.findall(topic.text):
            kind, _colon, name = target.partition(":")
            place, _hash, anchor = target.partition("#")
            known = {"page": name in pages, "tour": name == "start", "picture": name in PICTURES}
            here = place in found and (not anchor or anchor in found[place].anchors)
            if not known.get(kind, here):
                lost.append(f"{topic.id}: {target}")
    assert not lost


def test_every_picture_has_words():
    pictures = [line for topic in all_topics() for line in topic.text.splitlines() if "](picture:" in line]
    assert pictures and all(re.fullmatch(r"!\[.{20,}\]\(picture:\w+\)", line) for line in pictures)


def kinds(root):
    return [root, *(kind for child in root.__subclasses__() for kind in kinds(child))]


def exists(place):
    topic, _hash, anchor = place.partition("#")
    return not anchor or anchor in topics.read(topic).anchors


def test_every_error_has_a_place_in_the_help():
    places = {kind.help for kind in kinds(errors.AppError)}
    assert len(places) >= 8 and all(map(exists, places))


def test_what_a_school_refuses_leads_to_the_credentials_or_to_the_row():
    assert refusal(403, "", set(), asks=False).help == errors.Denied.help
    assert refusal(400, "", {"access_denied"}, asks=False).help == errors.Denied.help
    assert refusal(422, "", set(), asks=False).help == "troubleshooting#refused"


@pytest.mark.parametrize(
    ("codes", "tone", "before", "place"),
    [
        ({"email"}, "failed", True, "troubleshooting#cells"),
        ({"unknown", "email"}, "failed", True, "troubleshooting#titles"),
        ({"long-number"}, "failed", True, "troubleshooting#excel"),
        (set(), "failed", False, "troubleshooting#refused"),
        (set(), "look", False, "needs-checking"),
        (set(), "look", True, ""),
        (set(), "done", False, ""),
    ],
)
def test_rows_that_need_attention_have_a_place_in_the_help(codes, tone, before, place):
    row = RowDetail(1, "", "", Cell("", tone), before=before, errors=frozenset(codes))
    assert of_row(row) == place
    assert not place or exists(place)


def test_times_are_those_of_the_pace(language):
    known = facts.known()
    minutes = {name: int(re.search(r"\d+", words)[0]) for name, words in known.items() if name[-1] == "s"}
    assert minutes["two_changes"] in (2 * one_change(known) - 1, 2 * one_change(known))
    # 30 requests in 10 seconds: a thousand in no less than five and a half minutes
    assert 5.5 <= one_change(known) <= 7


def one_change(known):
    return int(re.search(r"\d+", known["one_change"])[0])


def test_reference_pages_are_for_users():
    for topic in all_topics():
        assert not re.search(r"```|POST |GET |--operation|\.\./|README|<br>", topic.text), topic.id


def test_there_is_no_other_topic():
    for topic in ("nothing", "imports/nothing", "../facts"):
        with pytest.raises(KeyError):
            topics.read(topic)
