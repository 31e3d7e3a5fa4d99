import json
from pathlib import Path

NOTEBOOK = Path(__file__).parents[2] / "docs" / "matching.ipynb"


def test_the_notebook_runs_from_top_to_bottom(capsys):
    cells = json.loads(NOTEBOOK.read_text())["cells"]
    names: dict[str, object] = {}
    for cell in cells:
        if cell["cell_type"] == "code":
            exec("".join(cell["source"]), names)  # noqa: S102 (our own document)
    assert "have a proposal" in capsys.readouterr().out
    assert all(not cell.get("outputs") for cell in cells)
