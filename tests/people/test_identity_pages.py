from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from puente.engines.identity.birth import PartialDate
from puente.engines.identity.keys import PersonQuery
from puente.engines.identity.names import PersonName
from puente.people.forms.identity import IdentityForm
from puente.people.models import ConsentDecision, Identity, Person, TravelGroupMember
from puente.people.panels import describe_age
from puente.people.sealed import IdentityDocument, Phone
from puente.people.selectors import Contact, contact_rule, find_people, list_consents
from puente.people.services import PersonFacts, open_person, register_person
from puente.platform.policy import Purpose


def read_form(client, person):
    """What a browser would send back of the form as it stands."""
    response = client.get(reverse("people:correct", args=[person.pk]))
    context = response.context
    data = {}
    for form in [context["form"], *context["aliases"], *context["papers"], *context["phones"]]:
        for bound in form:
            value = bound.value()
            if bound.name == "birth" and value is not None:
                data |= {
                    "birth_day": value.day or "",
                    "birth_month": value.month or "",
                    "birth_year": value.year,
                }
            elif value not in (None, False, []):
                data[bound.html_name] = value
    for name in ("aliases", "papers", "phones"):
        data[f"{name}-TOTAL_FORMS"] = len(context[name].forms)
        data[f"{name}-INITIAL_FORMS"] = 0
    return data | {"reason": "said"}


def who(person):
    return reverse("people:identity", args=[person.pk])


def correct(client, person, **changes):
    data = read_form(client, person) | changes
    return client.post(
        reverse("people:correct", args=[person.pk]), {key: value for key, value in data.items() if value}
    )


def open_as(actor, person):
    return open_person(actor=actor, person_id=person.pk, purpose=Purpose.RECEPTION, now=timezone.now())


def test_the_form_sent_back_untouched_loses_nothing(sign_in, martin, cast, acting):
    client = sign_in("reception")
    with acting(cast.reception):
        before = open_as(cast.reception, martin)
    assert correct(client, martin).status_code == 302
    with acting(cast.reception):
        after = open_as(cast.reception, martin)
    assert after.identity == IdentityDocument(**{**before.identity.__dict__, "curp_state": after.identity.curp_state})
    assert PersonFacts.of(after.person) == PersonFacts(
        **{**PersonFacts.of(before.person).__dict__, "home_state_id": "16", "birth_country_id": "MX"}
    )


def test_a_correction_is_a_new_version_that_tells_who_and_what(sign_in, martin, cast, acting):
    client = sign_in("reception")
    correct(
        client, martin,
        given="José Martín", sex="X", language="mixteco", other_languages=["spanish", "english"],
        needs_interpreter="on", address="Calle Cinco 12",
        **{"aliases-0-given": "Tomás", "aliases-0-first_surname": "Arellano",
           "papers-0-kind": "gt_dpi", "papers-0-number": "1602 55120 1601",
           "phones-1-number": "656 777 1212", "phones-1-safety": "never"},
    )  # fmt: skip
    with acting(cast.reception):
        opened = open_as(cast.reception, martin)
        assert opened.identity.name.given == "José Martín"
        assert opened.identity.aliases[0].first_surname == "Arellano"
        assert opened.identity.papers[0].country == "GT"
        assert [phone.safety for phone in opened.identity.phones] == ["ask", "never"]
        assert opened.person.languages == ["mixteco", "spanish", "english"]
        assert opened.person.sex == "X"
        assert Identity.objects.filter(person=martin).count() == 2
        alias = find_people(cast.reception, PersonQuery(PersonName("Tomás", "Arellano"), PartialDate.from_parts(1992)))
        assert [one.person.pk for one in alias] == [martin.pk]
    page = client.get(who(martin)).content.decode()
    for text in ("Reception", "José Martín Ávalos Cruz", "Calle Cinco 12", "Mixtec", "DPI"):
        assert text in page
    assert '<del class="change-before">Martín Ávalos Cruz</del>' in page


def test_a_row_that_is_emptied_is_removed(sign_in, martin, cast, acting):
    correct(sign_in("reception"), martin, **{"phones-0-number": ""})
    with acting(cast.reception):
        assert open_as(cast.reception, martin).identity.phones == ()


