"""Seat offerings: giving and taking seats; making, changing and deleting offerings; the lists."""

from dataclasses import replace

from lwdesk.base.text import N_
from lwdesk.catalog import members
from lwdesk.catalog.cells.kinds import Choice, Reference, Several, YesNo
from lwdesk.catalog.cells.numbers import Number
from lwdesk.catalog.cells.sense import SOME
from lwdesk.catalog.effects.deletes import Deletes
from lwdesk.catalog.effects.joins import Joins
from lwdesk.catalog.effects.records import Creates, Updates
from lwdesk.catalog.export_model import DATETIME, ID, LIST, NUMBER, YES_NO, Export, Out, Parents
from lwdesk.catalog.filters import days, one_of
from lwdesk.catalog.model import CHANGES, LOOK, NEVER, SAFE, TAKES, Column, Listing, Membership, Walk
from lwdesk.catalog.operation import Operation
from lwdesk.catalog.refers import id_of, ids_of
from lwdesk.catalog.users import EACH_USER, MEMBER, NARROW_USERS, OF_USER, USER, WHO

FAMILY = N_("Seats")

OFFERINGS = Listing("seat", N_("seat offering"), walk="GET seats", size=20, keys=("id", "title"))
SEATS = Membership(
    "seats",
    ask="GET users/{key}/seats",
    walks={"seat": Walk("GET seats/{item}/users")},
    attributes=("active",),
    room="available_seats",
    total="number_of_seats",
)

SEAT = members.item(
    "seat",
    N_("Seat offering"),
    example="Sales 2026",
    help=N_("The seat offering, by title or id; several separated by semicolons."),
)

ASSIGN = Operation(
    id="assign-seat",
    title=N_("Assign seats"),
    family=FAMILY,
    call="POST seats/{seat}/users/{user}",
    columns=(
        USER,
        SEAT,
        Column(
            "active_seat",
            N_("Active seat"),
            YesNo(),
            at="add_to_active_seat",
            default=True,
            example="yes",
            help=N_("Yes: the user takes a seat now. No: the user only becomes a member of the offering."),
        ),
    ),
    effect=Joins("seats", item="seat", flag="active_seat", attribute="active", back="leave_offering"),
    done=N_("given a seat in {seat}"),
    so=N_("already has a seat in {seat}"),
    repeat=LOOK,
    undo="remove-seat",
    already=("already",),
    doc=N_("Adds users to a seat offering and gives each a seat, as long as seats are free."),
)

REMOVE = Operation(
    id="remove-seat",
    title=N_("Remove seats"),
    family=FAMILY,
    call="DELETE seats/{seat}/users/{user}",
    columns=(
        USER,
        SEAT,
        Column(
            "leave_offering",
            N_("Leave the offering too"),
            YesNo(),
            at="remove_from_seat_offering",
            default=False,
            example="no",
            help=N_("No: only the seat is freed. Yes: the user also leaves the offering."),
        ),
    ),
    effect=Joins(
        "seats", item="seat", there=False, flag="leave_offering", attribute="active", back="active_seat"
    ),
    done=N_("seat in {seat} taken away"),
    so=N_("has no seat in {seat}"),
    repeat=SAFE,
    risk=TAKES,
    undo="assign-seat",
    gone=True,
    doc=N_("Removes users from their seats. Enrollments stay or end depending on your school's settings."),
)

_SEATS = Column(
    "number_of_seats",
    N_("Seats"),
    Number(low=0, whole=True),
    at="number_of_seats",
    sense=SOME,
    example="25",
    help=N_("Number of seats."),
)
_ABOUT = (
    members.DESCRIPTION,
    members.MAX_USERS,
    members.managers("seat_managers", N_("Seat managers")),
    members.MEMBER_TAGS,
    Column(
        "access",
        N_("Access"),
        Choice.of("active", "inactive"),
        at="access",
        words="access.seat",
        help=N_("active or inactive."),
        rare=True,
    ),
)
# LearnWorlds API v2, PUT seats: these must come along, or may be set back where they don't.
_RESEND = (
    *("title", "description", "products.courses", "number_of_seats", "max_number_of_users", "seat_managers"),
    "tags",
)

CREATE = Operation(
    id="create-seat-offering",
    title=N_("Create seat offerings"),
    family=FAMILY,
    call="POST seats",
    columns=(
        members.title(
            "seat",
            example="Sales 2026",
            help=N_("The name of the seat offering. It must be new in the school."),
        ),
        replace(members.COURSES, required=True),
        replace(_SEATS, required=True),
        *_ABOUT,
    ),
    effect=Creates("seat", by="title", people=("managers",), back="seat"),
    done=N_("seat offering {title} created"),
    so=N_("seat offering {title} exists already"),
    repeat=NEVER,
    undo="delete-seat-offering",
    doc=N_("Creates seat offerings without members. Assign seats afterwards."),
)

