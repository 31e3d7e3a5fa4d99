import re
from html.parser import HTMLParser

import pytest
from django.conf import settings
from django.test import Client

from puente.platform.catalogues import find_gaps
from puente.platform.paths import PACKAGE
from tests.cast import Cast

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
PAGES = ["/look/", "/look/question/"]


@pytest.fixture
def officer(client: Client, cast: Cast) -> Client:
    client.force_login(cast.users["reception"], backend=BACKEND)
    return client


def read(client: Client, path: str, language: str = "es") -> str:
    response = client.get(path, headers={"accept-language": language})
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.parametrize("path", PAGES)
def test_the_component_page_is_for_staff(client: Client, db: None, path: str) -> None:
    response = client.get(path)
    assert response.status_code == 302
    assert settings.LOGIN_URL.split("_")[-1] in response["Location"]


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize(
    ("language", "word"), [("es", "Ir al contenido"), ("en", "Go to the content"), ("fr", "Aller au contenu")]
)
def test_a_page_speaks_the_reader_s_language(officer: Client, path: str, language: str, word: str) -> None:
    page = read(officer, path, language)
    assert f'<html lang="{language}"' in page
    assert word in page


@pytest.mark.parametrize("language", ["es", "fr"])
def test_nothing_the_room_says_lacks_a_translation(language: str) -> None:
    assert find_gaps(PACKAGE / "web", language) == []


def test_the_theme_of_the_cookie_is_in_the_first_byte(officer: Client) -> None:
    officer.cookies["theme"] = "dark"
    assert 'data-theme="dark">' in read(officer, "/look/question/")


def test_the_policy_allows_nothing_inline_and_no_evaluation(officer: Client) -> None:
    policy = officer.get("/look/")["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy


class Ids(HTMLParser):
    """Collects ids, and what points at them."""

    def __init__(self) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.targets: set[str] = set()

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        for name, value in attributes:
            if name == "id" and value:
                self.ids.append(value)
            if name in ("for", "aria-labelledby", "aria-describedby", "popovertarget", "data-open") and value:
                self.targets.update(value.split())


@pytest.mark.parametrize("path", PAGES)
def test_ids_are_unique_and_every_pointer_finds_its_element(officer: Client, path: str) -> None:
    found = Ids()
    found.feed(read(officer, path))
    assert len(found.ids) == len(set(found.ids))
    assert found.targets <= set(found.ids)


@pytest.mark.urls("tests.web.urls_with_search")
def test_the_header_search_does_not_put_a_name_in_the_address(officer: Client) -> None:
    form = re.search(r'<form class="header-search"[^>]*>', read(officer, "/look/"))
    assert form is not None
    assert 'method="post"' in form[0]


def test_the_lock_screen_is_on_every_page_of_the_staff(officer: Client) -> None:
    page = read(officer, "/look/question/")
    assert 'data-lock-url="/lock/"' in page
    assert f'data-idle-minutes="{settings.IDLE_LIMIT.total_seconds() / 60}"' in page


def test_a_locked_session_sees_the_lock_and_nothing_else(officer: Client) -> None:
    officer.post("/lock/")
    response = officer.get("/look/")
    assert response.status_code == 423
    page = response.content.decode()
    assert "data-unlock" in page
    assert "swatch" not in page


def test_a_page_that_is_not_there_says_what_to_do(officer: Client) -> None:
    response = officer.get("/nowhere/", headers={"accept-language": "es"})
    assert response.status_code == 404
    assert "Ir al inicio" in response.content.decode()
