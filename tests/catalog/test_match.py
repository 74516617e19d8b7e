"""Matching headers: what people call their columns, in many languages, and what must not be mistaken for them."""

import pytest

from lwdesk.base.errors import UserError
from lwdesk.base.text import fold
from lwdesk.catalog import IMPORTS
from lwdesk.catalog.match import RESULT_TITLES, match, require, spellings
from lwdesk.catalog.model import custom_column
from lwdesk.sheets.table import Header, letter

ROSTER = IMPORTS["roster"]


def matched(headers, entry="roster", **choices):
    """One match per header; whatever happens, each says why."""
    found = match([Header(letter(n), text) for n, text in enumerate(headers)], IMPORTS[entry], **choices)
    assert [m.header.text for m in found] == list(headers)
    assert all(m.why for m in found)
    return found


def ids(headers, entry="roster", **choices):
    return [m.column.id if m.column else None for m in matched(headers, entry, **choices)]


HEADERS = {
    "email": """Email|E-mail|E-Mail-Adresse *|Email (required)|EMAIL:|Mail|Email 1|Student e-mail|Primary Email
        |Correo electrónico|Dirección de correo electrónico|Courriel|Adresse e-mail|Adresse courriel|Indirizzo e-mail
        |Posta elettronica|Endereço de e-mail|Correio eletrónico|Ηλεκτρονικό ταχυδρομείο|Διεύθυνση email|E-mailadres
        |Электронная почта|Адрес электронной почты|Эл. почта|E-post|email_address|user""",
    "first_name": """First name|First Name*|firstname|Given Name(s)|Forename|Vorname|Prénom|Nombre|Nombre(s)|Nome|Όνομα
        |Voornaam|Имя|FIRST_NAME""",
    "last_name": """Last name|Surname|Family Name|Nachname|Familienname|Zuname|Nom de famille|Nom|Apellido(s)|Apellidos
        |Cognome|Apelido|Sobrenome|Επώνυμο|Achternaam|Фамилия""",
    "username": """Username|User name|Full name|Name|Student name|Display Name|Benutzername|Vor- und Nachname
        |Vollständiger Name|Nombre completo|Nombre y apellidos|Nom et prénom|Nome e cognome|Nome completo|Ονοματεπώνυμο
        |Volledige naam|ФИО""",
    "courses": """Course|Courses|Course(s)|Course 1|Course 2|course_12|Course name|Course ID|Kurs|Kurse|Kurs 3|Cours
        |Nom du cours|Curso|Cursos|Corso|Corsi|Formazione|Μάθημα|Μαθήματα|Cursus|Курс|Название курса""",
    "bundles": "Bundle|Bundles|Learning program|Program 1|Paket|Paquete",
    "subscription": "Subscription plan|Subscription|Plan|Abo|Abonnement|Suscripción|Συνδρομή",
    "tags": "Tags|Tag|Tag 1|Labels|Etiquetas|Étiquettes|Schlagwörter|Ετικέτες|Теги",
    "duration": "Duration|Dauer|Duración|Durée|Durata|Διάρκεια|Duur",
    "duration_type": "Duration unit|Duration type",
    "price": "Price|Preis|Precio|Prix|Prezzo|Preço|Prijs|Τιμή|Цена|Amount paid",
    "seat": "Seat|Seat offering|License",
    "password": "Password|Passwort|Kennwort|Contraseña|Mot de passe|Senha|Κωδικός|Wachtwoord|Пароль",
    "phone": "Phone|Phone number|Telefon|Handynummer|Teléfono|Téléphone|Telefono|Telefone|Τηλέφωνο|Mobile phone",
    "company": "Company|Firma|Organisation|Unternehmen|Empresa|Entreprise|Azienda|Εταιρεία|Bedrijf|Организация",
    "country": "Country|Land|País|Pays|Paese|Χώρα|Страна",
    "location": "City|Ort|Stadt|Ciudad|Ville|Città|Cidade|Πόλη|Город",
    "birthday": "Birthday|Date of birth|Geburtsdatum|Fecha de nacimiento|Date de naissance|Data di nascita",
    "subscribed_for_marketing_emails": "Newsletter|Marketing|Opt-in|Marketing emails",
    "send_registration_email": "Send welcome email|Welcome email",
    "send_enrollment_email": "Send enrollment email|Enrolment email",
}


@pytest.mark.parametrize(
    ("header", "column"), [(h.strip(), column) for column, text in HEADERS.items() for h in text.split("|")]
)
def test_headers_as_people_write_them(header, column):
    (found,) = matched([header])
    assert found.column is not None and found.column.id == column
    assert matched([header.replace(" ", "\n").upper()])[0].column == found.column


