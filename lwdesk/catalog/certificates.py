"""Certificates."""

from lwdesk.base.text import N_
from lwdesk.catalog.courses import EACH_COURSE, WHICH
from lwdesk.catalog.model import DATETIME, NUMBER, Export, Out

FAMILY = N_("Certificates")

CERTIFICATES = Export(
    id="certificates",
    title=N_("Certificates"),
    family=FAMILY,
    call="GET certificates",
    query=(("course_id", "{course}"),),
    per=(EACH_COURSE,),
    filters=(WHICH,),
    columns=(
        Out("of.course.title", N_("Course")),
        Out("title", N_("Title")),
        Out("user.email", N_("Email")),
        Out("form.firstname", N_("First name")),
        Out("form.lastname", N_("Last name")),
        Out("form.ptin", N_("PTIN")),
        Out("issued", N_("Issued"), DATETIME),
        Out("status", N_("Status")),
        Out("type", N_("Type")),
        Out("score", N_("Score")),
        Out("attempts", N_("Attempts"), NUMBER),
        Out("provider", N_("Provider")),
        Out("short_url", N_("Short link")),
        Out("external_url", N_("External link")),
        Out("user.id", N_("User id")),
        Out("course_id", N_("Course id")),
        Out("id", N_("Id")),
    ),
    doc=N_("Every certificate, revoked ones too. The service answers 20 of them in 10 seconds, no more."),
)

EXPORTS = (CERTIFICATES,)
