"""A proposal before it is sent: what is owed, the plan, and what it costs beside its alternatives. Writes nothing."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import NamedTuple

from sqlmodel import Session

from core.agreements import rules
from core.agreements.debts import (
    AlreadyInAgreement,
    Debt,
    NotOpen,
    PromisePending,
    Rate,
    debts,
    total_interest,
    total_open,
)
from core.agreements.models import Frequency
from core.agreements.rules import Payment
from core.auth.actor import Actor, Permission
from core.customers.models import Customer
from core.customers.visibility import visible_customer
from core.errors import DomainError
from core.i18n import N_
from core.money import ZERO, rounded
from core.policies.settings import setting

MOST_PAYMENTS = 120
#: Countries where late interest needs a contract: it is charged by note first, and the note goes into the agreement.
BY_CONTRACT = ("PR",)
_LONGEST = timedelta(days=3_660)


class NothingChosen(DomainError):
    message = N_("Elija al menos un documento con saldo para el convenio.")


class PaymentsNotValid(DomainError):
    message = N_("El convenio lleva de 1 a {most} pagos: {count} no vale.")


class PercentNotValid(DomainError):
    message = N_("{value} no es un porcentaje entre 0 y 100, con cuatro decimales como máximo.")


class DownPaymentNotValid(DomainError):
    message = N_("El enganche ({amount}) debe ser de 0.00 o más y menor que lo que se debe ({owed}).")


class DatesNotValid(DomainError):
    message = N_(
        "Las fechas de pago deben ir una después de otra, desde el {start} y a lo más diez años; el enganche va antes "
        "de la primera."
    )


class PaymentsTooSmall(DomainError):
    message = N_("{owed} no alcanza para {count} pagos de al menos un centavo.")


class Terms(NamedTuple):
    """What is proposed. `documents`: their numbers; `own`: the dates when the frequency is `OWN`, else `first_on` and
    `times`; `waive_pct`: of the late interest; `plan_pct`: annual interest while it is paid."""

    customer_id: int
    currency: str
    documents: tuple[str, ...]
    first_on: date
    times: int = 1
    frequency: Frequency = Frequency.MONTHLY
    own: tuple[date, ...] = ()
    down_payment: Decimal = ZERO
    down_on: date | None = None
    waive_pct: Decimal = ZERO
    plan_pct: Decimal = ZERO
    guarantee: str | None = None
    notes: str | None = None


class Draft(NamedTuple):
    """The terms worked out on a day."""

    terms: Terms
    on: date
    documents: tuple[Debt, ...]
    rate: Rate
    debt: Decimal
    late_interest: Decimal
    waived: Decimal
    plan_interest: Decimal
    payments: tuple[Payment, ...]
    total: Decimal
    months: int


class Scenario(NamedTuple):
    """An alternative. `given_up`: what is owed today with all its late interest, less the present value; below zero,
    the customer pays more than waiting costs."""

    key: str  # pay_now, proposal, shorter, longer, no_waiver, full_waiver
    payments: int
    months: int
    last_on: date
    total: Decimal
    present_value: Decimal
    waived: Decimal
    plan_interest: Decimal
    given_up: Decimal


def late_rate(session: Session, customer: Customer) -> Rate:
    """Late interest as the settings have it; none where only a contract gives a right to it (domain rule R8)."""
    pct = Decimal(0) if customer.country in BY_CONTRACT else Decimal(setting(session, "interest.annual_pct"))
    return Rate(pct, int(setting(session, "interest.days_in_year")), int(setting(session, "interest.grace_days")))


def candidates(session: Session, actor: Actor, *, customer_id: int, currency: str, on: date) -> list[Debt]:
    """The documents among which a proposal chooses, each with what is in its way."""
    actor.require(Permission.VIEW_COLLECTION)
    rate = late_rate(session, visible_customer(session, actor, customer_id))
    return debts(session, customer_id=customer_id, currency=currency, as_of=on, rate=rate)


def draft(session: Session, actor: Actor, *, terms: Terms, on: date) -> Draft:
    """Works a proposal out; refuses terms that make no plan and documents that cannot be in it."""
    found = {
        one.number: one
        for one in candidates(session, actor, customer_id=terms.customer_id, currency=terms.currency, on=on)
    }
    if not terms.documents:
        raise NothingChosen
    for number in terms.documents:
        _refuse_taken(found.get(number), number, terms.currency)
    chosen = tuple(found[number] for number in dict.fromkeys(terms.documents))
    rate = late_rate(session, visible_customer(session, actor, terms.customer_id))
    return worked_out(chosen, terms, rate, on)


def _refuse_taken(one: Debt | None, number: str, currency: str) -> None:
    if one is None:
        raise NotOpen(number=number, currency=currency)
    if one.agreement is not None:
        raise AlreadyInAgreement(document=number, number=one.agreement)
    if one.promise is not None:
        raise PromisePending(document=number, number=one.promise, promised_on=one.promised_on)


def worked_out(chosen: Sequence[Debt], terms: Terms, rate: Rate, on: date) -> Draft:
    """The plan of some debts under some terms."""
    for percent in (terms.waive_pct, terms.plan_pct):
        if not percent.is_finite() or not 0 <= percent <= 100 or percent != round(percent, 4):
            raise PercentNotValid(value=str(percent))
    debt = total_open(chosen)
    late = total_interest(chosen)
    waived = rules.share(late, terms.waive_pct)
    owed = debt + late - waived
    if not ZERO <= terms.down_payment < owed or terms.down_payment != rounded(terms.down_payment):
        raise DownPaymentNotValid(amount=terms.down_payment, owed=owed)
    dates = _dates(terms, on)
    if (owed - terms.down_payment) / len(dates) < Decimal("0.01"):
        raise PaymentsTooSmall(owed=owed - terms.down_payment, count=len(dates))
    payments = rules.plan(
        owed, start=on, dates=dates, down_payment=terms.down_payment, down_on=terms.down_on or on,
        plan_pct=terms.plan_pct, days_in_year=rate.days_in_year,
    )  # fmt: skip
    interest = sum((one.interest for one in payments), ZERO)
    return Draft(
        terms, on, tuple(chosen), rate, debt, late, waived, interest, tuple(payments), owed + interest,
        rules.months_between(on, dates[-1]),
    )  # fmt: skip


def _dates(terms: Terms, on: date) -> list[date]:
    count = len(terms.own) if terms.frequency is Frequency.OWN else terms.times
    if not 1 <= count <= MOST_PAYMENTS:
        raise PaymentsNotValid(count=count, most=MOST_PAYMENTS)
    try:
        dates = (
            list(terms.own) if terms.frequency is Frequency.OWN
            else rules.due_dates(terms.first_on, terms.frequency, count)
        )  # fmt: skip
    except (OverflowError, ValueError) as error:  # beyond the calendar
        raise DatesNotValid(start=on) from error
    down = [terms.down_on or on] if terms.down_payment > 0 else []
    days = [*down, *dates]
    in_order = all(earlier < later for earlier, later in pairwise(days))
    if days[0] < on or not in_order or days[-1] > on + _LONGEST:
        raise DatesNotValid(start=on)
    return dates


def compare(draft: Draft, discount_pct: Decimal) -> list[Scenario]:
    """The proposal beside paying now, in half or twice as many payments, and with all or none of the interest waived.

    Alternatives that would be the proposal again are left out.
    """
    terms = draft.terms
    count = len(terms.own) if terms.frequency is Frequency.OWN else terms.times
    regular = terms._replace(frequency=Frequency.MONTHLY, first_on=terms.own[0], own=()) if terms.own else terms
    owed = draft.debt + draft.late_interest
    found = [
        Scenario("pay_now", 1, 0, draft.on, owed, owed, ZERO, ZERO, ZERO), _scenario("proposal", draft, discount_pct),
    ]  # fmt: skip
    others: list[tuple[str, Terms]] = []
    if count > 1:
        others.append(("shorter", regular._replace(times=max(1, count // 2))))
    if count * 2 <= MOST_PAYMENTS:
        others.append(("longer", regular._replace(times=count * 2)))
    if draft.waived > 0:
        others.append(("no_waiver", terms._replace(waive_pct=ZERO)))
    if draft.waived < draft.late_interest:
        others.append(("full_waiver", terms._replace(waive_pct=Decimal(100))))
    for key, other in others:
        try:
            found.append(_scenario(key, worked_out(draft.documents, other, draft.rate, draft.on), discount_pct))
        except DomainError:  # no plan under these terms: nothing to compare with
            continue
    return found


def _scenario(key: str, draft: Draft, discount_pct: Decimal) -> Scenario:
    worth = rules.present_value(draft.payments, draft.on, discount_pct)
    return Scenario(
        key, len(draft.payments), draft.months, draft.payments[-1].due_on, draft.total, worth, draft.waived,
        draft.plan_interest, draft.debt + draft.late_interest - worth,
    )  # fmt: skip


def discount(session: Session) -> Decimal:
    """The annual rate at which later payments are worth less, as the settings have it."""
    return Decimal(setting(session, "agreements.discount_pct"))
