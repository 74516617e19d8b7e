"""Reading text files: encodings, delimiters, quotes, ragged rows; every field the text it is."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lwdesk.base.errors import UserError
from lwdesk.sheets.read import read
from lwdesk.sheets.read_csv import delimiter_of, look_at

GREEK = (
    "Όνομα;Πόλη;Ημερομηνία\nΑναστασία;Θεσσαλονίκη;1/5/2026\nΓιώργος;Αθήνα;2/5/2026\nΕλένη;Πάτρα;3/5/2026\n"
)


def csv_file(tmp_path, content, name="roster.csv"):
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def cells(table):
    return [row for _number, row in table.rows]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1253"])
def test_greek_in_every_encoding(tmp_path, encoding):
    table = read(csv_file(tmp_path, GREEK.encode(encoding)))
    assert [header.text for header in table.headers] == ["Όνομα", "Πόλη", "Ημερομηνία"]
    assert cells(table)[0] == ("Αναστασία", "Θεσσαλονίκη", "1/5/2026")
    assert bool(table.notes) == (encoding == "cp1253")


@pytest.mark.parametrize(
    ("encoding", "names"),
    [
        ("cp1252", "Name,Straße\nMüller Jürgen,Königstraße\nFrançoise Hébert,Rue de l'Église\n"),
        ("cp1250", "Imię,Miasto\nŁukasz Źdźbło,Łódź\nMałgorzata Świątek,Kraków\nŻaneta Wójcik,Poznań\n"),
        ("cp1251", "Имя,Город\nАлексей Иванов,Санкт-Петербург\nМария Смирнова,Москва\n"),
        ("cp1254", "Ad,Şehir\nIşıl Yıldırım,Iğdır\nÇağrı Şahin,Eskişehir\nOğuz Güneş,Muğla\n"),
    ],
)
def test_code_pages_are_guessed_and_said(tmp_path, encoding, names):
    table = read(csv_file(tmp_path, names.encode(encoding)))
    first = names.split("\n")[1].split(",")
    assert list(cells(table)[0]) == first
    assert any("CSV UTF-8" in note for note in table.notes)


def test_utf8_far_down_the_file_counts(tmp_path):
    path = csv_file(tmp_path, "name,note\n" + "ana,plain\n" * 20_000 + "Zoë,ünïcode\n")
    assert list(read(path).rows)[-1] == (20_002, ("Zoë", "ünïcode"))


@pytest.mark.parametrize(
    ("text", "delimiter"),
    [
        ("Name;Price\nAna;3,50\nBen;4,20\nCy;1.000,00\n", ";"),
        ("Name,Tags\nAna,\"a; b; c\"\nBen,\"d; e; f\"\n", ","),
        ("Name\tCity, country\nAna\tAthens, Greece\nBen\tRome, Italy\n", "\t"),
        ("Name|Mail\nAna|a@x.org\n", "|"),
        ('Name,Note\nAna,"two\nlines; here"\nBen,"more\nlines\nhere; too"\nCy,"a\n;\n;\n;b"\n', ","),
        ('"Name";"Note"\n"Ana";"Hello, you, there"\n"Ben";"Hi, all, here"\n', ";"),
        ("Email\nana@x.org\nben@x.org\n", ","),
        ("Email\n\"Ruiz, Ana\"\nben@x.org\n", ","),
    ],
)  # fmt: skip
def test_delimiters(text, delimiter):
    assert delimiter_of(text) == delimiter


def test_excels_own_first_line_names_the_delimiter(tmp_path):
    table = read(csv_file(tmp_path, "sep=|\r\nName|Price\r\nAna|1,5\r\n"))
    assert list(table.rows) == [(2, ("Ana", "1,5"))]


def test_a_line_break_in_quotes_stays_in_its_row(tmp_path):
    table = read(csv_file(tmp_path, 'Name,Note\r\nAna,"one\r\ntwo"\r\n\r\nBen,"say ""hi"""\r\n\r\n'))
    assert list(table.rows) == [(2, ("Ana", "one\r\ntwo")), (4, ("Ben", 'say "hi"'))]


def test_fields_stay_text(tmp_path):
    assert cells(read(csv_file(tmp_path, "Zip,Day,Sum\n00042, 1/2/2026 ,\n"))) == [
        ("00042", " 1/2/2026 ", None)
    ]


def test_ragged_rows_are_said(tmp_path):
    table = read(csv_file(tmp_path, "Name,Mail\nAna\nBen,b@x.org,extra\nCy,c@x.org,,\n"))
    assert [header.text for header in table.headers] == ["Name", "Mail", "Column C"]
    assert cells(table) == [("Ana", None, None), ("Ben", "b@x.org", "extra"), ("Cy", "c@x.org", None)]
    assert any("1 row has more columns" in note for note in table.notes)


def test_a_quote_never_closed_is_a_sentence(tmp_path):
    path = csv_file(tmp_path, 'Name,Mail\nAna,a@x.org\n"Ben,b@x.org\n' + "Cy,c@x.org\n" * 20_000)
    with pytest.raises(UserError, match=r"beyond row 2.*never closed"):
        read(path)


FIELD = st.text(
    st.characters(codec="utf-8", exclude_characters="\r\0", exclude_categories=["Cs", "Cc"]), max_size=12
)


@given(
    st.lists(st.tuples(FIELD, FIELD, FIELD), min_size=1, max_size=12),
    st.sampled_from(["utf-8-sig", "utf-16"]),
    st.sampled_from(",;\t|"),
)
def test_what_a_program_wrote_comes_back(tmp_path_factory, rows, encoding, delimiter):
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, quoting=csv.QUOTE_ALL)
    writer.writerow(["Alpha", "Beta", "Gamma"])
    writer.writerows(rows)
    path = tmp_path_factory.mktemp("csv") / "x.csv"
    path.write_bytes(out.getvalue().encode(encoding))
    assert [fields for _n, fields in look_at(path).records()][1:] == [list(row) for row in rows]
