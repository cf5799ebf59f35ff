"""The list of what a customer says that it owes, read from its file for a reconciliation."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from core.errors import DomainError, SeveralRefusals
from core.i18n import N_
from core.importers import reading, values
from core.importers.dates import DateReader, Order, decide_order
from core.importers.folding import fold
from core.importers.headers import find_header, is_blank, is_total_row
from core.importers.refusals import BadFile, BadValue
from core.reconciliations.matching import Theirs

#: What each column may be called, the first the best known; `balance` wins over `amount`.
NAMES: dict[str, tuple[str, ...]] = {
    "number": (
        "folio", "factura", "documento", "número", "número de factura", "número de documento", "no. factura",
        "no. documento", "num factura", "referencia", "folio factura", "serie y folio", "invoice", "invoice number",
        "document", "document number", "number", "reference", "comprobante", "folio interno",
    ),
    "date": (
        "fecha", "fecha de factura", "fecha factura", "fecha de emisión", "fecha emisión", "fecha documento",
        "fecha de documento", "emisión", "date", "invoice date", "document date", "posting date",
    ),
    "balance": (
        "saldo", "saldo pendiente", "pendiente", "por pagar", "saldo actual", "importe pendiente", "saldo insoluto",
        "adeudo", "balance", "open amount", "outstanding", "amount due", "open balance", "saldo mxn", "saldo usd",
    ),
    "amount": (
        "importe", "monto", "total", "cargo", "importe total", "monto total", "valor", "amount", "total amount",
        "invoice amount", "importe factura", "importe original",
    ),
    "credit": ("abono", "haber", "crédito", "pago", "credit", "credits"),
    "uuid": ("uuid", "folio fiscal", "cfdi", "timbre"),
    "currency": ("moneda", "divisa", "currency", "curr"),
}  # fmt: skip
_FIELD_OF = {fold(name): field for field in reversed(NAMES) for name in NAMES[field]}
#: So many reasons are told; after that the rest are like them.
_MOST_TOLD = 12
_LIMITS = reading.Limits(file_bytes=10 * reading.MEGABYTE, unpacked_bytes=100 * reading.MEGABYTE, rows=20_000)


class NoListHeader(BadFile):
    message = N_(
        "«{name}» no tiene encabezados que se reconozcan. Debe traer el folio o folio fiscal, y el saldo o importe."
    )


class RowNotRead(DomainError):
    message = N_("Fila {row}: {reason}")


class MoreLikeThese(DomainError):
    message = N_("Y {n} filas más con problemas.")


class TheirList(NamedTuple):
    """The rows of the file in the currency asked for. `others`: how many are in another currency and were left out."""

    rows: list[Theirs]
    columns: dict[str, str]  # field → how the file calls it
    others: int


def read_list(name: str, data: bytes, *, currency: str, date_order: Order | None = None) -> TheirList:
    """Reads the list; refuses files that are none, and every bad row at once.

    A `saldo` counts before an `importe`; an `abono` is a credit. Total rows and blank rows are left out.
    """
    grid = reading.read(name, data, knows=_FIELD_OF.get, limits=_LIMITS)
    at = find_header(grid.rows, _FIELD_OF.get)
    header = [fold(cell) for cell in grid.head(at + 1)[at]] if at is not None else []
    places = {field: header.index(title) for field in NAMES if (title := _first(field, header))}
    if at is None or not {"number", "uuid"} & places.keys() or not {"balance", "amount", "credit"} & places.keys():
        raise NoListHeader(name=name)
    cells = [(row, list(one)) for row, one in enumerate(grid.rows, 1) if row > at + 1 and not is_blank(one)]
    keys = [places[field] for field in ("number", "uuid", "date") if field in places]
    figures = [places[field] for field in ("balance", "amount", "credit", "currency") if field in places]
    cells = [(row, one) for row, one in cells if not is_total_row(one, keys, figures)]
    days = [[_cell(one, places.get("date"))] for _row, one in cells]
    reader = _Reader(places, DateReader(decide_order(days, date_order)), currency)
    rows = [found for row, one in cells if (found := reader.row(row, one)) is not None]
    if reader.bad:
        told: list[DomainError] = [RowNotRead(row=str(row), reason=reason) for row, reason in reader.bad[:_MOST_TOLD]]
        if (more := len(reader.bad) - _MOST_TOLD) > 0:
            told.append(MoreLikeThese(n=more))
        raise SeveralRefusals(told)
    titles = grid.head(at + 1)[at]
    return TheirList(rows, {field: titles[place].strip() for field, place in places.items()}, reader.others)


class _Reader:
    """Reads the rows of one file."""

    def __init__(self, places: dict[str, int], dates: DateReader, currency: str) -> None:
        self.places, self.dates, self.currency = places, dates, currency
        self.bad: list[tuple[int, str]] = []
        self.others = 0

    def row(self, row: int, cells: Sequence[str]) -> Theirs | None:
        """A row; None when it is bad or in another currency."""
        said = {field: _cell(cells, place) for field, place in self.places.items()}
        try:
            if said.get("currency") and values.currency(said["currency"]) != self.currency:
                self.others += 1
                return None
            number = values.code(said.get("number", ""), 60) or None
            uuid = values.text(said.get("uuid", ""), 36).upper() or None
            if number is None and uuid is None:
                raise BadValue(N_("falta el folio"))
            return Theirs(row, number, self._date(said.get("date", "")), _amount(said), uuid)
        except BadValue as error:
            self.bad.append((row, error.sentence()))
            return None

    def _date(self, cell: str) -> date | None:
        return self.dates(cell) if cell else None


def _amount(said: dict[str, str]) -> Decimal:
    """What the row says is owed, credits negative."""
    if said.get("balance"):
        return values.amount(said["balance"])[0]
    charged = values.amount(said["amount"])[0] if said.get("amount") else Decimal("0.00")
    credited = values.amount(said["credit"])[0] if said.get("credit") else Decimal("0.00")
    if not said.get("amount") and not said.get("credit"):
        raise BadValue(N_("falta el importe"))
    return charged - abs(credited)


def _first(field: str, header: Sequence[str]) -> str:
    """How the file calls a field, the best known of its names that is there."""
    return next((folded for name in NAMES[field] if (folded := fold(name)) in header), "")


def _cell(cells: Sequence[str], place: int | None) -> str:
    return cells[place].strip() if place is not None and place < len(cells) else ""
