"""What the order of the work list is made of: one row a customer with something open, in SQL.

It costs what is open now and what lately happened to promises. How somebody used to pay is looked up by customer, so it
is asked for only where it may change a page.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy import CTE, BigInteger, ColumnElement, Select, and_, case, cast, func, literal, or_, select, union_all
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from core.agreements.taken import promises_broken_off
from core.collections.models import Contact
from core.collections.rules import BROKEN_DAYS, PACE_DAYS, PACE_GROWTH, PACE_LEAST, YEAR
from core.credit.blocks import in_force
from core.credit.models import Block, BlockCode
from core.customers.models import Customer
from core.disputes.queries import any_disputes, disputed_items
from core.ledger.models import Application, Entry, Reversal, Source
from core.ledger.queries import open_items
from core.money import ONE, Money, in_base, micros, total, zero
from core.policies.rates import last_rate
from core.policies.settings import company_currency
from core.promises.models import Promise, PromiseStatus
from core.promises.standing import standing
from core.tables import day_number

Query = Select[*tuple[Any, ...]]
#: How a reversal says that a cheque came back.
RETURNED_CHEQUE = "returned_cheque"


def facts(session: Session, as_of: date, customers: Query | None, *, cheque_days: int) -> CTE:
    """One row for each customer who may have to be contacted on `as_of`; amounts in company currency.

    Columns: `customer_id, code, name, segment, phone, overdue, oldest_due_on, next_due_on, owed, disputed` (all)`,
    disputed_overdue, due_today` (promised for `as_of` and lacking)`, due_made_on, live, live_on` (other pending
    promises)`, broken, broken_on` (last day of the window)`, partly, partly_on, is_blocked, is_legal` (1 or 0)`,
    cheque_on, last_id, last_on, next_id, next_on`; 0.00 and NULL where there is none. `customers`: a query of ids.
    """
    account = _account(session, as_of, customers, cheque_days)
    last, planned = aliased(Contact), aliased(Contact)
    # what was planned is done once somebody was there on that day or later
    done = and_(col(last.at) > col(planned.at), col(last.contacted_on) >= col(planned.next_action_on))
    return (
        select(
            *account.c,
            col(last.contacted_on).label("last_on"),
            case((~func.coalesce(done, sa.false()), col(planned.next_action_on))).label("next_on"),
        )
        .outerjoin(last, col(last.id) == account.c.last_id)
        .outerjoin(planned, col(planned.id) == account.c.next_id)
        .cte("fact").prefix_with("MATERIALIZED")
    )  # fmt: skip


def rates(session: Session, as_of: date) -> Mapping[str, Decimal]:
    """What a unit of each currency of live promises is in the company's: the last rate known, else of a document."""
    since = as_of - timedelta(days=BROKEN_DAYS)
    asked = select(col(Promise.currency)).where(col(Promise.ends_on) >= since).distinct()
    foreign = [one for one in session.scalars(asked) if one != company_currency(session)]
    return {one: last_rate(session, one, as_of) or _rate_of_papers(session, one) for one in foreign}


def _rate_of_papers(session: Session, currency: str) -> Decimal:
    found = session.scalar(
        select(col(Entry.exchange_rate))
        .where(col(Entry.currency) == currency)
        .order_by(col(Entry.booked_on).desc(), col(Entry.id).desc())
        .limit(1)
    )
    return found or ONE


# ------------------------------------------------------------------ parts, one row a customer each
#: The columns of the parts; of one customer, amounts add up, and of the rest there is one at most.
_AMOUNTS = ("overdue", "owed", "disputed", "disputed_overdue", "due_today", "live", "broken", "partly")
_DAYS = ("oldest_due_on", "next_due_on", "due_made_on", "live_on", "broken_on", "partly_on", "cheque_on")
_FLAGS = ("is_blocked", "is_legal")


