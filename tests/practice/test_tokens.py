"""Tokens: body forms, grants, life."""

import json

import pytest


def bearer(answer):
    return answer.json()["tokenData"]["access_token"]


@pytest.mark.parametrize("form", ["json", "data", "fields"])
def test_three_body_forms(practice, client, form):
    body = {"client_id": practice.client_id, "client_secret": practice.client_secret}
    body["grant_type"] = "client_credentials"
    sent = {"json": {"json": body}, "data": {"data": {"data": json.dumps(body)}}, "fields": {"data": body}}
    answer = client.http.post(client.base + "/oauth2/access_token", headers=client.head, **sent[form])
    assert answer.status_code == 200
    assert (answer.json()["success"], answer.json()["errors"]) == (True, [])
    assert answer.json()["tokenData"].keys() == {"access_token", "token_type", "expires_in"}


def test_a_wrong_secret_and_an_unknown_grant_are_denied(client):
    for answer in (client.token("client_credentials", client_secret="wrong"), client.token("magic")):
        assert answer.status_code == 400
        error = answer.json()["errors"][0]
        assert (error["code"], error["context"]) == ("400", "access_denied")


def test_only_an_owner_gets_a_refresh_token_and_may_use_it_once(practice, client):
    answer = client.token("password", username=practice.owner, password=practice.password)
    refresh = answer.json()["tokenData"]["refresh_token"]
    assert client.token("refresh_token", refresh_token=refresh).status_code == 200
    assert client.token("refresh_token", refresh_token=refresh).status_code == 400
    assert client.token("password", username=practice.owner, password="wrong").status_code == 400


def test_a_token_ends(practice, client, clock):
    practice.switches.token_life = 100
    client.head["Authorization"] = "Bearer " + bearer(client.token("client_credentials"))
    clock.seconds += 99
    assert client("GET courses").status_code == 200
    clock.seconds += 1
    assert client("GET courses").status_code == 401


def test_a_new_token_may_end_the_old_one(practice, client):
    client.token("client_credentials")
    assert client("GET courses").status_code == 200
    practice.switches.one_token = True
    client.token("client_credentials")
    assert client("GET courses").status_code == 401
