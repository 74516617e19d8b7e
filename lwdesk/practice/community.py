"""Community: collections, spaces and their members, posts."""

from typing import Any

from lwdesk.practice.model import User
from lwdesk.practice.refusals import missing, refuse
from lwdesk.practice.schema import Choice, Flag, Many, Record, Text
from lwdesk.practice.school import School
from lwdesk.practice.wire import Call, Newest, Page, Route, csv

_OLD = ("hidden_from_community", "is_invitation_required", "is_members_allowed_to_view_members")
_NEW = tuple(
    f"is_members_allowed_to_{what}"
    for what in "post poll comment upvote like share sort_posts upload_files upload_images upload_videos"
    " mention_members".split()
)
_SPACE = {
    "title": Text(filled=True),
    "description": Text(null=True),
    "collectionId": Text(null=True),
    **dict.fromkeys((*_OLD, *_NEW), Flag()),
    "default_post_sorting": Choice(("newest", "oldest", "newest_activity")),
}
_ACCESS = ("public", "private", "standalone")
_CREATE = Record({**_SPACE, "access": Choice(_ACCESS)}, required=("title", "access"))
_UPDATE = Record({**_SPACE, "access": Choice(("public", "private"))})
_UIDS = Record({"uids": Many(Text())}, required=("uids",))


def new_space(school: School, title: str, access: str, owner: User, created: float) -> dict[str, Any]:
    """A space with the service's defaults and no members."""
    id = school.new_id(created)
    school.spaces[id] = {
        "id": id,
        "title": title,
        "description": "",
        "access": access,
        "owner": owner.id,
        "usages": [],
        "collectionId": None,
        "members": {},
        **dict.fromkeys(_OLD, False),
        "is_members_allowed_to_view_members": True,
        **dict.fromkeys(_NEW, True),
        "default_post_sorting": "newest",
    }
    return school.spaces[id]


def _person(school: School, id: str) -> dict[str, str]:
    return {"id": id, "username": school.by_id[id].username}


def _collections(call: Call) -> Any:
    spaces = call.school.spaces.values()
    rows = call.school.collections.values()
    return {"data": [row | {"space_ids": _spaces_in(spaces, row["id"])} for row in rows]}


def _spaces_in(spaces: Any, collection: str) -> list[str]:
    return [space["id"] for space in spaces if space["collectionId"] == collection]


def _list(call: Call) -> Any:
    query, usages = call.query, csv(call.query.get("usages", ""))
    return [
        space
        for space in call.school.spaces.values()
        if query.get("access") in (None, space["access"])
        and query.get("collectionId") in (None, space["collectionId"])
        and (not usages or usages & {use["courseId"] for use in space["usages"]})
    ]


def _show(call: Call, space: dict[str, Any]) -> dict[str, Any]:
    hidden = ("members", "collectionId", *(_NEW if call.switches.dialect == "2025" else ()))
    record = {key: value for key, value in space.items() if key not in hidden}
    if space["collectionId"]:
        record["collectionId"] = space["collectionId"]
    if call.switches.dialect == "2025":
        del record["default_post_sorting"]
    return record | {"owner": _person(call.school, space["owner"])}


def _need_collection(call: Call, access: str, id: str | None) -> None:
    if (access == "standalone") == bool(id):
        raise refuse(422, "A collectionId is required for public and private spaces, and only for them.")
    if id and id not in call.school.collections:
        raise refuse(422, "The collection does not exist.")


def _write(call: Call, space: dict[str, Any]) -> None:
    newer = (*_NEW, "default_post_sorting") if call.switches.dialect != "2025" else ()
    allowed = ("title", "description", *_OLD, *newer)
    space |= {key: call.body[key] for key in allowed if key in call.body}


def _create(call: Call) -> Any:
    body, school = call.body, call.school
    _need_collection(call, body["access"], body.get("collectionId"))
    space = new_space(school, body["title"], body["access"], school.users[0], school.now())
    space["collectionId"] = body.get("collectionId")
    _write(call, space)
    return _show(call, space)


