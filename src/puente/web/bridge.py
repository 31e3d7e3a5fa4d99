"""The mini span motif of tables, as SVG without inline style."""

from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

STAGES: tuple[str | Promise, ...] = (
    gettext_lazy("Arrival"),
    gettext_lazy("Needs"),
    gettext_lazy("Counselling"),
    gettext_lazy("Travel"),
    gettext_lazy("Follow-up"),
)
SPAN = 15.2
TOP, BASE = 10.0, 16.0


def describe_stage(stage: int, state: str = "here") -> str:
    """Say in words what the mini span draws."""
    if state == "closed":
        return _("Journey completed")
    values = {"number": stage, "name": STAGES[stage - 1]}
    if state == "lost":
        return _("Contact lost after stage %(number)s of 5: %(name)s") % values
    return _("Stage %(number)s of 5: %(name)s") % values


def draw_mini(stage: int, state: str = "here", *, labelled: bool = True, wide: bool = False) -> SafeString:
    """Draw the five spans for a table row.

    stage: 1 to 5, where the person is, or the last one reached. state: here, closed (all done) or lost.
    labelled: False where the stage stands beside it in words.
    """
    if not 1 <= stage <= len(STAGES):
        raise ValueError(f"There is no stage {stage}.")
    done = {"here": stage - 1, "closed": len(STAGES), "lost": stage}[state]
    parts = [_draw_deck(0, done * SPAN)] if done else []
    if done < len(STAGES):
        parts.append(f'<path class="mini-next" d="M{done * SPAN:.1f} {TOP}H76"/>')
    for pier in range(len(STAGES) + 1):
        kind = "mini-pier mini-pier-done" if pier <= done and done else "mini-pier"
        x = min(max(pier * SPAN, 0.9), 75.1)
        parts.append(f'<path class="{kind}" d="M{x:.1f} {TOP}V{BASE}"/>')
    if state == "here":
        left = (stage - 1) * SPAN
        parts.append(f'<rect class="mini-here" x="{left + 0.7:.1f}" y="8.2" width="{SPAN - 1.4:.1f}" height="4.6"/>')
        parts.append(f'<circle class="mini-person" cx="{left + SPAN / 2:.1f}" cy="3.9" r="3.1"/>')
    if state == "lost":
        for shift in (2.0, 6.0):
            parts.append(f'<path class="mini-cut" d="M{done * SPAN + shift:.1f} 5.5V14"/>')
    name = "mini mini-wide" if wide else "mini"
    drawing = mark_safe("".join(parts))  # noqa: S308 - made of numbers alone
    if not labelled:
        return format_html('<svg class="{}" viewBox="0 0 76 18" aria-hidden="true">{}</svg>', name, drawing)
    words = describe_stage(stage, state)
    return format_html('<svg class="{}" viewBox="0 0 76 18" role="img" aria-label="{}">{}</svg>', name, words, drawing)


def _draw_deck(left: float, right: float) -> str:
    return f'<rect class="mini-done" x="{left:.1f}" y="8.5" width="{right - left:.1f}" height="3.6"/>'
