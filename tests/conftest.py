"""The database of the tests: the embedded PostgreSQL, migrated as the owner, used as the application role."""

import fcntl
import hashlib
import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.db import connections
from pytest_django.plugin import DjangoDbBlocker

from puente.platform import embedded_postgres, keys
from puente.platform.catalogues import compile_catalogues
from puente.platform.paths import PACKAGE, find_home
from puente.platform.policy import Actor
from puente.platform.row_security import acting_as

if TYPE_CHECKING:
    from tests.cast import Cast

WORKER = os.environ.get("PYTEST_XDIST_WORKER", "main")


@contextmanager
def one_worker_at_a_time() -> Iterator[None]:
    """The workers of one run share a cluster, a template and the compiled catalogues: the first one makes them."""
    find_home().mkdir(parents=True, exist_ok=True)
    with (find_home() / "workers.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def pytest_sessionstart() -> None:
    """Tests read pages in Spanish: compile the catalogues that changed."""
    with one_worker_at_a_time():
        compile_catalogues(PACKAGE)


def _start() -> embedded_postgres.Cluster:
    if not keys.key_file().exists():
        keys.create_key_file(keys.key_file())
    cluster = embedded_postgres.describe(find_home())
    embedded_postgres.start(cluster)
    return cluster


def _fingerprint_template() -> str:
    digest = hashlib.sha256()
    sources = [*PACKAGE.glob("*/migrations/*.py"), *PACKAGE.glob("content/*/*"), PACKAGE / "config" / "content.py"]
    for file in sorted([*sources, PACKAGE / "platform" / "row_security.py"]):
        digest.update(file.read_bytes())
    return digest.hexdigest()[:12]


def _use(database: str) -> None:
    for alias in ("default", "owner"):
        connections[alias].close()
        connections[alias].settings_dict["NAME"] = database


@pytest.fixture(scope="session")
def cluster() -> embedded_postgres.Cluster:
    """The running cluster of the tests. It is left running for the next run, which starts faster."""
    with one_worker_at_a_time():
        return _start()


@pytest.fixture(scope="session")
def template_database(cluster: embedded_postgres.Cluster, django_db_blocker: DjangoDbBlocker) -> str:
    """A migrated database with the content of the product, made again when a migration changed."""
    name = f"template_{_fingerprint_template()}"
    with one_worker_at_a_time():
        if not embedded_postgres.query(cluster, f"SELECT 1 FROM pg_database WHERE datname = '{name}'"):
            from django.core.management import call_command

            from puente.config.content import load_content

            partial = f"{name}_{WORKER}"
            embedded_postgres.drop_database(cluster, partial)
            embedded_postgres.create_database(cluster, partial)
            _use(partial)
            with django_db_blocker.unblock():
                call_command("migrate", database="owner", interactive=False, verbosity=0)
                load_content()
                for connection in connections.all():
                    connection.close()
            embedded_postgres.query(cluster, f"ALTER DATABASE {partial} RENAME TO {name}")
    return name


@pytest.fixture(scope="session")
def django_db_setup(
    cluster: embedded_postgres.Cluster, template_database: str, django_db_blocker: DjangoDbBlocker
) -> Iterator[None]:
    """A fresh copy of the template, on which `default` connects as the application role."""
    name = f"test_{WORKER}_{os.getpid()}"
    embedded_postgres.create_database(cluster, name, template=template_database)
    _use(name)
    yield
    for connection in connections.all():
        connection.close()
    embedded_postgres.drop_database(cluster, name)


@pytest.fixture(scope="session")
def realdata() -> Path:
    """The folder of real data; tests that need it skip where there is none."""
    folder = os.environ.get("PUENTE_REALDATA")
    if not folder or not Path(folder).is_dir():
        pytest.skip("PUENTE_REALDATA names no folder of real data")
    return Path(folder)


@pytest.fixture
def cast(db: None) -> "Cast":
    """The fixed cast: one member of staff per role at the bridge, and two at the other end of the country."""
    from tests.cast import build_cast

    return build_cast()


@pytest.fixture
def acting(db: None) -> Callable[[Actor], AbstractContextManager[None]]:
    """`with acting(cast.reception): …` tells the database who acts."""
    return acting_as