def _update(call: Call, space: dict[str, Any]) -> Any:
    if call.switches.dialect != "2025" and call.body.keys() & {"access", "collectionId"}:
        access = call.body.get("access", space["access"])
        collection = call.body.get("collectionId", space["collectionId"])
        if (access == "standalone") != (space["access"] == "standalone"):
            raise refuse(422, "A space cannot change from or to standalone.")
        _need_collection(call, access, collection)
        space |= {"access": access, "collectionId": collection}
    _write(call, space)
    return _show(call, space)


def _delete(call: Call, space: dict[str, Any]) -> None:
    del call.school.spaces[space["id"]]


def _members(call: Call, space: dict[str, Any]) -> Any:
    return [{**_person(call.school, id), "status": status} for id, status in space["members"].items()]


def _add(call: Call, space: dict[str, Any]) -> Any:
    """Adds or invites; who is in already or unknown is left out of the answer."""
    school, invites = call.school, space["is_invitation_required"]
    unknown = [uid for uid in call.body["uids"] if school.find_user(uid) is None]
    if unknown and call.switches.unknown_uids_refused:
        raise refuse(422, f"The user {unknown[0]} does not exist.")
    status, added = "invited" if invites else "joined", []
    for user in filter(None, map(school.find_user, dict.fromkeys(call.body["uids"]))):
        if space["members"].get(user.id) not in ("joined", "invited"):
            space["members"][user.id] = status
            added.append({**_person(school, user.id), "status": status})
            school.mail(invites, "space invitation", user, space_id=space["id"])
    one = added[0] if added else None
    forms: dict[str, dict[str, Any]] = {
        "users": {"users": added},
        "user": {"user": added},
        "one user": {"user": one},
    }
    named = (forms | {"both": {"user": added, "users": one}})[call.switches.added_users]
    return {"data": {"invitation": invites, **named}}


def _remove(call: Call, space: dict[str, Any], user: User) -> None:
    if space["members"].get(user.id) not in ("joined", "invited"):
        raise missing()
    space["members"][user.id] = "deleted"


def _posts(call: Call) -> Any:
    query, school = call.query, call.school
    rows = list(school.posts.values())
    if "user_id" in query:
        user = school.find_user(query["user_id"])
        rows = [row for row in rows if user and row["user"] == user.id]
    for name, kind in (("space_id", "space"), ("course_id", "course")):
        if name in query:
            rows = [row for row in rows if row["posted_in"] == {"type": kind, "id": query[name]}]
    if "mentions" in query:
        rows = [row for row in rows if query["mentions"] in row["mentions"]]
    return Newest(rows)


def _post(call: Call, row: dict[str, Any]) -> dict[str, Any]:
    people = {key: [_person(call.school, id) for id in row[key]] for key in ("mentions", "likes", "upvotes")}
    return row | {"user": _person(call.school, row["user"]), **people}


ROUTES = (
    Route("GET community/collections", _collections),
    Route(
        "GET community/spaces",
        _list,
        query={"access": Choice(_ACCESS)},
        page=Page(20, sized=True),
        show=_show,
    ),
    Route("POST community/spaces", _create, body=_CREATE, status=201),
    Route("GET community/spaces/{space}", _show),
    Route("PUT community/spaces/{space}", _update, body=_UPDATE),
    Route("DELETE community/spaces/{space}", _delete, status=204),
    Route("GET community/spaces/{space}/users", _members, page=Page(10, sized=True)),
    Route("POST community/spaces/{space}/users", _add, body=_UIDS),
    Route("DELETE community/spaces/{space}/users/{member}", _remove),
    Route("GET community/posts", _posts, page=Page(10, sized=True), show=_post),
    Route("GET community/posts/{post}", _post),
)