def _account(session: Session, as_of: date, customers: Query | None, cheque_days: int) -> CTE:
    """The parts together, of customers who have something open or promised for today, with their last contacts.

    They are put one below the other and grouped: joined side by side, SQLite would read some of them once a customer.
    """
    parts = [_owed(session, as_of, customers), _promised(session, as_of, customers), _blocked(as_of)]
    if cheque_days:
        parts.append(_cheques(as_of, cheque_days))
    if any_disputes(session, as_of):
        parts.append(_disputed(as_of, customers))
    below = union_all(*(_with_all_columns(part) for part in parts)).subquery("below").c
    summed = (
        select(
            below.customer_id, *(total(below[name]).label(name) for name in _AMOUNTS),
            *(func.max(below[name]).label(name) for name in (*_DAYS, *_FLAGS)),
        )
        .group_by(below.customer_id)
        .having(or_(func.sum(below.owed) > 0, func.sum(below.due_today) > 0))
        .cte("summed").prefix_with("MATERIALIZED")
    )  # fmt: skip
    found = select(
        *summed.c, col(Customer.code), col(Customer.legal_name).label("name"), col(Customer.segment),
        col(Customer.phone), _newest(as_of).label("last_id"), _newest(as_of, planned=True).label("next_id"),
    ).join(Customer, col(Customer.id) == summed.c.customer_id)  # fmt: skip
    if customers is not None:
        found = found.where(col(Customer.id).in_(customers))
    return found.cte("account").prefix_with("MATERIALIZED")


def _with_all_columns(part: CTE) -> Query:
    """A part with the columns that it lacks: nothing in amounts, NULL elsewhere."""
    nothing: dict[str, Any] = {
        **{name: zero() for name in _AMOUNTS},
        **{name: cast(sa.null(), sa.Date) for name in _DAYS},
        **{name: literal(0, sa.Integer) for name in _FLAGS},
    }
    there = {str(column.key): column for column in part.c}
    return select(there["customer_id"], *(there.get(name, empty).label(name) for name, empty in nothing.items()))


def _owed(session: Session, as_of: date, customers: Query | None) -> CTE:
    """What is open of charges at `as_of`, and of it what is overdue: that of the aging."""
    item = open_items(session, as_of, customers).c
    late = item.due_on < as_of
    return (
        select(
            item.customer_id, total(item.base).label("owed"),
            total(case((late, item.base), else_=zero())).label("overdue"),
            func.min(case((late, item.due_on))).label("oldest_due_on"),
            func.min(case((~late, item.due_on))).label("next_due_on"),
        )
        .where(item.due_on.is_not(None))
        .group_by(item.customer_id)
        .cte("owed")
    )  # fmt: skip


def _promised(session: Session, as_of: date, customers: Query | None) -> CTE:
    """Promises that are pending, or whose window ended lately: what they lack, by what became of them."""
    p = standing(as_of, customers=customers, since=as_of - timedelta(days=BROKEN_DAYS)).c
    millionths: Any = literal(micros(ONE), BigInteger)
    if known := rates(session, as_of):
        millionths = case(
            *((p.currency == currency, literal(micros(rate), BigInteger)) for currency, rate in known.items()),
            else_=millionths,
        )
    left = cast(p.amount - p.paid, Money())  # PostgreSQL sums BIGINT as NUMERIC, and would divide with decimals
    lack = in_base(case((left > zero(), left), else_=zero()), millionths)
    pending, lacks = p.status == PromiseStatus.PENDING, left > zero()
    today = and_(pending, p.promised_on == as_of)
    live = and_(pending, p.promised_on != as_of, p.promise_id.not_in(promises_broken_off(as_of)))
    broken = and_(p.status == PromiseStatus.BROKEN, lacks)
    partly = and_(p.status == PromiseStatus.PARTLY_KEPT, lacks)

    def of(which: Any) -> ColumnElement[Decimal]:
        return total(case((which, lack), else_=zero()))

    return (
        select(
            p.customer_id, of(today).label("due_today"), func.max(case((today, p.made_on))).label("due_made_on"),
            of(live).label("live"), func.min(case((live, p.promised_on))).label("live_on"),
            of(broken).label("broken"), func.max(case((broken, p.ends_on))).label("broken_on"),
            of(partly).label("partly"), func.max(case((partly, p.ends_on))).label("partly_on"),
        )
        .group_by(p.customer_id)
        .cte("promised")
    )  # fmt: skip