MISTAKABLE = """Parent email|Parent's e-mail|Teacher email|Teacher e-mail|Guardian Email|Mother's email|Manager email
    |Supervisor email|Emergency contact email|Billing email|Alternative email|Secondary email|Second email|Email 2
    |Email sent|Email verified|Email status|Email consent|Tutor email|Coach email|E-Mail Eltern|Email padre|Gmail
    |Remarks|No.|Nr.|#|Invoice|Invoice number|Date|Start date|End date|Class teacher|Teacher|Status|Notes|Comments
    |Comment|Paid|Paid?|Payment|Payment date|Total|Amount|Grade|Score|Level|Year|Semester|Term|Room|Time|Hours|Days
    |Weeks|Gender|Age|Title|Anrede|Position|Job title|Section|Role|Type|Category|Student number|Matrikelnummer
    |Course date|Course start|Course fee|Course language|Course teacher|Kursort|Kursbeginn|Contact person|Parent name
    |Parent phone|Teacher name|Father's name|Emergency contact|Middle name|Nickname|Maiden name|Language|Timezone
    |Registered|Created|Last login|Attendance|Certificate|Source|Referral|Coupon|Discount|VAT|Tax ID|IBAN|Postcode
    |State|Region|Nationality|Diet|Photo|Consent|Active|Enabled|Confirmed|Waiting list|Priority|Order ID|Quantity|Unit
    |Link|Path|Plan date|Subscribed on|Unsubscribed|Seat number|Seats left|Mail sent|Mailbox|Retail|Details
    |Last contact|Last payment|First lesson|Column F|Unnamed: 0|1|2|Name2|Passport|Password hint|Phone 2|Fax|Users
    |Adresse 2|Name des Lehrers|Lehrer|Vertretung|Tag der Anmeldung|Tage|X|x|?|*|""".split("|")


@pytest.mark.parametrize("header", [header.strip() for header in MISTAKABLE])
def test_what_a_careful_person_would_leave_out(header):
    (found,) = matched([header])
    assert found.column is None, found.column.id
    assert found.why == "no match found; not imported"


@pytest.mark.parametrize("entry", IMPORTS.values(), ids=lambda entry: entry.id)
def test_nobody_elses_email_becomes_the_users(entry):
    for header in MISTAKABLE[:24]:
        (found,) = matched([header.strip()], entry.id)
        assert found.column is None, (header, found.column.id)


@pytest.mark.parametrize(
    ("header", "column"),
    [
        *(
            ("Emial", "email"),
            ("E-Mail Adress", "email"),
            ("Frist name", "first_name"),
            ("Last nmae", "last_name"),
        ),
        *(
            ("Usernam", "username"),
            ("Cuorse", "courses"),
            ("Subscripton plan", "subscription"),
            ("Prices", "price"),
        ),
    ],
)
def test_slips_of_the_finger_are_guessed_and_marked(header, column):
    (found,) = matched([header])
    assert (found.column.id, found.sure, found.why) == (column, False, "similar spelling")


def test_a_password_is_never_guessed():
    assert ids(["Pasword", "Passport", "Passwords"]) == [None, None, None]


def test_blanks_inside_a_word_are_no_slip():
    (found,) = matched(["Sur name"])
    assert (found.column.id, found.sure, found.why) == ("last_name", True, "another word for Last name")


def test_numbered_headers_of_lists_go_together():
    assert ids(["Email", "Course 1", "Course 2", "Course 10", "Tag 1", "Tag 2"]) == [
        *("email", "courses", "courses", "courses", "tags", "tags")
    ]


def test_of_two_headers_for_one_column_the_second_is_left_out_with_the_reason():
    first, second = matched(["E-mail", "Mail address"])
    assert first.column.id == "email"
    assert (second.column, second.sure) == (None, False)
    assert second.why == "Email already comes from column A “E-mail”"


def test_the_title_itself_comes_before_other_words_wherever_it_stands():
    assert ids(["Mail", "Email"]) == [None, "email"]
    assert ids(["Id", "User ID", "Email"], "enroll") == [None, None, "user"]
    assert ids(["Id", "Course"], "enroll") == ["user", "product"]


def test_rosters_of_other_services():
    assert ids(["First Name", "Email", "Amount Spent", "Enrollments - list", "Enrollments - count"]) == [
        *("first_name", "email", None, "courses", None)
    ]
    teachable = ["email", "fullname", "joined at", "sign in count", "src", "tag names", "courses enrolled in"]
    assert ids(teachable) == ["email", "username", None, None, None, "tags", "courses"]
    moodle = ["username", "password", "firstname", "lastname", "email", "course1", "role1", "cohort1"]
    assert ids(moodle) == [
        *(None, "password", "first_name", "last_name", "email", "courses"),
        None,
        "group",
    ]


