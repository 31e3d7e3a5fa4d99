"""Every address of the product, asked as whoever may and may not: what the answer tells the browser."""

from uuid import UUID

import pytest
from django.conf import settings
from django.test import Client, override_settings
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.cast import PASSWORD
from tests.settings_of_https import read_settings_of_https

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
UNKNOWN = UUID("0190a000-0000-7000-8000-000000000001")
SAMPLES = {
    "uuid": str(UNKNOWN), "int": "1", "slug": "nothing", "str": "nothing", "path": "nothing",
    "PathConverter": "nothing",
}  # fmt: skip
EXPECTED = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Cache-Control": "no-store, private",
}
KINDS = (
    "text/html", "text/csv", "application/json", "application/pdf", "application/xml", "text/xml", "text/plain",
    "image/svg+xml",
)  # fmt: skip


def walk(resolver: URLResolver, prefix: str = ""):
    """Yield (pattern, address) of every address, its parts filled with what exists nowhere."""
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from walk(entry, prefix + fill(entry.pattern))
        elif isinstance(entry, URLPattern):
            yield entry, "/" + prefix + fill(entry.pattern)


def fill(pattern) -> str:
    route = str(pattern)
    for name, converter in pattern.converters.items():
        kind = next((key for key in SAMPLES if key in type(converter).__name__.lower()), "str")
        for written in (f"<{kind}:{name}>", f"<{name}>", f"<path:{name}>"):
            route = route.replace(written, SAMPLES[kind])
    assert "<" not in route, f"add a sample for {route}"
    return route.removeprefix("^").removesuffix("$")


ADDRESSES = sorted({address for _pattern, address in walk(get_resolver())})


def check(response, address):
    wrong = {
        name: response.headers.get(name) for name, value in EXPECTED.items() if response.headers.get(name) != value
    }
    assert wrong == {}, address
    assert not {"ETag", "Last-Modified", "Expires", "Access-Control-Allow-Origin", "Server", "X-Powered-By"} & set(
        response.headers
    ), address
    powers = response.headers["Permissions-Policy"]
    assert "geolocation=()" in powers
    assert "camera=()" in powers
    policy = response.headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    kind = response.headers.get("Content-Type", "")
    if response.status_code not in (204, 301, 302, 304, 405):
        assert kind.startswith(KINDS), f"{address}: {kind}"
        assert not kind.startswith("text/") or "charset=utf-8" in kind, address


@pytest.mark.parametrize(
    "role", [None, "reception", "counsellor", "protection", "liaison", "coordinator", "administrator"]
)
def test_every_address_answers_with_every_header_and_is_kept_by_nobody(client, cast, role):
    client.raise_request_exception = False
    for address in ADDRESSES:
        if role and address != reverse("account_logout"):
            client.force_login(cast.users[role], backend=BACKEND)
        response = client.get(address)
        assert response.status_code < 500, address
        check(response, address)


def test_no_address_changes_anything_when_it_is_only_looked_at(client, cast, acting):
    """GET never signs out, closes, ends or makes: what acts answers 405 or asks for a confirmation."""
    client.force_login(cast.users["administrator"], backend=BACKEND)
    member = cast.users["reception"]
    for name in ("staff-close", "staff-end-session", "staff-link"):
        assert client.get(reverse(name, args=[member.pk])).status_code == 405
    assert client.get(reverse("account_logout")).status_code == 200
    assert client.get(reverse("staff")).status_code == 200
    for name in ("lock", "unlock", "set_language"):
        assert client.get(reverse(name)).status_code in (302, 405)


def test_every_address_that_acts_refuses_a_form_of_another_page(cast):
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    client.force_login(cast.users["coordinator"], backend=BACKEND)
    accepted = [address for address in ADDRESSES if client.post(address).status_code not in (403, 404, 405)]
    assert accepted == []


def test_nobody_who_is_not_signed_in_reads_a_page_of_staff(client, db):
    open_to_all = {"account_login", "account_inactive", "set_language", "welcome"}
    for pattern, address in walk(get_resolver()):
        response = client.get(address)
        name = pattern.name or ""
        if name in open_to_all or "phone" in name or name.startswith("mfa_login"):
            continue
        assert response.status_code in (302, 404, 405), f"{address} answers {response.status_code}"
        if response.status_code == 302:
            assert response.url.startswith((reverse("account_login"), "/")), address


@pytest.mark.parametrize("method", ["TRACE", "TRACK", "CONNECT", "PROPFIND", "DEBUG"])
def test_unused_methods_are_refused(client, db, method):
    response = client.generic(method, reverse("account_login"))
    assert response.status_code == 405
    check(response, method)


