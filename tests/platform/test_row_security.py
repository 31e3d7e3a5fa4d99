import pytest
from django.db import connection

pytestmark = pytest.mark.django_db


def test_the_tests_connect_as_the_application_role():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_user, rolsuper OR rolbypassrls OR rolcreaterole FROM pg_roles WHERE rolname = current_user"
        )
        assert cursor.fetchone() == ("puente_app", False)


def test_without_an_actor_no_person_is_seen():
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM people_person")
        assert cursor.fetchone() == (0,)
