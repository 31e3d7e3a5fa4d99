"""Hostile files at the real upload pages of a running product, while a desk searches and opens.

Quiet and attacked rounds alternate, and the median of their ratios is told: this machine's minutes differ more than the
rounds do. The control reads the same bombs as a plain program would, in a process with the same limits.
"""

from __future__ import annotations

import http.client
import multiprocessing
import os
import re
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from statistics import median, quantiles
from typing import Any

from tests import hostile_files as hostile

CHECKOUT = Path(__file__).resolve().parents[2]
ROUNDS = 5
TURNS = 25
#: A clerk who never thinks asks again after this many seconds.
PAUSE = 0.03
START_SECONDS = 240
PERSON = re.compile(rb"/person/([0-9a-f-]{36})/")
TOKEN = re.compile(rb'name="csrf-token" content="([^"]+)"')
Post = tuple[int, bytes]

#: What a plain program does with a workbook: unpack the sheet and build its tree.
NAIVE = """
import io, resource, sys, zipfile
from xml.etree import ElementTree
resource.setrlimit(resource.RLIMIT_AS, (512 * 2**20,) * 2)
resource.setrlimit(resource.RLIMIT_CPU, (20,) * 2)
with zipfile.ZipFile(io.BytesIO(sys.stdin.buffer.read())) as archive:
    for name in archive.namelist():
        archive.extract(name, sys.argv[1])
        if name.endswith(".xml"):
            rows = [cell.text for cell in ElementTree.fromstring(archive.read(name)).iter()]
"""


