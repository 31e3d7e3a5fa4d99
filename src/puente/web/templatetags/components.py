"""The components as template tags. Settings make them built in, so templates load nothing for them.

Each is shown on /look/ and described in docs/subsystems/web.md.
"""

from decimal import Decimal
from difflib import SequenceMatcher
from typing import Any

from django import template
from django.forms import BaseForm, BoundField
from django.template.context import Context
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils.formats import number_format
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from puente.web import parts
from puente.web.bridge import STAGES, draw_mini
from puente.web.charts.chart import Chart, write_number
from puente.web.paging import KeysetPage

register = template.Library()

EVIDENCE = {
    "same": ("done", "equal"),
    "similar": ("river", "equal-approximately"),
    "different": ("error", "equal-not"),
    "missing": ("fact", "minus"),
}
TAGS = ("fact", "river", "done", "person", "error", "seal")
NON_BREAKING_SPACE = "\u00a0"


@register.simple_tag
def icon(name: str, label: Any = "", size: str = "") -> SafeString:
    """Draw an icon; with a label it speaks, without one it only accompanies words. size: "", text or large."""
    classes = f"icon icon-{size}" if size else "icon"
    href = f"{static('web/icons.svg')}#{name}"
    if label:
        return format_html('<svg class="{}" role="img" aria-label="{}"><use href="{}"/></svg>', classes, label, href)
    return format_html('<svg class="{}" aria-hidden="true"><use href="{}"/></svg>', classes, href)


@register.simple_tag
def key(name: str) -> SafeString:
    """Draw a key frame; the button or link itself carries data-shortcut with the same name."""
    return format_html('<kbd aria-hidden="true">{}</kbd>', name)


@register.simple_tag
def tag(text: Any, kind: str = "fact", icon_name: str = "") -> SafeString:
    """Draw a tag. kind: fact, river (under way), done, person (waits), error, seal."""
    if kind not in TAGS:
        raise ValueError(f"There is no tag of the kind {kind}.")
    drawing = icon(icon_name) if icon_name else ""
    return format_html('<span class="tag tag-{}">{}{}</span>', kind, drawing, text)


@register.simple_block_tag
def notice(content: str, kind: str = "", title: Any = "", role: str = "") -> SafeString:
    """Draw a notice around its text. kind: "", river, person, error, done, seal."""
    heading = format_html("<p><b>{}</b></p>", title) if title else ""
    kind_class = format_html(" notice-{}", kind) if kind else ""
    role_attribute = format_html(' role="{}"', role) if role else ""
    return format_html('<div class="notice{}"{}>{}{}</div>', kind_class, role_attribute, heading, content)


@register.simple_tag
def field(bound: BoundField, width: Any = "", optional: bool = False, hide_label: bool = False) -> SafeString:
    """Draw one form field. width: 2, 4, 8, 12, 20, 30 (about as many characters) or full."""
    context = {"field": bound, "width": width, "optional": optional, "hide_label": hide_label}
    return mark_safe(bound.form.renderer.render("web/forms/field.html", context))  # noqa: S308 - a template's output


@register.inclusion_tag("web/error_summary.html")
def error_summary(*forms: BaseForm) -> dict[str, Any]:
    """List the messages of one or more bound forms, word for word, each a link to its field."""
    lines: list[tuple[str, str]] = []
    for form in forms:
        lines += [("", str(error)) for error in form.non_field_errors()]
        for bound in form:
            lines += [(_find_target(bound), str(error)) for error in bound.errors]
    return {"lines": lines}


def _find_target(bound: BoundField) -> str:
    widget = bound.field.widget
    if getattr(widget, "input_type", "") in ("radio", "checkbox") and bound.use_fieldset:
        return f"{bound.auto_id}_0"
    return bound.id_for_label or bound.auto_id


@register.inclusion_tag("web/tabs.html")
def tabs(items: list[parts.Tab], label: Any = "") -> dict[str, Any]:
    """Draw the views of one record."""
    return {"tabs": items, "label": label or _("Views of this record")}


@register.inclusion_tag("web/pills.html")
def pills(items: list[parts.Pill], label: Any = "") -> dict[str, Any]:
    """Draw the filters over a table; see `parts.build_pills`."""
    return {"pills": items, "label": label or _("Filters")}


@register.inclusion_tag("web/paging.html", takes_context=True)
def paging(context: Context, page: KeysetPage, order: Any = "") -> dict[str, Any]:
    """Draw the foot of a paged list; `order` says the sort order in words ("the longest wait first")."""
    return {"page": page, "order": order, "request": context["request"]}


@register.simple_tag
def stage(number: int, state: str = "here", wide: bool = False, label: bool = True) -> SafeString:
    """Draw the mini span motif of a table row. state: here, closed, lost. label: False without the word beside it."""
    drawing = draw_mini(number, state, labelled=not label or state != "here", wide=wide)
    if not label or state != "here":
        return drawing
    return format_html('<span class="stage">{}<span>{}</span></span>', drawing, STAGES[number - 1])


