"""The log in words: every action that the code writes has its label and topic."""

import ast
from pathlib import Path

import pytest

from core.audit import words
from core.config import ROOT


def written_actions() -> set[str]:
    """The actions given to `record()` as plain text."""
    found = set()
    for path in sorted([*ROOT.glob("core/**/*.py"), *ROOT.glob("pages/**/*.py")]):
        for node in ast.walk(ast.parse(Path(path).read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "record":
                found |= {
                    one.value for one in node.args if isinstance(one, ast.Constant) and isinstance(one.value, str)
                }
    return found


def test_every_action_has_a_label_and_a_topic():
    actions = written_actions()
    assert "user.created" in actions
    assert sorted(actions - words.LABELS.keys()) == []
    assert sorted(one for one in actions if one.partition(".")[0] not in words.TOPICS) == []


@pytest.mark.parametrize(
    ("value", "text"),
    [("1234.50", "$1,234.50"), ("-5.50", "-$5.50"), ("2026-03-31", "31/03/2026"), (True, "sí"), (None, "—"), ("", "—"),
     (["A", "B"], "A, B"), ({"amount": "1.00", "notes": None}, "importe: $1.00"), ("cashier", "caja"), (12, "12")],
)  # fmt: skip
def test_facts_are_written_as_people_read_them(value, text):
    assert words.written(value) == text


def test_before_and_after_are_told_apart_from_the_rest():
    facts = {"changes": {"credit_limit": ["850000.00", "1000000.00"]}, "reason": "compra estacional"}
    assert words.changes(facts) == [("límite de crédito", "$850,000.00", "$1,000,000.00")]
    assert words.others(facts) == [("motivo", "compra estacional")]
    assert words.summary(facts) == "límite de crédito: $850,000.00 → $1,000,000.00; motivo: compra estacional"


def test_an_unknown_action_and_fact_are_shown_by_their_name():
    assert words.label("thing.was_done") == "thing: was done"
    assert words.fact("some_fact") == "some fact"
