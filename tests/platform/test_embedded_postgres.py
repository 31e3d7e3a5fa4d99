import os
import shutil
import signal
import stat
import time

import pytest

from puente.platform import embedded_postgres
from puente.platform.embedded_postgres import APPLICATION_ROLE, OWNER_ROLE, describe, is_running, query, start, stop


@pytest.fixture
def cluster(tmp_path):
    described = describe(tmp_path / "home")
    yield described
    stop(described)
    shutil.rmtree(described.data.parent if described.user_id else described.data, ignore_errors=True)


def _server_pid(cluster) -> int:
    return int((cluster.data / "postmaster.pid").read_text().splitlines()[0])


def test_a_killed_server_is_repaired_by_the_next_start_and_keeps_what_was_committed(cluster):
    start(cluster)
    query(cluster, "CREATE TABLE kept AS SELECT 41 + 1 AS answer", database="puente")
    os.kill(_server_pid(cluster), signal.SIGKILL)
    deadline = time.monotonic() + 10
    while is_running(cluster) and time.monotonic() < deadline:
        time.sleep(0.05)
    start(cluster)
    assert query(cluster, "SELECT answer FROM kept", database="puente") == "42"


def test_only_its_own_user_reaches_the_socket_and_passwords_are_asked(cluster):
    start(cluster)
    assert stat.S_IMODE(cluster.sockets.stat().st_mode) == 0o700
    rules = query(cluster, "SELECT DISTINCT auth_method FROM pg_hba_file_rules")
    assert rules == "scram-sha-256"
    assert query(cluster, "SHOW listen_addresses") == ""


def test_owner_and_application_have_no_rights_beyond_their_own(cluster):
    start(cluster)
    mighty = query(
        cluster,
        "SELECT count(*) FROM pg_roles WHERE rolname LIKE 'puente_%' AND rolname <> 'puente_admin'"
        " AND (rolsuper OR rolcreaterole OR rolbypassrls OR rolcreatedb)",
    )
    assert mighty == "0"
    assert {OWNER_ROLE, APPLICATION_ROLE} == {"puente_owner", "puente_app"}


def test_a_running_server_is_left_running_and_one_of_our_own_is_stopped(cluster):
    with embedded_postgres.running(cluster):
        assert is_running(cluster)
        with embedded_postgres.running(cluster):
            pass
        assert is_running(cluster)
    assert not is_running(cluster)


def test_a_home_made_anew_gets_a_cluster_of_its_own(tmp_path):
    first = describe(tmp_path / "home")
    shutil.rmtree(tmp_path / "home")
    assert describe(tmp_path / "home").passwords != first.passwords
