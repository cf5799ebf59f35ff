"""Kind `exchange_rates`: what a unit of a currency is worth in the company's, from a day on."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import BigInteger, select, type_coerce
from sqlmodel import Session, col

from core import db
from core.auth.actor import Permission
from core.i18n import N_
from core.importers import fields as f
from core.importers.base import Checker, Kind, Look, State
from core.importers.fields import Field
from core.importers.lookups import conflict
from core.importers.parsing import BadCell, Progress, Row
from core.policies.models import ExchangeRate

FIELDS = (
    f.a_date("date", N_("Fecha"), required=True, example="2026-03-01", also=("fecha", "día")),
    Field(name="currency", reader=f.currency, label=N_("Moneda"), required=True, example="USD",
          also=("moneda", "divisa"), told=N_("Clave ISO: USD, EUR…")),
    Field(name="rate", reader=f.rate, label=N_("Tipo de cambio"), required=True, example="17.123456",
          also=("tipo de cambio", "T.C.", "tipo cambio", "paridad", "exchange rate", "fix"),
          told=N_("Moneda de la empresa por una unidad; hasta seis decimales.")),
)  # fmt: skip


@dataclass(slots=True)
class RateRow(Row):
    """A row of the file, the rate in millionths."""

    date: date
    currency: str
    rate: int


class ExchangeRates(Checker[RateRow]):
    """Checks against the rates that are there."""

    def __init__(self, look: Look) -> None:
        """All rates: a few a day."""
        super().__init__(look)
        statement = select(
            col(ExchangeRate.rate_on), col(ExchangeRate.currency), type_coerce(ExchangeRate.rate, BigInteger)
        )
        self.known = {(on, currency): rate for on, currency, rate in look.session.execute(statement)}
        self.made: list[RateRow] = []

    def key(self, row: RateRow) -> Hashable:
        """Date and currency."""
        return row.date, row.currency

    def judge(self, row: RateRow) -> State:
        """Known and equal, known and different, or new."""
        if row.currency == self.look.company_currency and row.rate != 1_000_000:
            raise BadCell("rate", N_("{currency} es la moneda de la empresa: su tipo de cambio es 1"),
                          currency=row.currency)  # fmt: skip
        known = self.known.get((row.date, row.currency))
        if known is None:
            self.made.append(row)
            return State.NEW
        if known != row.rate:
            raise conflict("rate", f"{row.currency} {row.date}", row.rate, known)
        return State.REPEATED

    def write(self, session: Session, event_id: int, progress: Progress) -> None:
        """The new rates."""
        rows = ((row.date, row.currency, row.rate, event_id) for row in self.made)
        db.insert_many(session, ExchangeRate, ("rate_on", "currency", "rate", "event_id"), rows)


KIND = Kind(
    name="exchange_rates", title=N_("Tipos de cambio"), fields=FIELDS, row=RateRow, checker=ExchangeRates,
    permission=Permission.IMPORT_BOOKS,
)  # fmt: skip