def _disputed(as_of: date, customers: Query | None) -> CTE:
    item = disputed_items(as_of, customers).c
    base = in_base(item.disputed, item.exchange_rate)
    return (
        select(
            item.customer_id, total(base).label("disputed"),
            total(case((item.due_on < as_of, base), else_=zero())).label("disputed_overdue"),
        )
        .group_by(item.customer_id)
        .cte("disputed")
    )  # fmt: skip


def _blocked(as_of: date) -> CTE:
    legal = case((col(Block.code) == BlockCode.LEGAL, 1), else_=0)
    return (
        select(
            col(Block.customer_id), func.max(legal).label("is_legal"), func.max(literal(1) - legal).label("is_blocked")
        )
        .where(in_force(as_of))
        .group_by(col(Block.customer_id))
        .cte("blocked")
    )  # fmt: skip


def _cheques(as_of: date, days: int) -> CTE:
    """The last cheque that came back in so many days; with 0 days, none."""
    of_payment = and_(col(Entry.source) == Source.PAYMENT, col(Entry.source_id) == col(Reversal.source_id))
    return (
        select(col(Entry.customer_id), func.max(col(Reversal.reversed_on)).label("cheque_on"))
        .select_from(Reversal)
        .join(Entry, of_payment)
        .where(
            col(Reversal.source) == Source.PAYMENT, col(Reversal.reason) == RETURNED_CHEQUE,
            col(Reversal.reversed_on) > as_of - timedelta(days=days), col(Reversal.reversed_on) <= as_of,
        )
        .group_by(col(Entry.customer_id))
        .cte("cheque")
    )  # fmt: skip


# ------------------------------------------------------------------ looked up for each customer
def _newest(as_of: date, *, planned: bool = False) -> Any:
    """The customer's last contact by the end of `as_of`; `planned`: the last one that said when to go on."""
    made = aliased(Contact)
    found = select(col(made.id)).where(col(made.customer_id) == col(Customer.id), col(made.contacted_on) <= as_of)
    if planned:
        found = found.where(col(made.next_action_on).is_not(None))
    return found.order_by(col(made.at).desc(), col(made.channel).desc()).limit(1).scalar_subquery()


def _money_of(account: CTE, as_of: date, days: int) -> tuple[ColumnElement[bool], ...]:
    return (
        col(Application.customer_id) == account.c.customer_id,
        col(Application.applied_on) > as_of - timedelta(days=days), col(Application.applied_on) <= as_of,
        col(Application.paid_on).is_not(None),
        # what is closed on the day it was issued was bought in cash, or is a payment that was reversed
        col(Application.applied_on) > col(Application.charge_on),
    )  # fmt: skip


def grows(account: CTE, as_of: date) -> Any:
    """1 when payments of the last `PACE_DAYS` came later, on average, than those of as many days before."""
    recent = col(Application.applied_on) > as_of - timedelta(days=PACE_DAYS)
    sign = case((col(Application.amount) > zero(), 1), else_=-1)  # what was undone no longer counts
    late = day_number(col(Application.applied_on)) - day_number(col(Application.due_on))

    def added(value: Any, which: Any) -> ColumnElement[int]:
        return func.coalesce(func.sum(case((which, value), else_=0)), 0, type_=sa.Integer())

    many, before = added(sign, recent), added(sign, ~recent)
    days, days_before = added(sign * late, recent), added(sign * late, ~recent)
    later = days * before - days_before * many >= PACE_GROWTH * many * before
    growing = case((and_(many >= PACE_LEAST, before >= PACE_LEAST, days > 0, later), 1), else_=0)
    return select(growing).where(*_money_of(account, as_of, 2 * PACE_DAYS)).correlate(account).scalar_subquery()


def first_delay(account: CTE, as_of: date) -> ColumnElement[bool]:
    """Whether what is overdue is the first delay in a year of somebody who paid on time."""
    money = select(literal(1)).where(*_money_of(account, as_of, YEAR), col(Application.amount) > zero())
    late = money.where(col(Application.applied_on) > col(Application.due_on)).correlate(account)
    on_time = money.where(col(Application.applied_on) <= col(Application.due_on)).correlate(account)
    recent = account.c.oldest_due_on > as_of - timedelta(days=YEAR)
    return and_(recent, ~late.exists(), on_time.exists())
