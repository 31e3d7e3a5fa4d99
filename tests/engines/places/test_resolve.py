from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import puente
from puente.engines.places import Alias, Municipality, PlaceIndex, State, Town, read_municipalities

MUNICIPALITIES = read_municipalities(Path(puente.__file__).parent / "content" / "places" / "municipalities.csv")

# Checked by hand against the INEGI catalogue: what was written, the state, the municipality that is meant.
TRICKY = [
    ("Ciudad Juárez", "Chihuahua", "08037"),
    ("Juárez", "Chihuahua", "08037"),
    ("Cd. Juarez", "Chih.", "08037"),
    ("JUAREZ, CHIH.", None, "08037"),
    ("Juárez", "Nuevo León", "19031"),
    ("Juárez", "Chiapas", "07048"),
    ("Juárez", "Coahuila", "05015"),
    ("Benito Juárez", "Quintana Roo", "23005"),
    ("Benito Juárez", "Ciudad de México", "09014"),
    ("Benito Juárez", "Zacatecas", "32004"),
    ("Benito Juárez", "Sonora", "26071"),
    ("Cancún", "Quintana Roo", "23005"),
    ("Solidaridad", "Quintana Roo", "23008"),
    ("Playa del Carmen", "Q. Roo", "23008"),
    ("Cd. Obregón", "Sonora", "26018"),
    ("Los Mochis", "Sinaloa", "25001"),
    ("Villahermosa", "Tabasco", "27004"),
    ("Chetumal", "Quintana Roo", "23004"),
    ("Cabo San Lucas", "B.C.S.", "03008"),
    ("San José Iturbide", "Guanajuato", "11032"),
    ("Silao", "Gto.", "11037"),
    ("Dolores Hidalgo", "Guanajuato", "11014"),
    ("San Pedro Mixtepec -Dto. 22 -", "Oaxaca", "20318"),
    ("San Pedro Mixtepec -Dto. 26 -", "Oaxaca", "20319"),
    ("San Juan Mixtepec - Distrito 08 -", "Oaxaca", "20208"),
    ("San Pedro Mixtepec (Dto. 22)", "Oax.", "20318"),
    ("Ecatepec (Edo. Méx.)", None, "15033"),
    ("Puerto Escondido", "Oaxaca", "20318"),
    ("Juchitán", "Oaxaca", "20043"),
    ("Ecatepec", "Edo. Méx.", "15033"),
    ("Atizapán de Zaragoza", "México", "15013"),
    ("Neza", "Edomex", "15058"),
    ("Hidalgo", "Michoacán", "16034"),
    ("Ciudad Hidalgo", "Michoacán", "16034"),
    ("Ciudad Hidalgo", "Chiapas", "07087"),
    ("Ciudad Guzmán", "Jalisco", "14023"),
    ("Tlaquepaque", "Jalisco", "14098"),
    ("El Carmen", "Nuevo León", "19010"),
    ("Gral. Escobedo", "N.L.", "19021"),
    ("H. Matamoros", "Tamaulipas", "28022"),
    ("Matamoros", "Coahuila", "05017"),
    ("Mante", "Tamps.", "28021"),
    ("Sta. Ana Chiautempan", "Tlaxcala", "29010"),
    ("Magdalena Contreras", "D.F.", "09008"),
    ("Delegación Cuauhtémoc", "Distrito Federal", "09015"),
    ("Cuauhtémoc", "Chihuahua", "08017"),
    ("Parral", "Chihuahua", "08032"),
    ("Medellín", "Veracruz", "30105"),
    ("Jalapa", "Veracruz", "30087"),
    ("Tuxpam", "Veracruz de Ignacio de la Llave", "30189"),
    ("Doctor Arroyo", "Nuevo León", "19014"),
    ("Dr. Arroyo", "Nuevo León", "19014"),
    ("Guadalupe", "Chihuahua", "08028"),
    ("Guadalupe", "Zacatecas", "32017"),
]


@pytest.mark.parametrize(("name", "state", "code"), TRICKY)
def test_a_tricky_name_finds_its_municipality(places, name, state, code):
    assert places.resolve_municipality(name, state).code == code


HOMONYMS = [
    ("Juárez", None, "08037"),
    ("Benito Juárez", None, "23005"),
    ("Matamoros", None, "28022"),
    ("Nogales", None, "26043"),
    ("La Paz", None, "03003"),
    ("Guadalupe", "", "19026"),
    ("San Juan Mixtepec", "Oaxaca", "20208"),
    ("San Pedro Mixtepec", "Oaxaca", "20318"),
    ("Atizapán", "México", "15013"),
    ("Cholula", "Puebla", "21140"),
    ("Tuxtla", "Chiapas", "07101"),
    ("Pinotepa", "Oaxaca", "20482"),
    ("Ciudad Cuauhtémoc", None, "08017"),
]


