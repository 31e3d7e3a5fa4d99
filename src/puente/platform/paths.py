"""Where a running Puente keeps what it writes: database, keys, caches."""

import hashlib
import os
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[1]
CONTENT = PACKAGE / "content"


def find_home() -> Path:
    """Return the folder for everything that is written at run time.

    `PUENTE_HOME` decides; without it a checkout uses its own `var` folder, an installed
    package the user's data folder.
    """
    if configured := os.environ.get("PUENTE_HOME"):
        return Path(configured).resolve()
    checkout = PACKAGE.parents[1]
    if (checkout / "pyproject.toml").exists():
        return checkout / "var"
    return Path.home() / ".local" / "share" / "puente"


def find_kernel_cache() -> Path:
    """Return where compiled kernels are kept: a folder per state of the engines' sources.

    numba does not notice a constant that changed in another file, so an upgrade must not meet old kernels.
    """
    digest = hashlib.sha256()
    for file in sorted((PACKAGE / "engines").rglob("*.py")):
        digest.update(file.read_bytes())
    return find_home() / "kernels" / digest.hexdigest()[:12]
