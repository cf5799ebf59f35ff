"""One page of «Mi agenda»: the list, what its words need, what was done today, what came in this month."""

from datetime import date
from typing import NamedTuple

from sqlmodel import Session

from core.auth.actor import Actor
from core.collections.collected import Collected, collected
from core.collections.queries import Contacts, contacts_made
from core.collections.reasons import Background, background
from core.collections.worklist import View, Worklist, worklist
from core.portfolio.lines import Page


class Agenda(NamedTuple):
    """All that the screen shows; read together, so that its figures agree."""

    list: Worklist
    known: Background
    done: Contacts
    collected: Collected


def agenda(
    session: Session, actor: Actor, *, as_of: date, collector: str | None, view: View, page: Page, done: Page
) -> Agenda:
    """The work list of a day with one page of a view, and one page of the contacts made that day."""
    found = worklist(session, actor, as_of=as_of, collector=collector, view=view, page=page)
    made = contacts_made(
        session, actor, first=as_of, last=as_of, collector=collector, limit=done.size,
        offset=(done.size or 0) * (done.number - 1),
    )  # fmt: skip
    return Agenda(
        found, background(session, found.rows, as_of), made,
        collected(session, actor, as_of=as_of, collector=collector),
    )  # fmt: skip
