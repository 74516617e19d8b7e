"""A practice school per test, and a plain client that speaks to it."""

from urllib.parse import quote

import pytest
import requests

from lwdesk.practice.server import Practice


class Clock:
    """Monotonic seconds that pass only when a test says so."""

    def __init__(self):
        self.seconds = 1000.0

    def __call__(self):
        return self.seconds


class Client:
    """Calls operations as "METHOD path"; the answer is the library's own."""

    def __init__(self, practice):
        self.practice, self.http = practice, requests.Session()
        self.http.trust_env = False
        self.base = practice.url + "/admin/api"
        self.head = {"Lw-Client": practice.client_id}
        answer = self.token("client_credentials")
        self.head["Authorization"] = "Bearer " + answer.json()["tokenData"]["access_token"]

    def token(self, grant, **more):
        body = {"client_id": self.practice.client_id, "client_secret": self.practice.client_secret}
        body |= {"grant_type": grant, **more}
        return self.http.post(self.base + "/oauth2/access_token", json=body, headers=self.head)

    def __call__(self, operation, body=None, **query):
        method, path = operation.split(" ", 1)
        url = f"{self.base}/v2/{path}"
        return self.http.request(
            method, url, params=query, json=body, headers=self.head, allow_redirects=False, timeout=20
        )

    def enroll(self, user, product, kind="course", **more):
        body = {"productId": product, "productType": kind, "price": 0, **more}
        return self(f"POST users/{quote(user)}/enrollment", body)

    def create(self, email="new.user@example.org", **more):
        return self("POST users", {"email": email, "username": "New User", **more})


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def practice(clock):
    with Practice(users=100, limit=False, clock=clock) as school:
        yield school


@pytest.fixture
def client(practice):
    made = Client(practice)
    yield made
    made.http.close()


@pytest.fixture
def learner(practice, client):
    """A user who has nothing yet."""
    return practice.school.by_id[client.create("learner@example.org").json()["id"]]