UPDATE = Operation(
    id="update-seat-offering",
    title=N_("Update seat offerings"),
    family=FAMILY,
    call="PUT seats/{seat}",
    columns=(
        members.changed(SEAT, N_("The seat offering as it is called now, by title or id.")),
        members.NEW_TITLE,
        members.COURSES,
        _SEATS,
        *_ABOUT,
    ),
    effect=Updates("seat", by="seat", people=("managers",), resend=_RESEND, renames="new_title"),
    done=N_("updated"),
    so=N_("already up to date"),
    repeat=SAFE,
    risk=CHANGES,
    undo="update-seat-offering",
    doc=N_(
        "Changes what differs from the sheet. Empty cells change nothing; courses, managers and tags are replaced by"
        " those of the sheet."
    ),
)

DELETE = Operation(
    id="delete-seat-offering",
    title=N_("Delete seat offerings"),
    family=FAMILY,
    call="DELETE seats/{seat}",
    columns=(members.deleted(SEAT),),
    effect=Deletes(
        "seat",
        by="seat",
        holds=(
            (N_("seats taken: {n}"), "number_of_seats", "available_seats"),
            (N_("enrollments: {n}"), "total_enrollments", ""),
        ),
    ),
    done=N_("seat offering {seat} deleted"),
    so=N_("there is no seat offering {seat}"),
    repeat=SAFE,
    risk=TAKES,
    gone=True,
    no_undo=N_("LearnWorlds can't restore a deleted seat offering: create it again and assign its seats."),
    doc=N_(
        "Deletes seat offerings, even if users have seats in them. Only newer versions of LearnWorlds can do this."
    ),
)

EXPORT = Export(
    id="seat-offerings",
    title=N_("Seat offerings"),
    family=FAMILY,
    call="GET seats",
    size=20,
    columns=(
        Out("title", N_("Title")),
        Out("description", N_("Description")),
        Out("number_of_seats", N_("Seats"), NUMBER),
        Out("available_seats", N_("Free seats"), NUMBER),
        Out("max_number_of_users", N_("Maximum users"), NUMBER),
        Out("total_enrollments", N_("Enrollments"), NUMBER),
        ids_of("course", "products.courses", N_("Course ids"), N_("Courses")),
        Out("tags", N_("Tags"), LIST),
        Out("seat_managers.email", N_("Seat managers"), LIST),
        Out("access", N_("Access")),
        Out("created", N_("Created"), DATETIME),
        Out("modified", N_("Modified"), DATETIME),
        Out("id", N_("Id"), ID),
    ),
    returns="update-seat-offering",
    doc=N_("Every seat offering with its seats, free seats, courses and managers."),
)

SEAT_USERS = Export(
    id="seat-users",
    title=N_("Seat offering users"),
    family=FAMILY,
    call="GET seats/{seat}/users",
    per=(Parents("seat", "GET seats"),),
    filters=(Column("seat", N_("Seat offerings"), Several(Reference(("seat",)))),),
    columns=(
        id_of("seat", "of.seat.id", N_("Seat offering id"), N_("Seat offering"), shown="of.seat.title"),
        *MEMBER,
    ),
    doc=N_("Who is in which seat offering."),
)

USER_SEATS = Export(
    id="user-seats",
    title=N_("User seats"),
    family=FAMILY,
    call="GET users/{user}/seats",
    per=(EACH_USER,),
    filters=(
        WHO,
        one_of("seat", N_("Seat offerings"), ("seat",), "id"),
        *days("got_seat_on", N_("Got the seat from"), N_("Got the seat until")),
    ),
    narrows=NARROW_USERS,
    columns=(
        *OF_USER,
        id_of("seat", "id", N_("Seat offering id"), N_("Seat offering"), shown="title"),
        Out("active", N_("Active seat"), YES_NO),
        Out("got_seat_on", N_("Got the seat"), DATETIME),
    ),
    doc=N_("Seats of each user, and whether they are taken now. Takes long for many users, so choose some."),
)

LISTINGS = (OFFERINGS,)
MEMBERSHIPS = (SEATS,)
OPERATIONS = (ASSIGN, REMOVE, CREATE, UPDATE, DELETE)
EXPORTS = (EXPORT, SEAT_USERS, USER_SEATS)
