"""A database of its own for what only a commit does, and its owner, who can do everything."""

from contextlib import contextmanager
from uuid import UUID

import psycopg
import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from puente.audit.services import record_event
from puente.platform import embedded_postgres
from puente.platform.ids import make_id
from puente.platform.policy import Purpose
from puente.platform.row_security import acting_as
from tests.cast import build_cast

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture
def visit(cast):
    """`visit("administrator", path)` opens a page as one role, in English."""

    def get(role, path, **headers):
        client = Client(headers={"Accept-Language": "en", **headers})
        client.force_login(cast.users[role], backend=BACKEND)
        return client.get(path)

    return get


@pytest.fixture
def send(cast):
    """`send("administrator", path, outcome="mistake")` posts a form as one role, in English."""

    def post(role, path, **values):
        client = Client(headers={"Accept-Language": "en"})
        client.force_login(cast.users[role], backend=BACKEND)
        return client.post(path, values)

    return post


def link_now():
    """Put the events of the running test into their chains, as the commit would."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def record(actor, verb="person.opened", *, person_id=None, office_id=None, **fields):
    """Append one event as an actor."""
    with acting_as(actor):
        return record_event(
            actor=actor, verb=verb, record_type="person", record_id=person_id, person_id=person_id,
            office_id=office_id, purpose=fields.pop("purpose", Purpose.RECEPTION), **fields,
        )  # fmt: skip


class Committed:
    """A database in which tests really commit: its cast, and its superuser."""

    def __init__(self, cluster, name):
        self.cluster = cluster
        self.name = name
        self.cast = build_cast()

    @contextmanager
    def owner(self):
        """A connection of the superuser, whom no policy and no trigger holds up."""
        settings = self.cluster.connection(embedded_postgres.SUPERUSER, self.name)
        with psycopg.connect(
            host=settings["HOST"], user=settings["USER"], password=settings["PASSWORD"], dbname=self.name,
            autocommit=True,
        ) as opened:  # fmt: skip
            opened.execute("SET session_replication_role = replica")
            yield opened

    @contextmanager
    def tampering(self):
        """The superuser's connection; afterwards everything is again as it was."""
        tables = ("audit_event", "audit_link", "audit_head")
        with self.owner() as opened:
            for table in tables:
                opened.execute(f"CREATE TEMP TABLE kept_{table} AS SELECT * FROM {table}")
            try:
                yield opened
            finally:
                for table in tables:
                    opened.execute(f"TRUNCATE {table}")
                    opened.execute(f"INSERT INTO {table} SELECT * FROM kept_{table}")
                    opened.execute(f"DROP TABLE kept_{table}")

    def record(self, number=1, actor=None, office_id: UUID | None = None):
        """Commit events one by one and return their ids."""
        actor = actor or self.cast.reception
        return [record(actor, person_id=make_id(), office_id=office_id, at=timezone.now()).pk for _ in range(number)]


@pytest.fixture
def committed(cluster, own_database):
    """A database of one test, in which what is done is committed."""
    return Committed(cluster, connection.settings_dict["NAME"])
