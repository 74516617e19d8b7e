"""The search: in all topics, without accents and case, with the sentences that have the words."""

import pytest

from lwdesk.base import text
from lwdesk.help.search import search


@pytest.fixture(autouse=True)
def english():
    text.set_language("en")
    yield
    text.set_language("en")


def test_a_word_is_found_in_the_guide_and_in_the_reference_pages():
    found = {one.topic for one in search("seat")}
    assert {"undo", "time"} & found and "imports/assign-seat" in found


def test_titles_come_first():
    assert search("keyboard")[0].topic == "keyboard"
    assert search("undo import")[0].topic == "undo"


def test_all_words_must_be_there_in_any_order():
    assert search("secret keychain") and search("keychain secret")
    assert not search("keychain flamingo")


def test_sentences_are_whole_and_lead_to_their_heading():
    [found] = [one for one in search("keychain locked") if one.topic == "troubleshooting"]
    [sentence] = found.sentences
    assert sentence.text == "Your computer's keychain is locked or doesn't have the secret."
    assert sentence.place == "troubleshooting#secret"


def test_greek_is_found_without_accents_and_in_capitals():
    text.set_language("el")
    assert search("κλειδοθηκη")[0].sentences == search("ΚΛΕΙΔΟΘΉΚΗ")[0].sentences
    assert "keyboard" in [one.topic for one in search("πληκτρα")]


def test_nothing_is_found_for_nothing():
    assert search("") == [] and search("  …") == []
