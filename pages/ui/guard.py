"""The first line of every screen: who is here, may he or she be, and in which language."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import Any, ParamSpec, TypeVar

import streamlit as st

from core import db, i18n
from core.auth import sessions
from core.auth.actor import Actor, Permission
from core.auth.sessions import Visitor
from core.config import config
from core.errors import DomainError
from pages.ui import refusal, session

P = ParamSpec("P")
R = TypeVar("R")

_here: ContextVar[Visitor | None] = ContextVar("visitor", default=None)


def visitor() -> Visitor | None:
    """Who is behind this browser, read from the database now; sets the language of what follows."""
    found = sessions.visitor(session.key())
    _here.set(found)
    i18n.use(found.actor.language if found else st.session_state.get("language", config().cartera_lang))
    return found


def require(*permissions: Permission) -> Actor:
    """The one who acts, if this screen is for him or her (any of `permissions`, or none is needed); else a page that
    says so, and nothing more."""
    found = visitor()
    if found is None or found.must_change:
        refusal.ended()
        st.stop()
    if permissions and not any(map(found.actor.may, permissions)):
        refusal.refused()
        st.stop()
    return found.actor


def here() -> Visitor:
    """Who `require()` let in on this run."""
    found = _here.get() or visitor()
    if found is None:
        refusal.ended()
        st.stop()
    return found


@contextmanager
def refusing() -> Iterator[None]:
    """A refusal becomes a page that says why, and the screen ends there."""
    try:
        yield
    except DomainError as error:
        refusal.of(error)
        st.stop()


@contextmanager
def reading() -> Iterator[Any]:
    """`core.db.reading()`, where a refusal becomes a page."""
    with refusing(), db.reading() as opened:
        yield opened


def _again(function: Callable[P, R]) -> Callable[P, R]:
    """Asks once more who it is: Streamlit runs this part alone, without the screen around it."""

    @wraps(function)
    def asked(*args: P.args, **kwargs: P.kwargs) -> R:
        if visitor() is None:
            st.rerun(scope="app")
        return function(*args, **kwargs)

    return asked


def fragment(function: Callable[P, R]) -> Callable[P, R]:
    """`st.fragment` that knows who is here and in which language."""
    return st.fragment(_again(function))


def dialog(title: str, **options: Any) -> Callable[[Callable[P, R]], Callable[P, None]]:
    """`st.dialog` that knows who is here and in which language."""
    decorate: Any = st.dialog(title, **options)  # its own type keeps the function's, but what it returns is None
    return lambda function: decorate(_again(function))
