"""Rosters as schools have them: most cells are good, some are what people type and paste."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

from lwdesk.sheets.columns import Column
from lwdesk.sheets.sheet import Sheet
from lwdesk.sheets.write import write_book

HEADERS = (
    "E-mail", "First name", "Surname", "Tags", "Course 1", "Course 2", "Bundle", "Newsletter", "Phone", "Company",
    "City", "Remarks",
)  # fmt: skip
_FIRST = ("Ana", "Björn", "Γιώργος", "Zoë", "Liam", "Мария", "Olivia", "Jürgen", "Seán", "Fatima")
_LAST = ("López", "Müller", "Παπαδόπουλος", "O'Brien", "Nowak", "Иванов", "Smith-Lee", "García", "Østergård")
_COURSES = ("Workplace Safety", "excel for beginners", "Data Protection (GDPR)", "gdpr", "Project Management")
_CITIES = ("Athens", "Berlin ", "Zürich", "São Paulo", "Boston", " Lyon")
_COMPANIES = ("Acme Ltd", "Müller & Söhne GmbH", "Αφοί Παπαδόπουλοι Α.Ε.", "O'Hara, Lee & Co.")
_NEWSLETTER = ("yes", "no", "Yes ", "x", "", "NEIN", "1", "0", "Ναι", "no")


def email(n: int, plain: str) -> str:
    """The email of row n, about one in ten as it should not be; one in 250 cannot be repaired."""
    if n % 40 == 3:
        return f"{plain} "
    if n % 40 == 13:
        return plain.title()
    if n % 70 == 5:
        return f"mailto:{plain}"
    if n % 90 == 7:
        return f"\u00a0{plain}"
    if n % 120 == 11:
        return f"Ana López <{plain}>"
    return plain.replace("@", " at ") if n % 250 == 17 else plain


def rows(count: int, there: list[str]) -> Iterator[list[object]]:
    """`count` rows; the first people are those of the emails `there`."""
    for n in range(count):
        plain = there[n] if n < len(there) else f"person{n}@example.com"
        yield [
            email(n, plain),
            _FIRST[n % len(_FIRST)] + " " * (n % 30 == 4),
            _LAST[n % len(_LAST)],
            ("autumn; cohort-7", "vip", "", "Autumn, VIP")[n % 4],
            _COURSES[n % len(_COURSES)] if n % 300 else "Wrokplace Safety",
            "Leadership, Teams & Trust" if n % 5 == 0 else "",
            "Starter Pack" if n % 8 == 0 else "",
            _NEWSLETTER[n % len(_NEWSLETTER)] if n % 400 else "perhaps",
            f"+30 694{n:07}" if n % 3 else f"694{n:07}",
            _COMPANIES[n % len(_COMPANIES)],
            _CITIES[n % len(_CITIES)],
            date(2026, n % 12 + 1, n % 28 + 1).isoformat() if n % 2 else "",
        ]


def make(path: str, count: int, users: int = 0) -> None:
    """Writes a roster whose first people are the users of a practice school of `users` users."""
    there: list[str] = []
    if users:
        from lwdesk.practice.server import Practice

        there = [user.email for user in Practice(users=users).school.users]
    write_book(Path(path), [Sheet("People", [Column(text) for text in HEADERS], rows(count, there))])
