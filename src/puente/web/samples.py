"""What the component page shows: invented people and employers, real places."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from puente.web import parts
from puente.web.bridge import STAGES
from puente.web.charts import Series, draw_bars, draw_columns, draw_dots, draw_lines, draw_stacked
from puente.web.dates import PrecisionDateField
from puente.web.forms import CheckboxList, CheckboxTiles, DeskForm, RadioList, SegmentedRadio
from puente.web.maps import STATE_NAMES, Pin, Place, draw_local_map, draw_states_map
from puente.web.templatetags.components import mark_differences

LAW = ("scale", gettext_lazy("the law asks for it"))


class SampleForm(DeskForm):
    """One field of each kind."""

    point = forms.ChoiceField(
        label=pgettext_lazy("component page", "Point"),
        choices=[("", "—"), ("1", gettext_lazy("Paso del Norte, on foot"))],
    )
    hour = forms.TimeField(label=gettext_lazy("Hour"))
    handed_over_by = forms.ChoiceField(
        label=gettext_lazy("Handed over by"),
        choices=[("", ""), ("ice", "ICE"), ("cbp", "CBP")],
        error_messages={"required": gettext_lazy("Choose who handed the person over")},
    )
    birth_date = PrecisionDateField(label=gettext_lazy("Birth date"), help_text=gettext_lazy("As the person says it."))
    company = forms.ChoiceField(
        label=pgettext_lazy("component page", "Arrives"),
        choices=[("alone", gettext_lazy("Alone")), ("family", gettext_lazy("With family"))],
        widget=SegmentedRadio,
    )
    services = forms.MultipleChoiceField(
        label=gettext_lazy("Received here"),
        required=False,
        choices=[
            ("food", gettext_lazy("Water and food")),
            ("call", gettext_lazy("Call to the family")),
            ("curp", gettext_lazy("CURP print")),
        ],
        widget=CheckboxList(marks={"food": LAW, "call": LAW}),
    )
    purpose = forms.ChoiceField(
        label=gettext_lazy("What do you open it for today?"),
        choices=[("follow", gettext_lazy("Agreed follow-up")), ("urgent", gettext_lazy("Emergency"))],
        widget=RadioList(hints={"urgent": gettext_lazy("60 minutes; two supervisors are told")}),
    )
    note = forms.CharField(
        label=gettext_lazy("Is there anything you need right now?"), widget=forms.Textarea({"rows": 2}), required=False
    )
    call_later = forms.BooleanField(
        label=gettext_lazy("Call later"), help_text=gettext_lazy("Can be decided afterwards."), required=False
    )


class QuestionForm(DeskForm):
    """One question of a tablet."""

    needs = forms.MultipleChoiceField(
        label=gettext_lazy("What do they need today, before travelling?"),
        required=False,
        choices=[
            ("health", gettext_lazy("Medical attention")),
            ("call", gettext_lazy("Talk with their family")),
            ("sleep", gettext_lazy("Where to sleep")),
            ("papers", gettext_lazy("Papers")),
        ],
        widget=CheckboxTiles(
            icons={"health": "stethoscope", "call": "phone", "sleep": "bed", "papers": "file-text"},
            hints={
                "health": gettext_lazy("pain, pregnancy, daily medicine"),
                "call": gettext_lazy("call, message, say that they arrived"),
                "sleep": gettext_lazy("tonight, the 3 people together"),
                "papers": gettext_lazy("CURP, birth certificate, return paper"),
            },
        ),
    )


def build_form(prefix: str) -> SampleForm:
    """Return the sample form as sent with two mistakes."""
    data = {
        "point": "1", "hour": "10:25", "birth_date_day": "31", "birth_date_month": "2", "birth_date_year": "1992",
        "company": "alone", "services": ["food", "call"], "purpose": "follow", "note": "", "handed_over_by": "",
    }  # fmt: skip
    form = SampleForm({f"{prefix}-{name}": value for name, value in data.items()}, prefix=prefix)
    form.is_valid()
    return form


@dataclass(frozen=True)
class WaitingRow:
    turn: str
    person: str
    note: str
    goes_to: str
    stage: int
    wait: str
    is_late: bool
    officer: str


def build_samples() -> dict[str, Any]:
    """Return what the components on the page draw."""
    said, known = mark_differences("Avalos Crus", "Ávalos Cruz")
    return {
        "tabs": [
            parts.Tab(_("Summary"), "#", is_current=True),
            parts.Tab(_("Needs"), "#", count=3),
            parts.Tab(_("Work profile"), "#"),
        ],
        "pills": [
            parts.Pill(_("All"), "#", is_current=True, count=67),
            parts.Pill(_("Unassigned"), "#", is_current=False, count=9),
        ],
        "waiting": [
            WaitingRow("A-041", "Arellano Silva, Tomás", "", "Uruapan, Mich.", 3, "52 min", True, "Quezada"),
            WaitingRow("A-052", "Güémez Ortiz, Noemí", _("family of 3"), "Fresnillo, Zac.", 2, "38 min", True, "Loya"),
            WaitingRow("A-048", "Nevárez Loya, Óscar", "", "Guachochi, Chih.", 3, "31 min", False, "Quezada"),
        ],
        "journey": [
            parts.JourneySpan(STAGES[0], "done", "10:25", _("Paso del Norte, on foot")),
            parts.JourneySpan(STAGES[1], "done", "10:58", _("3 noted, 1 solved")),
            parts.JourneySpan(STAGES[2], "here", "11:10", _("With Joel Quezada"), _("Martín is here · 12 min")),
            parts.JourneySpan(STAGES[3], "next", "14:30", _("Bus to Morelia")),
            parts.JourneySpan(STAGES[4], "next", "", _("Call after 14 days, if he agrees")),
        ],
        "load": [
            parts.LoadSpan(STAGES[0], 23, 4, 0, _("median %(minutes)s min") % {"minutes": 12}),
            parts.LoadSpan(STAGES[1], 14, 2, 0, _("median %(minutes)s min") % {"minutes": 18}),
            parts.LoadSpan(STAGES[2], 11, 1, 0, _("median %(minutes)s min") % {"minutes": 26}),
            parts.LoadSpan(STAGES[3], 19, 6, 0, ""),
            parts.LoadSpan(STAGES[4], 8, 0, 8, ""),
        ],
        "history": [
            parts.HistoryDay(
                _("Today"),
                [
                    parts.HistoryEntry("11:10", _("Counselling began"), "messages-square", "", "J. Quezada"),
                    parts.HistoryEntry(
                        "10:58", _("Needs noted"), "list-checks", _("Health, work, word to the family."), "D. Loya",
                        corrections=[("11:02", _("left knee"))],
                    ),
                ],
                _("third return"),
            )
        ],
        "evidence": [
            parts.EvidenceRow("similar", _("Surnames"), said, known, _("sounds the same")),
            parts.EvidenceRow("same", _("First name"), "Martín", "Martín"),
            parts.EvidenceRow("different", _("Telephone"), "915 ••• ••40", "715 ••• ••18", _("may have changed")),
            parts.EvidenceRow("missing", _("Mother"), "", "", _("a good question to ask")),
        ],
        "shortlist": [
            parts.ShortlistRow(
                1, _("Roofing and waterproofing worker"), "Recubrimientos Tres Marías", "Zitácuaro",
                _("4 km from home"), "$12,400", _("a month"), [_("Did this work for 6 years"), _("Lives 4 km away")],
                _("Monday to Friday"), is_selected=True,
            ),
            parts.ShortlistRow(
                2, _("Light structure welder"), "Herrería La Fragua", "Zitácuaro",
                _("6 km from home"), "$11,200", _("a month"), [_("Worked 13 months as a smith"), _("Tools are lent")],
                _("Monday to Saturday"),
            ),
        ],
        "progress": parts.Progress(
            _("Allocating 1,284 people"), 0.64, _("Step 3 of 4: checking the certificate"), _("about 15 s left"),
            stop_url="#",
        ),
    }  # fmt: skip


def build_charts() -> dict[str, Any]:
    """Return one chart of each kind, and the map of a home."""
    hours = [
        (f"{hour}", count)
        for hour, count in zip(range(7, 19), (4, 12, 31, 44, 38, 22, 18, 35, 41, 20, 9, 3), strict=True)
    ]
    reach = [0, 31, 52, 66, 74, 79, 82]
    low, high = [value * 0.93 for value in reach], [value * 1.05 for value in reach]
    returned = {"16": 164, "11": 131, "21": 88, "20": 71, "12": 58, "08": 49}
    wages = [(_("Opening %(number)s") % {"number": n}, w) for n, w in enumerate((12400, 11200, 13100, 12900, 14500), 1)]
    source = _("Invented figures")
    return {
        "plain": [
            draw_bars(
                _("Food and water reach everybody; programmes do not"),
                [(_("Water and food"), 100), (_("Call to the family"), 93), (_("Information on programmes"), 79)],
                largest=100, suffix="\u00a0%", value_name="%", source=source,
            ),
            draw_stacked(
                _("Most stay in their own state"),
                [_("own state"), _("another state"), _("course"), _("no place yet")],
                [(_("Women"), (120, 40, 31, 27)), (_("Men"), (547, 210, 124, 185))], source=source,
            ),
            draw_columns(_("Most people arrive at ten"), hours, value_name=_("People"), width=560, source=source),
            draw_lines(
                _("With 420 thousand pesos, 74 of every 100 would hear it"),
                ["0", "100", "200", "300", "400", "500", "600"],
                [
                    Series(_("Women 15–29"), reach, low, high),
                    Series(_("General public"), [0, 20, 36, 47, 56, 62, 66]),
                ],
                value_name=_("Thousand pesos"), width=560, source=source,
            ),
            draw_dots(
                _("All openings pay more than the minimum"), wages,
                [(_("mean of the state"), 6377), (_("minimum"), 9577), (_("what he asks"), 11200)],
                chosen=0, value_name=_("Pesos a month"), source=source,
            ),
            draw_states_map(
                _("Most returned people go to Michoacán"), returned, {code: STATE_NAMES[code] for code in returned},
                value_name=_("People"), source=source,
            ),
        ],
        "local_map": draw_local_map(
            Place(19.436, -100.357, _("Zitácuaro, home")),
            [
                Pin(1, 19.436, -100.357, is_selected=True), Pin(2, 19.436, -100.357), Pin(3, 19.692, -100.554),
                Pin(4, 19.894, -100.443), Pin(5, 19.702, -101.192), Pin(6, 19.793, -101.177), Pin(7, 19.749, -101.047),
            ],
        ),
    }  # fmt: skip
