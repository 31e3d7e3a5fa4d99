"""With 20,000 people, the search and the list of an office use their indexes, as the application role."""

import json
import os
from uuid import uuid4

import psycopg
import pytest

from puente.engines.identity.birth import PartialDate
from puente.engines.identity.keys import PersonQuery, query_keys
from puente.engines.identity.names import PersonName
from puente.people.models import PersonOffice
from puente.people.selectors.search import BROAD_KINDS, FIND_CANDIDATES, MOST_CANDIDATES, MOST_PER_KEY
from puente.platform import embedded_postgres
from puente.platform.keys import load_keyring

PEOPLE = 20_000
FILL = f"""
INSERT INTO people_person (id, office_id, sensitivity, key_name, wrapped_key, version, is_identity_established, sex,
    birth_year, birth_precision, languages, needs_interpreter, created_at, created_by)
SELECT gen_random_uuid(), office.id, 2, 'office-1', '\\x01', 1, true, 'M', 1950 + number % 60, 'year', '{{}}', false,
    now() - number * interval '1 minute', office.id
FROM generate_series(1, {PEOPLE}) AS number, (SELECT id FROM offices_office WHERE code = 'juarez') AS office;
INSERT INTO people_personoffice (person_id, office_id, since) SELECT id, office_id, created_at FROM people_person;
INSERT INTO people_identity (id, person_id, version, sealed, facts, reason, made_at, made_by)
SELECT id, id, 1, '\\x01', '{{}}', 'registered', created_at, id FROM people_person;
INSERT INTO people_searchkey (key, person_id)
SELECT DISTINCT hashint8extended(('x' || substr(id::text, 1, 6))::bit(24)::bigint % 4000 * 12 + part, 0), id
FROM people_person, generate_series(1, 10) AS part;
VACUUM ANALYZE people_person, people_personoffice, people_identity, people_searchkey;
"""


@pytest.fixture(scope="module")
def application(cluster, template_database):
    """A connection of the application role to a database with 20,000 people, and the bridge's id."""
    name = f"plan_{os.getpid()}"
    embedded_postgres.create_database(cluster, name, template=template_database)
    try:
        for statement in filter(None, map(str.strip, FILL.split(";"))):
            # Foreign keys hold by construction, and a superuser passes every policy.
            embedded_postgres.query(cluster, statement, database=name)
        said = cluster.connection(embedded_postgres.APPLICATION_ROLE, name)
        with psycopg.connect(
            host=said["HOST"], dbname=name, user=said["USER"], password=said["PASSWORD"], autocommit=True
        ) as connection:
            office = connection.execute("SELECT id FROM offices_office WHERE code = 'juarez'").fetchone()[0]
            yield connection, office
    finally:
        embedded_postgres.drop_database(cluster, name)


def explain(application, statement, parameters, *, finding):
    """Return the kinds of nodes of a plan with the relation or index each reads, and how many rows came."""
    connection, office = application
    with connection.transaction():
        for setting, value in {
            "puente.actor": str(uuid4()),
            "puente.scope": json.dumps({"person.find": [str(office)], "person.open": [str(office)]}),
            "puente.clearance": "2",
            "puente.finding": "on" if finding else "",
        }.items():
            connection.execute("SELECT set_config(%s, %s, true)", [setting, value])
        plan = connection.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {statement}", parameters).fetchone()[0][0]["Plan"]
    nodes = []

    def walk(node):
        nodes.append((node["Node Type"], node.get("Index Name") or node.get("Relation Name")))
        for child in node.get("Plans", ()):
            walk(child)

    walk(plan)
    return nodes, plan["Actual Rows"]


def test_the_search_reads_keys_people_and_identities_by_index(application):
    query = PersonQuery(PersonName("Martín", "Ávalos", "Cruz"), PartialDate.from_parts(1992), "16", is_typing=True)
    keys = query_keys(query)
    hashes = [load_keyring().hash_search_key(key) for key in keys]
    weights = [1 if key.partition("|")[0] in BROAD_KINDS else 4 for key in keys]
    nodes, _rows = explain(
        application, FIND_CANDIDATES, [hashes, weights, MOST_PER_KEY, MOST_CANDIDATES, 2], finding=True
    )
    assert ("Index Only Scan", "people_searchkey_pkey") in nodes
    assert not [name for kind, name in nodes if kind == "Seq Scan" and name and name.startswith("people_")]


def test_keys_of_many_people_still_go_through_the_index(application):
    hashes = [f"SELECT hashint8extended({number * 12 + 1}, 0)" for number in range(30)]
    connection, _office = application
    found = [connection.execute(statement).fetchone()[0] for statement in hashes]
    nodes, rows = explain(
        application, FIND_CANDIDATES, [found, [4] * len(found), MOST_PER_KEY, MOST_CANDIDATES, 2], finding=True
    )
    assert rows > 50
    assert not [name for kind, name in nodes if kind == "Seq Scan" and name and name.startswith("people_")]


def test_the_list_of_an_office_is_read_in_the_order_of_its_index(application):
    _connection, office = application
    rows = PersonOffice.objects.filter(office_id__in={office}, person__sensitivity__lte=2).order_by("-since", "person")
    statement, parameters = rows[:17].query.sql_with_params()
    nodes, number = explain(application, statement, parameters, finding=False)
    assert number == 17
    assert any(name == "people_of_office" for _kind, name in nodes)
    assert "Sort" not in [kind for kind, _name in nodes]
