from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from puente.offices.models import Country, Municipality, Office, ReceptionPoint, Service, State
from puente.offices.selectors import find_municipalities, list_points, load_place_index
from puente.offices.services import update_service
from puente.platform.policy import NotAllowed

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
pytestmark = pytest.mark.django_db


def test_every_place_is_loaded():
    assert (State.objects.count(), Municipality.objects.count()) == (32, 2478)
    assert Country.objects.filter(code__in=["MX", "GT", "HN", "SV"]).count() == 4
    assert set(Office.objects.values_list("code", flat=True)) == {"juarez", "mexico_city", "tapachula"}


def test_codes_of_states_fall_into_none_of_the_known_traps():
    codes = dict(State.objects.values_list("curp_code", "name"))
    assert (codes["CS"], codes["CH"]) == ("Chiapas", "Chihuahua")
    assert (codes["CC"], codes["CL"], codes["CM"]) == ("Campeche", "Coahuila", "Colima")
    assert State.objects.get(code="09").iso_code == "MX-CMX"


def test_juarez_is_not_always_ciudad_juarez():
    index = load_place_index()
    assert index.resolve_municipality("Ciudad Juárez").code == "08037"
    assert index.resolve_municipality("Juárez").code is None
    assert {found.code for found in find_municipalities("juarez", limit=30)} >= {"08037", "07048", "19031"}
    assert [found.code for found in find_municipalities("juarez", state="19")] == ["19031"]


def test_a_point_counts_only_within_its_dates():
    juarez = Office.objects.get(code="juarez")
    point = ReceptionPoint.objects.get(code="juarez_paso_del_norte")
    ReceptionPoint.objects.filter(pk=point.pk).update(valid_from=date(2020, 1, 1), valid_to=date(2025, 12, 31))
    assert point in list_points(juarez.pk, date(2025, 6, 1))
    assert point not in list_points(juarez.pk, date(2026, 6, 1))


def test_the_directory_lists_services_and_a_coordinator_keeps_them_up_to_date(client, cast):
    client.force_login(cast.users["coordinator"], backend=BACKEND)
    service = Service.objects.filter(kinds="shelter").first()
    page = client.get(reverse("offices:directory"), {"kind": "shelter"})
    assert service.label_es in page.content.decode()
    form = {"where": "Calle Neptuno 1855", "hours": "todos los días", "phone": "", "free_places": "12"}
    client.post(reverse("offices:service", args=[service.pk]), form)
    service.refresh_from_db()
    assert service.free_places == 12
    assert service.free_places_at is not None
    assert service.where_fr == "Calle Neptuno 1855"


def test_a_wrong_number_of_places_says_what_to_change_and_saves_nothing(client, cast):
    client.force_login(cast.users["coordinator"], backend=BACKEND)
    service = Service.objects.first()
    form = {"where": "x", "hours": "y", "free_places": "-3"}
    page = client.post(reverse("offices:service", args=[service.pk]), form)
    assert "0 o más lugares" in page.content.decode()
    service.refresh_from_db()
    assert service.free_places is None


def test_reception_reads_the_directory_but_does_not_edit_it(client, cast, acting):
    client.force_login(cast.users["reception"], backend=BACKEND)
    service = Service.objects.first()
    assert client.get(reverse("offices:directory")).status_code == 200
    assert client.get(reverse("offices:service", args=[service.pk])).status_code == 404
    with acting(cast.reception), pytest.raises(NotAllowed):
        update_service(
            actor=cast.reception, code=service.pk, where="x", hours="y", phone="", free_places=1, is_verified=True,
            now=timezone.now(),
        )  # fmt: skip


def test_the_directory_costs_the_same_queries_at_any_length(client, cast, django_assert_max_num_queries):
    client.force_login(cast.users["reception"], backend=BACKEND)
    with django_assert_max_num_queries(18):
        client.get(reverse("offices:directory"))
