"""Seat offerings: giving and taking seats; the list of offerings."""

from lwdesk.base.text import N_
from lwdesk.catalog.joins import Joins
from lwdesk.catalog.kinds import Reference, Several, YesNo
from lwdesk.catalog.model import (
    DATETIME,
    LIST,
    LOOK,
    NUMBER,
    SAFE,
    TAKES,
    YES_NO,
    Column,
    Export,
    Listing,
    Membership,
    Operation,
    Out,
    Parents,
    Walk,
)
from lwdesk.catalog.users import EACH_USER, NARROW_USERS, USER, WHO

FAMILY = N_("Seats")

OFFERINGS = Listing(
    "seat",
    N_("seat offering"),
    walk="GET seats",
    size=20,
    keep=("id", "title", "number_of_seats", "available_seats", "max_number_of_users"),
)
SEATS = Membership(
    "seats",
    ask="GET users/{key}/seats",
    walks={"seat": Walk("GET seats/{item}/users")},
    attributes=("active",),
    room="available_seats",
    total="number_of_seats",
)

SEAT = Column(
    "seat",
    N_("Seat offering"),
    Reference(("seat",)),
    at="path",
    required=True,
    each=True,
    example="Sales 2026",
    synonyms=("seats", "seat offerings", "multiple seats", "license", "licence", "seat id", "plaza", "θεση"),
    help=N_("The seat offering, by title or id; several apart by a semicolon."),
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
            synonyms=("take a seat", "has seat"),
            help=N_("Yes: the person takes a seat now. No: only becomes a member of the offering."),
        ),
    ),
    effect=Joins("seats", item="seat", flag="active_seat", attribute="active", back="leave_offering"),
    done=N_("given a seat in {seat}"),
    so=N_("already has a seat in {seat}"),
    repeat=LOOK,
    undo="remove-seat",
    already=("already",),
    doc=N_("Makes people members of a seat offering and gives them a seat, as long as seats are free."),
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
            synonyms=("remove from offering", "remove from seat offering"),
            help=N_("No: only the seat is freed. Yes: the person also leaves the offering."),
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
    doc=N_("Frees people's seats. Whether their enrollments stay is the school's decision."),
)

EXPORT = Export(
    id="seat-offerings",
    title=N_("Seat offerings"),
    family=FAMILY,
    call="GET seats",
    size=20,
    columns=(
        Out("id", N_("Id")),
        Out("title", N_("Title")),
        Out("description", N_("Description")),
        Out("number_of_seats", N_("Seats"), NUMBER),
        Out("available_seats", N_("Free seats"), NUMBER),
        Out("max_number_of_users", N_("Most users"), NUMBER),
        Out("total_enrollments", N_("Enrollments"), NUMBER),
        Out("products.courses", N_("Courses"), LIST),
        Out("tags", N_("Tags"), LIST),
        Out("seat_managers.email", N_("Seat managers"), LIST),
        Out("access", N_("Access")),
        Out("created", N_("Created"), DATETIME),
        Out("modified", N_("Modified"), DATETIME),
    ),
    doc=N_("Every seat offering with its seats, free seats, courses and managers."),
)

SEAT_USERS = Export(
    id="seat-users",
    title=N_("Users of seat offerings"),
    family=FAMILY,
    call="GET seats/{seat}/users",
    per=(Parents("seat", "GET seats"),),
    filters=(Column("seat", N_("Seat offerings"), Several(Reference(("seat",)))),),
    columns=(
        Out("of.seat.title", N_("Seat offering")),
        Out("email", N_("Email")),
        Out("username", N_("Username")),
        Out("tags", N_("Tags"), LIST),
        Out("created", N_("Registered"), DATETIME),
        Out("id", N_("User id")),
        Out("of.seat.id", N_("Seat offering id")),
    ),
    doc=N_("Who is in which seat offering; one request for 20 members of each."),
)

USER_SEATS = Export(
    id="user-seats",
    title=N_("Seats of users"),
    family=FAMILY,
    call="GET users/{user}/seats",
    per=(EACH_USER,),
    filters=(WHO,),
    narrows=NARROW_USERS,
    columns=(
        Out("of.user.title", N_("Email")),
        Out("of.user.username", N_("Username")),
        Out("title", N_("Seat offering")),
        Out("active", N_("Active seat"), YES_NO),
        Out("got_seat_on", N_("Got the seat"), DATETIME),
        Out("id", N_("Seat offering id")),
        Out("of.user.id", N_("User id")),
    ),
    doc=N_("Seats of each user, and whether they are taken now; one request for each user, so choose them."),
)

LISTINGS = (OFFERINGS,)
MEMBERSHIPS = (SEATS,)
OPERATIONS = (ASSIGN, REMOVE)
EXPORTS = (EXPORT, SEAT_USERS, USER_SEATS)
