"""A database of its own for one part of the proof, in the cluster of the benchmarks."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]


@contextmanager
def scratch_database(name: str) -> Iterator[None]:
    """Run the cluster of the benchmarks with a new, migrated database that holds the product's content."""
    os.environ.setdefault("PUENTE_HOME", str(CHECKOUT / "var" / "bench"))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "puente.config.settings")
    os.environ.setdefault("PUENTE_LOG_LEVEL", "ERROR")
    os.environ["PUENTE_DATABASE"] = f"trust_{name}"

    from puente.platform import embedded_postgres, key_files, keys
    from puente.platform.paths import find_home, find_kernel_cache

    os.environ.setdefault("NUMBA_CACHE_DIR", str(find_kernel_cache()))
    key_files.create_key_files(keys.key_file(), keys.vault_key_file())
    with embedded_postgres.running(embedded_postgres.describe(find_home())) as cluster:
        embedded_postgres.drop_database(cluster, f"trust_{name}")
        embedded_postgres.create_database(cluster, f"trust_{name}")
        import django

        django.setup()
        logging.disable(logging.CRITICAL)
        from django.core.management import call_command
        from django.db import connections

        from puente.config.content import load_content

        call_command("migrate", database="owner", interactive=False, verbosity=0)
        call_command("collectstatic", interactive=False, verbosity=0)
        load_content()
        try:
            yield
        finally:
            for connection in connections.all():
                connection.close()
            embedded_postgres.drop_database(cluster, f"trust_{name}")
