"""`puente doctor`: does this installation stand on what it must stand on?"""

from collections.abc import Callable

from django.db import connection, connections
from django.db.migrations.executor import MigrationExecutor
from rich.console import Console
from rich.table import Table

from puente.offices.models import Municipality
from puente.platform import keys


def examine_installation(console: Console) -> int:
    """Run every check and print a table; returns the exit code, 1 where one fails."""
    checks: dict[str, Callable[[], str | None]] = {
        "Database answers": _check_version,
        "Application role has no rights of an owner": _check_role,
        "Row-level security on every table about people": _check_row_security,
        "Migrations are applied": _check_migrations,
        "Keys are readable by their owner alone": _check_keys,
        "Content is loaded": _check_content,
    }
    table = Table("check", "result", box=None)
    problems = 0
    for name, check in checks.items():
        problem = check()
        problems += problem is not None
        table.add_row(name, "[green]good[/]" if problem is None else f"[bold red]{problem}[/]")
    console.print(table)
    return 1 if problems else 0


def _check_version() -> str | None:
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version_num")
        version = int(cursor.fetchone()[0])
    return None if version >= 150000 else f"PostgreSQL 15 or newer is needed; this is {version // 10000}."


def _check_role() -> str | None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_user, rolsuper OR rolbypassrls OR rolcreaterole OR EXISTS ("
            " SELECT 1 FROM pg_tables WHERE schemaname = 'public' AND tableowner = current_user)"
            " FROM pg_roles WHERE rolname = current_user"
        )
        role, is_mighty = cursor.fetchone()
    return f"{role} is a superuser, an owner or bypasses row-level security." if is_mighty else None


def _check_row_security() -> str | None:
    """Every table that speaks of a person must carry policies."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT string_agg(DISTINCT c.relname, ', ') FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid"
            " WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace AND a.attname = 'person_id'"
            " AND NOT c.relrowsecurity AND c.relname <> 'accounts_accessgrant'"
        )
        bare = cursor.fetchone()[0]
    return f"Without policies: {bare}." if bare else None


def _check_migrations() -> str | None:
    executor = MigrationExecutor(connections["default"])
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return f"{len(plan)} are missing: run puente migrate." if plan else None


def _check_keys() -> str | None:
    try:
        keys.read_key_file(keys.key_file())
    except keys.KeysUnavailable as problem:
        return str(problem)
    return None


def _check_content() -> str | None:
    count = Municipality.objects.count()
    return None if count == 2478 else f"{count} municipalities instead of 2,478: run puente load content."
