"""Names in a CSV file that Excel wrote arrive as they are, or the user is asked: never another name without a word."""

import random
import subprocess
import sys

import pytest

from lwdesk.base import text as texts
from lwdesk.base.errors import UserError
from lwdesk.sheets.code_pages import decide
from lwdesk.sheets.read import read
from lwdesk.sheets.read_csv import Undecided

# Names in the letters of 19 languages, with the code page that Excel writes them in there.
NAMES = {
    "fr": ("cp1252", "Thérèse Hélène Loïc François Zoé Anaïs Gaëlle Jérôme Benoît Noémie Renée Agnès"),
    "es": ("cp1252", "José María Muñoz Íñigo Begoña Núñez Ángel Sofía Martínez Peña Iván Verónica"),
    "pt": (
        "cp1252",
        "João Conceição Gonçalves Simões Antônio Inês Márcia Estêvão Luís Araújo Fátima Magalhães",
    ),
    "nl": ("cp1252", "Daniël Chloë Zoë Noël Thérèse Renée Michaël Joël Danaë Raphaël Désirée Gaël"),
    "it": ("cp1252", "Nicolò Niccolò Mosè Noè Giosuè Cantù Forlì Viganò Macrì Laganà Calò Rondò"),
    "de": ("cp1252", "Müller Jürgen Köhler Schäfer Weiß Günther Björn Käthe Strauß Böhm Jäger Grün"),
    "da": (
        "cp1252",
        "Søren Jørgen Bjørn Kjær Håkon Østergaard Nørgaard Pærregaard Åse Grønbæk Sørensen Skjødt",
    ),
    "sv": ("cp1252", "Göran Åsa Björn Sjöberg Ström Märta Håkan Sjögren Öberg Wikström Lindström Blomqvistö"),
    "fi": (
        "cp1252",
        "Päivi Väinö Äijälä Hämäläinen Mäkinen Töyry Särkkä Jyrkkä Öhman Pöllänen Ylämäki Kärki",
    ),
    "pl": (
        "cp1250",
        "Łukasz Małgorzata Świątek Źdźbło Żaneta Wójcik Dąbrowski Kamiński Bożena Gołębiowska Łęcki",
    ),
    "cs": ("cp1250", "Jiří Ondřej Zdeněk Šárka Novák Dvořák Růžena Žižka Kateřina Přemysl Hájek Čermák"),
    "hu": ("cp1250", "László György Zoltán Ágnes Győző Szűcs Kőszegi Erdős Fülöp Tóth Balázs Örs"),
    "ro": (
        "cp1250",
        "Ştefan Ioniţă Câmpeanu Ţepeş Mădălina Crăciun Bălaşa Ghiţă Iaşi Ruxăndra Cătălin Şerban",
    ),
    "lv": ("cp1257", "Jānis Ģirts Kārlis Bērziņš Kļaviņa Šķēle Ūdris Zigrīda Mārtiņš Žanis Līga Ēriks"),
    "el": (
        "cp1253",
        "Γιώργος Ελένη Παπαδοπούλου Αναστασία Δημήτρης Κωνσταντίνος Άγγελος Σοφία Νίκος Μαρία Χρήστος",
    ),
    "ru": (
        "cp1251",
        "Алексей Мария Смирнова Екатерина Иванов Дмитрий Наталья Кузнецов Ольга Сергей Юлия Жуков",
    ),
    "tr": ("cp1254", "Işıl Yıldırım Çağrı Şahin Oğuz Güneş Gülşen Özgür Ayşe Tuğba Yağız Şükrü"),
    "he": ("cp1255", "משה אברהם שרה רבקה דוד כהן יוסף מרים יעקב לאה שמואל חנה"),
    "ar": ("cp1256", "محمد أحمد فاطمة عائشة إبراهيم خالد مريم يوسف عبدالله حسن ليلى عمر"),
}
PLAIN = "Anna Martin Peter Smith Laura Robert Maria David Simon".split()


@pytest.fixture(autouse=True)
def no_hint(monkeypatch):
    for name in ("LWDESK_LANGUAGE", "LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    texts.set_language("en")


def rosters(language, page, count, draws=12):
    """Files of 9 plain names and `count` others, in a code page that has all of their letters."""
    chance = random.Random(f"{language}{count}{page}")
    names = []
    for name in NAMES[language][1].split():
        try:
            name.encode(page)
        except UnicodeEncodeError:
            continue
        names.append(name)
    for _draw in range(draws):
        drawn = [*PLAIN, *(chance.choice(names) for _ in range(count))]
        chance.shuffle(drawn)
        lines = [f"{n}@example.org;{name}" for n, name in enumerate(drawn)]
        yield "\r\n".join(["Email;Name", *lines, ""]).encode(page)


CASES = [(language, page) for language, (page, _names) in NAMES.items()]
CASES += [(language, page) for language in ("fr", "es", "de", "da") for page in ("mac_roman", "cp850")]


@pytest.mark.parametrize("count", [1, 3, 12])
@pytest.mark.parametrize(("language", "page"), CASES)
def test_no_name_is_read_wrong_without_asking(language, page, count):
    asked = 0
    for content in rosters(language, page, count):
        verdict = decide(content)
        asked += not verdict.sure
        assert not verdict.sure or content.decode(verdict.readings[0].encoding) == content.decode(page)
        if not verdict.sure:
            assert page in {one.encoding for one in verdict.readings} or count == 1
            assert len({one.words for one in verdict.readings}) == len(verdict.readings)
    assert asked <= (12 if count == 1 else 4)


AMBIGUOUS = "Email,Name\r\na@x.org,Calò\r\n".encode("cp1252")


def test_the_command_line_refuses_to_guess_and_takes_the_encoding(tmp_path):
    path = tmp_path / "names.csv"
    path.write_bytes(AMBIGUOUS)
    with pytest.raises(Undecided) as caught:
        read(path)
    assert "Calò" in str(caught.value) and "--encoding" in str(caught.value)
    assert dict(read(path, encoding="cp1252").rows) == {2: ("a@x.org", "Calò")}
    command = [sys.executable, "-m", "lwdesk", "--home", str(tmp_path / "h"), "check", str(path)]
    command += ["--operation", "create-user"]
    refused = subprocess.run(command, capture_output=True, encoding="utf-8")
    taken = subprocess.run([*command, "--encoding", "cp1252"], capture_output=True, encoding="utf-8")
    assert refused.returncode == 1 and "Calò" in refused.stderr and taken.returncode == 0


@pytest.mark.parametrize("encoding", ["no-such-page", "utf-8"])
def test_an_encoding_that_cannot_be_is_refused_in_words(encoding, tmp_path):
    path = tmp_path / "names.csv"
    path.write_bytes(AMBIGUOUS)
    with pytest.raises(UserError, match=r"encoding|isn't written"):
        read(path, encoding=encoding)
