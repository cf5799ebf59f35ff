"""Passing a customer's debt to another stage: proposed by one, approved by another, returned with a reason."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal

from sqlalchemy import func, select
from sqlmodel import Session, col

from core import db
from core.audit.events import record
from core.auth.actor import Actor, Permission
from core.clock import now
from core.credit.blocks import block_in_force, lift_block, put_block
from core.credit.models import BlockCode
from core.customers.models import Customer
from core.customers.visibility import visible_customer, visible_to
from core.documents import checks
from core.documents.models import Document
from core.errors import DomainError
from core.i18n import N_, _
from core.ledger.models import Entry, Side, Source
from core.legal.models import Agency, Case, HandOver, HandOverDocument, HandOverState, Stage
from core.money import ZERO, total
from core.tables import among
from core.tasks.raising import notify

SERIES, SOURCE = "EX", "collection_hand_over"


class HandOverNotFound(DomainError):
    message = N_("Esa entrega no está entre las que usted puede ver.")


class CaseNotFound(DomainError):
    message = N_("No hay un expediente «{number}» entre los que usted puede ver. Revise el folio.")


class AlreadyProposed(DomainError):
    message = N_(
        "El expediente {number} ya tiene una entrega por aprobar, propuesta por {by}. Espere a que se resuelva."
    )


class AlreadyThere(DomainError):
    message = N_("El cliente ya está en esa etapa (expediente {number}).")


class NothingHandedOver(DomainError):
    message = N_("Elija al menos un documento con saldo para entregarlo.")


class DocumentNotOpen(DomainError):
    message = N_("«{number}» no tiene saldo o no es de este cliente. Actualice la lista y elija de nuevo.")


class AgencyMissing(DomainError):
    message = N_("Elija el despacho que recibe el expediente. Se dan de alta en la pestaña Despachos.")


class OwnHandOver(DomainError):
    message = N_("Usted propuso esta entrega: debe aprobarla o rechazarla otra persona.")


class HandOverDecided(DomainError):
    message = N_("La entrega ya fue resuelta por {by} el {at}. Actualice la lista.")


class NothingLeft(DomainError):
    message = N_("Los documentos de esta entrega ya están pagados: rechácela.")


class BeforeTheLast(DomainError):
    message = N_("El expediente pasó a su etapa actual el {on}: no puede cambiar antes de ese día.")


class AtHome(DomainError):
    message = N_("El expediente {number} ya está en cobranza interna.")


def propose_hand_over(
    session: Session, actor: Actor, *, customer_id: int, stage: Stage, documents: Sequence[str], reason: str, on: date,
    agency_id: int | None = None, submission: str | None = None,
) -> HandOver:  # fmt: skip
    """Proposes that a customer's documents pass to prelegal, an agency or the lawyers; opens the case if there is none.

    `submission` is the token of a form: the second time it returns the first proposal.
    """
    actor.require(Permission.HAND_OVER)
    visible_customer(session, actor, customer_id, lock=True)
    if submission and (done := session.scalar(select(HandOver).where(col(HandOver.submission) == submission))):
        return done
    told = checks.text(reason, 500)
    if told is None:
        raise checks.ReasonMissing
    agency = _agency(session, stage, agency_id)
    lines = _open_documents(session, customer_id, documents)
    case, is_new = _case(session, customer_id, on)
    if not is_new:
        _refuse_where_it_is(session, case, stage, agency_id)
    event = record(
        session, actor, "case.proposed", entity="case", entity_id=case.number, customer_id=customer_id, kind=stage,
        documents=[number for _id, number, *_rest in lines], reason=told,
    )  # fmt: skip
    if is_new:
        case.event_id = event.id
        session.add(case)
        session.flush()
    made = HandOver(
        case_id=case.id or 0, stage=stage, reason=told, agency_id=agency.id if agency else None,
        commission_pct=agency.commission_pct if agency else None, proposed_on=on, proposed_by_id=actor.user_id,
        proposed_by=actor.name, submission=submission, event_id=event.id,
    )  # fmt: skip
    session.add(made)
    session.flush()
    session.add_all(
        HandOverDocument(hand_over_id=made.id or 0, document_id=id_, currency=currency, due_on=due_on, proposed=amount)
        for id_, _number, currency, due_on, amount in lines
    )
    session.flush()
    return made


def approve_hand_over(
    session: Session, actor: Actor, *, hand_over_id: int, on: date, remark: str | None = None
) -> HandOver:
    """Hands the case over: the list is frozen with what is open now. The legal stage blocks the customer's credit;
    leaving it lifts that block."""
    found, case = _to_decide(session, actor, hand_over_id)
    before = last_hand_over(session, case.id or 0)
    if before is not None and before.from_on is not None and on < before.from_on:
        raise BeforeTheLast(on=before.from_on)
    lines = session.scalars(select(HandOverDocument).where(col(HandOverDocument.hand_over_id) == found.id)).all()
    left = {row[0]: row[4] for row in _open_of(session, [line.document_id for line in lines])}
    if not any(left.values()):
        raise NothingLeft
    for line in lines:
        line.handed = left.get(line.document_id, ZERO)
    event = record(
        session, actor, "case.handed_over", entity="case", entity_id=case.number, customer_id=case.customer_id,
        kind=found.stage, on=on, remark=remark,
    )  # fmt: skip
    _decide(actor, found, HandOverState.APPROVED, remark, event.id)
    found.from_on = on
    session.flush()
    _lift_block_of(session, case, before, on)
    if found.stage == Stage.LEGAL:
        _block(session, case, on, event.id)
    _tell(session, found, case, event.id)
    return found


def refuse_hand_over(session: Session, actor: Actor, *, hand_over_id: int, reason: str) -> HandOver:
    """Leaves the case where it is."""
    found, case = _to_decide(session, actor, hand_over_id)
    told = checks.reason(reason)
    event = record(
        session, actor, "case.refused", entity="case", entity_id=case.number, customer_id=case.customer_id,
        kind=found.stage, remark=told,
    )  # fmt: skip
    _decide(actor, found, HandOverState.REFUSED, told, event.id)
    session.flush()
    _tell(session, found, case, event.id)
    return found


def return_case(session: Session, actor: Actor, *, number: str, on: date, reason: str) -> HandOver:
    """Brings a case back to internal collection and lifts the block of the legal stage."""
    actor.require(Permission.APPROVE_HAND_OVER)
    case = visible_case(session, actor, number, lock=True)
    before = last_hand_over(session, case.id or 0)
    if before is None or before.stage == Stage.INTERNAL:
        raise AtHome(number=number)
    if (waits := _waiting(session, case.id or 0)) is not None:
        raise AlreadyProposed(number=number, by=waits.proposed_by)
    if before.from_on is not None and on < before.from_on:
        raise BeforeTheLast(on=before.from_on)
    told = checks.reason(reason)
    event = record(
        session, actor, "case.returned", entity="case", entity_id=number, customer_id=case.customer_id, on=on,
        reason=told,
    )  # fmt: skip
    made = HandOver(
        case_id=case.id or 0, stage=Stage.INTERNAL, reason=told, proposed_on=on, proposed_by_id=actor.user_id,
        proposed_by=actor.name, from_on=on, event_id=event.id,
    )  # fmt: skip
    _decide(actor, made, HandOverState.APPROVED, None, event.id)
    session.add(made)
    session.flush()
    _lift_block_of(session, case, before, on)
    return made


def visible_case(session: Session, actor: Actor, number: str, *, lock: bool = False) -> Case:
    """The case of a number, or CaseNotFound; `lock`: with its customer."""
    found = session.scalar(
        select(Case)
        .join(Customer, col(Customer.id) == col(Case.customer_id))
        .where(col(Case.number) == number.strip(), visible_to(actor))
    )
    if found is None:
        raise CaseNotFound(number=number)
    if lock:
        visible_customer(session, actor, found.customer_id, lock=True)
        session.refresh(found)
    return found


def last_hand_over(session: Session, case_id: int) -> HandOver | None:
    """The one that says in which stage a case is."""
    wanted = select(HandOver).where(col(HandOver.case_id) == case_id, col(HandOver.state) == HandOverState.APPROVED)
    return session.scalar(wanted.order_by(col(HandOver.id).desc()).limit(1))


def _case(session: Session, customer_id: int, on: date) -> tuple[Case, bool]:
    """The customer's case, unless it went back to internal collection; else a new one, not yet written."""
    last = session.scalar(
        select(Case).where(col(Case.customer_id) == customer_id).order_by(col(Case.id).desc()).limit(1)
    )
    if last is not None:
        stands = last_hand_over(session, last.id or 0)
        if stands is None or stands.stage != Stage.INTERNAL:
            return last, False
    [id_] = db.reserve_ids(session, Case, 1)
    return Case(id=id_, number=f"{SERIES}-{id_:06d}", customer_id=customer_id, opened_on=on, event_id=0), True


