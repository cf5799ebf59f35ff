"""Figures that are read once for each state of the books: a click that changes nothing costs no query, and whoever sees
the same customers shares what was read. Any write makes all of it old."""

from collections.abc import Callable
from typing import Any, TypeVar

import streamlit as st

from core import db
from core.auth.actor import Actor
from core.portfolio.tie_out import books_version
from pages.ui import guard

Answer = TypeVar("Answer")


def read(work: Callable[..., Answer], actor: Actor, **asked: Any) -> Answer:
    """`work(session, actor, **asked)` as the books are now; a refusal becomes a page, as in `guard.reading`.

    What is asked for must be all that the answer depends on, beside the books and whom the actor sees: no clock, no
    language.
    """
    sees = (actor.role, actor.name, actor.region, actor.sales_rep)
    with guard.refusing():
        with db.reading() as session:
            version = books_version(session)
        name = f"{work.__module__}.{work.__qualname__}"
        answer: Answer = _read(db.url(), version, sees, name, asked, _actor=actor, _work=work)
    return answer


@st.cache_data(max_entries=300, ttl=3600, show_spinner=False)
def _read(
    url: str, version: tuple[int, int], sees: tuple[Any, ...], name: str, asked: dict[str, Any], *, _actor: Actor,
    _work: Callable[..., Any],
) -> Any:  # fmt: skip
    with db.reading() as session:
        return _work(session, _actor, **asked)
