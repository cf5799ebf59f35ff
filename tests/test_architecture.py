"""House rules that no linter knows. The rules of who imports whom are import-linter's, in pyproject.toml."""

import ast
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
MODULE_LINES, FUNCTION_LINES, SCREEN_LINES = 400, 60, 80

#: Where `float` may be written in core, and why. Everywhere else a float is money about to go wrong.
FLOATS = {
    "core/files/": "widths, points and Excel's own numbers: cells are written, nothing is computed with them",
    "core/demo": "odds of the demo company's random habits, never an amount",
    "core/importers/workbooks.py": "Excel keeps every number as one; it becomes exact text at once",
    "core/letters/ready.py": "points and millimetres of a letter on paper",
    "core/db.py": "seconds",
    "core/cli/serve.py": "seconds",
}
#: Only these say what day or moment it is.
CLOCKS = {"core/clock.py"}


@cache
def sources(*folders: str) -> tuple[Path, ...]:
    found = [path for folder in folders for path in sorted((ROOT / folder).rglob("*.py"))]
    app = [ROOT / "app.py"] if "pages" in folders and (ROOT / "app.py").exists() else []
    return tuple(path for path in found + app if path.read_text(encoding="utf-8").strip())


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def place(path: Path, node: ast.AST) -> str:
    return f"{name(path)}:{getattr(node, 'lineno', 1)}"


def screens() -> list[Path]:
    return [path for path in sources("pages") if path.parent not in (ROOT, ROOT / "pages" / "ui")
            and ROOT / "pages" / "ui" not in path.parents and path.name != "__init__.py"]  # fmt: skip


def calls(path: Path) -> Iterator[ast.Call]:
    return (node for node in ast.walk(tree(path)) if isinstance(node, ast.Call))


def test_only_db_commits():
    guilty = [
        place(path, call)
        for path in sources("core", "pages")
        for call in calls(path)
        if isinstance(call.func, ast.Attribute) and call.func.attr == "commit" and name(path) != "core/db.py"
    ]
    assert guilty == []


def test_core_has_no_floats():
    guilty = [
        place(path, node)
        for path in sources("core")
        if not name(path).startswith(tuple(FLOATS))
        for node in ast.walk(tree(path))
        if (isinstance(node, ast.Name) and node.id == "float")
        or (isinstance(node, ast.Constant) and isinstance(node.value, float))
    ]
    assert guilty == [], "money is Decimal; a float that is none belongs into FLOATS with its reason"


def test_only_the_clock_says_what_day_it_is():
    guilty = [
        place(path, call)
        for path in sources("core", "pages")
        if name(path) not in CLOCKS
        for call in calls(path)
        if isinstance(call.func, ast.Attribute)
        and call.func.attr in {"now", "today", "utcnow"}
        and isinstance(call.func.value, (ast.Name, ast.Attribute))
        and (call.func.value.id if isinstance(call.func.value, ast.Name) else call.func.value.attr)
        in {"datetime", "date", "dt"}
    ]
    assert guilty == []


def test_core_knows_no_streamlit():
    guilty = [
        place(path, node)
        for path in sources("core")
        for node in ast.walk(tree(path))
        if (isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] in {"streamlit", "pages"})
        or (isinstance(node, ast.Import) and {one.name.split(".")[0] for one in node.names} & {"streamlit", "pages"})
    ]
    assert guilty == []


def ledger_tables() -> set[str]:
    models = tree(ROOT / "core" / "ledger" / "models.py")
    return {node.name for node in models.body if isinstance(node, ast.ClassDef) and node.keywords}


def test_only_the_ledger_writes_its_tables():
    guilty = []
    tables = ledger_tables()
    assert "Entry" in tables
    for path in sources("core"):
        if name(path).startswith(("core/ledger/", "core/migrations/", "core/jobs/close_month.py")):
            continue
        brought = {
            alias.asname or alias.name
            for node in ast.walk(tree(path))
            if isinstance(node, ast.ImportFrom) and node.module == "core.ledger.models"
            for alias in node.names
            if alias.name in tables
        }
        for call in calls(path):
            verb = call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")
            written = [call.func, *call.args] if verb in {"insert", "update", "delete", "insert_many"} else [call.func]
            if any(isinstance(one, ast.Name) and one.id in brought for one in written):
                guilty.append(place(path, call))
    assert guilty == []


def test_every_module_says_what_it_is_for():
    guilty = [name(path) for path in sources("core", "pages", "tests") if not ast.get_docstring(tree(path))]
    assert guilty == []


def test_every_folder_of_core_is_a_package():
    """import-linter does not see the others."""
    folders = {path.parent for path in sources("core") if "migrations" not in path.parts}
    guilty = [name(folder) for folder in folders if not (folder / "__init__.py").exists()]
    assert guilty == []


def test_modules_are_read_in_one_sitting():
    long = {
        name(path): lines
        for path in sources("core", "pages", "tests")
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > MODULE_LINES
        and "migrations/versions" not in name(path)
    }
    assert long == {}


def test_functions_fit_on_a_screen():
    long = {
        f"{place(path, node)} {node.name}": lines
        for path in sources("core", "pages")
        if "migrations/versions" not in name(path)
        for node in ast.walk(tree(path))
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
        and (lines := (node.end_lineno or node.lineno) - node.lineno + 1) > FUNCTION_LINES
    }
    assert long == {}


def test_screens_lie_in_folders_and_have_unique_plain_names():
    files = [path for path in (ROOT / "pages").glob("*.py") if path.name != "__init__.py"]
    assert files == [], "Streamlit's tests run what lies directly in pages/"
    stems = Counter(path.stem for path in screens())
    assert [stem for stem, times in stems.items() if times > 1] == [], "the stem is the address"
    assert [stem for stem in stems if not re.fullmatch(r"[a-z]+(_[a-z]+)*", stem)] == []


def test_there_are_screens():
    if not (ROOT / "pages").exists():
        pytest.skip("no screens yet")
    assert screens()


def test_every_screen_starts_with_a_guard():
    """Nothing but docstring and imports comes before `guard.…(…)`."""
    guilty = []
    for path in screens():
        rest = [
            node
            for place_, node in enumerate(tree(path).body)
            if not isinstance(node, (ast.Import, ast.ImportFrom))
            and not (place_ == 0 and isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant))
        ]
        first = rest[0] if rest else None
        value = first.value if isinstance(first, (ast.Assign, ast.AnnAssign, ast.Expr)) else None
        function = value.func if isinstance(value, ast.Call) else None
        guarded = (
            isinstance(function, ast.Attribute)
            and isinstance(function.value, ast.Name)
            and function.value.id == "guard"
        )
        if not guarded:
            guilty.append(name(path))
    assert guilty == []


def test_screens_are_short_and_have_no_main():
    long = {name(path): lines for path in screens()
            if (lines := len(path.read_text(encoding="utf-8").splitlines())) > SCREEN_LINES}  # fmt: skip
    assert long == {}, "what is long belongs into core/ or pages/ui/"
    mains = [name(path) for path in screens() for node in tree(path).body
             if isinstance(node, ast.FunctionDef) and node.name == "main"]  # fmt: skip
    assert mains == []
