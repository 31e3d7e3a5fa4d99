"""Every page that a member of staff can reach by links, in three languages: no barrier, no error."""

import re
from collections.abc import Callable
from urllib.parse import urldefrag, urljoin, urlsplit

import pytest
from playwright.sync_api import Page

from puente.accounts.roles import ROLES
from tests.e2e.conftest import DESK, TABLET, find_barriers

LEFT_OUT = re.compile(r"/(account/logout|language|static)/|\.(pdf|csv|xlsx)|[?&](format|cursor)=")
MOST_PAGES = 60
#: Language and shape of the pages that one role was shown already.
LOOKED_AT: set[tuple[str, str]] = set()


def shape_of(address: str) -> str:
    """Return an address with its ids taken out, so that one page of a kind is enough."""
    path = re.sub(r"/hidden/[a-z_]+/", "/hidden/*/", urlsplit(address).path)
    return re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}|\d+", "*", path)


def find_pages(page: Page, start: str = "/", *, look: Callable[[Page], None] | None = None) -> dict[str, str]:
    """Return one address for each shape of page that links lead to from the start, having looked at each."""
    found: dict[str, str] = {}
    queue = [start]
    while queue and len(found) < MOST_PAGES:
        address = queue.pop(0)
        if shape_of(address) in found:
            continue
        answer = page.goto(address)
        assert answer is not None
        assert answer.status == 200, (address, answer.status)
        if "text/html" not in answer.headers["content-type"]:
            continue
        found[shape_of(address)] = address
        if look is not None:
            look(page)
        links = page.eval_on_selector_all("a[href]", "links => links.map(link => link.href)")
        queue += [
            link
            for link, _fragment in map(urldefrag, links)
            if urlsplit(link).netloc == urlsplit(page.url).netloc
            and not LEFT_OUT.search(link)
            and shape_of(urljoin(page.url, link)) not in found
        ]
    return found


@pytest.mark.parametrize("role", list(ROLES))
def test_no_page_of_a_role_has_a_barrier_in_any_language(sign_in, role):
    barriers: list[str] = []
    pages = find_pages(sign_in(role), look=lambda page: barriers.extend(find_barriers(page)))
    for language, viewport in (("en", TABLET), ("fr", DESK)):
        page = sign_in(role, viewport=viewport, language=language)
        # What roles share differs by what each may press, which the first language has shown.
        for shape, address in pages.items():
            if (language, shape) in LOOKED_AT:
                continue
            LOOKED_AT.add((language, shape))
            page.goto(address)
            assert page.get_attribute("html", "lang") == language
            barriers += find_barriers(page)
    assert barriers == []


@pytest.mark.parametrize("language", ["es", "en", "fr"])
def test_the_pages_before_signing_in_have_no_barrier(sign_in, language):
    page = sign_in(None, language=language)
    barriers = []
    for address in ("/account/login/", "/nothing-here/", "/welcome/x/y/"):
        page.goto(address)
        barriers += find_barriers(page)
    assert barriers == []


@pytest.mark.parametrize("role", ["reception", "counsellor", "coordinator"])
def test_no_page_scrolls_sideways_on_a_narrow_screen(sign_in, role):
    too_wide: list[tuple[int, str]] = []

    def measure(page: Page) -> None:
        for width in (320, 390):
            page.set_viewport_size({"width": width, "height": 800})
            if page.evaluate("document.documentElement.scrollWidth > window.innerWidth + 1"):
                too_wide.append((width, shape_of(page.url)))

    find_pages(sign_in(role), look=measure)
    assert too_wide == []
