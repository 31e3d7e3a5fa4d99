"""The three statements of the access rule agree over every table about people, and the measure notices a broken one."""

from django.db import connection

from benchmarks.trust import policy
from benchmarks.trust.tables import OTHERWISE, TABLES, list_tables


def test_allow_visible_to_and_the_database_agree_and_a_broken_rule_is_noticed(own_database):
    figures = policy.compare(people=21, staff=30, rows=1)
    assert figures["mismatches"] == 0
    assert figures["triples"] > 10_000
    assert 0 < figures["seen_reserved"] < figures["seen"] < figures["triples"]
    assert figures["control_mismatches"] > 100


def test_every_table_about_people_says_how_it_is_read(db):
    with connection.cursor() as cursor:

        def ask(statement):
            cursor.execute(statement)
            return cursor

        tables = list_tables(ask)
    assert policy.list_missing(tables) == [], "add the table to benchmarks/trust/tables.py"
    assert set(TABLES) | set(OTHERWISE) <= {*tables, "reception_manifestline"}
    assert not set(TABLES) & set(OTHERWISE)
