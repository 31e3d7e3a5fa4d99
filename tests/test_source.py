"""What the source of the product must not hold, whoever writes it: checked on the text, file by file."""

import ast
import json
import re
import re._parser as regex_parser
import subprocess
import sys
from pathlib import Path

import pytest

from puente.platform.paths import PACKAGE

FILES = sorted(file for file in PACKAGE.rglob("*.py") if "/migrations/" not in file.as_posix())
TEMPLATES = sorted([*PACKAGE.rglob("*.html"), *PACKAGE.rglob("templates/**/*.txt")])
SCRIPTS = sorted(file for file in PACKAGE.rglob("*.js") if "django_htmx" not in file.as_posix())
TRACKED = [Path(name) for name in subprocess.run(["git", "ls-files"], capture_output=True, text=True, check=True)
           .stdout.splitlines() if Path(name).is_file()]  # fmt: skip

#: Modules that run, read or fetch what a stranger sends, and where one of them is needed.
DANGEROUS_MODULES = {
    "pickle": set(), "marshal": set(), "shelve": set(), "dill": set(), "yaml": set(),
    "xml": set(), "lxml": set(), "requests": set(), "httpx": set(), "aiohttp": set(), "ftplib": set(),
    "smtplib": set(), "telnetlib": set(), "ldap": set(), "urllib.request": set(), "http.client": set(),
    "socket": {"config/processes.py"},
    "subprocess": {"config/processes.py", "platform/embedded_postgres.py", "platform/confined/__init__.py"},
    "ctypes": {"platform/confined/confinement.py"},
    "zipfile": {"platform/confined/workbook_archive.py", "protection/export_files.py"},
    "random": {"config/demo_counselling.py", "config/demo_needs.py", "config/demo_opportunities.py",
               "config/demo_reception.py"},
}  # fmt: skip
DANGEROUS_CALLS = {"eval", "exec", "compile", "__import__"}
DANGEROUS_METHODS = {"system", "popen", "extra", "raw", "md5", "sha1", "extractall"}
#: Places that make HTML out of parts: each escapes its words, as its own tests say.
MARKUP = {
    "web/templatetags/components.py", "web/maps.py", "web/bridge.py", "web/charts/bars.py", "web/charts/chart.py",
    "counselling/wages.py", "audit/views/heads.py",
}  # fmt: skip
SECRETS = re.compile(
    r"-----BEGIN [A-Z ]*PRIVATE KEY-----|\bAKIA[0-9A-Z]{16}\b|\bgh[pousr]_[A-Za-z0-9]{36}\b|\bxox[abp]-[\w-]{20,}"
    r"|\bsk_live_[A-Za-z0-9]{20,}|\bAIza[0-9A-Za-z_-]{35}\b|\beyJ[A-Za-z0-9_-]{20,}\.eyJ[A-Za-z0-9_-]{20,}"
)


def name_of(file: Path) -> str:
    return file.relative_to(PACKAGE).as_posix()


def find_dangers(source: str, file: str) -> list[str]:
    """Return what a file must not do: dangerous imports, calls and arguments."""
    found = []
    for node in ast.walk(ast.parse(source)):
        modules = []
        if isinstance(node, ast.Import):
            modules = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            modules = [node.module or "", *(f"{node.module}.{alias.name}" for alias in node.names)]
        for module in modules:
            for danger, allowed in DANGEROUS_MODULES.items():
                if (module == danger or module.startswith(f"{danger}.")) and file not in allowed:
                    found.append(f"imports {module}")
            if module.endswith((".mark_safe", ".csrf_exempt")) and not (
                module.endswith("mark_safe") and file in MARKUP
            ):
                found.append(f"imports {module}")
        if isinstance(node, ast.Call):
            called = node.func
            if isinstance(called, ast.Name) and called.id in DANGEROUS_CALLS:
                found.append(f"calls {called.id}")
            if isinstance(called, ast.Attribute) and called.attr in DANGEROUS_METHODS:
                found.append(f"calls {called.attr}")
            for argument in node.keywords:
                if argument.arg in ("shell", "verify") and isinstance(argument.value, ast.Constant):
                    found += [f"{argument.arg}={argument.value.value}"] * (
                        argument.value.value is (argument.arg == "shell")
                    )
        if isinstance(node, ast.Assign) and ast.unparse(node).startswith("fields = '__all__'"):
            found.append("fields = '__all__'")
    return found