def test_a_name_beside_a_first_name_is_the_last_name():
    assert ids(["Name", "Vorname", "E-Mail"]) == ["last_name", "first_name", "email"]
    assert ids(["Voornaam", "Naam"]) == ["first_name", "last_name"]
    assert ids(["Name", "First name", "Last name"]) == ["username", "first_name", "last_name"]
    assert ids(["Name", "Email"]) == ["username", "email"]


def test_results_of_an_earlier_run_are_left_out():
    found = matched(["Email", *RESULT_TITLES])
    assert [m.column for m in found[1:]] == [None] * 4
    assert {m.why for m in found[1:]} == {"added by lwdesk in an earlier run"}


def test_the_person_has_the_last_word_then_memory_then_spelling():
    headers = ["Email", "Contact", "Kunde"]
    remembered = {"Contact": "email", "Kunde": "tags", "Email": ""}
    found = matched(headers, remembered=remembered)
    assert [m.column.id if m.column else None for m in found] == [None, "email", "tags"]
    assert [m.why for m in found] == [
        "not imported last time",
        "you chose this last time",
        "you chose this last time",
    ]
    found = matched(headers, remembered=remembered, chosen={"Email": "email"}, ignored=["Kunde"])
    assert [m.column.id if m.column else None for m in found] == ["email", None, None]
    assert [found[0].why, found[2].why] == ["you chose this", "you chose not to import it"]
    assert found[1].column is None  # what memory says is taken by the choice


def test_a_mapping_of_columns_that_are_gone_is_forgotten():
    assert ids(["Email", "Contact"], remembered={"Email": "mail_address", "Contact": "x"}) == ["email", None]


def test_a_choice_of_what_is_not_there_names_the_nearest():
    with pytest.raises(UserError) as caught:
        matched(["Email", "Kurs"], chosen={"Kurse": "courses"})
    assert str(caught.value) == "The sheet has no column header “Kurse”. Its column headers: “Kurs”."
    with pytest.raises(UserError) as caught:
        matched(["Email", "Kurs"], chosen={"Kurs": "course"})
    assert "There is no column “course” in roster. Did you mean “courses”?" in str(caught.value)
    with pytest.raises(UserError):
        matched(["Email"], ignored=["Remarks"])


def test_two_choices_for_one_column_are_refused():
    with pytest.raises(UserError, match="Two columns can't both be Email"):
        matched(["Work", "Home"], chosen={"Work": "email", "Home": "email"})
    assert ids(["Work", "Home"], chosen={"Work": "tags", "Home": "tags"}) == ["tags", "tags"]


def test_custom_fields_are_found_by_title_and_by_key():
    custom = [custom_column("cf_start_date"), custom_column("cf_t-shirt_size")]
    assert ids(["Email", "Start date", "cf_t-shirt_size"], custom=custom) == [
        *("email", "cf_start_date", "cf_t-shirt_size")
    ]
    assert ids(["Email", "Start date", "cf_start_date"]) == ["email", None, "cf_start_date"]
    assert ids(["User", "cf_start_date"], "enroll") == ["user", None]
    assert ids(["Email", "Department"], chosen={"Department": "cf_department"}) == ["email", "cf_department"]


def test_a_missing_column_is_named_with_what_there_is():
    with pytest.raises(UserError) as caught:
        require(ROSTER, matched(["Mailing", "Course"]), {}, "Say --set {id}")
    assert caught.value.title == "The sheet has no column for “Email”"
    assert caught.value.message == "Its column headers: “Mailing”, “Course”"
    require(ROSTER, matched(["Email"]), {}, "")  # the username is made from the rest
    require(ROSTER, matched(["Course"]), {"email": "ana@x.com"}, "")
    with pytest.raises(UserError, match="“Product”"):
        require(IMPORTS["enroll"], matched(["Email"], "enroll"), {}, "")


@pytest.mark.parametrize("entry", IMPORTS.values(), ids=lambda entry: entry.id)
def test_no_word_means_two_columns(entry):
    meant = {}
    for column in entry.columns:
        for word in spellings(column):
            assert word, column.id
            assert meant.setdefault(word, column.id) == column.id, word
        folded = [fold(word) for word in column.synonyms]
        assert len(set(folded)) == len(folded), column.id


def test_headers_with_the_same_text_are_told_apart_by_their_keys():
    headers = ["Email", "Tags", "Tags", "Company", "Company"]
    first, second = (f"Tags\x1f{n}" for n in (1, 2))
    assert ids(headers, chosen={second: ""}) == ["email", "tags", None, "company", None]
    assert ids(headers, chosen={"Tags": ""}) == ["email", None, None, "company", None]
    assert ids(headers, chosen={"Company\x1f2": "company", "Company\x1f1": ""})[3:] == [None, "company"]
    assert ids(headers, remembered={first: "", second: "tags"})[1:3] == [None, "tags"]
