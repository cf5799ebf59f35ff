"""Days on which the company works: for the date that a promise is suggested for, and for the calendar."""

from datetime import date, timedelta
from functools import lru_cache

from sqlmodel import Session

from core.i18n import language
from core.policies.settings import company_currency, setting

_ONE_DAY = timedelta(days=1)
#: Public holidays go by the company's country, which its currency tells.
_COUNTRIES = {"MXN": "MX"}
_OTHERS = "PR"


def country(session: Session) -> str:
    """Whose public holidays count: Mexico's, or those of Puerto Rico."""
    return _COUNTRIES.get(company_currency(session), _OTHERS)


def holiday(on: date, of: str) -> str | None:
    """The name of a public holiday in the language in use; None on any other day."""
    return _holidays(of, on.year, language()).get(on)


@lru_cache(maxsize=64)
def _holidays(of: str, year: int, in_language: str) -> dict[date, str]:
    from holidays import country_holidays  # slow to load, and seldom needed

    found = country_holidays(of, years=year, language=in_language if in_language == "es" else "en_US")
    return dict(found.items())


def is_working(on: date, of: str) -> bool:
    """Whether it is neither weekend nor public holiday."""
    return on.weekday() < 5 and holiday(on, of) is None


def working_day(on: date, of: str) -> date:
    """That day, or the next one on which the company works."""
    while not is_working(on, of):
        on += _ONE_DAY
    return on


def suggested(session: Session, today: date) -> date:
    """The date that a promise made today is suggested for."""
    return working_day(today + timedelta(days=int(setting(session, "promises.default_days"))), country(session))