def test_the_source_runs_fetches_and_unpacks_nothing_that_a_stranger_sends():
    dangers = {name_of(file): found for file in FILES if (found := find_dangers(file.read_text(), name_of(file)))}
    assert dangers == {}


@pytest.mark.parametrize(
    "source",
    [
        "import pickle", "from xml.etree import ElementTree", "import urllib.request", "eval('1')",
        "x.objects.raw('a')", "import os; os.system('ls')", "run('ls', shell=True)", "from random import choice",
        "import hashlib; hashlib.md5(b'')",
        "from django.utils.safestring import mark_safe", "from django.views.decorators.csrf import csrf_exempt",
        "class Meta:\n    fields = '__all__'",
    ],
)  # fmt: skip
def test_the_scan_of_the_source_finds_what_it_looks_for(source):
    assert find_dangers(source, "people/views.py")


def test_no_sql_is_built_from_what_a_request_brings():
    """SQL stands in selectors, services and the platform; where it is put together, it is of names of our own."""
    rooms = [file for file in FILES if re.search(r"/(views|forms|api)(/|\.py)", file.as_posix())]
    assert [name_of(file) for file in rooms if re.search(r"\bcursor\(|connection\b", file.read_text())] == []


def test_no_template_switches_escaping_off_or_puts_words_into_a_script():
    offenders = [
        name_of(file)
        for file in TEMPLATES
        if re.search(r"\|safe\b|\|safeseq\b|autoescape off|<script(?![^>]* src=)[^>]*>|javascript:", file.read_text())
        and "json_script" not in file.read_text()
    ]
    assert offenders == []


def test_our_scripts_write_text_never_markup_and_talk_to_nobody_else():
    dangers = re.compile(
        r"\.(inner|outer)HTML\s*\+?=[^=]|insertAdjacentHTML|document\.write|\beval\(|new Function|importScripts"
        r"|\bset(Timeout|Interval)\(\s*[\"']|window\.postMessage|addEventListener\(\"message\"(?!.*channel)|https?://(?!www\.w3\.org)"
    )
    offenders = {
        name_of(file): found
        for file in SCRIPTS
        if (found := [line.strip() for line in file.read_text().splitlines()
                      if dangers.search(line) and "channel.addEventListener" not in line])
    }  # fmt: skip
    assert offenders == {}


def test_the_browser_keeps_nothing_but_how_the_reader_likes_the_page():
    kept = {
        match
        for file in SCRIPTS
        for match in re.findall(r"(?:localStorage|sessionStorage)\.\w+\(\"([^\"]+)\"", file.read_text())
    }
    assert kept <= {"single-keys"}
    assert not [
        name_of(file)
        for file in SCRIPTS
        if re.search(r"indexedDB|caches\.open|navigator\.sendBeacon", file.read_text())
    ]


def test_no_page_asks_another_host_for_anything():
    addresses = re.compile(r"(?:src|href|action|url\()\s*=?\s*[\"'(]?\s*(?:https?:)?//", re.IGNORECASE)
    files = [*TEMPLATES, *PACKAGE.rglob("*.css")]
    assert [name_of(file) for file in files if addresses.search(file.read_text())] == []


def test_no_secret_stands_in_the_repository():
    offenders = [
        str(file)
        for file in TRACKED
        if file.name != "test_source.py" and SECRETS.search(file.read_text(errors="ignore"))
    ]
    assert offenders == []
    assert not [
        str(file)
        for file in TRACKED
        if file.suffix in {".pem", ".key", ".p12", ".secret", ".env"} or file.name == "keys.json"
    ]


@pytest.mark.parametrize(
    "planted", ["-----BEGIN RSA " + "PRIVATE KEY-----", "AKIA" + "ABCDEFGHIJKLMNOP", "ghp_" + "a" * 36]
)
def test_the_scan_for_secrets_finds_one(planted):
    assert SECRETS.search(f"x = '{planted}'")