@dataclass
class Browser:
    """One member of staff at the product, with their cookies."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)

    def sign_in(self, role: str, password: str) -> Browser:
        """Sign in by the page, as everybody does."""
        self.get("/account/login/")
        status, _page = self.post("/account/login/", {"login": f"{role}@demo.puente", "password": password})
        if status != 302:
            raise RuntimeError(f"{role} could not sign in: {status}")
        return self

    def get(self, path: str) -> Post:
        return self._ask("GET", path, b"", {})

    def post(self, path: str, fields: dict[str, str], file: tuple[str, str, bytes] | None = None, **more: str) -> Post:
        """Post a form, with a file (field, name, content) where there is one."""
        mark = secrets.token_hex(16)
        parts = [f'--{mark}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{said}\r\n'.encode()
                 for name, said in fields.items()]  # fmt: skip
        if file is not None:
            head = f'--{mark}\r\nContent-Disposition: form-data; name="{file[0]}"; filename="{file[1]}"\r\n'
            parts.append(head.encode() + b"Content-Type: application/octet-stream\r\n\r\n" + file[2] + b"\r\n")
        headers = {"Content-Type": f"multipart/form-data; boundary={mark}", "X-CSRFToken": self.token, **more}
        return self._ask("POST", path, b"".join(parts) + f"--{mark}--\r\n".encode(), headers)

    def _ask(self, method: str, path: str, body: bytes, headers: dict[str, str]) -> Post:
        connection = http.client.HTTPConnection("localhost", self.port, timeout=120)
        cookie = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        connection.request(method, path, body, {"Cookie": cookie, **headers})
        answer = connection.getresponse()
        page = answer.read()
        for name, value in answer.getheaders():
            if name == "Set-Cookie":
                key, _equals, rest = value.partition("=")
                self.cookies[key] = rest.partition(";")[0]
        if found := TOKEN.search(page):
            self.token = found[1].decode()
        connection.close()
        return answer.status, page

    token: str = ""


@dataclass(frozen=True)
class Upload:
    """A hostile file, what it is called, and the page it is sent to."""

    name: str
    content: bytes
    to_lists: bool

    def send(self, browsers: dict[str, Browser]) -> Post:
        """Post it with everything else filled in soundly."""
        if self.to_lists:
            said = {"sender": "ICE", "kind": "bus", "point": "juarez_paso_del_norte",
                    "day": date.today().isoformat(), "hour": "23:50"}  # noqa: DTZ011  # fmt: skip
            return browsers["reception"].post("/reception/lists/new/", said, ("file", self.name, self.content))
        said = {"source": "new", "name": "Bolsa"}
        return browsers["liaison"].post("/openings/imports/new/", said, ("file", self.name, self.content))


def measure() -> dict[str, float]:
    """Return how many hostile files were taken, what the desk felt, and how many fell a plain reader: the control."""
    uploads = make_uploads()
    fallen = sum(falls_over(upload.content) for upload in uploads if upload.name.endswith(".xlsx") and upload.to_lists)
    refusals = read_refusals()
    with product() as (port, password):
        desk = Browser(port).sign_in("counsellor", password)
        attackers = {role: Browser(port).sign_in(role, password) for role in ("reception", "liaison")}
        for browser, page in (("reception", "/reception/lists/new/"), ("liaison", "/openings/imports/new/")):
            attackers[browser].get(page)
        people = sorted(set(PERSON.findall(desk.get("/reception/queue/")[1] + desk.get("/")[1])))
        if not people:
            raise RuntimeError("The demo shows the counsellor nobody to open.")
        work(desk, people)
        ratios, posted = [], 0
        for _ in range(ROUNDS):
            quiet = work(desk, people)
            with attack(uploads, attackers) as count:
                attacked = work(desk, people)
            posted += count()
            ratios.append(attacked / quiet)
            print(f"desk p95 {quiet * 1000:.0f} ms quiet, {attacked * 1000:.0f} ms attacked", file=sys.stderr)
        accepted = [upload.name for upload in uploads if not is_refused(upload, attackers, refusals)]
    if kept_place():
        accepted.append("the place of a photo")
    print(f"taken: {accepted}", file=sys.stderr)
    return {
        "accepted": len(accepted),
        "desk_p95_ratio": round(median(ratios), 3),
        "files": len(uploads),
        "posted_in_attacks": posted,
        "control_fell_over": fallen,
    }


def make_uploads() -> list[Upload]:
    """Return the hostile files: more than twenty bombs, entities, formulas, names that lead outside, photos."""
    bombs: list[bytes] = [
        *(hostile.bomb_of_spaces(size) for size in (12, 48, 70, 150, 300)),
        *(hostile.bomb_that_lies(size) for size in (60, 110, 210)),
        *(hostile.bomb_of_overlaps(copies) for copies in (60, 120, 190)),
        *(hostile.bomb_of_strings(size) for size in (60, 80)),
        *(hostile.bomb_of_rows() for _ in range(2)),
        *(hostile.bomb_of_parts(count) for count in (250, 400, 900)),
        hostile.quadratic_bomb(), *(hostile.entity_bomb(where) for where in ("sheet", "sharedStrings", "workbook")),
    ]  # fmt: skip
    others: list[bytes] = [
        hostile.external_entity("file:///etc/passwd"), hostile.external_entity("http://127.0.0.1:9/x"),
        hostile.zip_slip(), hostile.zip_slip("/etc/cron.d/puente"), hostile.zip_slip("..\\..\\puente.xml"),
        hostile.symbolic_link(), hostile.repeated_name(),
        hostile.formula_sheet(), hostile.formula_sheet("=WEBSERVICE(\"http://127.0.0.1:9/\"&A2)"),
    ]  # fmt: skip
    texts = ["=cmd|' /C calc'!A0", "@SUM(1+1)*cmd|' /C calc'!A0", "+cmd|' /C calc'!A0", "＝1+1"]
    uploads = [Upload("lista.xlsx", content, True) for content in [*bombs, *others]]
    # The board of offers takes larger files than a list of a bus: what is a bomb to it is larger too.
    larger = [hostile.bomb_of_spaces(400), hostile.bomb_that_lies(300), hostile.bomb_of_rows(), hostile.entity_bomb()]
    uploads += [Upload("bolsa.xlsx", content, False) for content in [*larger, *others]]
    uploads += [
        Upload("lista.csv", hostile.formula_csv(text), to_lists) for text in texts for to_lists in (True, False)
    ]
    uploads += [Upload("foto.jpg", hostile.photo(), True), Upload("foto.csv", hostile.photo(), True)]
    return [*uploads, Upload("foto.png", hostile.pixel_flood(), False)]


def work(desk: Browser, people: list[bytes]) -> float:
    """Search and open in turns; returns the p95 of the answers in seconds."""
    seconds = []
    for turn in range(TURNS):
        asks: list[Callable[[], Post]] = [
            lambda turn=turn: desk.post("/people/", {"q": f"Hernández López {1970 + turn % 30}"},
                                        **{"HX-Request": "true", "HX-Target": "results"}),
            lambda turn=turn: desk.get(f"/person/{people[turn % len(people)].decode()}/"),
        ]  # fmt: skip
        for ask in asks:
            began = time.perf_counter()
            status, _page = ask()
            seconds.append(time.perf_counter() - began)
            if status != 200:
                raise RuntimeError(f"The desk got {status}.")
            time.sleep(PAUSE)
    return quantiles(seconds, n=20)[-1]


@contextmanager
def attack(uploads: list[Upload], browsers: dict[str, Browser]) -> Iterator[Callable[[], int]]:
    """Post hostile files without a pause from a process of its own, as if from elsewhere, during a block."""
    context = multiprocessing.get_context("fork")
    stop, count = context.Event(), context.Value("i", 0)
    process = context.Process(target=_post_on, args=(uploads, browsers, stop, count))
    process.start()
    while count.value == 0 and process.is_alive():
        time.sleep(0.01)
    try:
        yield lambda: count.value
    finally:
        stop.set()
        process.join(timeout=120)


def _post_on(uploads: list[Upload], browsers: dict[str, Browser], stop: Any, count: Any) -> None:
    # Whoever attacks has a machine of their own; this one's two processors belong to the product.
    os.nice(19)

    def keep_posting(mine: list[Upload]) -> None:
        own = {role: Browser(browser.port, dict(browser.cookies), browser.token) for role, browser in browsers.items()}
        while not stop.is_set():
            for upload in mine:
                upload.send(own)
                with count.get_lock():
                    count.value += 1
                if stop.is_set():
                    return

    threads = [threading.Thread(target=keep_posting, args=(uploads[first::2],)) for first in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def is_refused(upload: Upload, browsers: dict[str, Browser], refusals: dict[str, str]) -> bool:
    """Post a file until it has a verdict of its own, and tell whether that is a refusal in words."""
    for _ in range(20):
        status, page = upload.send(browsers)
        text = page.decode()
        if refusals["busy"] not in text:
            told = [code for code, words in refusals.items() if words in text]
            return status == 422 and bool(told)
        time.sleep(1)
    return False


def read_refusals() -> dict[str, str]:
    """Return the words of each refusal in Spanish, up to where a number stands."""
    os.environ.setdefault("PUENTE_HOME", str(CHECKOUT / "var" / "bench"))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "puente.config.settings")
    import django
    from django.utils import translation

    django.setup()
    from puente.platform.uploads import _PROBLEMS

    with translation.override("es"):
        return {code: str(words).replace("El renglón %(row)s ", "") for code, words in _PROBLEMS.items()}


def falls_over(content: bytes) -> bool:
    """Tell whether a plain reader of workbooks dies of a file, or writes outside of its folder."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-c", NAIVE, folder]
        return subprocess.run(command, input=content, capture_output=True, check=False).returncode != 0


