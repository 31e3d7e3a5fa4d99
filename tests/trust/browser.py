"""Filling in pages as a browser does, without one: read the forms of a page, change some fields, send them."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from django.http import HttpResponse
from django.test import Client

Values = dict[str, list[str]]


@dataclass
class PageForm:
    """One form of a page: where it is sent, and what it sends when nothing is changed."""

    action: str
    values: Values = field(default_factory=dict)
    texts: set[str] = field(default_factory=set)

    def add(self, name: str, value: str) -> None:
        self.values.setdefault(name, []).append(value)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[PageForm] = []
        self._form: PageForm | None = None
        self._area = ""
        self._select = ""
        self._options: list[tuple[str, bool]] = []

    def handle_starttag(self, tag: str, pairs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in pairs}
        if tag == "form":
            self._form = PageForm(said.get("action", ""))
            self.forms.append(self._form)
        if self._form is None or "disabled" in said:
            return
        name = said.get("name", "")
        if tag == "input" and name:
            self._read_input(name, said)
        elif tag == "textarea" and name:
            self._area = name
            self._form.texts.add(name)
            self._form.add(name, "")
        elif tag == "select" and name:
            self._select, self._options = name, []
        elif tag == "option" and self._select:
            self._options.append((said.get("value", ""), "selected" in said))

    def _read_input(self, name: str, said: dict[str, str]) -> None:
        assert self._form is not None
        kind = said.get("type", "text")
        if kind in ("radio", "checkbox"):
            if "checked" in said:
                self._form.add(name, said.get("value", "on"))
        elif kind not in ("submit", "button", "file", "image"):
            if kind != "hidden":
                self._form.texts.add(name)
            self._form.add(name, said.get("value", ""))

    def handle_data(self, data: str) -> None:
        if self._area and self._form is not None:
            self._form.values[self._area][-1] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self._area = ""
        elif tag == "select" and self._form is not None and self._select:
            chosen = [value for value, is_selected in self._options if is_selected]
            for value in chosen or [value for value, _ in self._options[:1]]:
                self._form.add(self._select, value)
            self._select = ""
        elif tag == "form":
            self._form = None


def read_forms(html: str) -> list[PageForm]:
    """Return the forms of a page."""
    reader = _Reader()
    reader.feed(html)
    return reader.forms


def find_form(html: str, *names: str) -> PageForm:
    """Return the form of a page that has all fields of these names; raises LookupError."""
    for form in read_forms(html):
        if set(names) <= form.values.keys() | form.texts:
            return form
    raise LookupError(f"no form with {', '.join(names)}")


def fill_in(client: Client, address: str, known_by: str, /, **changes: Any) -> HttpResponse:
    """Open a page, change fields of the form that has the field `known_by`, and send it.

    Raises AssertionError, with the errors of the page, where it is refused.
    """
    page = client.get(address, follow=True)
    assert page.status_code == 200, (address, page.status_code)
    form = find_form(page.content.decode(), known_by)
    here = page.redirect_chain[-1][0] if page.redirect_chain else address
    answer = client.post(form.action or here, form.values | changes)
    assert answer.status_code in (200, 302), (address, answer.status_code, _find_errors(answer))
    return answer


def _find_errors(answer: HttpResponse) -> str:
    html = answer.content.decode()
    at = html.find("error-summary")
    return html[at : at + 1500] if at >= 0 else html[:500]