def _refuse_where_it_is(session: Session, case: Case, stage: Stage, agency_id: int | None) -> None:
    if (waits := _waiting(session, case.id or 0)) is not None:
        raise AlreadyProposed(number=case.number, by=waits.proposed_by)
    stands = last_hand_over(session, case.id or 0)
    if stands is not None and (stands.stage, stands.agency_id) == (stage, agency_id):
        raise AlreadyThere(number=case.number)


def _waiting(session: Session, case_id: int) -> HandOver | None:
    return session.scalar(
        select(HandOver).where(col(HandOver.case_id) == case_id, col(HandOver.state) == HandOverState.WAITING)
    )


def _agency(session: Session, stage: Stage, agency_id: int | None) -> Agency | None:
    if stage is not Stage.AGENCY:
        return None
    found = session.get(Agency, agency_id) if agency_id is not None else None
    if found is None or not found.active:
        raise AgencyMissing
    return found


def _open_documents(
    session: Session, customer_id: int, numbers: Sequence[str]
) -> list[tuple[int, str, str, date, Decimal]]:
    asked = list(dict.fromkeys(number.strip() for number in numbers if number.strip()))
    if not asked:
        raise NothingHandedOver
    ids = session.scalars(
        select(col(Document.id)).where(col(Document.customer_id) == customer_id, among(col(Document.number), asked))
    ).all()
    found = {row[1]: row for row in _open_of(session, [id_ or 0 for id_ in ids])}
    for number in asked:
        if number not in found:
            raise DocumentNotOpen(number=number)
    return [found[number] for number in asked]


