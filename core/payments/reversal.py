"""Reversing a whole payment: a cheque that came back, money that never arrived, a slip."""

from datetime import date

from sqlmodel import Session

from core.audit.events import record
from core.auth.actor import Actor, Permission
from core.documents import checks
from core.ledger.models import Reversal, Source
from core.ledger.posting import Batch
from core.ledger.reversing import reverse_whole
from core.payments.finding import locked_payment


def reverse_payment(session: Session, actor: Actor, *, number: str, on: date, reason: str) -> Reversal:
    """Takes a payment off the account from `on`: what it had closed is open again, with its first due dates. By
    somebody other than the one who registered it. `reason` `returned_cheque` marks a returned cheque."""
    actor.require(Permission.REVERSE)
    payment, customer_id = locked_payment(session, actor, number)
    checks.require_somebody_else(session, actor, payment.event_id, payment.number)
    reason, id_ = checks.reason(reason), payment.id or 0
    batch = Batch(session)
    items = batch.load_of(Source.PAYMENT, [id_]).get(id_, [])
    event = record(
        session, actor, "payment.reversed", entity="payment", entity_id=payment.number, customer_id=customer_id,
        amount=payment.amount, currency=payment.currency, method=payment.method, on=on, reason=reason,
    )  # fmt: skip
    batch.event_id = event.id or 0
    reversal = reverse_whole(
        batch, items, source=Source.PAYMENT, source_id=id_, number=payment.number, on=on, reason=reason,
        since=payment.paid_on,
    )  # fmt: skip
    batch.flush()
    return reversal
