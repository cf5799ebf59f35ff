"""How far a manager approves an agreement: total in company currency, months, interest waived."""

from datetime import date
from decimal import Decimal

from sqlmodel import Session

from core.agreements.models import Agreement
from core.money import base_cents, cents, from_cents, micros
from core.policies.rates import rate_for
from core.policies.settings import amount_setting, setting


def above_level(session: Session, agreement: Agreement, on: date) -> bool:
    """Whether an agreement passes what a manager approves: total in company currency, months, interest waived."""
    most = amount_setting(session, "agreements.manager_max")
    return (
        (most is not None and in_base(session, agreement, on) > most)
        or agreement.months > int(setting(session, "agreements.manager_months"))
        or waived_pct(agreement) > Decimal(setting(session, "agreements.manager_waiver_pct"))
    )


def waived_pct(agreement: Agreement) -> Decimal:
    """How much of the late interest is waived, in per cent with two decimals."""
    if not agreement.late_interest:
        return Decimal("0.00")
    return (agreement.waived * 100 / agreement.late_interest).quantize(Decimal("0.01"))


def in_base(session: Session, agreement: Agreement, on: date) -> Decimal:
    """Its total in company currency, at the last rate known."""
    rate = rate_for(session, agreement.currency, on, None)
    return from_cents(base_cents(cents(agreement.total), micros(rate)))
