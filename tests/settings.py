"""Settings of the tests: the product's own, with a home of their own."""

import os
from pathlib import Path

os.environ.setdefault("PUENTE_HOME", str(Path(__file__).resolve().parents[1] / "var" / "test"))

from puente.platform.paths import find_kernel_cache

os.environ.setdefault("NUMBA_CACHE_DIR", str(find_kernel_cache()))

from puente.config.settings import *  # noqa: F403

STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
# The real hasher costs a tenth of a second a sign-in; its strength is checked by a test of its own.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
