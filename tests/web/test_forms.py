import re
from datetime import date
from typing import Any

import pytest
import time_machine
from django import forms
from django.template import Context, Template
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from puente.web.dates import PrecisionDate, PrecisionDateField
from puente.web.forms import CheckboxTiles, DeskForm, SegmentedRadio


class Arrival(DeskForm):
    name = forms.CharField(label="Name", help_text="As said", error_messages={"required": "Write the name"})
    mode = forms.ChoiceField(
        label="Mode", choices=[("foot", "On foot"), ("bus", "By bus")], widget=SegmentedRadio,
        error_messages={"required": "Choose how they arrived"},
    )  # fmt: skip
    needs = forms.MultipleChoiceField(
        label="Needs", choices=[("food", "Food")], required=False,
        widget=CheckboxTiles(hints={"food": "hot <meal>"}, icons={"food": "utensils"}),
    )  # fmt: skip
    agrees = forms.BooleanField(label="Agrees", required=False)


def draw(text: str, **values: Any) -> str:
    return Template(text).render(Context(values))


def test_the_message_stands_between_label_and_field() -> None:
    drawn = draw("{% field form.name %}", form=Arrival({}))
    places = [drawn.index(piece) for piece in ("<label", "As said", "Write the name", "<input")]
    assert places == sorted(places)


def test_the_field_names_its_hint_and_its_message() -> None:
    drawn = draw("{% field form.name %}", form=Arrival({}))
    assert 'aria-describedby="id_name_helptext id_name_error"' in drawn
    assert 'aria-invalid="true"' in drawn
    for name in ("id_name_helptext", "id_name_error"):
        assert drawn.count(f'id="{name}"') == 1


def test_a_group_of_choices_is_a_fieldset_with_its_messages() -> None:
    drawn = draw("{% field form.mode %}", form=Arrival({}))
    assert drawn.startswith('<fieldset class="field field-error" aria-describedby="id_mode_error">')
    assert "<legend>Mode</legend>" in drawn
    assert 'id="id_mode_error"' in drawn


def test_the_browser_does_not_speak_before_the_server() -> None:
    assert "required" not in draw("{% field form.name %}", form=Arrival())


def test_tiles_carry_icon_and_hint_and_escape_them() -> None:
    drawn = draw("{% field form.needs %}", form=Arrival())
    assert "#utensils" in drawn
    assert "hot &lt;meal&gt;" in drawn
    assert re.search(r'<label class="tile" for="id_needs_0"><input type="checkbox"[^>]*id="id_needs_0"', drawn)


def test_the_summary_repeats_each_message_word_for_word_and_leads_to_its_field() -> None:
    form = Arrival({})
    summary = draw("{% error_summary form %}", form=form)
    fields = draw("{{ form }}", form=form)
    links = re.findall(r'<a href="#([\w-]+)">(.*?)</a>', summary)
    assert links == [("id_name", "Write the name"), ("id_mode_0", "Choose how they arrived")]
    for target, message in links:
        assert f'id="{target}"' in fields
        assert message in fields


def test_the_summary_lists_what_belongs_to_no_field() -> None:
    form = Arrival({})
    form.add_error(None, "The list is closed")
    assert "<b>The list is closed</b>" in draw("{% error_summary form %}", form=form)


def test_a_form_without_mistakes_has_no_summary() -> None:
    good = Arrival({"name": "Martín", "mode": "foot"})
    assert "error-summary" not in draw("{% error_summary form %}", form=good)
    assert "error-summary" not in draw("{% error_summary form %}", form=Arrival())


class Birth(DeskForm):
    born = PrecisionDateField(label="Born")


def send(day: str = "", month: str = "", year: str = "", estimated: str = "") -> Birth:
    return Birth({"born_day": day, "born_month": month, "born_year": year, "born_estimated": estimated})


@pytest.mark.parametrize(
    ("sent", "expected", "precision"),
    [
        (("14", "3", "1992", ""), PrecisionDate(1992, 3, 14), "day"),
        (("", "3", "1992", ""), PrecisionDate(1992, 3), "month"),
        (("", "", "1992", ""), PrecisionDate(1992), "year"),
        (("", "", "1966", "on"), PrecisionDate(1966, is_estimated=True), "estimated"),
        (("29", "2", "1992", ""), PrecisionDate(1992, 2, 29), "day"),
    ],
)
def test_a_date_keeps_its_precision(sent: tuple[str, ...], expected: PrecisionDate, precision: str) -> None:
    form = send(*sent)
    assert form.is_valid(), form.errors
    assert form.cleaned_data["born"] == expected
    assert expected.precision == precision


@time_machine.travel("2026-11-23 12:00:00-07:00")
@pytest.mark.parametrize(
    ("sent", "code"),
    [
        (("", "", "", ""), "required"), (("14", "3", "", ""), "required"), (("", "", "92", ""), "year"),
        (("", "", "1̣992", ""), "year"), (("", "", "0000", ""), "year"), (("", "", "1850", ""), "year"),
        (("14", "", "1992", ""), "month"), (("", "13", "1992", ""), "month"), (("31", "2", "1992", ""), "day"),
        (("29", "2", "1993", ""), "day"), (("x", "2", "1992", ""), "day"), (("", "", "2027", ""), "future"),
        (("24", "11", "2026", ""), "future"),
    ],
)  # fmt: skip
def test_a_wrong_date_says_which_part_to_correct(sent: tuple[str, ...], code: str) -> None:
    assert [error.code for error in send(*sent).errors.as_data()["born"]] == [code]


@given(st.tuples(*[st.text(max_size=6)] * 4))
def test_no_text_breaks_the_date(sent: tuple[str, str, str, str]) -> None:
    form = send(*sent)
    assert form.is_valid() == ("born" in form.cleaned_data)


@given(st.dates(date(1900, 1, 1), date(2026, 1, 1)))
def test_a_date_survives_the_form(born: date) -> None:
    value = PrecisionDate(born.year, born.month, born.day)
    shown = Birth(initial={"born": value})
    assert f'value="{born.year}"' in str(shown["born"])
    assert send(str(born.day), str(born.month), str(born.year)).is_valid()
    assert value.earliest == born


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (PrecisionDate(1992, 3, 14), "14 mar 1992"),
        (PrecisionDate(1992), "1992 (sin día)"),
        (PrecisionDate(1966, is_estimated=True), "hacia 1966"),
    ],
)
def test_a_date_is_written_as_the_office_writes_it(value: PrecisionDate, words: str) -> None:
    with translation.override("es"):
        assert str(value) == words


def test_the_summary_leads_to_the_year() -> None:
    form = send()
    assert 'href="#id_born_2"' in draw("{% error_summary form %}", form=form)
    assert 'id="id_born_2"' in str(form["born"])
