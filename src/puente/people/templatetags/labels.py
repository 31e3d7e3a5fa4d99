"""Template tags for people in lists: a name with its link, or a reference that tells nothing."""

from collections.abc import Iterable
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from puente.people.selectors import PersonLabel

register = template.Library()


@register.simple_tag
def person_link(label: PersonLabel, url: str, style: str = "record-link", element_id: str = "") -> SafeString:
    """Return a person's name as a link, or the reference alone where the reader may not open the file."""
    if not label.may_open:
        return format_html('<span class="reference">{}</span>', label.text)
    given_id = format_html(' id="{}"', element_id) if element_id else ""
    return format_html('<a class="{}"{} href="{}">{}</a>', style, given_id, url, label.text)


@register.simple_tag
def reference_help(labels: Iterable[Any]) -> SafeString | str:
    """Return the words under a list that say what a reference is, where one stands in it.

    labels: `PersonLabel`s, or rows that have one as `label`.
    """
    found = [row if isinstance(row, PersonLabel) else _find_label(row) for row in labels]
    if not any(label.is_reference for label in found if label is not None):
        return ""
    words = _("A reference stands where no name is shown, for whatever reason. It stays the same everywhere.")
    return format_html('<p class="support reference-help">{}</p>', words)


def _find_label(row: Any) -> PersonLabel | None:
    return row.get("label") if isinstance(row, dict) else getattr(row, "label", None)
