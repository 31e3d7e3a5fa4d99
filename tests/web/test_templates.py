"""What the security policy would block or a reader could not use, found in every template of the product."""

import re
from pathlib import Path

import pytest

SOURCE = Path(__file__).resolve().parents[2] / "src" / "puente"
TEMPLATES = sorted(SOURCE.glob("*/templates/**/*.html"))
STATIC = sorted(SOURCE.glob("*/static/**/*.css"))
FORBIDDEN = {
    "an inline style": re.compile(r"<[^>]*\sstyle\s*=", re.I),
    "a style element": re.compile(r"<style\b", re.I),
    "an inline script": re.compile(r"<script(?![^>]*\bsrc=)", re.I),
    "an inline handler": re.compile(r"<[^>]*\son[a-z]+\s*=", re.I),
    "an htmx handler": re.compile(r"\bhx-on\b|\bhx-vals\s*=\s*['\"]js:", re.I),
    "a foreign address": re.compile(r"(?:src|href)\s*=\s*[\"'](?:https?:)?//", re.I),
    "a javascript address": re.compile(r"javascript:", re.I),
}


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda file: str(file.relative_to(SOURCE)))
def test_a_template_has_nothing_the_security_policy_blocks(template: Path) -> None:
    text = re.sub(r"\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}", "", template.read_text(), flags=re.S)
    assert [name for name, pattern in FORBIDDEN.items() if pattern.search(text)] == []


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ('<p style="x">', "an inline style"),
        ("<script>x</script>", "an inline script"),
        ('<a onclick="x">', "an inline handler"),
        ('<img src="https://x">', "a foreign address"),
    ],
)
def test_the_scan_finds_what_it_looks_for(text: str, name: str) -> None:
    assert FORBIDDEN[name].search(text)


@pytest.mark.parametrize("sheet", STATIC, ids=lambda file: str(file.relative_to(SOURCE)))
def test_colours_are_named_by_role_outside_the_tokens(sheet: Path) -> None:
    if sheet.name in ("tokens.css", "print.css"):
        pytest.skip("this sheet defines colours")
    colours = re.findall(r"#[0-9A-Fa-f]{3,8}\b(?![^{]*\{)", sheet.read_text())
    assert colours in ([], ["#14222A", "#000", "#fff"]), "only the offline bar, dark in both themes, has its own"


@pytest.mark.parametrize("name", ["base.html", "plain.html"])
def test_a_frame_names_its_language_and_lets_the_reader_zoom(name: str) -> None:
    text = (SOURCE / "web" / "templates" / "web" / name).read_text()
    assert '<html lang="{{ language' in text
    assert "user-scalable" not in text
    assert "maximum-scale" not in text


def test_every_icon_asked_for_is_in_the_sprite() -> None:
    sprite = (SOURCE / "web" / "static" / "web" / "icons.svg").read_text()
    known = set(re.findall(r'<symbol id="([\w-]+)"', sprite))
    asked = {
        (match, str(file.relative_to(SOURCE)))
        for file in TEMPLATES
        for match in re.findall(r'\{% icon "([\w-]+)"', file.read_text())
    }
    assert [(name, file) for name, file in sorted(asked) if name not in known] == []
