"""Lists in every shape, walked to their end and not further."""

from urllib.parse import parse_qs, urlsplit

import pytest

from lwdesk.api.build import Request
from lwdesk.api.pages import REREADS, Page, page, rows_of, walk
from lwdesk.base.errors import ApiError, Bug
from tests.api.school import reply

USERS = Request("GET", "users", {"role": "user"})


class Listing:
    """A list of a school: so many rows a page, its last page again beyond the end."""

    def __init__(self, rows, size=20, meta=True, beyond="last", named=True):
        self.rows, self.size, self.meta, self.beyond, self.named = rows, size, meta, beyond, named
        self.asked = []

    def __call__(self, handler):
        query = parse_qs(urlsplit(handler.path).query)
        number, size = int(query.get("page", ["1"])[0]), int(query.get("items_per_page", [self.size])[0])
        self.asked.append(number)
        pages = max(-(-len(self.rows) // size), 1)
        if number > pages and self.beyond == "last":
            number = pages
        rows = self.rows[(number - 1) * size : number * size]
        meta = {"page": float(number), "totalItems": float(len(self.rows)), "totalPages": float(pages)}
        body = {"data": rows} if self.named else rows
        reply(200, body | {"meta": meta} if self.meta else body)(handler)


@pytest.fixture
def listing(school):
    def make(*args, **options):
        made = Listing(*args, **options)
        school.script.extend([made] * 50)
        return made

    return make


def rows(n):
    return [{"id": f"u{i}"} for i in range(n)]


@pytest.mark.parametrize(
    ("data", "found"),
    [
        ({"data": [{"id": 1}], "meta": {}}, [{"id": 1}]),
        ([{"id": 1}], [{"id": 1}]),
        ({"data": {"user_groups": [{"id": 1}]}}, [{"id": 1}]),
        ({"data": {"user_groups": None}}, []),
        ({"data": {"id": 1, "tags": []}}, [{"id": 1, "tags": []}]),
        ({"data": {"id": 1}}, [{"id": 1}]),
        ({"id": 1, "title": "t"}, [{"id": 1, "title": "t"}]),
        ({"usage": {"code": "c"}, "payments": [{"id": 1}], "meta": {}}, [{"id": 1}]),
        ({"usage": {"code": "c"}, "payments": [], "meta": {}}, []),
        (None, []),
        ([], []),
        ({}, []),
        ({"data": None}, []),
        ({"data": {}}, []),
        ({"data": []}, []),
    ],
)
def test_rows_are_found_in_every_shape(data, found):
    assert rows_of(data) == found


def test_a_page_asks_for_its_number_and_size(school, connect):
    meta = {"page": 2.0, "totalItems": 41.0, "totalPages": 3.0, "itemsPerPage": 20.0}
    school.script.append(reply(200, {"data": [{"id": 1}], "meta": meta}))
    assert page(connect(), USERS, 2, 200) == Page(2, [{"id": 1}], 41, 3)
    assert school.calls[0].target.endswith("/users?role=user&page=2&items_per_page=200")


@pytest.mark.parametrize("size", [0, -1, 201])
def test_no_page_asks_for_more_than_there_can_be(connect, size):
    with pytest.raises(Bug):
        page(connect(), USERS, 1, size)


@pytest.mark.parametrize(
    "asked",
    [Request("GET", "user_groups/7/users"), Request("GET", "certificates", (("course_id", "c"),))],
    ids=str,
)
def test_a_404_for_a_list_of_what_one_thing_has_is_an_empty_list(asked, school, connect):
    school.script.append(reply(404, {"error": "Users not found"}))
    assert page(connect(), asked) == Page(1, [], 0, 0)


@pytest.mark.parametrize("path", ["users", "users/by-segment", "certificates", "community/spaces", "seats"])
def test_a_404_for_a_list_of_the_school_is_an_error(path, school, connect):
    school.script.append(reply(404, {"error": "Not found"}))
    with pytest.raises(ApiError):
        page(connect(), Request("GET", path))


def test_rows_that_are_no_records_are_dropped(school, connect):
    school.script.append(reply(200, {"data": [{"id": 1}, None, "text", 7], "meta": {"totalPages": 1}}))
    assert page(connect(), USERS).rows == [{"id": 1}]


def test_a_bare_list_that_does_not_heed_the_size_is_read_to_its_end(school, connect):
    found = rows(45)
    school.script += [reply(200, found[:20]), reply(200, found[20:40]), reply(200, found[40:])]
    assert [row for one in walk(connect(), USERS, 200) for row in one.rows] == found


def test_a_404_behind_a_full_page_of_a_bare_list_is_its_end(school, connect):
    school.script += [reply(200, rows(20)), reply(404, {"error": "Not found"})]
    assert sum(len(one.rows) for one in walk(connect(), USERS)) == 20


def test_the_pages_of_a_list_count_though_its_page_size_is_stated_wrong(school, connect):
    meta = {"totalItems": 25, "totalPages": 3, "itemsPerPage": 20}
    found = rows(25)
    school.script += [reply(200, {"data": found[n : n + 10], "meta": meta}) for n in (0, 10, 20)]
    assert sum(len(one.rows) for one in walk(connect(), USERS)) == 25


def test_a_list_that_claims_a_billion_pages_ends_where_pages_repeat(school, connect):
    meta = {"totalPages": 1e9, "totalItems": 2e10}
    school.script += [reply(200, {"data": rows(20), "meta": meta})] * 2
    assert sum(len(one.rows) for one in walk(connect(), USERS)) == 20


def test_a_404_within_a_list_is_not_its_end(school, connect):
    meta = {"totalPages": 3}
    school.script += [reply(200, {"data": rows(20), "meta": meta}), reply(404)]
    walking = walk(connect(), USERS)
    assert len(next(walking).rows) == 20
    with pytest.raises(ApiError):
        next(walking)


@pytest.mark.parametrize("n", [0, 1, 19, 20, 21, 40, 60, 61])
@pytest.mark.parametrize("beyond", ["last", "empty"])
@pytest.mark.parametrize(("meta", "named"), [(True, True), (False, True), (False, False)])
def test_a_walk_brings_every_row_once(listing, connect, n, beyond, meta, named):
    made = listing(rows(n), meta=meta, beyond=beyond, named=named)
    found = [row for one in walk(connect(), USERS) for row in one.rows]
    assert found == rows(n)
    pages = max(-(-n // 20), 1)
    assert len(made.asked) <= (pages if meta else pages + 1)


def test_rows_without_an_id_end_too(listing, connect):
    same = [{"course_id": f"c{i}"} for i in range(40)]
    made = listing(same, meta=False)
    assert [row for one in walk(connect(), USERS) for row in one.rows] == same
    assert made.asked == [1, 2, 3]


def test_equal_rows_without_an_id_are_all_kept(listing, connect):
    listing([{"event": "login"}] * 45)
    assert sum(len(one.rows) for one in walk(connect(), USERS)) == 45


def test_a_list_that_moves_while_it_is_read_brings_each_row_once(school, connect):
    def at(number, first):
        meta = {"totalPages": 3, "totalItems": 60}
        return reply(200, {"data": [{"id": i} for i in range(first, first + 20)], "meta": meta})

    school.script += [
        at(1, 0),
        at(2, 0),
        at(3, 20),
    ]  # 20 new ones at the top in between: page 2 is page 1 again
    found = list(walk(connect(), USERS))
    assert [row["id"] for one in found for row in one.rows] == list(range(40))
    assert len(school.calls) == 3


@pytest.mark.parametrize("gone", [1, 3])
def test_a_row_that_moves_to_a_page_that_was_read_is_brought_all_the_same(gone, school, connect):
    table = Listing(rows(50))

    def shrink(handler):
        del table.rows[:gone]
        table(handler)

    school.script.extend([table, shrink, *[table] * 10])
    found = [row["id"] for one in walk(connect(), USERS) for row in one.rows]
    assert sorted(found) == sorted(row["id"] for row in rows(50)) and table.asked == [1, 2, 1, 3]


def test_a_list_that_gets_shorter_all_the_time_is_not_walked_endlessly(school, connect):
    table = Listing(rows(400))

    def shrink(handler):
        del table.rows[0]
        table(handler)

    school.script.extend([shrink] * 100)
    assert list(walk(connect(), USERS)) and len(table.asked) <= 20 + REREADS


def test_a_walk_can_begin_later_and_use_another_key(listing, connect):
    listing([{"code": f"c{i % 30}"} for i in range(60)])
    found = list(walk(connect(), USERS, key="code", start=2))
    assert [one.number for one in found] == [2, 3]
    assert sum(len(one.rows) for one in found) == 30


def test_a_walk_fetches_no_page_before_it_is_wanted(listing, connect):
    made = listing(rows(60))
    walking = walk(connect(), USERS)
    next(walking)
    assert made.asked == [1]
