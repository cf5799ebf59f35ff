"""Signing the minute: frozen from then on, its agreements become tasks and promises in the same transaction."""

from datetime import date

from sqlmodel import Session

from core.attachments.keeping import keep
from core.audit.events import record
from core.auth.actor import Actor
from core.clock import now
from core.customers.visibility import visible_customer
from core.errors import DomainError
from core.i18n import N_
from core.promises.recording import record_promise
from core.reconciliations import minute
from core.reconciliations.kinds import Party
from core.reconciliations.models import Reconciliation
from core.reconciliations.queries import AgreementRow, card
from core.reconciliations.recording import ENTITY, TextTooLong, draft
from core.tasks.models import TaskKind
from core.tasks.raising import notify, raise_task

#: What a signature may be: a picture of it, or the minute signed on paper.
SIGNATURES = (".png", ".jpg", ".jpeg", ".pdf")
_MOST = 120


class SignerMissing(DomainError):
    message = N_("Escriba quién firma por el cliente y quién por la empresa.")


class SignatureMissing(DomainError):
    message = N_("Falta la firma: dibújela, o suba su imagen o la minuta firmada en PDF.")


class SignatureNotUsable(DomainError):
    message = N_("«{name}» no sirve como firma: suba una imagen PNG o JPEG, o la minuta firmada en PDF.")


def sign(
    session: Session, actor: Actor, *, reconciliation_id: int, today: date, their_signer: str, our_signer: str,
    signature: tuple[str, bytes] | None, their_position: str = "", notes: str = "", language: str = "es",
) -> Reconciliation:  # fmt: skip
    """Signs: keeps the signature (file's name and content) and the minute as PDF, and raises what was agreed.

    `language`: of the minute, `es` or `en`. A promise that may not be recorded refuses the whole signing.
    """
    one = draft(session, actor, reconciliation_id)
    names = [" ".join(name.split()) for name in (their_signer, our_signer, their_position)]
    if not all(names[:2]):
        raise SignerMissing
    if any(len(name) > _MOST for name in names):
        raise TextTooLong(most=_MOST)
    if signature is None:
        raise SignatureMissing
    if not signature[0].lower().endswith(SIGNATURES):
        raise SignatureNotUsable(name=signature[0])
    one.signed_on, one.signed_at, one.signed_by, one.language = today, now(), actor.name, language
    one.their_signer, one.our_signer, one.their_position = names[0], names[1], names[2] or None
    one.notes = notes.strip()[:1000] or None
    event = record(
        session, actor, "reconciliation.signed", entity=ENTITY, entity_id=one.number, customer_id=one.customer_id,
        on=one.cut_on, ours=one.our_balance, theirs=one.their_balance, signer=names[0],
    )  # fmt: skip
    for agreement in card(session, actor, reconciliation_id).agreements:
        _becomes(session, actor, one, agreement, today=today, event_id=event.id)
    kept = keep(
        session, entity=ENTITY, entity_id=reconciliation_id, customer_id=one.customer_id, name=signature[0],
        content=signature[1], event_id=event.id,
    )  # fmt: skip
    picture = kept.content if kept.media_type.startswith("image/") else None
    session.flush()
    paper = minute.as_pdf(
        card(session, actor, reconciliation_id), minute.sender(session), language=language, signature=picture
    )
    keep(
        session, entity=ENTITY, entity_id=reconciliation_id, customer_id=one.customer_id,
        name=minute.file_name(one.number, language), content=paper, event_id=event.id,
    )  # fmt: skip
    return one


def _becomes(
    session: Session, actor: Actor, one: Reconciliation, agreed: AgreementRow, *, today: date, event_id: int
) -> None:
    """A promise where they pay, else a task: of the one who does it, or of the collector who follows it up."""
    if agreed.party == Party.THEM and agreed.amount is not None:
        made = record_promise(
            session, actor, customer_id=one.customer_id, amount=agreed.amount, currency=one.currency, made_on=today,
            promised_on=agreed.due_on, documents=[agreed.document] if agreed.document else (), contact=agreed.owner,
            notes=f"{one.number}: {agreed.text}",
        )  # fmt: skip
        agreed.row.promise = made.number
        return
    customer = visible_customer(session, actor, one.customer_id)
    owner = agreed.owner if agreed.party == Party.US else (customer.collector or actor.name)
    raise_task(
        session, kind=TaskKind.MINUTE, event_id=event_id, assigned_to=owner, assigned_by=actor.name, raised_on=today,
        due_on=max(agreed.due_on, today), customer_id=one.customer_id, source="reconciliation_agreement",
        source_id=agreed.id, number=one.number,
        text=agreed.text if agreed.party == Party.US else f"{agreed.owner}: {agreed.text}",
    )  # fmt: skip
    if owner != actor.name:
        notify(
            session, user_name=owner, kind="minute", source="reconciliation_agreement", source_id=agreed.id,
            event_id=event_id, customer_id=one.customer_id, number=one.number, text=agreed.text,
        )  # fmt: skip
