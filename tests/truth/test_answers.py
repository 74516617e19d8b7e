"""Yes and no: words of many languages; a lone letter counts only where its column says whose letter it is."""

import pytest

from lwdesk.catalog import IMPORTS, words
from lwdesk.catalog.cells.kinds import YesNo

COLUMNS = [
    pytest.param(column.kind, id=f"{entry.id}-{column.id}")
    for entry in IMPORTS.values()
    for column in entry.columns
    if isinstance(column.kind, YesNo)
]


def read_all(kind, *cells):
    """The values of a column, "?" for what is asked."""
    tuned = kind.tuned(set(cells))
    values = []
    for cell in cells:
        reported = []
        value = tuned.read(cell, reported.append)
        values.append("?" if [problem.code for problem in reported] == ["yes-no-letter"] else value)
    return values


@pytest.mark.parametrize("kind", COLUMNS)
@pytest.mark.parametrize("letter", ["N", "Ν", "n", "O", "Ο", "О", "o", "E", "N."])
def test_a_letter_that_means_the_opposite_elsewhere_is_asked_about(kind, letter):
    assert read_all(kind, letter) == ["?"]


@pytest.mark.parametrize(
    ("cells", "values"),
    [
        ("Y N", [True, False]),
        ("Ν Ο", [True, False]),
        ("N O", [False, True]),
        ("Ν N", ["?", "?"]),
        ("ναι όχι Ν", [True, False, True]),
        ("ναι όχι N", [True, False, "?"]),
        ("Да Нет N", [True, False, "?"]),
        ("yes no N", [True, False, False]),
        ("yes no Ν", [True, False, "?"]),
        ("oui O N", [True, True, False]),
        ("ναι yes N", [True, True, "?"]),
        ("Д Н", [True, False]),
        ("S N", [True, False]),
        ("V F", [True, False]),
        ("T F", [True, False]),
        ("J N", [True, False]),
        ("E H", [True, False]),
        ("K E", [True, False]),
        ("F M", ["?", "?"]),
        ("Y N maybe", [True, False, None]),
        ("x ✓ 1", [True, True, True]),
        ("1.0 0.0 1,0 0,0", [True, False, True, False]),
        ("enabled disabled Active inactive", [True, False, True, False]),
        ("aktiv inaktiv", [True, False]),
        ("vero falso", [True, False]),
        ("verdadeiro falso", [True, False]),
        ("włączony wyłączony", [True, False]),
    ],
)
def test_the_column_settles_its_letters(cells, values):
    assert read_all(YesNo(), *cells.split()) == values


@pytest.mark.parametrize("language", words.answers())
def test_the_words_of_a_language_say_what_they_say(language):
    """Its letters do, too, beside its words; or they are asked about, never read as the opposite."""
    for word, yes in words.answers()[language].items():
        result = [w for w in words.answers()[language] if len(w) > 1][:2]
        found = read_all(YesNo(), word, *result)[0]
        assert found == yes or (len(word) == 1 and found == "?"), word
