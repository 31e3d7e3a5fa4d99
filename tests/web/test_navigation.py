from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from django.test import RequestFactory, override_settings
from django.urls import resolve

from puente.platform.policy import Action, Actor, Membership, Purpose, Sensitivity
from puente.web import navigation
from puente.web.context import page
from puente.web.navigation import MOST_SIDE_BY_SIDE, build_navigation, find_entries, register_section, register_standing

OPEN = Action("web.test", frozenset({Purpose.RECEPTION}))


@pytest.fixture(autouse=True)
def sections(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(navigation, "_sections", {})
    monkeypatch.setattr(navigation, "_describe_standing", [])
    register_section("Components", "web:look", order=20, action=OPEN)
    register_section("Question", "web:look-question", order=10, namespaces=("other",))
    return None


def make_request(path: str, *actions: Action) -> Any:
    request = RequestFactory().get(path)
    names = frozenset(action.name for action in actions)
    request.actor = Actor(uuid4(), "x", (Membership(uuid4(), names, Sensitivity.CASE),))  # type: ignore[attr-defined]
    request.resolver_match = resolve(path)
    request.user = SimpleNamespace(is_authenticated=True, name="x")  # type: ignore[assignment]
    return request


def test_sections_stand_in_their_order() -> None:
    assert [entry.label for entry in find_entries(make_request("/look/", OPEN))] == ["Question", "Components"]


def test_a_section_is_hidden_from_who_may_not_use_it() -> None:
    assert [entry.label for entry in find_entries(make_request("/look/"))] == ["Question"]


def test_nobody_sees_sections_without_an_actor() -> None:
    request = make_request("/look/", OPEN)
    request.actor = None
    assert find_entries(request) == []


def test_the_section_of_the_page_is_marked() -> None:
    marked = [entry.label for entry in find_entries(make_request("/look/", OPEN)) if entry.is_current]
    assert marked == ["Components"]


def test_a_view_may_say_its_section() -> None:
    request = make_request("/look/", OPEN)
    request.section = "web:look-question"
    assert [entry.label for entry in find_entries(request) if entry.is_current] == ["Question"]


def test_a_section_whose_pages_are_not_installed_is_left_out() -> None:
    register_section("Gone", "nowhere:page", order=1)
    assert "Gone" not in [entry.label for entry in find_entries(make_request("/look/", OPEN))]


@pytest.mark.parametrize(("number", "shown"), [(MOST_SIDE_BY_SIDE + 1, MOST_SIDE_BY_SIDE + 1), (9, MOST_SIDE_BY_SIDE)])
def test_sections_that_do_not_fit_wait_behind_more_and_never_a_single_one(
    monkeypatch: pytest.MonkeyPatch, number: int, shown: int
) -> None:
    entries = [navigation.Entry(f"Section {place}", "/", is_current=place == 8) for place in range(number)]
    monkeypatch.setattr(navigation, "find_entries", lambda request: entries)
    built = build_navigation(make_request("/look/"))
    assert built is not None
    assert (len(built.shown), len(built.more)) == (shown, number - shown)
    assert built.is_current_in_more == (number == 9)


def test_the_line_under_the_name_comes_from_who_knows_the_office() -> None:
    register_standing(lambda request: "Reception · Paso del Norte")
    assert page(make_request("/look/"))["standing"] == "Reception · Paso del Norte"


@pytest.mark.parametrize(("cookie", "theme"), [("dark", "dark"), ("light", "light"), ('"><script>', ""), ("", "")])
def test_only_a_known_theme_is_taken_from_the_cookie(cookie: str, theme: str) -> None:
    request = make_request("/look/")
    request.COOKIES["theme"] = cookie
    assert page(request)["theme"] == theme


@override_settings(DEMO=True)
def test_the_demo_says_so() -> None:
    assert page(make_request("/look/"))["is_demo"] is True