def kept_place() -> bool:
    """Tell whether a photo that was written anew still says where it was taken."""
    import io

    from PIL import Image

    from puente.platform.images import reencode_image

    with Image.open(io.BytesIO(reencode_image(hostile.photo()).content)) as image:
        return bool(image.getexif().get_ifd(0x8825))


@contextmanager
def product() -> Iterator[tuple[int, str]]:
    """Run `puente serve --demo` in an empty home; yields its port and the password of its accounts."""
    from puente.config.demo import PASSWORD
    from puente.platform import embedded_postgres

    home = Path(tempfile.mkdtemp(prefix="puente-uploads-"))
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    puente = str(Path(sys.executable).with_name("puente"))
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PUENTE_", "DJANGO_"))}
    from puente.platform.paths import find_kernel_cache

    environment |= {"NUMBA_CACHE_DIR": str(find_kernel_cache())}
    environment |= {"PUENTE_HOME": str(home), "PUENTE_SEARCHES_PER_HOUR": "1000000"}
    subprocess.run([puente, "prepare"], env=environment, check=True, capture_output=True)
    log = home / "serve.log"
    with log.open("w") as out:
        command = [puente, "serve", "--demo", "--port", str(port)]
        served = subprocess.Popen(command, env=environment, stdout=out, stderr=out)
    try:
        until = time.monotonic() + START_SECONDS
        while "Puente runs at" not in log.read_text():
            if served.poll() is not None or time.monotonic() > until:
                raise RuntimeError(log.read_text())
            time.sleep(0.2)
        yield port, PASSWORD
    finally:
        served.terminate()
        served.wait(timeout=60)
        cluster = embedded_postgres.describe(home)
        shutil.rmtree(home, ignore_errors=True)
        if cluster.user_id is not None:
            shutil.rmtree(cluster.data.parent, ignore_errors=True)
