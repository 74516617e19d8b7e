"""The wire: order of checks, error shapes, numbers, pages, odd paths and bodies."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lwdesk.practice.refusals import MISSING, Refusal
from lwdesk.practice.switches import Switches
from lwdesk.practice.wire import Newest, Page, plain


def test_client_then_token_then_rate_then_path(practice, client):
    practice.switches.limit = True
    good = dict(client.head)
    client.head = {"Lw-Client": "wrong"}
    answer = client("GET nowhere")
    assert answer.status_code == 400
    assert answer.json()["errors"] == [
        {"code": 400, "context": "client_id", "message": "Missing client_id or client cannot be found."}
    ]
    client.head = good | {"Authorization": "Bearer wrong"}
    answer = client("GET nowhere")
    assert answer.status_code == 401
    assert answer.json() == {
        "errors": [{"code": "401", "context": None, "message": "Invalid object ID"}],
        "success": False,
    }
    client.head = good
    assert client("GET nowhere").json() == {"error": MISSING}
    for _ in range(29):
        client("GET nowhere")
    assert client("GET nowhere").status_code == 429


def test_things_are_looked_for_before_the_body_is(client):
    assert client("PUT users/nobody/tags", {}).status_code == 404
    assert client("POST affiliates/nobody", {"commission_percentage": "x"}).status_code == 404


def test_a_method_that_a_path_does_not_have(client):
    assert client("DELETE courses").status_code == 405


def test_both_shapes_of_a_refused_body(practice, client):
    body = {"email": "no address", "username": " "}
    assert client("POST users", body).json() == {"error": "The email field must be a valid email address."}
    practice.switches.validation_shape = "C2"
    answer = client("POST users", body)
    assert answer.status_code == answer.json()["statusCode"] == 422
    assert answer.json()["errors"].keys() == {"email", "username"}


def test_a_body_that_is_no_json_or_does_not_say_so(client):
    url = client.base + "/v2/users"
    head = {**client.head, "Content-Type": "application/json"}
    assert client.http.post(url, data=b"{", headers=head).status_code == 400
    body = json.dumps({"email": "a@example.org", "username": "a"})
    assert client.http.post(url, data=body, headers=client.head).status_code == 422


def test_no_body_where_none_is_due(client, learner):
    client.enroll(learner.id, "gdpr")
    answer = client(f"DELETE users/{learner.id}/enrollment", {"productId": "gdpr", "productType": "course"})
    assert (answer.status_code, answer.content) == (204, b"")
    assert "content-type" not in answer.headers


def test_paths_are_decoded_part_by_part(client, practice):
    promotion = client("POST promotions", {"name": "p"}).json()["id"]
    assert client(f"POST promotions/{promotion}/coupons", {"code": "50%/OFF"}).status_code == 200
    answer = client(f"GET promotions/{promotion}/coupons/50%25%2FOFF/usage")
    assert answer.json()["usage"]["code"] == "50%/OFF"
    client.create("a+b@example.org")
    assert client("GET users/A%2Bb%40Example.org").json()["email"] == "a+b@example.org"


@given(st.recursive(st.floats(allow_nan=False, allow_infinity=False) | st.text(), st.lists, max_leaves=9))
def test_numbers_keep_their_value_and_lose_a_zero_fraction(value):
    result = plain(value)
    assert result == value
    assert not any(isinstance(x, float) and x.is_integer() for x in flat(result))


def flat(value):
    return [y for x in value for y in flat(x)] if isinstance(value, list) else [value]


@given(st.integers(0, 700), st.integers(1, 200))
def test_pages_hold_each_row_once_newest_first(total, size):
    rows, seen, page = Newest(range(total)), [], Page(20, sized=True)
    pages = 1
    for n in range(1, 1000):
        cut, meta = page.cut(rows, {"page": str(n), "items_per_page": str(size)}, Switches())
        assert meta["totalItems"] == total
        seen += cut
        pages = meta["totalPages"]
        if n >= pages:
            break
    assert seen == list(range(total))[::-1]
    assert pages == -(-total // size)


def test_a_page_beyond_the_last_is_the_last_again_but_for_three_lists():
    rows = list(range(25))
    assert list(Page(20).cut(rows, {"page": "9"}, Switches())[0]) == rows[20:]
    assert Page(20).cut(rows, {"page": "9"}, Switches())[1]["page"] == 2
    assert Page(20, beyond_empty=True).cut(rows, {"page": "9"}, Switches())[0] == []


@pytest.mark.parametrize("odd", ["0", "-3", "x", ""])
def test_odd_page_numbers_mean_the_first(odd):
    assert Page(20).cut(range(50), {"page": odd}, Switches())[1]["page"] == 1
    assert len(Page(20, sized=True).cut(range(50), {"items_per_page": odd}, Switches())[0]) == 20


def test_sizes_count_only_where_documented_and_up_to_200():
    rows, query = list(range(500)), {"items_per_page": "500"}
    assert len(Page(20, sized=True).cut(rows, query, Switches())[0]) == 200
    assert len(Page(50).cut(rows, query, Switches())[0]) == 50
    with pytest.raises(Refusal):
        Page(20, sized=True).cut(rows, query, Switches(oversize_refused=True))


def test_what_an_empty_list_is():
    empty = {"page": 1, "totalItems": 0, "totalPages": 0, "itemsPerPage": 20}
    assert Page(20).cut([], {}, Switches()) == ([], empty)
    assert Page(20, empty=404).cut([], {}, Switches(empty_lists="200")) == ([], empty)
    for page, switches in ((Page(20, empty=404), Switches()), (Page(20), Switches(empty_lists="404"))):
        with pytest.raises(Refusal) as refused:
            page.cut([], {}, switches)
        assert refused.value.status == 404


def test_live_lists_that_say_404_for_nothing(client, learner):
    assert client(f"GET users/{learner.id}/courses").status_code == 404
    assert client(f"GET users/{learner.id}/progress").status_code == 404
    assert client("GET courses/draft-course/users").status_code == 404
    assert client("GET certificates", course_id="draft-course").status_code == 404
    assert client("GET courses/draft-course/grades").json()["data"] == []
    assert client(f"GET users/{learner.id}/products").json() == {"data": []}


def test_query_values_are_checked(client):
    assert client("GET users", registration_after="yesterday").status_code == 422
    assert client("GET users", role="king").status_code == 422
    assert client("GET users/by-product", product_id="gdpr").status_code == 422
    assert client("GET users", nonsense="1").json()["meta"] == client("GET users").json()["meta"]
