"""A document by its number, as far as one may see its customer."""

from sqlalchemy import select
from sqlmodel import Session, col

from core.auth.actor import Actor
from core.customers.models import Customer
from core.customers.visibility import visible_to
from core.documents.models import Document
from core.errors import DomainError
from core.i18n import N_
from core.ledger.models import Number, Source


class DocumentNotFound(DomainError):
    message = N_("No hay un documento «{number}» entre los que usted puede ver. Revise el número.")


def visible_document(session: Session, actor: Actor, number: str) -> Document:
    """The document of a number, or DocumentNotFound: who may not see its customer learns nothing of it."""
    found = session.scalar(
        select(Document)
        .join(Number, (col(Number.source) == Source.DOCUMENT) & (col(Number.source_id) == col(Document.id)))
        .join(Customer, col(Customer.id) == col(Document.customer_id))
        .where(col(Number.number) == number.strip(), visible_to(actor))
    )
    if found is None:
        raise DocumentNotFound(number=number)
    return found
