"""What the connection test says, and what stands between this computer and a school."""

import datetime
import ipaddress
import socket
import ssl

import pytest

from lwdesk.api.auth import Credentials
from lwdesk.api.build import Request
from lwdesk.api.client import Client
from lwdesk.api.limiter import Limiter
from lwdesk.base.errors import ApiError, Unavailable, UserError
from tests.api.school import TOKEN, html, reply, reset

GET = Request("GET", "users")
POST = Request("POST", "users", (), {})


def client_id(handler):
    reply(400, {"errors": [{"code": 400, "context": "client_id", "message": "Missing client_id"}]})(handler)


def denied(handler):
    reply(400, {"errors": [{"code": "400", "context": "access_denied", "message": "denied"}]})(handler)


@pytest.mark.parametrize(
    ("act", "kind", "title"),
    [
        (client_id, ApiError, "doesn't know this client ID"),
        (denied, ApiError, "doesn't accept the client ID or client secret"),
        (reply(401, {"error": "no"}), ApiError, "doesn't accept the client ID or client secret"),
        (reply(403, {"error": "no"}), ApiError, "doesn't allow this"),
        (reply(404), UserError, "couldn't find a LearnWorlds school"),
        (html(404), UserError, "couldn't find a LearnWorlds school"),
        (html(200), UserError, "couldn't find a LearnWorlds school"),
        (
            reply(302, None, Location="https://hotel.example.org/x"),
            UserError,
            r"hotel\.example\.org answered instead",
        ),
        (reply(500), Unavailable, "having trouble"),
        (reset, Unavailable, "LearnWorlds' answer didn't arrive"),
    ],
)
def test_a_check_tells_what_is_wrong_with_the_token(school, connect, act, kind, title):
    school.tokens.append(act)
    with pytest.raises(kind, match=title) as caught:
        connect().check()
    assert caught.value.hint and len(school.seen) == 1 and connect.slept == []


def test_a_school_that_was_never_reached_is_tried_twice_and_one_that_was_is_waited_for(school, connect):
    client = connect()
    lost = connect(timeout=(0.5, 0.5))
    client.send(GET)
    school.close()
    client.close()  # a connection that is kept open would go on being served
    connect.slept.clear()
    with pytest.raises(Unavailable, match="refuses connections"):
        lost.send(GET)
    assert sum(connect.slept) == pytest.approx(1)
    with pytest.raises(Unavailable, match="refuses connections"):
        client.send(GET)
    assert sum(connect.slept) == pytest.approx(1 + 1 + 2 + 4)


@pytest.mark.parametrize(
    ("act", "kind", "title"),
    [
        (reply(403, {"error": "API is not in your plan"}), ApiError, "doesn't allow this"),
        (reply(404), UserError, "couldn't find a LearnWorlds school"),
        (html(200), UserError, "couldn't find a LearnWorlds school"),
        (client_id, ApiError, "doesn't know this client ID"),
        (reply(503), Unavailable, "having trouble"),
    ],
)
def test_a_check_tells_what_is_wrong_with_the_api(school, connect, act, kind, title):
    school.script.append(act)
    with pytest.raises(kind, match=title):
        connect().check()
    assert len(school.calls) == 1


def test_a_check_is_one_cheap_get(school, connect):
    connect().check()
    assert [one.target for one in school.seen] == [TOKEN, "/admin/api/v2/users?items_per_page=1"]


def test_a_check_says_when_a_pasted_token_has_ended(school, connect):
    school.script.append(reply(401))
    with pytest.raises(ApiError, match="Paste a new one"):
        connect(credentials={"access_token": "old"}).check()


def at(url, **options):
    given = Credentials(url, "id", access_token="t")
    return Client(given, limiter=Limiter(None), sleep=lambda _: None, **options)


def closed_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def failing(url, title, **options):
    """A write that cannot get out: says why, and that it was surely not sent."""
    client = at(url, **options)
    with pytest.raises(Unavailable, match=title) as caught:
        client.send(POST)
    assert caught.value.sent is False and caught.value.hint
    assert client.requests == 0
    client.close()
    return caught.value


def test_a_refused_connection_was_not_sent():
    failing(f"http://127.0.0.1:{closed_port()}", "refuses connections")


@pytest.mark.parametrize(
    ("number", "title"),
    [(socket.EAI_NONAME, "There is no school at"), (socket.EAI_AGAIN, "seems to be offline")],
)
def test_an_unknown_address_was_not_sent(monkeypatch, number, title):
    def look_up(*_, **__):
        raise socket.gaierror(number, "not known")

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    failing("https://no-such.example.org", title)


def test_a_connection_that_is_not_made_in_time_was_not_sent():
    with socket.socket() as full:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        address = full.getsockname()
        others = [socket.socket() for _ in range(4)]
        for one in others:
            one.setblocking(False)
            one.connect_ex(address)
        failing(f"http://127.0.0.1:{address[1]}", "doesn't answer", timeout=(0.1, 5))
        for one in others:
            one.close()


def test_a_handshake_that_stalls_was_not_sent():
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        failing(f"https://127.0.0.1:{silent.getsockname()[1]}", "doesn't answer", timeout=(0.1, 0.1))


def test_https_where_http_is_spoken_was_not_sent(school):
    failing(school.url.replace("http:", "https:"), "No secure connection")
    assert school.seen == []


def test_a_proxy_that_is_not_there_was_not_sent(monkeypatch):
    monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{closed_port()}")
    failing("https://school.example.org", "Can't reach the proxy")


def test_a_proxy_that_refuses_the_tunnel_was_not_sent(monkeypatch, school):
    monkeypatch.setenv("HTTPS_PROXY", school.url)
    failing("https://school.example.org", "proxy")
    assert school.seen == []


def test_a_proxy_carries_the_request_as_it_was_built(monkeypatch, school):
    monkeypatch.setenv("HTTP_PROXY", school.url)
    client = at("http://127.0.0.9:1")
    client.send(Request("GET", "users/a%2Bb%40x.org"))
    assert school.calls[0].target == "http://127.0.0.9:1/admin/api/v2/users/a%2Bb%40x.org"
    client.close()


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """A certificate for 127.0.0.1 that signs itself."""
    x509 = pytest.importorskip("cryptography.x509")
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "school")])
    now = datetime.datetime.now(datetime.UTC)
    built = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False
        )
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "school.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(private + built.public_bytes(serialization.Encoding.PEM))
    return path


@pytest.fixture
def secure(school, certificate):
    """The address of the scripted school, over TLS."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    server = school._server
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    return school.url.replace("http:", "https:")


def test_a_certificate_that_cannot_be_trusted_was_not_sent(school, secure):
    error = failing(secure, "can't verify that .* is really your school")
    assert "REQUESTS_CA_BUNDLE" in error.hint and school.seen == []


def test_a_certificate_of_the_companys_own_is_trusted(school, secure, certificate, monkeypatch):
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificate))
    client = at(secure)
    client.send(POST)
    assert len(school.calls) == 1
    client.close()


def test_a_certificate_file_that_is_missing_is_said_so(monkeypatch, tmp_path):
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "none.pem"))
    with pytest.raises(UserError, match=r"none\.pem"):
        at("https://x.com")


def test_netrc_does_not_replace_the_token(school, monkeypatch, tmp_path):
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login ana password pw\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    client = at(school.url)
    client.send(POST)
    assert school.calls[0].headers["Authorization"] == "Bearer t"
    client.close()
