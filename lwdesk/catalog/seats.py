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
    help=N_("The seat offering, by title or ID; several separated by semicolons."),
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
            help=N_("Yes: the user gets a seat now. No: the user only becomes a member of the offering."),
        ),
    ),
    effect=Joins("seats", item="seat", flag="active_seat", attribute="active", back="leave_offering"),
    done=N_("assigned a seat in {seat}"),
    so=N_("already has a seat in {seat}"),
    repeat=LOOK,
    undo="remove-seat",
    already=("already",),
    doc=N_("Adds users to a seat offering and gives each a seat, as long as seats are available."),
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
            help=N_("No: only the seat is removed. Yes: the user also leaves the offering."),
        ),
    ),
    effect=Joins(
        "seats", item="seat", there=False, flag="leave_offering", attribute="active", back="active_seat"
    ),
    done=N_("seat in {seat} removed"),
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
            help=N_("The name of the seat offering. It must be unique in your school."),
        ),
        replace(members.COURSES, required=True),
        replace(_SEATS, required=True),
        *_ABOUT,
    ),
    effect=Creates("seat", by="title", people=("managers",), back="seat"),
    done=N_("seat offering {title} created"),
    so=N_("seat offering {title} already exists"),
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
        members.changed(SEAT, N_("The current title of the seat offering, or its ID.")),
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
        "Updates the values that differ from your sheet. Blank cells change nothing. Courses, managers, and "
        "tags are replaced by the ones in your sheet."
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
    so=N_("seat offering {seat} doesn't exist"),
    repeat=SAFE,
    risk=TAKES,
    gone=True,
    no_undo=N_("LearnWorlds can't restore a deleted seat offering. Create it again and assign its seats."),
    doc=N_(
        "Deletes seat offerings, even if users have seats in them. Requires a newer version of LearnWorlds."
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
        ids_of("course", "products.courses", N_("Course IDs"), N_("Courses")),
        Out("tags", N_("Tags"), LIST),
        Out("seat_managers.email", N_("Seat managers"), LIST),
        Out("access", N_("Access")),
        Out("created", N_("Created"), DATETIME),
        Out("modified", N_("Modified"), DATETIME),
        Out("id", N_("ID"), ID),
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
        id_of("seat", "of.seat.id", N_("Seat offering ID"), N_("Seat offering"), shown="of.seat.title"),
        *MEMBER,
    ),
    doc=N_("The users in each seat offering."),
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
        *days("got_seat_on", N_("Assigned from"), N_("Assigned until")),
    ),
    narrows=NARROW_USERS,
    columns=(
        *OF_USER,
        id_of("seat", "id", N_("Seat offering ID"), N_("Seat offering"), shown="title"),
        Out("active", N_("Active seat"), YES_NO),
        Out("got_seat_on", N_("Assigned on"), DATETIME),
    ),
    doc=N_(
        "Each user's seats, and whether they're active. Can take a while with many users, so choose the ones you need."
    ),
)

LISTINGS = (OFFERINGS,)
MEMBERSHIPS = (SEATS,)
OPERATIONS = (ASSIGN, REMOVE, CREATE, UPDATE, DELETE)
EXPORTS = (EXPORT, SEAT_USERS, USER_SEATS)
