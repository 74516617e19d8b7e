"""Every kind of error arrives as it was in another process: the helper sends them to the window."""

import importlib
import pickle
import pkgutil

import pytest

import lwdesk
from lwdesk.base.errors import ApiError, AppError, SecretNeeded, Unavailable


def kinds():
    """All classes of errors, wherever they are."""
    for module in pkgutil.walk_packages(lwdesk.__path__, "lwdesk."):
        if not module.name.startswith(
            ("lwdesk.ui", "lwdesk.__main__", "lwdesk.practice", "lwdesk.documents")
        ):
            importlib.import_module(module.name)
    found, waiting = [], [AppError]
    while waiting:
        found.append(waiting.pop())
        waiting += found[-1].__subclasses__()
    return sorted(found, key=lambda kind: kind.__name__)


@pytest.mark.parametrize("kind", kinds(), ids=lambda kind: kind.__name__)
def test_an_error_arrives_as_it_was(kind):
    error = kind.__new__(kind, "Title", "Message", "Hint")
    AppError.__init__(error, "Title", "Message", "Hint")
    error.more = ["fact"]
    there = pickle.loads(pickle.dumps(error.at("path")))
    assert type(there) is kind and str(there) == "Title. Message. Hint."
    assert (there.field, there.more, there.args) == ("path", ["fact"], error.args)


@pytest.mark.parametrize(
    ("error", "name", "fact"),
    [
        (SecretNeeded("No secret", school="Riverside"), "school", "Riverside"),
        (Unavailable("No answer", sent=True), "sent", True),
        (ApiError("Refused", status=422, words="no"), "words", "no"),
    ],
)
def test_what_an_error_tells_beside_its_words_arrives(error, name, fact):
    there = pickle.loads(pickle.dumps(error))
    assert getattr(there, name) == fact and there.title == error.title