def _open_of(session: Session, documents: Sequence[int]) -> list[tuple[int, str, str, date, Decimal]]:
    """Id, number, currency, oldest due date and what is open now, of the documents that have something open."""
    rows = session.execute(
        select(
            col(Document.id), col(Document.number), col(Document.currency), func.min(col(Entry.due_on)),
            total(col(Entry.open)),
        )
        .join(Entry, (col(Entry.source) == Source.DOCUMENT) & (col(Entry.source_id) == col(Document.id)))
        .where(among(col(Document.id), documents), col(Entry.side) == Side.CHARGE, col(Entry.open) > 0)
        .group_by(col(Document.id), col(Document.number), col(Document.currency))
    )  # fmt: skip
    return [(row[0], row[1], row[2], row[3], row[4]) for row in rows]


def _to_decide(session: Session, actor: Actor, hand_over_id: int) -> tuple[HandOver, Case]:
    actor.require(Permission.APPROVE_HAND_OVER)
    row = session.execute(
        select(HandOver, Case)
        .join(Case, col(Case.id) == col(HandOver.case_id))
        .join(Customer, col(Customer.id) == col(Case.customer_id))
        .where(col(HandOver.id) == hand_over_id, visible_to(actor))
    ).first()
    if row is None:
        raise HandOverNotFound
    found: HandOver = row[0]
    visible_customer(session, actor, row[1].customer_id, lock=True)
    session.refresh(found)
    if found.state != HandOverState.WAITING:
        raise HandOverDecided(by=found.decided_by, at=found.decided_at)
    if (found.proposed_by_id, found.proposed_by) == (actor.user_id, actor.name):
        raise OwnHandOver
    return found, row[1]


def _decide(actor: Actor, found: HandOver, state: HandOverState, remark: str | None, event_id: int) -> None:
    found.state = state
    found.decided_by_id, found.decided_by, found.decided_at = actor.user_id, actor.name, now()
    found.decision_note, found.decision_event_id = checks.text(remark, 250), event_id


def _block(session: Session, case: Case, on: date, event_id: int) -> None:
    """Blocks credit from `on`; where a legal block ends later than that, from the day after it."""
    there = block_in_force(session, case.customer_id, BlockCode.LEGAL, on)
    if there is not None and there.to_on is None:
        return
    from_on = on if there is None or there.to_on is None else there.to_on + timedelta(days=1)
    put_block(
        session, customer_id=case.customer_id, code=BlockCode.LEGAL, from_on=from_on,
        reason=_("Etapa legal, expediente {number}").format(number=case.number), event_id=event_id,
    )  # fmt: skip


def _lift_block_of(session: Session, case: Case, before: HandOver | None, on: date) -> None:
    """Ends the block that the legal stage set; one that somebody set by hand stays."""
    if before is None or before.stage != Stage.LEGAL:
        return
    block = block_in_force(session, case.customer_id, BlockCode.LEGAL, on)
    if block is not None and block.event_id == before.decision_event_id and block.to_on is None:
        lift_block(session, block, free_on=on)


def _tell(session: Session, found: HandOver, case: Case, event_id: int) -> None:
    if found.proposed_by_id is not None:
        notify(
            session, user_name=found.proposed_by, kind="legal", source=SOURCE, source_id=found.id or 0,
            event_id=event_id, customer_id=case.customer_id, number=case.number,
        )  # fmt: skip
