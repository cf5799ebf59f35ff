"""The steps of a longer job: which are done, which is now, what each is about."""

from collections.abc import Iterable
from enum import StrEnum
from typing import NamedTuple

import streamlit as st

from pages.ui.text import markup


class State(StrEnum):
    """How far a step is."""

    DONE = "hecho"
    NOW = "ahora"
    LATER = "luego"


_SIGNS = {State.DONE: "✓", State.NOW: "●", State.LATER: "○"}


_CURRENT = ' aria-current="step"'


class Step(NamedTuple):
    """One step: its name, and a line under it (who and when, or what is asked for)."""

    state: State
    title: str
    text: str = ""


def show(steps: Iterable[Step]) -> None:
    """Draws them as an ordered list, the one of now marked for screen readers too."""
    items = "".join(
        f'<li class="{step.state}"{_CURRENT if step.state is State.NOW else ""}>'
        f"<b>{_SIGNS[step.state]} {markup(step.title)}</b><span>{markup(step.text)}</span></li>"
        for step in steps
    )
    st.html(f'<ol class="pasos">{items}</ol>')


def at(current: int, steps: Iterable[tuple[str, str]]) -> list[Step]:
    """Steps of which those before `current` (from 0) are done."""
    return [
        Step(State.DONE if place < current else State.NOW if place == current else State.LATER, title, text)
        for place, (title, text) in enumerate(steps)
    ]
