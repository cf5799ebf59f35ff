"""Keeping a file beside what it proves, and giving it back as it came."""

import hashlib
import re
import unicodedata
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import or_, select
from sqlmodel import Session, col

from core.attachments.kinds import SUFFIXES, kind_of
from core.attachments.models import Attachment
from core.audit.models import AuditEvent
from core.auth.actor import Actor, Permission
from core.customers.models import Customer
from core.customers.visibility import visible_to
from core.errors import DomainError
from core.i18n import N_

MEGABYTES = 10
LARGEST = MEGABYTES * 1024 * 1024
_LONGEST = 200
_NOT_IN_NAMES = re.compile(r'[<>:"|?*\x00-\x1f\x7f]')
_DEVICES = re.compile(r"(?i)(con|prn|aux|nul|com[0-9]|lpt[0-9])(\.|$)")


class EmptyAttachment(DomainError):
    message = N_("«{name}» está vacío. Elija otro archivo.")


class AttachmentTooLarge(DomainError):
    message = N_("«{name}» pesa más de {most} MB. Redúzcalo o divídalo.")


class AttachmentNotUsable(DomainError):
    message = N_("«{name}» no se puede guardar: su contenido no es lo que dice su nombre, o no es de {allowed}.")


class AttachmentNotFound(DomainError):
    message = N_("Ese archivo no está entre los que usted puede ver. Cargue la página de nuevo.")


class AttachmentRow(NamedTuple):
    """One file of a list: who kept it and when; `size` in bytes."""

    id: int
    name: str
    media_type: str
    size: int
    user_name: str
    at: datetime


class Content(NamedTuple):
    """A file to be downloaded, never shown in place."""

    name: str
    media_type: str
    content: bytes


def keep(
    session: Session, *, entity: str, entity_id: int, customer_id: int | None, name: str, content: bytes, event_id: int
) -> Attachment:
    """Adds a file to a command that has its event. The same bytes of the same thing are kept once.

    Raises EmptyAttachment, AttachmentTooLarge, AttachmentNotUsable.
    """
    cleaned = clean_name(name)
    if not content:
        raise EmptyAttachment(name=cleaned)
    if len(content) > LARGEST:
        raise AttachmentTooLarge(name=cleaned, most=MEGABYTES)
    kind = kind_of(cleaned, content)
    if kind is None:
        raise AttachmentNotUsable(name=cleaned, allowed=", ".join(SUFFIXES))
    sha256 = hashlib.sha256(content).hexdigest()
    same = session.scalar(
        select(Attachment).where(
            col(Attachment.entity) == entity, col(Attachment.entity_id) == entity_id,
            col(Attachment.sha256) == sha256, col(Attachment.name) == cleaned,
        )
    )  # fmt: skip
    if same is not None:
        return same
    made = Attachment(
        entity=entity, entity_id=entity_id, customer_id=customer_id, name=cleaned, media_type=kind.media_type,
        size=len(content), sha256=sha256, content=content, event_id=event_id,
    )  # fmt: skip
    session.add(made)
    session.flush()
    return made


def clean_name(name: str) -> str:
    """A file's name without its folders and without what a system would not take; long ones lose their middle."""
    plain = unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2]
    plain = "".join(sign for sign in plain if unicodedata.category(sign) not in ("Cc", "Cf", "Cs"))
    plain = _NOT_IN_NAMES.sub("_", plain).strip(" .")
    if _DEVICES.match(plain):
        plain = f"_{plain}"
    stem, dot, suffix = plain.rpartition(".")
    return plain if len(plain) <= _LONGEST else f"{stem[: _LONGEST - len(suffix) - 1]}{dot}{suffix}"[:_LONGEST]


def listed(session: Session, actor: Actor, entity: str, entity_id: int) -> list[AttachmentRow]:
    """The files of one thing, in the order in which they were kept; none for who may not see its customer."""
    actor.require(Permission.VIEW_PORTFOLIO)
    rows = session.execute(
        select(
            col(Attachment.id), col(Attachment.name), col(Attachment.media_type), col(Attachment.size),
            col(AuditEvent.user_name), col(AuditEvent.at),
        )
        .join(AuditEvent, col(AuditEvent.id) == col(Attachment.event_id))
        .outerjoin(Customer, col(Customer.id) == col(Attachment.customer_id))
        .where(col(Attachment.entity) == entity, col(Attachment.entity_id) == entity_id)
        .where(or_(col(Attachment.customer_id).is_(None), visible_to(actor)))
        .order_by(col(Attachment.id))
    )  # fmt: skip
    return [AttachmentRow(*row) for row in rows]


def content_of(session: Session, actor: Actor, attachment_id: int) -> Content:
    """The bytes of one file. Raises AttachmentNotFound, also for who may not see its customer."""
    actor.require(Permission.VIEW_PORTFOLIO)
    found = session.execute(
        select(col(Attachment.name), col(Attachment.media_type), col(Attachment.content))
        .outerjoin(Customer, col(Customer.id) == col(Attachment.customer_id))
        .where(col(Attachment.id) == attachment_id)
        .where(or_(col(Attachment.customer_id).is_(None), visible_to(actor)))
    ).first()
    if found is None:
        raise AttachmentNotFound
    return Content(*found)
