from datetime import date

import pytest
from django.utils import translation

from puente.offices.models import Municipality, State
from puente.opportunities.selectors.wages import find_minimum_wage, get_mean_wage, get_minimum_wage


@pytest.mark.django_db
def test_every_state_has_a_mean_wage_with_its_source_and_quarter():
    for code in State.objects.values_list("code", flat=True):
        found = get_mean_wage(code)
        assert 2_000 < found.monthly < 40_000
        assert found.source
        assert found.quarter >= "2025-Q1"


def test_the_minimum_wage_is_the_one_in_force_that_day():
    assert get_minimum_wage("general", date(2025, 12, 31)).daily == 278.80
    assert get_minimum_wage("general", date(2026, 1, 1)).daily == 315.04
    assert get_minimum_wage("border", date(2018, 6, 1)) is None
    assert get_minimum_wage("general", date(1990, 1, 1)) is None


@pytest.mark.django_db
def test_the_northern_border_has_its_own_minimum_wage():
    juarez, zitacuaro = Municipality.objects.get(pk="08037"), Municipality.objects.get(pk="16112")
    assert find_minimum_wage(juarez, date(2026, 11, 23)).daily == 440.87
    assert find_minimum_wage(zitacuaro, date(2026, 11, 23)).monthly == round(315.04 * 30.4, 2)
    # Before the zone existed the general wage held there too.
    assert find_minimum_wage(juarez, date(2018, 6, 1)).zone == "general"


def test_the_name_of_a_minimum_wage_is_in_the_language_of_the_reader():
    with translation.override("fr"):
        assert get_minimum_wage("general", date(2026, 1, 1)).label == "Salaire minimum général"