def repeats_within_repeats(tree, inside: bool = False) -> bool:
    """Whether an unbounded repetition stands inside another one: what backtracks without end."""
    for operation, value in tree:
        name = str(operation)
        if name in ("MAX_REPEAT", "MIN_REPEAT"):
            _low, high, body = value
            unbounded = high is regex_parser.MAXREPEAT
            if (unbounded and inside) or repeats_within_repeats(body, inside or unbounded):
                return True
        elif name == "SUBPATTERN":
            if repeats_within_repeats(value[-1], inside):
                return True
        elif name == "BRANCH":
            if any(repeats_within_repeats(branch, inside) for branch in value[1]):
                return True
        elif name in ("ASSERT", "ASSERT_NOT") and repeats_within_repeats(value[1], inside):
            return True
    return False


def read_patterns():
    for file in FILES:
        for node in ast.walk(ast.parse(file.read_text())):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and isinstance(node.func.value, ast.Name)
                and node.func.value.id == "re"
                and node.args
                and isinstance(node.args[0], ast.Constant)
                and node.func.attr != "escape"
            ):
                yield name_of(file), node.args[0].value


def test_no_regular_expression_can_be_made_to_run_away():
    offenders = []
    for file, pattern in read_patterns():
        text = pattern.decode() if isinstance(pattern, bytes) else pattern
        # A separator that the inner part cannot hold makes such a nest harmless; those are listed with their reason.
        if repeats_within_repeats(regex_parser.parse(text)) and (file, text) not in HARMLESS_NESTS:
            offenders.append((file, text))
    assert offenders == []


#: Nested repetitions whose inner part and separator have no letter in common, so that there is one way to read a text.
HARMLESS_NESTS: set[tuple[str, str]] = set()


def test_the_scan_of_expressions_knows_one_that_runs_away():
    assert repeats_within_repeats(regex_parser.parse(r"(a+)+$"))
    assert not repeats_within_repeats(regex_parser.parse(r"[a-z]+(-[a-z]{1,9})?"))


#: What the inventory names (docs/subsystems/security.md, "Keys and ciphers"): to seal, to sign, to derive.
CIPHERS = {
    "cryptography.hazmat.primitives.ciphers.aead": {"AESGCM"},
    "cryptography.hazmat.primitives.kdf.hkdf": {"HKDF"},
    "cryptography.hazmat.primitives.hashes": {"SHA256"},
    "cryptography.hazmat.primitives.asymmetric.ed25519": {"Ed25519PrivateKey", "Ed25519PublicKey"},
    "cryptography.exceptions": {"InvalidTag", "InvalidSignature"},
}
HASHES = {"sha256", "blake2b"}


def test_ciphers_are_used_in_the_modules_that_the_inventory_names():
    """AES-256-GCM in one module; nothing of the primitives that could be put together wrongly."""
    used, hashes = {}, set()
    for file in FILES:
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("cryptography"):
                used.setdefault(node.module, set()).update(alias.name for alias in node.names)
                if "AESGCM" in {alias.name for alias in node.names}:
                    assert name_of(file) == "platform/sealing.py"
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "hashlib":
                hashes.add(node.attr)
    assert {module: names for module, names in used.items() if not names <= CIPHERS.get(module, set())} == {}
    assert hashes <= HASHES


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-dev.lock"])
def test_every_package_comes_by_version_and_hash_from_no_address_of_its_own(lock):
    text = Path(lock).read_text()
    entries = re.split(r"\n(?=[a-z0-9])", text.strip())
    assert len(entries) > 30
    for entry in entries:
        assert re.match(r"[a-z0-9.\-\[\]]+==\S+", entry), entry[:60]
        assert "--hash=sha256:" in entry, entry[:60]
    assert not re.search(r"--(extra-)?index-url|--find-links|--trusted-host| @ |https?://|git\+", text)


def test_the_bill_of_materials_lists_every_package_and_every_vendored_file():
    made = subprocess.run([sys.executable, "script/build_sbom.py"], capture_output=True, text=True, check=True)
    bill = json.loads(made.stdout)
    assert bill["bomFormat"] == "CycloneDX"
    locked = re.findall(r"^([a-z0-9.\-]+)(?:\[[^\]]*\])?==(\S+)", Path("requirements.lock").read_text(), re.MULTILINE)
    listed = {(part["name"], part["version"]) for part in bill["components"] if part["type"] == "library"}
    assert set(locked) <= listed
    assert all(part.get("hashes") for part in bill["components"] if part["purl"].startswith("pkg:pypi"))
    assert len(listed) > len(set(locked)), "vendored assets are listed too"
