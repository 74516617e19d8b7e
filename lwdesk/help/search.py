"""Search through all topics: words are found in any order, without case and accents, and as beginnings of words."""

import functools
import re
from dataclasses import dataclass

from lwdesk.base.text import fold, language, squeeze
from lwdesk.help.topics import Topic, contents, read

# Topics that are found, and sentences that are shown of each, at most.
_TOPICS, _SENTENCES = 30, 4
# The end of a line within a paragraph or item.
_WRAPPED = re.compile(r"(?<=[^\n|])\n *(?=[^\s#|!>-])(?!\d+\.)")
_MARKUP = re.compile(r"!?\[([^\]]*)\]\([^)]*\)|[*`]+|<[^>]+>|\\(?=\W)")
_SENTENCE = re.compile(r"(?<=[.!;?])\s+(?=\W*[^\W\d_a-zα-ωά-ώ])")


@dataclass(frozen=True)
class Sentence:
    """A sentence of a topic, as it is read, with the place of the heading above it."""

    text: str
    place: str
    folded: str


@dataclass(frozen=True)
class Found:
    """A topic with the words in it, and the sentences that have most of them."""

    topic: str
    title: str
    sentences: tuple[Sentence, ...]


def search(words: str) -> list[Found]:
    """The topics that have all the words, best first: those that have them in the title, then by their order."""
    wanted = fold(words).split()
    if not wanted:
        return []
    ranked: list[tuple[int, int, Found]] = []
    for topic, title, sentences in _index(language()):
        text = f" {fold(title)} " + " ".join(f" {one.folded} " for one in sentences)
        if all(f" {word}" in text for word in wanted):
            in_title = sum(f" {word}" in f" {fold(title)}" for word in wanted)
            ranked.append((-in_title, len(ranked), Found(topic, title, _best(sentences, wanted))))
    return [found for _in_title, _order, found in sorted(ranked, key=lambda one: one[:2])][:_TOPICS]


def _best(sentences: tuple[Sentence, ...], wanted: list[str]) -> tuple[Sentence, ...]:
    """The sentences that have most of the words, in the order of the text."""
    counts = [sum(f" {word}" in f" {one.folded}" for word in wanted) for one in sentences]
    most = max(counts, default=0)
    return tuple(one for one, n in zip(sentences, counts, strict=True) if n == most > 0)[:_SENTENCES]


@functools.lru_cache(maxsize=1)
def _index(_language: str) -> list[tuple[str, str, tuple[Sentence, ...]]]:
    """(topic, title, sentences) of all topics."""
    topics = [topic for _group, topics in contents() for topic, _title in topics]
    return [(found.id, found.title, tuple(_sentences(found))) for found in map(read, topics)]


def _sentences(topic: Topic) -> list[Sentence]:
    found, heading = [], 0
    for line in _WRAPPED.sub(" ", topic.text).splitlines()[1:]:
        if line.startswith("#"):
            heading += 1
        place = f"{topic.id}#{topic.anchors[heading]}"
        for text in _texts(line):
            found.append(Sentence(text, place, fold(text)))
    return [one for one in found if one.folded]


def _texts(line: str) -> list[str]:
    """The sentences of a line of Markdown, each cell of a table on its own."""
    cells = re.split(r"(?<!\\)\|", line) if line.startswith("|") else [line]
    plain = (squeeze(_MARKUP.sub(r"\1", re.sub(r"^\s*(#+|[-*>]|\d+\.)\s+", "", cell))) for cell in cells)
    return [sentence for text in plain for sentence in _SENTENCE.split(text) if sentence]
