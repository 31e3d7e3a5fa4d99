"""A running product with demo data and a real browser. These tests touch no database of their own."""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from puente.config.demo import PASSWORD
from puente.platform import embedded_postgres

CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
DESK = {"width": 1366, "height": 768}
TABLET = {"width": 820, "height": 1180}
PHONE = {"width": 390, "height": 844}
START_SECONDS = 180


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.e2e)
            item.add_marker(pytest.mark.xdist_group("browser"))


@dataclass(frozen=True)
class Product:
    """A running Puente: where it answers, and what it has written to its log so far."""

    url: str
    log: Path


@pytest.fixture(scope="session")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """`puente serve --demo` in an empty home, as a newcomer starts it."""
    home = tmp_path_factory.mktemp("home")
    log = home / "serve.log"
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PUENTE_", "DJANGO_"))}
    environment |= {"PUENTE_HOME": str(home), "NUMBA_CACHE_DIR": os.environ["NUMBA_CACHE_DIR"]}
    puente = str(Path(sys.executable).with_name("puente"))
    subprocess.run([puente, "prepare"], env=environment, check=True, capture_output=True)
    with log.open("w") as out:
        command = [puente, "serve", "--demo", "--port", str(port)]
        served = subprocess.Popen(command, env=environment, stdout=out, stderr=out)
    deadline = time.monotonic() + START_SECONDS
    while "Puente runs at" not in log.read_text():
        assert served.poll() is None, log.read_text()
        assert time.monotonic() < deadline, log.read_text()
        time.sleep(0.2)
    yield Product(f"http://localhost:{port}", log)
    served.terminate()
    served.wait(timeout=60)
    cluster = embedded_postgres.describe(home)
    if cluster.user_id is not None:
        shutil.rmtree(cluster.data.parent, ignore_errors=True)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield launched
        launched.close()


SignIn = Callable[..., Page]


@pytest.fixture
def sign_in(product: Product, browser: Browser, request: pytest.FixtureRequest) -> Iterator[SignIn]:
    """`sign_in("reception", viewport=TABLET, language="fr")` returns a page of that member of staff.

    A script error or a breach of the security policy on any of its pages fails the test.
    """
    contexts: list[BrowserContext] = []
    troubles: list[str] = []

    def open_page(role: str | None, viewport: dict[str, int] = DESK, language: str = "es") -> Page:
        context = browser.new_context(viewport=viewport, base_url=product.url, locale=language, accept_downloads=True)
        contexts.append(context)
        context.add_cookies([{"name": "django_language", "value": language, "url": product.url}])
        page = context.new_page()
        page.on("pageerror", lambda error: troubles.append(str(error)))
        page.on("console", lambda said: troubles.append(said.text) if "Content Security" in said.text else None)
        if role is not None:
            page.goto("/account/login/")
            page.fill("input[name=login]", f"{role}@demo.puente")
            page.fill("input[name=password]", PASSWORD)
            page.press("input[name=password]", "Enter")
            page.wait_for_url(lambda url: "/account/login/" not in url)
        return page

    yield open_page
    for number, context in enumerate(contexts):
        report = getattr(request.node, "report_of_call", None)
        if report is not None and report.failed:
            folder = Path("test-results")
            folder.mkdir(exist_ok=True)
            for page in context.pages:
                page.screenshot(path=folder / f"{request.node.name}-{number}.png", full_page=True)
        context.close()
    assert troubles == []


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    outcome = yield
    report = outcome.get_result()  # type: ignore[attr-defined]
    if report.when == "call":
        item.report_of_call = report  # type: ignore[attr-defined]


def find_barriers(page: Page) -> list[str]:
    """Return what axe calls serious or critical on a page, one line each."""
    found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    return [
        f"{page.url} {violation['id']}: {node['html'][:160]}"
        for violation in found
        if violation["impact"] in {"serious", "critical"}
        for node in violation["nodes"]
    ]
