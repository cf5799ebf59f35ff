"""What nobody foresaw: told in words with a reference, never as a traceback; the log has the rest."""

import logging
import secrets
from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from core.clock import today
from core.errors import DomainError
from core.i18n import _
from pages.ui import refusal

_log = logging.getLogger("cartera")


@contextmanager
def told() -> Iterator[None]:
    """Runs a page; a refusal or a bug that comes out of it is said in words."""
    try:
        yield
    except Exception as error:  # noqa: BLE001  a bug; whatever it is, the user reads a sentence and the log has it
        tell(error)


def tell(error: Exception) -> bool:
    """Shows a refusal, or a bug's reference; True: there is nothing more to show."""
    if isinstance(error, DomainError):
        refusal.of(error)
        return True
    reference = f"F-{today():%Y%m%d}-{secrets.token_hex(3).upper()}"
    _log.error("%s", reference, exc_info=error)
    st.error(
        f"**{_('Algo falló de nuestro lado y no se guardó nada.')}** "
        + _("Intente otra vez; si sigue, dé a su administrador esta referencia: {reference}.").format(
            reference=reference
        ),
        icon=":material/error:",
    )
    return True
