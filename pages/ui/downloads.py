"""Excel and CSV of a table: made on the click, under the permission of that moment, and noted in the log."""

import contextvars
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

import streamlit as st

from core import clock, i18n
from core.audit.events import record
from core.auth import sessions
from core.auth.actor import Actor
from core.db import transaction
from core.errors import NotAllowed
from core.files import csv, excel
from core.files.table import Sheet
from core.i18n import _
from pages.ui import guard, session

EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def buttons(sheet: Callable[[Actor], Sheet], name: str, *, key: str, disabled: bool = False) -> None:
    """An Excel and a CSV button side by side; `sheet` asks core again for all rows, as the one who clicks."""
    file = f"{name}_{clock.today():%Y-%m-%d}"
    with st.container(horizontal=True, width="content", gap="xsmall"):  # on a telephone they stay together
        button(_("Excel"), excel.workbook, sheet, f"{file}.xlsx", EXCEL, "table_view", key, disabled)
        button(_("CSV"), _csv, sheet, f"{file}.csv", "text/csv; charset=utf-8", "csv", key, disabled)


def _csv(sheet: Sheet) -> bytes:
    """With filters, day and user above and totals below, as in Excel; the importer reads such files too."""
    return csv.document(sheet, heading=True, totals=True)


def button(
    label: str, make: Callable[[Sheet], bytes], sheet: Callable[[Actor], Sheet], file: str, mime: str, icon: str,
    key: str, disabled: bool = False,
) -> None:  # fmt: skip
    """One button that makes a file of a sheet when it is clicked."""
    held = session.key()
    guard.here()

    def data() -> bytes:
        return _made(held, make, sheet, file)

    context = contextvars.copy_context()  # the language: the file is made on another thread
    st.download_button(
        label, lambda: context.copy().run(data), file_name=file, mime=mime, icon=f":material/{icon}:",
        key=f"{key}_{icon}", on_click="ignore", disabled=disabled,
    )  # fmt: skip


def _made(held: str | None, make: Callable[[Sheet], bytes], sheet: Callable[[Actor], Sheet], file: str) -> bytes:
    actor = sessions.principal(held)
    if actor is None:
        raise NotAllowed
    i18n.use(actor.language)
    asked = sheet(actor)
    counted = _Counted(asked)
    by = _("Generado por {name} el {moment}").format(name=actor.name, moment=i18n.shown(clock.local(clock.now())))
    made = make(replace(asked, rows=counted, notes=[*asked.notes, by]))
    with transaction() as opened:
        record(
            opened, actor, "table.exported", entity="table", entity_id=asked.title[:60], file=file, rows=counted.rows
        )
    return made


class _Counted:
    """The rows on their way into a file, counted."""

    def __init__(self, sheet: Sheet) -> None:
        self._from = sheet.rows
        self.rows = 0

    def __iter__(self) -> Iterator[Sequence[object]]:
        for row in self._from:
            self.rows += 1
            yield row