@register.inclusion_tag("web/journey.html")
def journey(spans: list[parts.JourneySpan]) -> dict[str, Any]:
    """Draw a person's journey, large. Five spans; a closed journey has no marigold."""
    return {"spans": spans, "is_open": any(span.state in ("here", "cut") for span in spans)}


@register.inclusion_tag("web/load.html")
def bridge_load(spans: list[parts.LoadSpan], note: Any = "") -> dict[str, Any]:
    """Draw the load of the bridge: one dot a person."""
    return {"spans": spans, "note": note}


@register.inclusion_tag("web/history.html")
def history(days: list[parts.HistoryDay]) -> dict[str, Any]:
    """Draw facts in time; corrections stay in place with the earlier wording one click away."""
    return {"days": days}


@register.inclusion_tag("web/evidence.html")
def evidence(rows: list[parts.EvidenceRow]) -> dict[str, Any]:
    """Draw field by field what agrees and what differs between what was said and what is known."""
    words = {
        "same": pgettext("evidence", "same"),
        "similar": pgettext("evidence", "similar"),
        "different": pgettext("evidence", "different"),
        "missing": pgettext("evidence", "not known"),
    }
    return {"rows": [(row, words[row.verdict], *EVIDENCE[row.verdict]) for row in rows]}


@register.simple_block_tag
def shortlist_row(content: str, row: parts.ShortlistRow) -> SafeString:
    """Draw one opening of a shortlist around its buttons; goes inside `<ol class="shortlist">`."""
    return render_to_string("web/shortlist_row.html", {"row": row, "actions": content})


@register.inclusion_tag("web/empty.html")
def empty_state(title: Any, text: Any = "", url: str = "", link: Any = "") -> dict[str, Any]:
    """Draw what is empty, what comes next and when, and one link."""
    return {"title": title, "text": text, "url": url, "link": link}


@register.inclusion_tag("web/progress.html", takes_context=True)
def progress(context: Context, work: parts.Progress, element_id: str = "progress") -> dict[str, Any]:
    """Draw long work; htmx asks for the same part again until it is finished."""
    percent = None if work.share is None else round(work.share * 100)
    token = context.get("csrf_token", "")
    return {"work": work, "percent": percent, "element_id": element_id, "csrf_token": token}


@register.simple_block_tag(takes_context=True)
def confirm(
    context: Context, content: str, element_id: str, title: Any, action: str, submit: Any, destroys: bool = True
) -> SafeString:
    """Draw a question before an act, with its consequence in words between the tags.

    A button opens it with data-open="element_id"; "submit" posts to `action`.
    """
    values = {
        "content": content, "element_id": element_id, "title": title, "action": action,
        "submit": submit, "destroys": destroys, "csrf_token": context.get("csrf_token", ""),
    }  # fmt: skip
    return render_to_string("web/confirm.html", values)


@register.filter
def money(amount: Any) -> str:
    """Write pesos, without cents when there are none: $12,400. Its period stands beside it, always."""
    if amount is None:
        return _("no data")
    value = Decimal(str(amount))
    places = 0 if value == value.to_integral_value() else 2
    return f"${number_format(value, decimal_pos=places, use_l10n=True, force_grouping=True)}"


@register.filter
def percent(share: Any, places: int = 0) -> str:
    """Write a share of 1 as a percentage with a non-breaking space: 71.4 %."""
    if share is None:
        return _("no data")
    number = number_format(round(Decimal(str(share)) * 100, int(places)), decimal_pos=int(places), use_l10n=True)
    return f"{number}{NON_BREAKING_SPACE}%"


@register.filter
def kilometres(distance: Any) -> str:
    """Write a distance: whole kilometres."""
    if distance is None:
        return _("no data")
    return f"{number_format(round(float(distance)), use_l10n=True, force_grouping=True)}{NON_BREAKING_SPACE}km"


def mark_differences(said: str, known: str) -> tuple[SafeString, SafeString]:
    """Return both spellings with the letters that differ marked, for an EvidenceRow."""
    matcher = SequenceMatcher(a=said.casefold(), b=known.casefold(), autojunk=False)
    if len(said) != len(said.casefold()) or len(known) != len(known.casefold()):
        return conditional_escape(said), conditional_escape(known)
    left: list[tuple[str, bool]] = []
    right: list[tuple[str, bool]] = []
    for operation, a, b, c, d in matcher.get_opcodes():
        left.append((said[a:b], operation != "equal"))
        right.append((known[c:d], operation != "equal"))
    return _mark(left), _mark(right)


def _mark(pieces: list[tuple[str, bool]]) -> SafeString:
    drawn = (
        (format_html('<span class="differs">{}</span>', text) if differs else conditional_escape(text),)
        for text, differs in pieces
        if text
    )
    return format_html_join("", "{}", drawn)


@register.inclusion_tag("web/chart.html")
def chart(drawn: Chart, csv_url: str = "") -> dict[str, Any]:
    """Draw a chart with its legend, source, the table behind it and a link to that table as CSV."""
    return {"chart": drawn, "csv_url": csv_url}


@register.filter
def cell(value: Any) -> str:
    """Write a cell of a chart's table by the locale."""
    if value is None:
        return write_number(None)
    if isinstance(value, (int, float, Decimal)):
        return write_number(float(value))
    return str(value)
