"""All that was done with a customer, in one list: contacts with their notes, letters, promises."""

from datetime import date, datetime, time
from enum import StrEnum
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sqlmodel import Session

from core.auth.actor import Actor
from core.clock import local
from core.collections.queries import ContactRow, contacts_of
from core.config import config
from core.letters.queries import LetterLook, letters_of
from core.promises.queries import PromiseRow, Wanted, promises


class Kind(StrEnum):
    CONTACT = "contact"
    LETTER = "letter"
    PROMISE = "promise"


class Happened(NamedTuple):
    """One thing that was done, and when by the company's clocks; what it was is in the field of its kind."""

    at: datetime
    kind: Kind
    contact: ContactRow | None = None
    letter: LetterLook | None = None
    promise: PromiseRow | None = None


def timeline(session: Session, actor: Actor, customer_id: int, *, as_of: date) -> list[Happened]:
    """The latest first; a promise that was made in a contact is told with it, not again."""
    contacts = contacts_of(session, actor, customer_id).rows
    told = {one.promise for one in contacts}
    found = [Happened(local(one.at), Kind.CONTACT, contact=one) for one in contacts]
    found += [
        Happened(_midnight(one.run_on), Kind.LETTER, letter=one)
        for one in letters_of(session, actor, customer_id)
        if one.run_on <= as_of
    ]
    found += [
        Happened(_midnight(one.made_on), Kind.PROMISE, promise=one)
        for one in promises(session, actor, as_of=as_of, wanted=Wanted(customer_id=customer_id))
        if one.number not in told
    ]
    return sorted(found, key=lambda one: one.at, reverse=True)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(config().tz_business))