def test_a_correction_made_meanwhile_is_not_lost(sign_in, martin, cast):
    client = sign_in("reception")
    stale = read_form(client, martin) | {"given": "Mateo"}
    correct(sign_in("counsellor"), martin, given="Marcos")
    answer = client.post(reverse("people:correct", args=[martin.pk]), {k: v for k, v in stale.items() if v})
    assert answer.status_code == 409
    assert 'value="Mateo"' in answer.content.decode()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"given": "", "first_surname": "", "second_surname": ""}, "given"),
        ({"given": "", "first_surname": "", "second_surname": "", "not_established": "on"}, "description"),
        ({"birth_country": "GT"}, "birth_state"),
        ({"home_municipality": "Juárez", "home_state": ""}, "home_municipality"),
        ({"home_municipality": "Zitacuarro Grande"}, "home_municipality"),
        ({"curp_verified": "on"}, "curp_proof"),
        ({"reason": ""}, "reason"),
        ({"birth_day": "31", "birth_month": "2"}, "birth"),
    ],
)
def test_what_cannot_be_kept_says_what_to_change_and_changes_nothing(sign_in, martin, changes, field, cast, acting):
    answer = correct(sign_in("reception"), martin, **changes)
    assert answer.status_code == 422
    assert answer.context["form"].errors[field]
    assert "error-summary" in answer.content.decode()
    with acting(cast.reception):
        assert Person.objects.get(pk=martin.pk).version == 1


def test_homonyms_are_asked_about_with_their_states(sign_in, martin):
    answer = correct(sign_in("reception"), martin, home_municipality="Juárez", home_state="")
    assert "Chih." in answer.context["form"].errors["home_municipality"][0]


def test_a_curp_that_looks_wrong_is_kept_as_declared_with_a_remark(sign_in, martin, cast, acting):
    client = sign_in("reception")
    answer = client.post(
        reverse("people:curp"), {"given": "Martín", "first_surname": "Ávalos", "curp": "XXCM920314HMNVRR09"}
    )
    assert "first surname" in answer.content.decode()
    assert correct(client, martin, curp="AACM92").status_code == 302
    with acting(cast.reception):
        opened = open_as(cast.reception, martin)
    assert (opened.identity.curp, opened.identity.curp_state) == ("AACM92", "declared")


def test_a_curp_is_verified_only_with_a_note_of_the_proof(sign_in, martin, cast, acting):
    client = sign_in("reception")
    correct(client, martin, curp_verified="on", curp_proof="RENAPO, folio 77")
    with acting(cast.reception):
        assert open_as(cast.reception, martin).identity.curp_state == "verified"
    assert correct(client, martin, curp="AACM920314HMNVRR13").status_code == 422


def test_an_identity_that_is_not_established_is_a_valid_person(sign_in, cast, acting):
    with acting(cast.reception):
        person = register_person(
            actor=cast.reception, office_id=cast.bridge.id, is_identity_established=False, facts=PersonFacts(),
            identity=IdentityDocument(name=PersonName(), description="About 60, blue jacket"), now=timezone.now(),
        )  # fmt: skip
    client = sign_in("reception")
    page = client.get(who(person)).content.decode()
    assert "No established identity" in page
    assert "blue jacket" in page
    assert correct(client, person, description="About 60, scar on the chin").status_code == 302
    with acting(cast.reception):
        assert not Person.objects.get(pk=person.pk).is_identity_established
    assert correct(client, person, given="Eusebio", not_established="").status_code == 302
    with acting(cast.reception):
        assert Person.objects.get(pk=person.pk).is_identity_established


@pytest.mark.parametrize("page", ["identity", "correct", "consents", "group"])
def test_another_office_finds_none_of_the_pages(sign_in, martin, page):
    assert sign_in("far_reception").get(reverse(f"people:{page}", args=[martin.pk])).status_code == 404
    assert sign_in("reception").get(reverse(f"people:{page}", args=[martin.pk])).status_code == 200


def test_consents_are_asked_in_the_persons_language_and_taken_back(sign_in, martin, cast, acting):
    client = sign_in("reception")
    address = reverse("people:consents", args=[martin.pk])
    assert "Look for work" in client.get(address, {"language": "en"}).content.decode()
    said = {"language": "en", "decision_work_search": "given", "decision_referral": "refused", "capacity": "self"}
    assert client.post(address, said | {"means": "verbal"}).status_code == 422
    assert client.post(address, said | {"means": "verbal", "witness": "Rosaura Güémez"}).status_code == 302
    with acting(cast.reception):
        latest = list_consents(cast.reception, martin.pk)
        assert latest["work_search"].decision == "given"
        assert (latest["work_search"].language, latest["work_search"].text_version) == ("en", "2026.1")
        assert b"Rosaura" not in bytes(latest["work_search"].sealed_witness)
    page = client.get(address).content.decode()
    assert "Rosaura Güémez" in page
    assert "Ya no mandamos su perfil" in page
    withdrawn = {"language": "es", "decision_work_search": "withdrawn", "capacity": "self", "means": "signature"}
    assert client.post(address, withdrawn).status_code == 302
    with acting(cast.reception):
        assert list_consents(cast.reception, martin.pk)["work_search"].decision == "withdrawn"
        assert ConsentDecision.objects.filter(person=martin).count() == 3


