"""Running a command from a screen: one transaction, refusals in words, a double click once."""

import re
import uuid
from collections.abc import Callable
from decimal import Decimal
from typing import Any, ClassVar, TypeVar

import streamlit as st

from core import db
from core.errors import DomainError, SomebodyIsWriting
from core.i18n import N_, _
from core.money import MAX_AMOUNT
from pages.ui import menu, refusal

T = TypeVar("T")

_AMOUNT = r"^\s*\$?\s*(\d{1,3}(,\d{3})+|\d+)(\.\d{1,2})?\s*$"


class AmountNotRead(DomainError):
    message: ClassVar[str] = N_("«{value}» no es un importe. Escríbalo con punto decimal, por ejemplo 12,500.00.")


def token(form: str) -> str:
    """The mark of what is being typed in a form: the same until it was saved, then a new one."""
    marks: dict[str, str] = st.session_state.setdefault("form_tokens", {})
    return marks.setdefault(form, uuid.uuid4().hex)


def key(form: str, field: str) -> str:
    """A widget's key in a form; success gives it a new one, and so an empty widget."""
    return f"{form}_{field}_{token(form)}"


def button(label: str, form: str, *, icon: str | None = None, **options: Any) -> bool:
    """The submit button of an `st.form`: primary, full width, gone with its form after success."""
    options = {"type": "primary", "width": "stretch", **options}
    return st.form_submit_button(label, key=key(form, "submit"), icon=icon, **options)


def amount_input(label: str, form: str, field: str, **options: Any) -> str:
    """A field for an amount as people write it; read it with `amount()` inside the command."""
    checked = (_AMOUNT, _("Escriba un importe, por ejemplo 12,500.00"))
    return st.text_input(label, key=key(form, field), validate=checked, **options) or ""


class AmountMissing(DomainError):
    message: ClassVar[str] = N_("Falta el importe. Escríbalo, por ejemplo 12,500.00.")


def amount(typed: str) -> Decimal:
    """What was typed as an amount; refuses what is none."""
    if not typed.strip():
        raise AmountMissing
    value = typed.replace(",", "").replace("$", "").strip()
    if not re.fullmatch(_AMOUNT, typed) or Decimal(value) > MAX_AMOUNT:
        raise AmountNotRead(value=typed)
    return Decimal(value).quantize(Decimal("0.01"))


def submit(
    command: Callable[[Any], T], *,
    done: str | Callable[[T], str] = "", form: str = "", lead: str = "", to: str = "",
    then: Callable[[T], None] | None = None, rerun: bool = True, alone: bool = False, **query: str,
) -> T | None:  # fmt: skip
    """Runs `command(session)` in one transaction, tells how it went, and starts the screen anew.

    `form`: what its widgets' keys were made with; a second click on it while the first works does nothing more.
    `lead`: what did not happen, before the reasons (default «No se guardó nada.»). `to`, `query`: the screen to open
    afterwards. `alone`: nobody else may write meanwhile. `then`: what to keep of the result for the next run
    (choices, never rows).
    """
    mark = token(form) if form else ""
    finished: dict[str, Any] = st.session_state.setdefault("form_results", {})
    # From the commit to the note in `finished` there is no call into Streamlit, so nothing can interrupt between them.
    if not mark or mark not in finished:
        try:
            with db.transaction(alone=alone) as session:
                result = command(session)
        except SomebodyIsWriting as error:
            refusal.waiting(error)
            return None
        except DomainError as error:
            refusal.lines(error, lead or _("No se guardó nada."))
            return None
        if mark:
            finished[mark] = result
    else:
        result = finished[mark]
    if then is not None:
        then(result)
    flash(done if isinstance(done, str) else done(result))
    if form:
        retire(form)
    if to:
        menu.go(to, **query)
    if rerun:
        st.rerun()
    return result


def retire(form: str) -> None:
    """Empties a form: its keys are new from the next run on."""
    mark = st.session_state.get("form_tokens", {}).pop(form, None)
    st.session_state.get("form_results", {}).pop(mark, None)


def flash(message: str) -> None:
    """Keeps a message for the top of the next run."""
    if message:
        st.session_state.setdefault("flash", []).append(message)


def tell() -> None:
    """Shows what was kept for this run; once."""
    for message in st.session_state.pop("flash", []):
        st.toast(message, icon=":material/check_circle:")
