"""Words of people's sheets: every language's file is whole, and sheets in these languages are read without a hand."""

from dataclasses import dataclass

import pytest

from lwdesk.base.text import fold
from lwdesk.catalog import EDITS, EXPORTS, IMPORTS, OPERATIONS, words
from lwdesk.catalog.match import match, spellings
from lwdesk.sheets.table import letter

TABLES = words.tables()
FULL = ("de", "fr", "es", "pt", "it", "nl", "pl", "el")


@dataclass
class Header:
    letter: str
    text: str


def matched(headers, import_id):
    found = match([Header(letter(n), text) for n, text in enumerate(headers)], IMPORTS[import_id])
    return {m.header.text: m.column.id if m.column else None for m in found}


def all_columns():
    entries = (*OPERATIONS.values(), *IMPORTS.values(), *EDITS.values())
    yield from (column for entry in entries for column in entry.columns)
    yield from (column for entry in EXPORTS.values() for column in entry.choices)


@pytest.mark.parametrize("language", TABLES)
def test_every_key_of_a_language_is_used_by_a_column(language):
    used = {key for column in all_columns() for key in (column.words or column.id).split()}
    table = TABLES[language]
    assert not set(table) - {"headers", "beside", "answers", "dates", "totals", "periods"}
    assert not set(table.get("headers", ())) - used
    assert not set(table.get("beside", ())) - used


@pytest.mark.parametrize("language", TABLES)
def test_no_word_is_empty_or_twice_in_its_list(language):
    for key, listed in TABLES[language].get("headers", {}).items():
        folded = [fold(word) for word in listed]
        assert all(folded) and len(set(folded)) == len(folded), key


@pytest.mark.parametrize("language", FULL)
@pytest.mark.parametrize("entry", ("roster", "create-user", "enroll", "create-group", "create-coupon"))
def test_the_columns_of_common_imports_are_known_in_every_language(language, entry):
    """The profile's links and the rare columns aside."""
    links = "url fb twitter instagram linkedin skype behance dribbble github bio university".split()
    table = TABLES[language]["headers"]
    for column in IMPORTS[entry].columns:
        if not column.rare and column.id not in links and not column.id.startswith(("fc_", "lc_")):
            keys = (column.words or column.id).split()
            # "Tags", "Code", "Description" and "Expiration" are words of several languages
            known = any(table.get(key) for key in keys)
            assert known or column.id in ("tags", "code", "password", "justification"), column.id


@pytest.mark.parametrize("language", FULL)
def test_each_word_of_a_language_finds_its_column(language):
    """In every import whose column it is: no word is lost to another column of the same import."""
    for entry in IMPORTS.values():
        for column in entry.columns:
            for key in (column.words or column.id).split():
                for word in TABLES[language]["headers"].get(key, ()):
                    assert fold(word) in spellings(column)
                    assert matched([word], entry.id)[word] == column.id, (entry.id, word)


ROSTERS = {
    "de": "E-Mail-Adresse|Vorname|Nachname|Kurse|Schlagwörter|Willkommensmail senden|Telefon",
    "fr": "Adresse e-mail|Prénom|Nom|Cours|Étiquettes|Envoyer l'e-mail de bienvenue|Téléphone",
    "es": "Correo electrónico|Nombre|Apellidos|Cursos|Etiquetas|Enviar correo de bienvenida|Teléfono",
    "pt": "Endereço de e-mail|Nome|Apelido|Cursos|Etiquetas|Enviar e-mail de boas-vindas|Telemóvel",
    "pt-BR": "E-mail do aluno|Primeiro nome|Sobrenome|Cursos|Marcadores|Enviar email de boas-vindas|Celular",
    "it": "Indirizzo e-mail|Nome|Cognome|Corsi|Etichette|Invia e-mail di benvenuto|Cellulare",
    "nl": "E-mailadres|Voornaam|Achternaam|Cursussen|Labels|Welkomstmail versturen|Telefoonnummer",
    "pl": "Adres e-mail|Imię|Nazwisko|Kursy|Tagi|Wyślij e-mail powitalny|Numer telefonu",
    "el": "Διεύθυνση email|Όνομα|Επώνυμο|Μαθήματα|Ετικέτες|Αποστολή email καλωσορίσματος|Κινητό",
}


@pytest.mark.parametrize("language", ROSTERS)
def test_a_roster_in_this_language_is_recognised_whole(language):
    wanted = ["email", "first_name", "last_name", "courses", "tags", "send_registration_email", "phone"]
    assert list(matched(ROSTERS[language].split("|"), "roster").values()) == wanted


@pytest.mark.parametrize(
    ("header", "entry", "column"),
    [
        *(
            (word, "roster", "bundles")
            for word in ("Bundles", "Bundle", "Learning programs", "Learning program")
        ),
        *(
            (word, "roster", "bundles")
            for word in ("Learning programs (bundles)", "Πακέτα", "Προγράμματα μάθησης")
        ),
        *((word, "create-coupon", "code") for word in ("Coupon", "Coupon code", "Discount offer", "Κουπόνι")),
    ],
)
def test_old_words_and_those_of_the_admin_of_today_mean_the_same(header, entry, column):
    assert matched([header], entry)[header] == column
