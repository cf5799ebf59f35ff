"""What was collected of what was handed over, and what the agency earns of it, for any period."""

from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import Select, and_, case, cast, func, or_, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from core.auth.actor import Actor, Permission
from core.customers.models import Customer
from core.customers.visibility import visible_to
from core.ledger.models import Application, Entry, Side, Source
from core.legal.models import Agency, Case, HandOver, HandOverDocument, HandOverState, Stage
from core.money import Money, rounded, total, zero

Query = Select[*tuple[Any, ...]]


class Recovery(NamedTuple):
    """Of one hand-over and currency: what was handed, what was recovered in the period and ever, and the commission
    of the period."""

    hand_over_id: int
    case: str
    customer_code: str
    customer: str
    stage: str
    agency: str | None
    from_on: date
    until_on: date | None  # the day before the next stage
    currency: str
    handed: Decimal
    recovered: Decimal
    ever: Decimal
    commission_pct: Decimal
    commission: Decimal


class AgencyTotal(NamedTuple):
    """An agency in a period and currency: cases that it has, and the sums of its hand-overs."""

    agency: str
    commission_pct: Decimal
    cases: int
    currency: str
    handed: Decimal
    recovered: Decimal
    commission: Decimal


def recovered(start: date | None, end: date) -> Query:
    """`hand_over_id, currency, recovered, ever`: the money applied to handed documents while they were there, less
    what was undone, each on its own day; `recovered` from `start` on, both up to `end`.

    Money counts from the hand-over on: what was applied that day before the list was frozen does not.
    """
    its_charges = and_(
        col(Entry.source) == Source.DOCUMENT, col(Entry.source_id) == col(HandOverDocument.document_id),
        col(Entry.side) == Side.CHARGE,
    )  # fmt: skip
    next_on = next_stage_on()
    amount = col(Application.amount)
    within = amount if start is None else case((col(Application.applied_on) >= start, amount), else_=zero())
    found: Query = (
        select(
            col(HandOver.id).label("hand_over_id"), col(HandOverDocument.currency),
            cast(total(within), Money()).label("recovered"), cast(total(amount), Money()).label("ever"),
        )
        .join(HandOverDocument, col(HandOverDocument.hand_over_id) == col(HandOver.id))
        .join(Entry, its_charges)
        .join(Application, col(Application.charge_id) == col(Entry.id))
        .where(
            col(HandOver.state) == HandOverState.APPROVED, col(Application.applied_on) >= col(HandOver.from_on),
            col(Application.event_id) > col(HandOver.decision_event_id), col(Application.applied_on) <= end,
            or_(next_on.is_(None), col(Application.applied_on) < next_on), col(Application.paid_on).is_not(None),
        )
        .group_by(col(HandOver.id), col(HandOverDocument.currency))
    )  # fmt: skip
    return found


def next_stage_on() -> Any:
    """The day on which a case passed on from a hand-over; NULL while it has not."""
    later = aliased(HandOver)
    return (
        select(func.min(col(later.from_on)))
        .where(
            col(later.case_id) == col(HandOver.case_id),
            col(later.id) > col(HandOver.id),
            col(later.state) == HandOverState.APPROVED,
        )
        .correlate(HandOver)
        .scalar_subquery()
    )


def recoveries(
    session: Session, actor: Actor, *, start: date | None, end: date, case_number: str | None = None
) -> list[Recovery]:
    """Of every hand-over of the customers whom one sees by `end`, the latest first."""
    actor.require(Permission.VIEW_PORTFOLIO)
    money = recovered(start, end).subquery("money")
    handed = (
        select(
            col(HandOverDocument.hand_over_id), col(HandOverDocument.currency),
            cast(total(col(HandOverDocument.handed)), Money()).label("handed"),
        )
        .group_by(col(HandOverDocument.hand_over_id), col(HandOverDocument.currency))
        .subquery("handed")
    )  # fmt: skip
    same = and_(money.c.hand_over_id == col(HandOver.id), money.c.currency == handed.c.currency)
    found = (
        select(
            col(HandOver.id), col(Case.number), col(Customer.code), col(Customer.legal_name), col(HandOver.stage),
            col(Agency.name), col(HandOver.from_on), next_stage_on(), handed.c.currency, handed.c.handed,
            func.coalesce(money.c.recovered, zero(), type_=Money()), func.coalesce(money.c.ever, zero(), type_=Money()),
            col(HandOver.commission_pct),
        )
        .join(Case, col(Case.id) == col(HandOver.case_id))
        .join(Customer, col(Customer.id) == col(Case.customer_id))
        .join(handed, handed.c.hand_over_id == col(HandOver.id))
        .outerjoin(money, same)
        .outerjoin(Agency, col(Agency.id) == col(HandOver.agency_id))
        .where(
            visible_to(actor), col(HandOver.state) == HandOverState.APPROVED, col(HandOver.from_on) <= end,
            col(HandOver.stage) != Stage.INTERNAL,
        )
        .order_by(col(HandOver.from_on).desc(), col(HandOver.id).desc(), handed.c.currency)
    )  # fmt: skip
    if case_number is not None:
        found = found.where(col(Case.number) == case_number)
    return [_recovery(row) for row in session.execute(found)]


def _recovery(row: Any) -> Recovery:
    pct = row[12] or Decimal(0)
    until = None if row[7] is None else date.fromordinal(max(row[7].toordinal() - 1, row[6].toordinal()))
    return Recovery(
        row[0], row[1], row[2], row[3], row[4], row[5], row[6], until, row[8], row[9], row[10], row[11], pct,
        rounded(row[10] * pct / 100),
    )  # fmt: skip


def agency_totals(rows: list[Recovery]) -> list[AgencyTotal]:
    """What each agency has, recovered and earned, of the rows of a period; commissions are rounded by hand-over, so
    they are added here."""
    found: dict[tuple[str, str], AgencyTotal] = {}
    for one in rows:
        if one.agency is None:
            continue
        key = one.agency, one.currency
        before = found.get(key) or AgencyTotal(
            one.agency, one.commission_pct, 0, one.currency, Decimal("0.00"), Decimal("0.00"), Decimal("0.00")
        )
        found[key] = before._replace(
            cases=before.cases + (one.until_on is None), handed=before.handed + one.handed,
            recovered=before.recovered + one.recovered, commission=before.commission + one.commission,
        )  # fmt: skip
    return sorted(found.values())