def test_a_body_larger_than_any_file_is_refused_before_it_is_read(client, db):
    response = client.post(reverse("account_login"), CONTENT_LENGTH=str(settings.LARGEST_BODY + 1))
    assert response.status_code == 413
    assert "demasiado grande" in response.content.decode()
    check(response, "413")
    assert client.post(reverse("account_login"), CONTENT_LENGTH="many").status_code == 400


def test_files_of_the_product_keep_their_life_and_carry_the_headers(client, db, settings):
    with override_settings(STATIC_URL="/static/"):
        response = client.get("/static/web/logo.svg")
    for name in ("X-Content-Type-Options", "Cross-Origin-Resource-Policy", "Permissions-Policy"):
        assert name in response.headers


def test_an_answer_gives_no_validator_by_which_a_change_could_be_told(client, cast):
    client.force_login(cast.users["reception"], backend=BACKEND)
    address = reverse("reception:queue")
    first = client.get(address)
    for header in (
        {"If-None-Match": "*"},
        {"If-Modified-Since": "Thu, 01 Jan 2099 00:00:00 GMT"},
        {"Range": "bytes=0-9"},
    ):
        again = client.get(address, headers=header)
        assert again.status_code == first.status_code == 200


def test_over_https_cookies_belong_to_this_host_alone_and_transport_is_strict():
    told = read_settings_of_https()
    for name in ("SESSION", "CSRF", "LANGUAGE", "THEME"):
        assert told[f"{name}_COOKIE_NAME"].startswith("__Host-"), name
    for name in ("SESSION", "CSRF", "LANGUAGE"):
        assert told[f"{name}_COOKIE_SECURE"] is True
        assert told[f"{name}_COOKIE_HTTPONLY"] is True
        assert told[f"{name}_COOKIE_SAMESITE"] in ("Strict", "Lax")
        assert not told.get(f"{name}_COOKIE_DOMAIN")
    assert told["SESSION_COOKIE_SAMESITE"] == "Strict"
    assert told["SECURE_HSTS_SECONDS"] >= 31_536_000
    assert told["SECURE_HSTS_INCLUDE_SUBDOMAINS"] is told["SECURE_HSTS_PRELOAD"] is told["SECURE_SSL_REDIRECT"] is True
    assert told["DEBUG"] is False


def test_over_plain_http_the_cookies_have_plain_names(client, cast):
    client.get(reverse("account_login"))
    client.post(reverse("account_login"), {"login": "reception@puente.test", "password": PASSWORD})
    client.get(reverse("account_logout"))
    assert {"session", "csrf"} <= set(client.cookies)
    for cookie in client.cookies.values():
        assert len(f"{cookie.key}={cookie.value}") < 4096
    assert client.cookies["session"]["httponly"]
    assert client.cookies["session"]["samesite"] == "Strict"
    assert client.cookies["csrf"]["httponly"]


def test_the_page_to_sign_in_leaves_an_open_session_alone(client, cast):
    """A link from an e-mail carries no strict cookie; its answer must not replace the session that stands."""
    assert settings.SESSION_COOKIE_NAME not in client.get(reverse("account_login")).cookies
    assert settings.SESSION_COOKIE_NAME not in client.get("/").cookies


def test_a_redirect_after_signing_in_stays_on_this_host(client, cast):
    for target in ("https://evil.example/", "//evil.example/", "javascript:alert(1)", "/\\evil.example"):
        form = {"login": "reception@puente.test", "password": PASSWORD, "next": target}
        answer = client.post(reverse("account_login"), form)
        assert answer.status_code in (200, 302)
        assert answer.status_code == 200 or answer.url.startswith("/")
        assert "evil" not in getattr(answer, "url", "")
        client.logout()


@pytest.mark.parametrize(
    "address", ["/static/", "/static/web/", "/static/../pyproject.toml", "/.git/config", "/files/", "/media/"]
)
def test_a_folder_of_the_product_is_not_listed(client, db, address):
    response = client.get(address)
    assert response.status_code in (302, 404)
    page = response.content.decode()
    assert "[build-system]" not in page
    assert "[core]" not in page
    assert "Index of" not in page


def test_an_error_of_ours_tells_nothing_of_what_failed(cast, monkeypatch):
    client = Client(raise_request_exception=False)
    client.force_login(cast.users["coordinator"], backend=BACKEND)

    def fail(*_):
        raise RuntimeError("the secret words of a failure in SELECT * FROM people_person")

    monkeypatch.setattr("puente.offices.views.selectors.list_services", fail, raising=False)
    monkeypatch.setattr("puente.web.paging.KeysetPage.of_request", fail)
    response = client.get(reverse("offices:directory"))
    assert response.status_code == 500
    page = response.content.decode()
    for told in ("secret words", "RuntimeError", "SELECT", "Traceback", "puente/", "django"):
        assert told not in page
    check(response, "500")
