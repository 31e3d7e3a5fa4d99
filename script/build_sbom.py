"""Print the bill of materials (CycloneDX 1.6, JSON): every package of requirements.lock, every vendored file.

    .venv/bin/python script/build_sbom.py > puente.cdx.json

Versions and hashes are those that script/setup installs; nothing is asked of any registry.
"""

import json
import re
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
ENTRY = re.compile(r"^(?P<name>[A-Za-z0-9.\-_]+)(?:\[[^\]]*\])?==(?P<version>[^\s;\\]+)")
HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")
VENDORED = re.compile(
    r"^\| `(?P<file>[^`]+)` \| (?P<name>[^|]+) \| (?P<version>[^|]+) \| (?P<licence>[^|]+) \|"
    r".*`(?P<sum>[0-9a-f]{64})` \|$",
    re.MULTILINE,
)


def build_bill(lock: str, vendored: str) -> dict[str, Any]:
    """Return the bill of the text of a lock file and of VENDORED.md."""
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"component": {"type": "application", "name": "puente"}},
        "components": [*_list_packages(lock), *_list_vendored(vendored)],
    }


def _list_packages(lock: str) -> list[dict[str, Any]]:
    packages = []
    for entry in re.split(r"\n(?=[A-Za-z0-9])", lock.strip()):
        head = ENTRY.match(entry)
        if head is None:
            raise ValueError(f"The lock holds a line that is no package: {entry[:60]}")
        hashes = [{"alg": "SHA-256", "content": content} for content in HASH.findall(entry)]
        address = f"pkg:pypi/{head['name'].lower()}@{head['version']}"
        packages.append(
            {"type": "library", "name": head["name"], "version": head["version"], "purl": address, "hashes": hashes}
        )
    return packages


def _list_vendored(vendored: str) -> list[dict[str, Any]]:
    return [
        {
            "type": "library",
            "name": f"{row['name'].strip()}: {Path(row['file']).name}",
            "version": row["version"].strip(),
            "purl": f"pkg:npm/{row['name'].strip().replace('@', '%40')}@{row['version'].strip()}",
            "licenses": [{"expression": row["licence"].strip()}],
            "hashes": [{"alg": "SHA-256", "content": row["sum"]}],
        }
        for row in VENDORED.finditer(vendored)
    ]


if __name__ == "__main__":
    lock, vendored = (ROOT / "requirements.lock").read_text(), (ROOT / "VENDORED.md").read_text()
    print(json.dumps(build_bill(lock, vendored), indent=1))
