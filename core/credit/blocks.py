"""Blocks that are in force: set by hand, by the legal stage or by the ERP's file."""

from datetime import date, timedelta
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlmodel import Session, col

from core.audit.events import record
from core.auth.actor import Actor, Permission
from core.credit.models import Block, BlockCode
from core.customers.models import Customer
from core.customers.visibility import visible_customer, visible_to
from core.errors import DomainError
from core.i18n import N_


class BlockReasonMissing(DomainError):
    message = N_("Escriba el motivo del bloqueo, de hasta 250 caracteres.")


class BlockEndsBefore(DomainError):
    message = N_("El bloqueo no puede terminar el {end}, antes de empezar el {start}.")


class AlreadyBlocked(DomainError):
    message = N_("El cliente ya tiene un bloqueo de este tipo desde el {start}. Termine ese antes de poner otro.")


class BlockNotFound(DomainError):
    message = N_("Ese bloqueo no está entre los que usted puede ver.")


class BlockEnded(DomainError):
    message = N_("El bloqueo ya terminó el {end}.")


class BlockRow(NamedTuple):
    """A block of a customer; `to_on` None: until somebody ends it."""

    block_id: int
    customer_code: str
    customer: str
    code: str
    from_on: date
    to_on: date | None
    reason: str


def in_force(as_of: date) -> ColumnElement[bool]:
    """The condition on `Block` that leaves those in force on `as_of`, both ends included."""
    return and_(col(Block.from_on) <= as_of, or_(col(Block.to_on).is_(None), col(Block.to_on) >= as_of))


def set_block(
    session: Session, actor: Actor, *, customer_id: int, code: BlockCode, from_on: date, reason: str,
    to_on: date | None = None,
) -> Block:  # fmt: skip
    """Blocks the customer from `from_on` to `to_on`, both included; one block of a code at a time."""
    _require(actor, code)
    visible_customer(session, actor, customer_id, lock=True)
    event = record(
        session, actor, "block.set", entity="customer", entity_id=customer_id, customer_id=customer_id, code=code,
        from_on=from_on, to_on=to_on, reason=reason.strip(),
    )  # fmt: skip
    return put_block(
        session, customer_id=customer_id, code=code, from_on=from_on, to_on=to_on, reason=reason, event_id=event.id
    )


def end_block(session: Session, actor: Actor, *, block_id: int, last_on: date) -> Block:
    """Ends a block: `last_on` is its last day in force, and not after the one that it had."""
    seen = select(Block).join(Customer, col(Customer.id) == col(Block.customer_id))
    block = session.scalar(seen.where(col(Block.id) == block_id, visible_to(actor)))
    if block is None:
        raise BlockNotFound
    _require(actor, BlockCode(block.code))
    visible_customer(session, actor, block.customer_id, lock=True)
    session.refresh(block)
    before = block.to_on
    close_block(session, block, last_on)
    record(
        session, actor, "block.ended", entity="customer", entity_id=block.customer_id, customer_id=block.customer_id,
        code=block.code, from_on=block.from_on, before=before, after=last_on,
    )  # fmt: skip
    return block


def blocks_of(
    session: Session, actor: Actor, *, as_of: date | None = None, customer_id: int | None = None
) -> list[BlockRow]:
    """Blocks of the customers one sees, the latest first: those in force on `as_of`, or all that ever were."""
    actor.require(Permission.VIEW_PORTFOLIO)
    found = (
        select(
            col(Block.id), col(Customer.code), col(Customer.legal_name), col(Block.code), col(Block.from_on),
            col(Block.to_on), col(Block.reason),
        )
        .join(Customer, col(Customer.id) == col(Block.customer_id))
        .where(visible_to(actor))
        .order_by(col(Block.from_on).desc(), col(Block.id).desc())
    )  # fmt: skip
    if as_of is not None:
        found = found.where(in_force(as_of))
    if customer_id is not None:
        found = found.where(col(Block.customer_id) == customer_id)
    return [BlockRow(*row) for row in session.execute(found)]


def block_in_force(session: Session, customer_id: int, code: BlockCode, as_of: date) -> Block | None:
    """The customer's block of a code on a day."""
    wanted = select(Block).where(col(Block.customer_id) == customer_id, col(Block.code) == code, in_force(as_of))
    return session.scalar(wanted)


def put_block(
    session: Session, *, customer_id: int, code: BlockCode, from_on: date, reason: str, event_id: int,
    to_on: date | None = None,
) -> Block:  # fmt: skip
    """Adds a block as part of a command that asked for permission, locked the customer and has its event."""
    if not reason.strip() or len(reason.strip()) > 250:
        raise BlockReasonMissing
    if to_on is not None and to_on < from_on:
        raise BlockEndsBefore(start=from_on, end=to_on)
    overlaps = select(func.min(col(Block.from_on))).where(
        col(Block.customer_id) == customer_id, col(Block.code) == code,
        or_(col(Block.to_on).is_(None), col(Block.to_on) >= from_on),
    )  # fmt: skip
    if to_on is not None:
        overlaps = overlaps.where(col(Block.from_on) <= to_on)
    if other := session.scalar(overlaps):
        raise AlreadyBlocked(start=other)
    block = Block(
        customer_id=customer_id, code=code, from_on=from_on, to_on=to_on, reason=reason.strip(), event_id=event_id
    )
    session.add(block)
    session.flush()
    return block


def close_block(session: Session, block: Block, last_on: date) -> None:
    """Gives a block its last day as part of another command; at the earliest the day on which it began."""
    if block.to_on is not None and block.to_on <= last_on:
        raise BlockEnded(end=block.to_on)
    if last_on < block.from_on:
        raise BlockEndsBefore(start=block.from_on, end=last_on)
    block.to_on = last_on
    session.flush()


def lift_block(session: Session, block: Block, *, free_on: date) -> None:
    """Ends a block so that the customer is free on `free_on`; one that began that very day holds until its evening."""
    close_block(session, block, max(block.from_on, free_on - timedelta(days=1)))


def _require(actor: Actor, code: BlockCode) -> None:
    """Whoever sets credit terms may block; a legal block also who approves that a customer goes to the lawyers."""
    if code is not BlockCode.LEGAL or not actor.may(Permission.APPROVE_HAND_OVER):
        actor.require(Permission.CHANGE_CREDIT_TERMS)
