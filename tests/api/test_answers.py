"""Every shape of refusal, in words a person can use."""

import json

import pytest

from lwdesk.api import answers
from lwdesk.api.build import Request
from lwdesk.base.errors import ApiError
from tests.api.school import html, reply

SHAPES = {
    "A1": (
        {"errors": [{"code": "400", "context": "access_denied", "message": "Denied."}], "success": False},
        "Denied.",
    ),
    "A1'": (
        {"errors": [{"code": "401", "context": None, "message": "Invalid object ID"}]},
        "Invalid object ID",
    ),
    "A2": (
        {"errors": [{"code": 400, "context": "client_id", "message": "Missing client_id"}]},
        "Missing client_id",
    ),
    "A3": (
        {"errors": [{"code": 404, "message": "one"}, {"message": "two"}, {"message": "one"}]},
        "one · two",
    ),
    "A of texts": ({"errors": ["one", "two"]}, "one · two"),
    "B": ({"error": "Too   many\nrequests"}, "Too many requests"),
    "C": ({"statusCode": 404, "error": "Not Found"}, "Not Found"),
    "C2": (
        {
            "statusCode": 422,
            "error": "",
            "message": "Invalid",
            "errors": {"email": [{"0": "taken"}], "tags": ["bad"]},
        },
        "Invalid · email: taken · tags: bad",
    ),
    "fields only": ({"errors": {"email": [{"0": "is required"}]}}, "email: is required"),
    "empty list of errors": ({"errors": [], "message": "Sorry"}, "Sorry"),
    "D": (
        "<html><head><style>b{}</style></head><body><h1>Bad &amp; gateway</h1>\n<script>x</script></body>",
        "Bad & gateway",
    ),
    "plain text": ("nope", "nope"),
    "nothing": ("", ""),
    "odd JSON": ([1], "[1]"),
    "odd entries": ({"errors": [None, 7, {"message": None}], "error": None, "message": 3, "why": "x"}, None),
}


@pytest.mark.parametrize(("body", "answer"), SHAPES.values(), ids=SHAPES)
def test_the_schools_words_are_found_in_every_shape(body, answer):
    content = body.encode() if isinstance(body, str) else json.dumps(body).encode()
    found = answers.words(content)
    assert found == answer if answer is not None else "why" in found


def test_long_words_are_cut():
    found = answers.words(b"<p>" + b"word " * 1000)
    assert len(found) <= 200 and found.endswith("word…")


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"{", b"null", b'"text"', b"<" * 300])
def test_no_body_breaks_the_reader(content):
    assert isinstance(answers.words(content), str) and answers.contexts(content) == set()


@pytest.mark.parametrize("status", [400, 401, 402, 403, 404, 405, 409, 410, 413, 418, 422, 451])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_refusal_says_what_the_school_said_and_what_to_do(school, connect, status, method):
    school.script += [reply(status, {"error": "The school's words"})] * 2
    with pytest.raises(ApiError) as caught:
        connect().send(Request(method, "users"))
    error = caught.value
    assert (error.status, error.words, error.message) == (status, "The school's words", "The school's words")
    assert error.title and error.hint and len(school.calls) == (2 if status == 401 else 1)


@pytest.mark.parametrize(
    ("status", "context", "title"),
    [
        (400, "client_id", "doesn't know this client ID"),
        (400, "access_denied", "denied access"),
        (400, None, "refused this"),
        (403, None, "doesn't allow this"),
        (404, None, "couldn't find this item"),
        (422, None, "doesn't accept these values"),
    ],
)
def test_titles_tell_refusals_apart(school, connect, status, context, title):
    school.script.append(reply(status, {"errors": [{"context": context, "message": "m"}], "success": False}))
    with pytest.raises(ApiError, match=title):
        connect().send(Request("PUT", "users/u1"))


def test_a_refusal_in_html_is_cut_to_its_text(school, connect):
    school.script.append(html(403))
    with pytest.raises(ApiError) as caught:
        connect().send(Request("GET", "users"))
    assert caught.value.words == "Bad gateway"


@pytest.mark.parametrize("status", [400, 409, 413, 422])
def test_a_question_that_is_refused_has_no_row_to_correct(status):
    def hint(method):
        with pytest.raises(ApiError) as caught:
            answers.read(method, "https://school.example/x", status, "", b'{"error": "no"}', 0.1)
        return caught.value.hint

    assert "row" in hint("POST")
    assert "row" not in hint("GET") and hint("GET")
