"""`db check` of money identified later: its entry has no event of its own, so the log must tell who put it there."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from sqlalchemy import and_, select
from sqlmodel import Session, col

from core.audit.models import AuditEvent
from core.i18n import _, shown
from core.ledger.checking import Closing, in_closed_month
from core.ledger.models import Entry, Source
from core.payments.models import Payment


class Told:
    """What the log says of identifications: one by one, or by the files of a day."""

    def __init__(self, session: Session) -> None:
        one_by_one = select(
            col(AuditEvent.entity_id), col(AuditEvent.customer_id), col(AuditEvent.facts), col(AuditEvent.id)
        ).where(col(AuditEvent.action) == "payment.identified")
        self._events: dict[tuple[str, int, str], int] = {
            (number, customer, facts.get("on")): event for number, customer, facts, event in session.execute(one_by_one)
        }
        self._files: dict[date, list[int]] = defaultdict(list)
        files = select(col(AuditEvent.business_on), col(AuditEvent.id)).where(col(AuditEvent.action).like("import.%"))
        for day, event in session.execute(files.order_by(col(AuditEvent.id))):
            self._files[day].append(event)

    def event(self, number: str, customer_id: int, on: date, since: int) -> int | None:
        """The event that put a payment on this account from `on`, after `since`, the one that received it; None: there
        is none. A file is written on the day of its identifications, or past midnight."""
        if (found := self._events.get((number, customer_id, on.isoformat()))) is not None:
            return found
        for day in (on, on + timedelta(days=1 if on < date.max else 0)):
            later = self._files[day][bisect_left(self._files[day], since) :]
            if later:
                return later[0]
        return None


def wrongly_identified(session: Session, closed: Sequence[Closing]) -> Iterator[str]:
    """Payments that came on an account without anybody who identified them, or in a month that was closed by then."""
    told = Told(session)
    paid = and_(col(Entry.source) == Source.PAYMENT, col(Entry.source_id) == col(Payment.id))
    columns = (col(Payment.number), col(Entry.customer_id), col(Entry.booked_on), col(Payment.event_id))
    for number, customer_id, on, since in session.execute(
        select(*columns).join(Entry, paid).where(col(Payment.came_unidentified))
    ):
        event = told.event(number, customer_id, on, since)
        if event is None:
            sentence = _("{number}: está en una cuenta desde el {on} y la bitácora no dice quién lo identificó.")
            yield sentence.format(number=number, on=shown(on))
        elif any(on <= one.through for one in _in_force(closed, event)):
            yield in_closed_month("payment", number, on)


def _in_force(closed: Sequence[Closing], event: int) -> Sequence[Closing]:
    """The last closing or opening before an event."""
    return [one for one in closed if one.event_id < event][-1:]
