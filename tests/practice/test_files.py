"""The host of the school's files: signed links that expire, on a port of their own."""

import requests


def get(url):
    return requests.get(url, timeout=10)


def test_links_to_files_are_signed_and_expire(practice, client):
    paid = next(one for one in practice.school.payments if one["invoice"])
    link = client(f"GET payments/{paid['id']}/invoice-link").json()["url"]
    assert (
        link.startswith(f"http://127.0.0.1:{practice.files.port}/") and practice.files.port != practice.port
    )
    answer = get(link)
    assert answer.content.startswith(b"%PDF") and answer.headers["content-type"] == "application/pdf"
    assert get(link + "0").status_code == get(link.partition("?")[0]).status_code == 403
    assert get(link.replace(str(practice.files.port), str(practice.port))).status_code == 404
    practice.switches.link_life = 0
    assert get(client(f"GET payments/{paid['id']}/invoice-link").json()["url"]).status_code == 403
    assert sum(practice.files.served.values()) == 1


def test_short_links_of_certificates_lead_to_a_file_or_a_page(practice):
    kinds = {}
    for id in practice.school.certificates:
        answer = get(f"{practice.school.host}/c/{id[-6:]}")
        kinds[int(id[-1], 16) % 2] = answer.headers["content-type"].partition(";")[0]
    assert kinds == {0: "application/pdf", 1: "text/html"}
    assert get(f"{practice.school.host}/c/nowhere").status_code == 404
