import re
from pathlib import Path

import pytest

TOKENS = (Path(__file__).resolve().parents[2] / "src/puente/web/static/web/css/tokens.css").read_text()
COLOURS = {
    name: {"light": light, "dark": dark}
    for name, light, dark in re.findall(r"--([\w-]+): light-dark\((#\w{6}), (#\w{6})\);", TOKENS)
}
TEXT = 4.5
SHAPE = 3.0
PAIRS = [
    *((role, ground, TEXT) for role in ("ink", "ink-2", "ink-3", "river", "person-text", "error", "done", "seal")
      for ground in ("panel", "ground")),
    *((role, "raised", TEXT) for role in ("ink", "ink-2", "river")),
    *((role, "well", TEXT) for role in ("ink", "ink-2", "river")),
    ("on-ink", "ink", TEXT), ("on-river", "river", TEXT), ("on-river", "river-hover", TEXT),
    ("on-person", "person", TEXT), ("on-error", "error", TEXT), ("on-error", "error-hover", TEXT),
    ("on-seal", "seal", TEXT), ("on-seal", "seal-hover", TEXT),
    ("river", "river-tint", TEXT), ("river-hover", "river-tint", TEXT), ("error", "error-tint", TEXT),
    ("done", "done-tint", TEXT), ("seal", "seal-tint", TEXT), ("ink-2", "seal-tint", TEXT),
    ("person-text", "person-tint", TEXT), ("ink", "person-tint", TEXT), ("ink-2", "person-tint", TEXT),
    ("river", "person-tint", TEXT), ("panel", "data", TEXT),
    ("edge", "panel", SHAPE), ("edge", "ground", SHAPE), ("data", "panel", SHAPE), ("rule", "ground", SHAPE),
    *((f"category-{number}", "panel", SHAPE) for number in range(1, 7)),
]  # fmt: skip


def measure_luminance(colour: str) -> float:
    parts = [int(colour[index : index + 2], 16) / 255 for index in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def measure_contrast(first: str, second: str) -> float:
    lighter, darker = sorted((measure_luminance(first), measure_luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def test_the_measure_agrees_with_the_known_ends() -> None:
    assert measure_contrast("#FFFFFF", "#000000") == pytest.approx(21)
    assert measure_contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("front", "back", "least"), PAIRS)
def test_a_pair_of_tokens_can_be_told_apart(front: str, back: str, least: float, theme: str) -> None:
    found = measure_contrast(COLOURS[front][theme], COLOURS[back][theme])
    assert found >= least, f"{front} on {back} in {theme}: {found:.2f}"


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_person_is_outlined_wherever_marigold_alone_would_be_too_pale(theme: str) -> None:
    assert measure_contrast(COLOURS["ink"][theme], COLOURS["panel"][theme]) >= SHAPE
    bridge = (Path(__file__).resolve().parents[2] / "src/puente/web/static/web/css/components/bridge.css").read_text()
    for selector in (".journey-person::before", ".dot-late", ".mini-here"):
        rule = re.search(re.escape(selector) + r" \{([^}]*)\}", bridge)
        assert rule is not None
        assert "var(--person)" in rule[1]
        assert "var(--ink)" in rule[1]
