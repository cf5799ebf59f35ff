"""The bad rows of an import as a file: the columns of the original, and the reason."""

from __future__ import annotations

import csv
import io
import re

from core.files import csv as guarded_csv
from core.files import excel
from core.files.table import Column, Sheet
from core.i18n import _
from core.importers.base import Prepared

_FIGURE = re.compile(r"[-+(]?\$?[-+]?[0-9][0-9.,/]*[-)]?").fullmatch  # no formula, and to be read again as it is


def as_csv(prepared: Prepared) -> bytes:
    """UTF-8 with its mark; texts that a spreadsheet would run after an apostrophe."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow([*map(_safe, prepared.parsed.columns.titles), _("Motivo")])
    for cells, reason in prepared.rejected():
        writer.writerow([*map(_safe, cells), reason])
    return b"\xef\xbb\xbf" + stream.getvalue().encode("utf-8", "replace")


def as_xlsx(prepared: Prepared) -> bytes:
    """A workbook whose cells are all text."""
    titles = [*prepared.parsed.columns.titles, _("Motivo")]
    columns = [Column(str(at), title) for at, title in enumerate(titles)]
    rows = ([*cells[: len(titles) - 1], reason] for cells, reason in prepared.rejected())
    return excel.workbook(Sheet(title=_("Apartados"), columns=columns, rows=rows, heading=False))


def _safe(cell: str) -> str:
    return cell if _FIGURE(cell) else guarded_csv.guarded(cell)
