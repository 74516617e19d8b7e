"""Answers that are not a success, in LearnWorlds' shapes."""

from collections.abc import Sequence
from typing import Any

from lwdesk.practice.switches import Switches

MISSING = "Sorry the resource your trying to access does not exist."  # LearnWorlds' own words, its slip too


class Refusal(Exception):
    """An answer that is not a success: status and body (None: empty)."""

    def __init__(self, status: int, body: Any, headers: dict[str, str] | None = None):
        super().__init__(status, body)
        self.status, self.body, self.headers = status, body, headers or {}


def refuse(status: int, text: str, **headers: str) -> Refusal:
    """The most frequent error shape: {"error": text}."""
    return Refusal(
        status, {"error": text}, {name.replace("_", "-"): value for name, value in headers.items()}
    )


def missing() -> Refusal:
    return refuse(404, MISSING)


def denied(code: int | str, context: str | None, message: str) -> Refusal:
    """The shape of authentication errors: {"errors":[{code, context, message}],"success":false}."""
    error = {"code": code, "context": context, "message": message}
    return Refusal(int(code), {"errors": [error], "success": False})


def invalid(problems: Sequence[tuple[str, str]], switches: Switches) -> Refusal:
    """422 in the shape that the school uses."""
    message = problems[0][1]
    if switches.validation_shape == "B":
        return refuse(422, message)
    fields: dict[str, list[dict[str, str]]] = {}
    for name, text in problems:
        fields.setdefault(name, []).append({"0": text})
    body = {"statusCode": 422, "error": "Unprocessable Entity", "message": message, "errors": fields}
    return Refusal(422, body)
