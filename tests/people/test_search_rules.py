"""What must hold of every search, whatever is asked and whoever asks."""

import string
from uuid import uuid4

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from puente.engines.identity.birth import PartialDate
from puente.engines.identity.evidence import compare
from puente.engines.identity.facts import Candidate, PersonQuery
from puente.engines.identity.names import PersonName
from puente.people.forms.question import LineForm
from puente.people.models import Person
from puente.people.sealed import (
    IdentityDocument,
    PaperDocument,
    Phone,
    create_person_key,
    open_person_key,
    seal_identity,
    unseal_identity,
)
from puente.people.selectors import find_people
from puente.people.selectors.search import HIDDEN, _mask
from puente.people.services import PersonFacts, register_person

WORDS = st.text(alphabet="aábcdeéiñoruvz", min_size=3, max_size=8).map(str.title)
NAMES = st.builds(PersonName, WORDS, WORDS, st.one_of(st.just(""), WORDS), st.one_of(st.just(""), WORDS))
ASKED = st.builds(
    PersonName, st.one_of(st.just(""), WORDS), st.one_of(st.just(""), WORDS), st.one_of(st.just(""), WORDS)
)
BIRTHS = st.builds(PartialDate.from_parts, st.integers(1930, 2020), st.integers(1, 12), st.integers(1, 28))
SECRETS = {"curp": "QQWW920314HMNVRR05", "mother": "Xochiquetzal Yzquierdo", "phones": ("6561239876",)}


@given(ASKED, NAMES, st.lists(NAMES, max_size=2), BIRTHS, st.one_of(st.none(), BIRTHS))
def test_a_masked_candidate_tells_no_part_that_was_not_asked(asked, name, aliases, birth, said_birth):
    query = PersonQuery(asked, said_birth, "16")
    candidate = Candidate("0", name, birth, "20", "M", aliases=tuple(aliases), **SECRETS)
    shown = _mask(query, Person(birth_year=birth.year, sex="M"), candidate, compare(query, candidate))
    assert shown.identity == IdentityDocument(name=shown.identity.name)
    assert shown.person.birth_year is None
    assert not shown.identity.name.preferred
    if not asked.given:
        assert not shown.identity.name.given
    if not (asked.first_surname and asked.second_surname):
        assert not shown.identity.name.second_surname
    for row in shown.comparison.rows:
        if row.field not in ("surnames", "given"):
            assert row.registered in ("", HIDDEN)
            assert row.registered_spans == ()


@given(st.text(alphabet=string.printable + "áéíóúñÑ’–\u00a0", max_size=160))
def test_any_line_can_be_read(text):
    form = LineForm({"q": text})
    if form.is_valid():
        form.read()


@given(
    st.builds(
        IdentityDocument,
        name=NAMES,
        as_said=st.text(max_size=20),
        aliases=st.lists(NAMES, max_size=2).map(tuple),
        birth_month=st.one_of(st.none(), st.integers(1, 12)),
        papers=st.lists(st.builds(PaperDocument, WORDS, st.just("GT"), WORDS), max_size=2).map(tuple),
        phones=st.lists(st.builds(Phone, WORDS, instructions=st.text(max_size=20)), max_size=2).map(tuple),
        address=st.text(max_size=40),
    )
)
def test_a_sealed_document_comes_back_as_it_was(document):
    person_id = uuid4()
    data_key, wrapped = create_person_key(person_id)
    sealed = seal_identity(data_key, person_id, 3, document)
    assert unseal_identity(open_person_key(person_id, wrapped), person_id, 3, sealed) == document


@pytest.mark.django_db
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=25)
@given(name=NAMES, birth=BIRTHS)
def test_whoever_is_registered_is_found_by_name_and_year(cast, acting, name, birth):
    with acting(cast.reception):
        person = register_person(
            actor=cast.reception,
            office_id=cast.bridge.id,
            identity=IdentityDocument(name=name, birth_month=birth.month, birth_day=birth.day),
            facts=PersonFacts(birth_year=birth.year, birth_precision="day"),
            now=timezone.now(),
        )
        found = find_people(cast.reception, PersonQuery(name, PartialDate.from_parts(birth.year)))
        assert person.pk in {candidate.person.pk for candidate in found}
