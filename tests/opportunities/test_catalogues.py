import pytest

from puente.engines.matching.constraints import DOCUMENTS, HIGHEST_ENGLISH, HIGHEST_SCHOOLING, LANGUAGES, LICENCES
from puente.engines.matching.constraints import PHYSICAL_DEMANDS as DEMANDS
from puente.opportunities import requirements
from puente.opportunities.models import ImportSource, IscoGroup, Occupation, OccupationPair
from puente.opportunities.services.catalogues import load_occupations, load_sources
from puente.platform.catalogues import find_gaps
from puente.platform.paths import PACKAGE


@pytest.mark.django_db
def test_the_catalogue_is_whole_and_keeps_all_pairs_of_an_occupation():
    assert (Occupation.objects.count(), OccupationPair.objects.count(), IscoGroup.objects.count()) == (490, 696, 619)
    mason = Occupation.objects.get(pk="7121")
    assert {"7111", "7112", "7113", "7114"} <= set(mason.isco_groups.values_list("code", flat=True))
    assert (mason.division_id, mason.main_group_id) == ("7", "71")


@pytest.mark.django_db
def test_loading_the_catalogue_again_changes_nothing_and_keeps_what_an_office_mapped():
    ImportSource.objects.filter(code="sne-2018").update(options={"open_days": 5})
    assert load_occupations() == {"occupations": 490, "occupation pairs": 696}
    load_sources()
    assert ImportSource.objects.get(code="sne-2018").options == {"open_days": 5}


@pytest.mark.parametrize(
    ("kind", "bits"),
    [("licences", LICENCES), ("languages", LANGUAGES), ("documents", DOCUMENTS), ("physical", DEMANDS)],
)
def test_every_requirement_has_a_bit_of_the_engine_and_a_name(kind, bits):
    codes = requirements.codes_of(kind)
    assert len(set(codes)) == len(codes) <= bits
    assert requirements.mask_of(kind, codes) == (1 << len(codes)) - 1
    for code in codes:
        assert requirements.find_codes(kind, requirements.find_label(kind, code)) == ([code], [])


def test_levels_are_those_of_the_engine():
    assert max(requirements.SCHOOLING_LEVELS.values()) == max(requirements.SCHOOLING_LABELS) == HIGHEST_SCHOOLING
    assert len(requirements.ENGLISH_LEVELS) - 1 == max(requirements.ENGLISH_LABELS) == HIGHEST_ENGLISH


@pytest.mark.parametrize("language", ["es", "fr"])
def test_the_room_speaks_the_language_whole(language):
    assert find_gaps(PACKAGE / "opportunities", language) == []
