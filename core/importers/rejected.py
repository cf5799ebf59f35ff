"""The bad rows of an import as a file: the columns of the original, and the reason."""

from __future__ import annotations

import csv
import io
import re

from core.errors import DomainError
from core.files import csv as guarded_csv
from core.files import excel
from core.files.table import Column, Sheet, TooManyRows
from core.i18n import N_, _
from core.importers.base import Prepared

_FIGURE = re.compile(r"[-+(]?\$?[-+]?[0-9][0-9.,/]*[-)]?").fullmatch  # no formula, and to be read again as it is


def as_csv(prepared: Prepared) -> bytes:
    """UTF-8 with its mark; texts that a spreadsheet would run after an apostrophe."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow([*map(_safe, _titles(prepared)), _("Motivo")])
    width, whole = len(_titles(prepared)), len(prepared.parsed.columns.titles)
    for cells, reason in prepared.rejected():
        writer.writerow([*map(_safe, cells[:width]), *map(_safe, cells[whole:]), reason])
    return b"\xef\xbb\xbf" + stream.getvalue().encode("utf-8", "replace")


class TooManyForExcel(DomainError):
    message = N_("Un libro de Excel no tiene lugar para tantas filas con error ({most}); use un archivo .csv.")


def as_xlsx(prepared: Prepared) -> bytes:
    """A workbook whose cells are all text."""
    titles = [*_titles(prepared), _("Motivo")]
    columns = [Column(str(at), title) for at, title in enumerate(titles)]
    rows = ([*cells[: len(titles) - 1], reason] for cells, reason in prepared.rejected())
    try:
        return excel.workbook(Sheet(title=_("Apartados"), columns=columns, rows=rows, heading=False))
    except TooManyRows as error:
        raise TooManyForExcel(most=error.most) from error


def _titles(prepared: Prepared) -> tuple[str, ...]:
    """The header, less the reasons of a file that was put apart before and has come back."""
    columns = prepared.parsed.columns
    last = len(columns.titles) - 1
    used = any(last in places for places in columns.places.values())
    return columns.titles if used or columns.titles[last] != _("Motivo") else columns.titles[:last]


def _safe(cell: str) -> str:
    return cell if _FIGURE(cell) else guarded_csv.guarded(cell)
