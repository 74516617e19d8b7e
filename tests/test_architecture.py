"""The shape of the house, as tests: layers, sizes of files and functions, what the command line loads."""

import ast
import subprocess
import sys
from graphlib import TopologicalSorter
from pathlib import Path

import grimp
import pytest

ROOT = Path(__file__).parents[1]
SOURCES = sorted((ROOT / "lwdesk").rglob("*.py"))
# Entry files are data, as long as what the service offers.
ENTRIES = {f"{name}.py" for name in "users courses enrollments payments promotions seats recipes".split()}


def test_layers_hold():
    done = subprocess.run(
        [
            *(sys.executable, "-c", "from importlinter.cli import lint_imports_command as lint; lint()"),
            "--no-cache",
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout


def test_no_modules_import_each_other_in_a_circle():
    graph = grimp.build_graph("lwdesk", cache_dir=None)
    imports = {module: graph.find_modules_directly_imported_by(module) for module in graph.modules}
    TopologicalSorter(imports).prepare()  # raises CycleError, with the modules of the circle


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: str(p.relative_to(ROOT)))
def test_no_file_outgrows_a_reader(path):
    assert (path.parent.name == "catalog" and path.name in ENTRIES) or len(
        path.read_text("utf-8").splitlines()
    ) <= 400


WINDOW = [path for path in SOURCES if "ui" in path.parts and path.name != "tips.py"]


@pytest.mark.parametrize("path", WINDOW, ids=lambda p: str(p.relative_to(ROOT)))
def test_every_tooltip_and_label_is_plain_text(path):
    """Qt shows text with tags as HTML: the name of a learner could make it fetch a picture from anywhere."""
    text = path.read_text("utf-8")
    assert ".setToolTip(" not in text, "use ui.tips.set_tip"
    assert "ToolTipRole" not in text or "plain_tip(" in text, "use ui.tips.plain_tip"
    assert text.count("QLabel(") <= text.count("TextFormat.PlainText"), "use ui.widgets.label"


def functions():
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield f"{path.relative_to(ROOT)}:{node.name}", node.end_lineno - node.lineno + 1


def test_functions_stay_short():
    sizes = dict(functions())
    long = {name: n for name, n in sizes.items() if n > 60}
    assert not long
    assert sum(n <= 25 for n in sizes.values()) >= 0.9 * len(sizes)


def test_half_of_the_files_fit_on_two_screens():
    sizes = sorted(len(p.read_text("utf-8").splitlines()) for p in SOURCES)
    assert sizes[len(sizes) // 2] <= 120
