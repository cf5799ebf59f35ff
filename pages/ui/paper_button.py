"""A button that makes a paper when it is clicked, as the one who clicks and may at that moment; noted in the log."""

import contextvars
from collections.abc import Callable
from typing import Any

import streamlit as st

from core import i18n
from core.audit.events import record
from core.auth import sessions
from core.auth.actor import Actor
from core.db import transaction
from core.errors import NotAllowed
from pages.ui import session

PDF = "application/pdf"


def show(
    label: str, make: Callable[[Actor], bytes], file: str, *, key: str, mime: str = PDF, icon: str = "picture_as_pdf",
    **options: Any,
) -> None:  # fmt: skip
    """`make` asks core again and returns the bytes of the file."""
    held = session.key()

    def data() -> bytes:
        actor = sessions.principal(held)
        if actor is None:
            raise NotAllowed
        i18n.use(actor.language)
        content = make(actor)
        with transaction() as opened:
            record(opened, actor, "table.exported", entity="file", entity_id=file[:60], file=file)
        return content

    context = contextvars.copy_context()  # the language: the file is made on another thread
    st.download_button(
        label, lambda: context.copy().run(data), file_name=file, mime=mime, icon=f":material/{icon}:", key=key,
        on_click="ignore", **options,
    )  # fmt: skip
