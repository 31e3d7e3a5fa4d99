"""The one rule of access in its three statements: `allow`, `visible_to` and row-level security."""

import random
from datetime import timedelta
from importlib import import_module

import pytest
from django.utils import timezone

from puente.accounts.models import AccessGrant
from puente.accounts.roles import ROLES
from puente.accounts.selectors import build_actor
from puente.accounts.services import create_staff
from puente.engines.identity.names import PersonName
from puente.offices.models import Office
from puente.people.models import ConsentDecision, Person
from puente.people.policies import OPEN_PERSON
from puente.people.sealed import IdentityDocument
from puente.people.services import PersonFacts, receive_person, record_consents, register_person
from puente.platform.paths import PACKAGE
from puente.platform.policy import Purpose, Record, Sensitivity, allow, registered_actions, system_actor
from puente.platform.row_security import acting_as

PEOPLE = 60
STAFF = 40


@pytest.fixture
def world(db):
    """Random people served by random offices, random staff with random roles and grants."""
    dice = random.Random(20261123)
    now = timezone.now()
    offices = list(Office.objects.all())
    maker = system_actor("maker", offices[0].pk, registered_actions().values(), [office.pk for office in offices])
    records = {}
    with acting_as(maker):
        for _ in range(PEOPLE):
            served = dice.sample(offices, dice.choice([1, 1, 1, 2]))
            person = register_person(
                actor=maker, office_id=served[0].pk, identity=IdentityDocument(name=PersonName("Ana", "Tzintzun")),
                facts=PersonFacts(), now=now,
            )  # fmt: skip
            for office in served[1:]:
                receive_person(actor=maker, person_id=person.pk, office_id=office.pk, now=now)
            sensitivity = dice.choice([Sensitivity.PUBLISHED, Sensitivity.SERVICE, Sensitivity.CASE])
            Person.objects.filter(pk=person.pk).update(sensitivity=sensitivity)
            record_consents(
                actor=maker, person_id=person.pk, office_id=dice.choice(served).pk, decisions={"care": "given"},
                language="es", means="verbal", purpose=Purpose.RECEPTION, now=now,
            )  # fmt: skip
            records[person.pk] = Record(frozenset(o.pk for o in served), sensitivity, person.pk)
    actors = []
    for number in range(STAFF):
        roles = {(dice.choice(list(ROLES)), dice.choice(offices)) for _ in range(dice.choice([0, 1, 1, 2, 3]))}
        user = create_staff(email=f"s{number}@puente.test", name=f"Staff {number}", roles=list(roles))
        for person_id in dice.sample(list(records), dice.choice([0, 0, 1, 3])):
            AccessGrant.objects.create(
                user=user, person_id=person_id, granted_by=user.pk, reason="test",
                expires_at=now + timedelta(hours=dice.choice([-1, 1])),
            )  # fmt: skip
        actors.append(build_actor(user, timezone.now()))
    return records, actors


def test_the_rule_the_queryset_and_the_database_agree_on_who_may_open_whom(world):
    records, actors = world
    now = timezone.now()
    seen = 0
    for actor in actors:
        allowed = {
            person_id
            for person_id, record in records.items()
            if allow(actor, OPEN_PERSON, record, Purpose.RECEPTION, now)
        }
        with acting_as(actor):
            by_queryset = set(Person.objects.visible_to(actor, OPEN_PERSON).values_list("pk", flat=True))
            by_database = set(Person.objects.values_list("pk", flat=True))
        assert by_queryset == allowed
        assert by_database == allowed
        seen += len(allowed)
    assert 0 < seen < len(actors) * len(records)


def test_rows_about_a_person_follow_the_person_and_the_office_that_made_them(world):
    _records, actors = world
    for actor in actors:
        with acting_as(actor):
            by_queryset = set(ConsentDecision.objects.visible_to(actor, OPEN_PERSON).values_list("pk", flat=True))
            by_database = set(ConsentDecision.objects.values_list("pk", flat=True))
        assert by_queryset == by_database


def test_a_purpose_that_does_not_fit_the_action_is_refused(world):
    records, actors = world
    now = timezone.now()
    assert not any(
        allow(actor, OPEN_PERSON, record, Purpose.STATISTICS, now) for actor in actors for record in records.values()
    )


def test_every_action_of_a_role_is_declared_by_some_app_and_every_declared_one_is_used():
    for file in PACKAGE.glob("*/policies.py"):
        import_module(f"puente.{file.parent.name}.policies")
    declared = set(registered_actions())
    promised = {action for role in ROLES.values() for action in role.actions}
    # What returned people do themselves, on their phone page, belongs to no role.
    assert promised == declared - {"phone_page.open"}, promised ^ declared
