"""Certificates."""

from dataclasses import replace

from lwdesk.base.text import N_
from lwdesk.catalog.cells.dates import Moment
from lwdesk.catalog.cells.kinds import Text, User
from lwdesk.catalog.cells.sense import SINCE
from lwdesk.catalog.courses import COURSE, EACH_COURSE, WHICH
from lwdesk.catalog.effects.parts import Corrects, Revokes
from lwdesk.catalog.export_model import DATETIME, ID, NUMBER, Export, Out
from lwdesk.catalog.files import Files
from lwdesk.catalog.filters import days
from lwdesk.catalog.model import CHANGES, SAFE, TAKES, Column, Listing, Of, Walk
from lwdesk.catalog.operation import Operation
from lwdesk.catalog.refers import id_of, user_id
from lwdesk.catalog.users import USER

FAMILY = N_("Certificates")

CERTIFICATES = Export(
    id="certificates",
    title=N_("Certificates"),
    family=FAMILY,
    call="GET certificates",
    query=(("course_id", "{course}"),),
    per=(EACH_COURSE,),
    one="GET certificates",
    filters=(
        WHICH,
        Column("user", N_("User"), User(), at="user_id"),
        *days("issued", N_("Issued from"), N_("Issued until")),
    ),
    columns=(
        id_of("course", "course_id", N_("Course ID"), N_("Course"), shown="of.course.title"),
        Out("title", N_("Title")),
        user_id("user.id", email="user.email"),
        Out("form.firstname", N_("First name on the certificate")),
        Out("form.lastname", N_("Last name on the certificate")),
        Out("form.ptin", N_("PTIN")),
        Out("issued", N_("Issued"), DATETIME),
        Out("status", N_("Status")),
        Out("type", N_("Type")),
        Out("score", N_("Score")),
        Out("attempts", N_("Attempts"), NUMBER),
        Out("provider", N_("Provider")),
        Out("short_url", N_("Short link")),
        Out("external_url", N_("External link")),
        Out("id", N_("ID"), ID),
    ),
    files=Files(
        links=("short_url", "external_url"),
        name=("title", "form.lastname", "form.firstname"),
        month="issued",
    ),
    doc=N_(
        "Every certificate, revoked ones too. Slow: LearnWorlds returns about 20 certificates per 10 seconds."
    ),
)

_GIVEN = Listing(
    "certificate",
    N_("certificate"),
    walk="GET certificates",
    query=(("course_id", "{item}"),),
    of=Of(
        "course",
        item="course_id",
        user="user.id",
        by_user=Walk("GET certificates", query=(("user_id", "{item}"),)),
    ),
)
_ACTIVE = ("status", "active")
_WHOSE = replace(USER, at="")
_FOR = replace(
    COURSE,
    required=False,
    help=N_("The certificate's course. If blank: any course, as long as the user has only one certificate."),
)
_WHICH_ONE = Column(
    "certificate",
    N_("Certificate"),
    Text(),
    at="path",
    help=N_("Its title or ID; only needed if the user has several."),
)


def _written(column_id: str, title: str, place: str, example: str) -> Column:
    """A column of what is written on a certificate."""
    words = N_("The name to print on the certificate. If blank, unchanged.")
    return Column(column_id, title, Text(), at=f"form.{place}", example=example, help=words)


REISSUE = Operation(
    id="reissue-certificate",
    title=N_("Reissue certificates"),
    family=FAMILY,
    call="PUT certificates/{certificate}",
    columns=(
        _WHOSE,
        _FOR,
        _WHICH_ONE,
        Column(
            "issued",
            N_("Issued"),
            Moment(),
            at="issued",
            example="2026-06-30",
            kept=True,
            sense=SINCE,
            help=N_("The day it was issued."),
        ),
        _written("first_name", N_("First name"), "firstname", "Ana"),
        _written("last_name", N_("Last name"), "lastname", "López"),
        _written("ptin", N_("PTIN"), "ptin", "P00000001"),
    ),
    effect=Corrects(
        "certificate",
        by="certificate",
        item="course",
        alive=_ACTIVE,
        whole=("form.firstname", "form.lastname", "form.ptin"),
    ),
    done=N_("certificate reissued"),
    so=N_("already up to date"),
    repeat=SAFE,
    risk=CHANGES,
    undo="reissue-certificate",
    doc=N_("Corrects the names and the date on certificates."),
)

REVOKE = Operation(
    id="revoke-certificate",
    title=N_("Revoke certificates"),
    family=FAMILY,
    call="DELETE certificates/{certificate}",
    columns=(_WHOSE, _FOR, _WHICH_ONE),
    effect=Revokes("certificate", by="certificate", item="course", alive=_ACTIVE),
    done=N_("certificate revoked"),
    so=N_("has no such certificate"),
    repeat=SAFE,
    risk=TAKES,
    no_undo=N_("LearnWorlds can't restore a revoked certificate."),
    gone=True,
    doc=N_("Revokes certificates. This can't be undone. The course stays complete."),
)

LISTINGS = (_GIVEN,)
OPERATIONS = (REISSUE, REVOKE)
EXPORTS = (CERTIFICATES,)
