"""How forms look: the renderer of every form, and the widgets that Django lacks.

A form needs nothing special. Set on its fields the words that say what to do
(`error_messages={"required": _("Choose who handed the person over")}`) and render them with `{% field %}`.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.forms.renderers import TemplatesSetting
from django.utils.functional import Promise

Words = str | Promise


class DeskRenderer(TemplatesSetting):
    """Draw forms and fields with the product's own templates."""

    form_template_name = "web/forms/form.html"
    field_template_name = "web/forms/field.html"


class DeskForm(forms.Form):
    """A form whose messages come from the server alone, so that they are the same everywhere."""

    use_required_attribute = False


class DescribedChoices(forms.widgets.ChoiceWidget):
    """Choices that may carry a hint, an icon and a mark (such as "the law asks for it") each."""

    #: Whether they stand in columns as wide as there is room for.
    columns = False

    def __init__(
        self,
        attrs: dict[str, Any] | None = None,
        choices: Iterable[Any] = (),
        *,
        hints: Mapping[str, Words] | None = None,
        icons: Mapping[str, str] | None = None,
        marks: Mapping[str, tuple[str, Words]] | None = None,
    ) -> None:
        """hints: text under a choice, by value. icons: before it. marks: (icon, words) after it."""
        super().__init__(attrs, choices)
        self.hints = hints or {}
        self.icons = icons or {}
        self.marks = marks or {}

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["widget"]["columns"] = self.columns
        return context

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option = super().create_option(name, value, *args, **kwargs)
        key = str(value)
        option["hint"] = self.hints.get(key, "")
        option["icon"] = self.icons.get(key, "")
        option["mark_icon"], option["mark_words"] = self.marks.get(key, ("", ""))
        return option


class RadioList(DescribedChoices, forms.RadioSelect):
    """One of several, one under the other."""

    template_name = "web/widgets/choices.html"


class CheckboxList(DescribedChoices, forms.CheckboxSelectMultiple):
    """Any of several, in columns as wide as there is room for."""

    template_name = "web/widgets/choices.html"
    columns = True


class SegmentedRadio(forms.RadioSelect):
    """One of two to five short answers, side by side."""

    template_name = "web/widgets/segmented.html"


class RadioTiles(DescribedChoices, forms.RadioSelect):
    """One answer of a question page, for fingers."""

    template_name = "web/widgets/tiles.html"


class CheckboxTiles(DescribedChoices, forms.CheckboxSelectMultiple):
    """Any answers of a question page, for fingers."""

    template_name = "web/widgets/tiles.html"
