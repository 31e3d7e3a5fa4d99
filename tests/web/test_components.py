import re
from typing import Any

import pytest
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import translation

from puente.web import parts
from puente.web.bridge import describe_stage, draw_mini
from puente.web.parts import build_pills
from puente.web.templatetags.components import kilometres, mark_differences, money, percent


def draw(source: str, **values: Any) -> str:
    return Template(source).render(Context(values))


def test_a_tag_has_word_and_icon_and_escapes_both() -> None:
    drawn = draw('{% tag text "person" "clock" %}', text="<38> min")
    assert 'class="tag tag-person"' in drawn
    assert "&lt;38&gt; min" in drawn
    assert "#clock" in drawn


def test_an_unknown_tag_is_an_error_and_not_a_grey_box() -> None:
    with pytest.raises(ValueError, match="purple"):
        draw('{% tag "x" "purple" %}')


def test_an_icon_is_silent_beside_words_and_speaks_alone() -> None:
    assert 'aria-hidden="true"' in draw('{% icon "lock" %}')
    assert 'aria-label="Reserved"' in draw('{% icon "lock" "Reserved" %}')


def test_a_notice_keeps_escaped_what_came_from_outside() -> None:
    drawn = draw('{% notice "error" title %}<p>{{ text }}</p>{% endnotice %}', title="<b>", text="<i>")
    assert "<p>&lt;i&gt;</p>" in drawn
    assert "&lt;b&gt;" in drawn


def test_the_mini_span_says_the_stage_in_words() -> None:
    assert 'aria-label="Stage 3 of 5: Counselling"' in force_english(lambda: draw_mini(3))
    with translation.override("es"):
        assert describe_stage(3) == "Etapa 3 de 5: Orientación"


def force_english(call: Any) -> str:
    with translation.override("en"):
        return str(call())


@pytest.mark.parametrize("stage", range(1, 6))
def test_only_an_open_journey_has_a_person_on_it(stage: int) -> None:
    assert draw_mini(stage).count("mini-here") == 1
    assert "mini-here" not in draw_mini(stage, "closed")
    assert "mini-here" not in draw_mini(stage, "lost")
    assert draw_mini(stage, "lost").count("mini-cut") == 2


@pytest.mark.parametrize("stage", [0, 6])
def test_there_are_five_stages(stage: int) -> None:
    with pytest.raises(ValueError, match="no stage"):
        draw_mini(stage)


def test_the_load_draws_one_dot_a_person_the_late_first() -> None:
    span = parts.LoadSpan("Arrival", 5, late=2, away=1)
    assert span.dots == ["dot dot-late"] * 2 + ["dot"] * 2 + ["dot dot-away"]
    assert parts.LoadSpan("Arrival", 400).not_drawn == 400 - len(parts.LoadSpan("Arrival", 400).dots)


def test_a_closed_journey_has_no_marigold() -> None:
    spans = [parts.JourneySpan(str(number), "done") for number in range(5)]
    drawn = draw("{% journey spans %}", spans=spans)
    assert "journey-closed" in drawn
    assert "span-here" not in drawn


def test_pills_keep_the_address_and_leave_the_page() -> None:
    request = RequestFactory().get("/queue/", {"office": "a", "cursor": "x", "stage": "needs"})
    pills = build_pills(request, "stage", [("", "All", 67), ("needs", "Needs", 14)])
    assert [pill.url for pill in pills] == ["/queue/?office=a&stage=", "/queue/?office=a&stage=needs"]
    assert [pill.is_current for pill in pills] == [False, True]


def test_a_correction_keeps_the_earlier_wording_in_place() -> None:
    entry = parts.HistoryEntry("10:58", "Needs noted", corrections=[("11:02", "left <knee>")])
    drawn = draw("{% history days %}", days=[parts.HistoryDay("Today", [entry])])
    assert re.search(r"<details>.*left &lt;knee&gt;.*</details>", drawn)


def test_the_letters_that_differ_are_marked_in_both_spellings() -> None:
    said, known = mark_differences("Crus", "Cruz")
    assert said == 'Cru<span class="differs">s</span>'
    assert known == 'Cru<span class="differs">z</span>'


@pytest.mark.parametrize("name", ["<script>", "İİ", "", "Groß"])
def test_marking_never_lets_markup_through(name: str) -> None:
    said, _known = mark_differences(name, "Cruz")
    assert "<script" not in said


def test_a_shortlist_row_holds_its_buttons() -> None:
    row = parts.ShortlistRow(1, "Roofer", "X", "Zitácuaro", "4 km", "$12,400", "a month", ["a <b>", "b"])
    drawn = draw("{% shortlist_row row %}<button>Present</button>{% endshortlist_row %}", row=row)
    assert drawn.count("#plus") == 2
    assert "a &lt;b&gt;" in drawn
    assert "<button>Present</button>" in drawn


def test_unfinished_work_asks_again_and_finished_work_does_not() -> None:
    going = parts.Progress("Loading", 0.5, poll_url="/again/", stop_url="/stop/")
    done = parts.Progress("Loading", 1.0, poll_url="/again/", stop_url="/stop/", is_finished=True)
    assert 'hx-get="/again/"' in draw("{% progress work %}", work=going)
    assert "/stop/" in draw("{% progress work %}", work=going)
    assert "hx-get" not in draw("{% progress work %}", work=done)
    assert "/stop/" not in draw("{% progress work %}", work=done)


def test_a_question_before_an_act_names_the_consequence() -> None:
    drawn = draw('{% confirm "erase" "Erase?" "/erase/" "Erase for good" %}<p>Nobody can undo it.</p>{% endconfirm %}')
    assert "Nobody can undo it." in drawn
    assert 'action="/erase/"' in drawn
    assert "button-destroy" in drawn


@pytest.mark.parametrize(
    ("language", "expected"), [("es", "$12,400.50"), ("en", "$12,400.50"), ("fr", "$12\u202f400,50")]
)
def test_money_follows_the_language(language: str, expected: str) -> None:
    with translation.override(language):
        assert money("12400.5") == expected


def test_numbers_are_written_with_their_unit() -> None:
    with translation.override("es"):
        assert money(12400) == "$12,400"
        assert percent(0.7142, 1) == "71.4\u00a0%"
        assert kilometres(1284.4) == "1,284\u00a0km"
        assert money(None) == "sin dato"