def test_a_consent_cannot_be_withdrawn_that_was_not_given_nor_decided_without_a_mark(sign_in, martin):
    client = sign_in("reception")
    address = reverse("people:consents", args=[martin.pk])
    how = {"means": "signature", "capacity": "self"}
    assert client.post(address, how | {"decision_referral": "withdrawn"}).status_code == 422
    assert client.post(address, how).status_code == 422


def test_a_travel_group_is_seen_and_completed(sign_in, martin, cast, acting):
    with acting(cast.reception):
        child = register_person(
            actor=cast.reception, office_id=cast.bridge.id, facts=PersonFacts(birth_year=2019, birth_precision="year"),
            identity=IdentityDocument(name=PersonName("Itzel", "Ávalos", "Tzintzun")), now=timezone.now(),
        )  # fmt: skip
    client = sign_in("reception")
    address = reverse("people:group", args=[martin.pk])
    assert "Itzel" in client.post(address, {"q": "avalos tzintzun itzel"}).content.decode()
    assert client.post(address, {"person": child.pk}).status_code == 422
    assert client.post(address, {"person": child.pk, "relation": "child"}).status_code == 302
    assert client.post(address, {"person": child.pk, "relation": "child"}).status_code == 302  # twice is once
    page = client.get(reverse("people:group", args=[child.pk])).content.decode()
    assert "Ávalos Cruz, Martín" in page
    assert "Daughter or son" in page
    with acting(cast.reception):
        assert TravelGroupMember.objects.count() == 2


def test_a_person_of_another_office_is_not_added_to_a_group(sign_in, martin, cast, acting):
    with acting(cast.far_reception):
        far = register_person(
            actor=cast.far_reception, office_id=cast.tapachula.id, facts=PersonFacts(),
            identity=IdentityDocument(name=PersonName("Delmy", "Ávalos")), now=timezone.now(),
        )  # fmt: skip
    client = sign_in("reception")
    address = reverse("people:group", args=[martin.pk])
    assert "Delmy" not in client.post(address, {"q": "avalos delmy"}).content.decode()
    assert client.post(address, {"person": far.pk, "relation": "other"}).status_code == 404


@pytest.mark.parametrize(
    ("safeties", "contact", "first"),
    [
        ((), Contact.NO_PHONE, None),
        (("ask", "yes"), Contact.MAY_CALL, "yes"),
        (("ask", "never"), Contact.ASK_FIRST, "ask"),
        (("never",), Contact.NEVER, None),
        (("something new",), Contact.ASK_FIRST, "something new"),
    ],
)
def test_the_rule_of_contact_is_careful(safeties, contact, first):
    phones = tuple(Phone(f"656 000 000{number}", safety=safety) for number, safety in enumerate(safeties))
    rule = contact_rule(IdentityDocument(name=PersonName("Ana"), phones=phones))
    assert rule.contact is contact
    assert (rule.phones[0].safety if rule.phones else None) == first
    assert all(phone.safety == "never" for phone in rule.never)


def test_before_calling_stands_before_the_numbers_and_these_are_masked(sign_in, martin):
    page = sign_in("reception").get(who(martin)).content.decode()
    assert page.index("Before calling") < page.index("715 ••• ••18") < page.index("715 123 4518")


def test_the_pages_of_a_person_cost_few_queries(sign_in, martin, django_assert_max_num_queries):
    client = sign_in("reception")
    for given in ("A", "B", "C", "D"):
        correct(client, martin, given=given)
    with django_assert_max_num_queries(36):
        client.get(who(martin))


def test_a_curp_is_reviewed_without_a_person(db):
    form = IdentityForm({"curp": "AACM920314HMNVRR05"})
    assert not form.is_valid()
    assert form.review().curp == "AACM920314HMNVRR05"


def test_ages_are_told_as_far_as_they_are_known():
    today = date(2026, 11, 23)
    assert describe_age(None, today) == ""
    assert "34" in describe_age(PartialDate.from_iso("1992-03-14"), today)
    assert "33" in describe_age(PartialDate.from_iso("1992-12-14"), today)
    assert "33" in describe_age(PartialDate.from_parts(1992), today)
    assert "34" in describe_age(PartialDate.from_parts(1992), today)
    assert "60" in describe_age(PartialDate.from_parts(1966, estimated=True), today)