@pytest.mark.parametrize(("name", "state", "one_of_them"), HOMONYMS)
def test_a_homonym_is_asked_about_and_never_guessed(places, name, state, one_of_them):
    found = places.resolve_municipality(name, state)
    assert (found.kind, found.code, found.reason) == ("ambiguous", None, "homonyms")
    assert one_of_them in found.candidates
    assert len(found.candidates) >= 2


def test_only_the_name_that_the_whole_country_uses_needs_no_state(places):
    assert places.resolve_municipality("Ciudad Juárez").code == "08037"
    assert places.resolve_municipality("Guadalajara").code == "14039"


@pytest.mark.parametrize(
    ("name", "state", "reason"),
    [
        ("", "Chihuahua", "empty"),
        (" .- ", "Chihuahua", "empty"),
        ("Juárez", "Texas", "state_unknown"),
        ("Juárez, Chihuahua", "Nuevo León", "state_contradicted"),
        ("Springfield", "Chihuahua", "name_unknown"),
        ("Cancún", "Chihuahua", "name_unknown"),
        ("Ciudad Juárez", "Oaxaca", "name_unknown"),
    ],
)
def test_what_cannot_be_found_says_why(places, name, state, reason):
    found = places.resolve_municipality(name, state)
    assert (found.kind, found.code, found.reason) == ("unknown", None, reason)


def test_a_misspelled_name_is_suggested_but_not_taken(places):
    found = places.resolve_municipality("Guadalaxara", "Jalisco")
    assert (found.kind, found.candidates) == ("unknown", ("14039",))


def test_the_alias_that_was_used_is_told(places):
    renamed = places.resolve_municipality("Solidaridad", "Quintana Roo").alias_used
    assert (renamed.alias, renamed.code, renamed.reason) == ("Solidaridad", "23008", "renamed")
    seat = places.resolve_municipality("Ciudad Guzmán", "Jalisco").alias_used
    assert seat.code == "14023"
    assert places.resolve_municipality("Juárez", "Chihuahua").alias_used is None


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Edo. Méx.", "15"), ("México", "15"), ("Estado de México", "15"), ("MEX", "15"),
        ("Ciudad de México", "09"), ("Distrito Federal", "09"), ("CMX", "09"), ("DF", "09"),
        ("Mich.", "16"), ("Michoacán de Ocampo", "16"), ("Coahuila de Zaragoza", "05"), ("Coahuila", "05"),
        ("CS", "07"), ("CH", "08"), ("08", "08"), ("8", "08"), ("MX-CHH", "08"), ("MX08", "08"),
        ("CC", "04"), ("CL", "05"), ("CM", "06"), ("nuevo leon", "19"), ("N.L.", "19"), ("NE", "99"),
        ("Estado de Guerrero", "12"), ("San Luis Potosí", "24"), ("Baja California", "02"), ("BCS", "03"),
    ],
)  # fmt: skip
def test_a_state_is_found_by_name_abbreviation_or_code(places, text, code):
    assert places.resolve_state(text).code == code


@pytest.mark.parametrize("text", ["", "Texas", "Baja", "Nuevo"])
def test_what_is_no_state_is_unknown(places, text):
    assert places.resolve_state(text).kind == "unknown"


def test_every_official_name_finds_itself_or_its_homonyms(places):
    for place in MUNICIPALITIES:
        found = places.resolve_municipality(place.name, place.state)
        assert place.code == found.code or place.code in found.candidates, place


def test_every_seat_finds_its_municipality(places):
    lost = [p for p in MUNICIPALITIES if places.resolve_municipality(p.seat, p.state).code != p.code]
    assert [(p.code, p.seat) for p in lost] == []


@given(st.sampled_from(MUNICIPALITIES), st.sampled_from([str.upper, str.lower, str.title]), st.booleans())
def test_case_and_accents_change_nothing(places, place, change_case, with_accents):
    plain = change_case(place.name)
    if not with_accents:
        plain = plain.translate(str.maketrans("áéíóúüñÁÉÍÓÚÜÑ", "aeiouunAEIOUUN"))
    expected = places.resolve_municipality(place.name, place.state)
    assert places.resolve_municipality(f"  {plain} ", place.state) == expected


@given(st.text(max_size=40), st.one_of(st.none(), st.text(max_size=20)))
def test_no_text_breaks_the_look_up(places, text, state):
    found = places.resolve_municipality(text, state)
    assert (found.kind == "resolved") == (found.code is not None)


def test_an_alias_of_a_place_that_is_not_there_is_refused():
    states = [State("08", "CH", "MX-CHH", "MX08", "Chihuahua", "Chih.", "Chihuahua")]
    juarez = Municipality("08037", "Juárez", "Juárez", 31.7, -106.4, 1_512_450)
    with pytest.raises(ValueError, match="08999"):
        PlaceIndex.build(states, [juarez], [Alias("Nada", "08", "08999", "old_name", "test")])
    with pytest.raises(ValueError, match="08998"):
        PlaceIndex.build(states, [juarez], [], [Town("Nada", "08998")])
