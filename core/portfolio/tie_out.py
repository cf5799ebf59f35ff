"""Every total of the aging against the ledger's own sum: two paths to one figure."""

from datetime import date
from decimal import Decimal
from typing import NamedTuple

from sqlalchemy import func, select
from sqlmodel import Session, col

from core.audit.models import AuditEvent
from core.auth.actor import Actor, Permission
from core.ledger.queries import ledger_balances
from core.money import ZERO
from core.portfolio.aging import AgingRow
from core.portfolio.scope import Scope, customers_in


class TieOut(NamedTuple):
    """One currency: the aging's buckets and unapplied money, its total, and the sum of the ledger."""

    currency: str
    buckets: Decimal
    unapplied: Decimal
    total: Decimal
    ledger: Decimal

    @property
    def difference(self) -> Decimal:
        """What is wrong; 0.00 when the aging and the ledger agree."""
        return self.total - self.ledger


def ledger_total(session: Session, actor: Actor, *, as_of: date, scope: Scope) -> dict[str, Decimal]:
    """What the customers in scope owed at the end of `as_of`, by currency, from every row of the ledger up to then.

    A ledger knows accounts, not sales reps: that filter is left aside.
    """
    actor.require(Permission.VIEW_PORTFOLIO)
    found = ledger_balances(session, as_of, customers_in(session, actor, scope))
    return {currency: amount for currency, amount in found.items() if scope.currency in (None, currency)}


#: More writes than can be under way at the same time.
_AT_ONCE = 1_000


def books_version(session: Session) -> tuple[int, int]:
    """What no two states of the books share: the last event of the log, and how many of the latest there are.

    The last alone would not do: of two writes at once on PostgreSQL, the one that began first may be kept last.
    """
    last = select(func.max(col(AuditEvent.id))).scalar_subquery()
    latest = select(func.max(col(AuditEvent.id)), func.count()).where(col(AuditEvent.id) > last - _AT_ONCE)
    newest, count = session.execute(latest).one()
    return newest or 0, count


def tie_out(total: AgingRow | None, currency: str, ledger: dict[str, Decimal]) -> TieOut:
    """A total of the aging (None: nothing is open) beside the ledger's."""
    owed = ledger.get(currency, ZERO)
    if total is None:
        return TieOut(currency, ZERO, ZERO, ZERO, owed)
    return TieOut(currency, total.total - total.unapplied, total.unapplied, total.total, owed)
