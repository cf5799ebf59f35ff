"""What a unit of a currency is worth in the company's currency on a day."""

from datetime import date
from decimal import Decimal

from sqlalchemy import bindparam, select
from sqlmodel import Session, col

from core import db
from core.errors import DomainError
from core.i18n import N_
from core.money import ONE
from core.policies.models import ExchangeRate
from core.policies.settings import company_currency

#: The dearest rate that is taken: what passes it is a slip of the keyboard.
MAX_RATE = Decimal(1_000_000)


class RateMissing(DomainError):
    message = N_("No hay tipo de cambio de {currency} para el {on}. Escríbalo o cárguelo en los tipos de cambio.")


class RateOfCompanyCurrency(DomainError):
    message = N_("{currency} es la moneda de la empresa: su tipo de cambio es 1.")


class RateNotValid(DomainError):
    message = N_("{rate} no es un tipo de cambio: debe ser mayor que 0, con seis decimales como máximo.")


def last_rate(session: Session, currency: str, on: date) -> Decimal | None:
    """The last rate known on or before `on`; 1 for the company's own currency; None when there is none."""
    if currency == company_currency(session):
        return ONE
    found = db.rows(session, _NEWEST, currency=currency, on=on)
    return found[0][0] if found else None


_NEWEST = (
    select(col(ExchangeRate.rate))
    .where(col(ExchangeRate.currency) == bindparam("currency"), col(ExchangeRate.rate_on) <= bindparam("on"))
    .order_by(col(ExchangeRate.rate_on).desc())
    .limit(1)
)


def known_currencies(session: Session) -> list[str]:
    """The company's currency, then those that have a rate, by name."""
    company = company_currency(session)
    rated = session.scalars(select(col(ExchangeRate.currency)).distinct().order_by(col(ExchangeRate.currency)))
    return [company, *(one for one in rated if one != company)]


def rate_for(session: Session, currency: str, on: date, given: Decimal | None) -> Decimal:
    """The rate that somebody gave, once it is checked, else the last one known; RateMissing when there is none."""
    if given is None:
        found = last_rate(session, currency, on)
        if found is None:
            raise RateMissing(currency=currency, on=on)
        return found
    if not 0 < given < MAX_RATE or given != round(given, 6):
        raise RateNotValid(rate=str(given))
    if given != ONE and currency == company_currency(session):
        raise RateOfCompanyCurrency(currency=currency)
    return given
