"""A letter as paper and as e-mail, made from its frozen facts and the version of the template that it was made with."""

import io
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple
from zipfile import ZIP_DEFLATED, ZipFile

from sqlalchemy import select
from sqlmodel import Session, col

from core.audit.events import record
from core.auth.actor import Actor, Permission
from core.customers.models import Customer
from core.customers.visibility import visible_to
from core.errors import DomainError
from core.i18n import N_
from core.letters import levels
from core.letters.fields import Facts, Line, values
from core.letters.models import Letter, LetterLine, Stage
from core.letters.running import KIND
from core.letters.templates import template
from core.money import total
from core.outbox.models import Message, MessageFile, MessageStatus
from core.outbox.queries import files_of, kept
from core.outbox.queueing import queue
from core.outbox.sending import File, Made
from core.portfolio import statement_files
from core.portfolio.statements import statement
from core.tables import plain_order

PDF = "application/pdf"
_TITLES = {"es": "carta_{code}_{on}", "en": "letter_{code}_{on}"}


class LetterNotFound(DomainError):
    message = N_("Esa carta no está entre las que usted puede ver.")


class LetterWaits(DomainError):
    message = N_("Esta carta ya espera a enviarse. Corrija o cancele ese correo en vez de pedir otro.")


class Document(NamedTuple):
    """A letter as a file."""

    name: str
    content: bytes


def visible_letter(session: Session, actor: Actor, letter_id: int) -> Letter:
    """The letter, or LetterNotFound: who may not see its customer learns nothing of it."""
    seen = select(Letter).join(Customer, col(Customer.id) == col(Letter.customer_id))
    found = session.scalar(seen.where(col(Letter.id) == letter_id, visible_to(actor)))
    if found is None:
        raise LetterNotFound
    return found


def facts_of(session: Session, letter: Letter) -> Facts:
    """What a letter says, as it was frozen."""
    one = LetterLine
    columns = (
        col(one.number), col(one.issued_on), col(one.due_on), col(one.days), col(one.open), col(one.disputed),
        col(one.amount), col(one.currency),
    )  # fmt: skip
    of_letter = col(one.letter_id) == letter.id
    lines = session.execute(
        select(*columns).where(of_letter).order_by(col(one.due_on), plain_order(one.number), col(one.entry_id))
    )
    sums = session.execute(
        select(col(one.currency), total(one.amount)).where(of_letter).group_by(col(one.currency))
        .order_by(col(one.currency))
    )  # fmt: skip
    company, *letterhead = letter.company.split("\n")
    return Facts(
        company, letterhead, letter.run_on, letter.customer_name, letter.customer_code, letter.tax_id or "",
        letter.level, letter.signed_by, letter.overdue, letter.currency, letter.unapplied,
        [Line(*line) for line in lines], [(currency, amount) for currency, amount in sums],
    )  # fmt: skip


def paper(session: Session, letter: Letter) -> Document:
    """The letter in PDF, always the same whenever it is made."""
    from core.letters.rendering import letter_pdf  # writers of PDF are slow to load

    chosen = template(session, letter.template_id)
    name = _name(letter)
    content = letter_pdf(chosen.content, values(facts_of(session, letter), letter.language), title=name)
    return Document(f"{name}.pdf", content)


def _name(letter: Letter) -> str:
    code = "".join(sign if sign.isalnum() or sign in "._-" else "-" for sign in letter.customer_code)
    return _TITLES[letter.language].format(code=code, on=letter.run_on)


def compose(session: Session, actor: Actor, letter_id: int) -> Made:
    """The e-mail of a letter: its text, the letter, and a statement of account of each currency that it lists."""
    from core.letters.rendering import fill_text

    letter = visible_letter(session, actor, letter_id)
    chosen = template(session, letter.template_id)
    facts = facts_of(session, letter)
    shown = values(facts, letter.language)
    made = paper(session, letter)
    sender = statement_files.Letterhead(facts.company, tuple(facts.letterhead))
    start = min(line.issued_on for line in facts.lines).replace(day=1)
    files = [File(made.name, PDF, made.content)]
    for currency, _amount in facts.totals:
        one = statement(
            session, actor, customer=letter.customer_code, currency=currency, start=min(start, letter.run_on),
            end=letter.run_on,
        )  # fmt: skip
        with statement_files.written_in(letter.language):
            name = statement_files.file_name(one, "pdf")
        files.append(File(name, PDF, statement_files.as_pdf(one, sender, language=letter.language)))
    return Made(fill_text(chosen.subject, shown), fill_text(chosen.body, shown), files)


#: How the outbox makes the messages of this area.
MAKERS = {KIND: compose}


def printed(session: Session, actor: Actor, *, letter_id: int) -> Document:
    """The letter to be read or printed: the copy that went out, where one was kept, else made from its facts."""
    actor.require(Permission.VIEW_COLLECTION)
    letter = visible_letter(session, actor, letter_id)
    sent = session.scalar(
        select(col(Message.id))
        .where(
            col(Message.kind) == KIND,
            col(Message.source_id) == letter_id,
            col(Message.status) == MessageStatus.SENT,
            col(Message.id).in_(select(col(MessageFile.message_id))),
        )
        .order_by(col(Message.copy_no).desc())
        .limit(1)
    )
    if sent is not None and files_of(session, sent):
        file = kept(session, sent)
        return Document(file.name, file.content)
    return paper(session, letter)


def to_print(session: Session, actor: Actor, *, letter_ids: Sequence[int]) -> bytes:
    """Several letters in one zip, for those that no e-mail can take."""
    target, taken = io.BytesIO(), set[str]()
    with ZipFile(target, "w", ZIP_DEFLATED) as archive:
        for letter_id in letter_ids:
            one = printed(session, actor, letter_id=letter_id)
            name = f"{letter_id}_{one.name}" if one.name in taken else one.name
            taken.add(name)
            archive.writestr(name, one.content)
    return target.getvalue()


def resend(session: Session, actor: Actor, *, letter_id: int, to_address: str | None = None) -> int:
    """Queues another copy of a letter, to the customer's address of today if no other is given; the message's id."""
    actor.require(Permission.RUN_LETTERS)
    letter = visible_letter(session, actor, letter_id)
    session.execute(select(col(Letter.id)).where(col(Letter.id) == letter_id).with_for_update())
    waits = select(col(Message.id)).where(
        col(Message.kind) == KIND, col(Message.source_id) == letter_id,
        col(Message.status).in_((MessageStatus.QUEUED, MessageStatus.SENDING)),
    )  # fmt: skip
    if session.scalar(waits) is not None:
        raise LetterWaits
    if to_address is None:
        to_address = session.scalar(select(col(Customer.email)).where(col(Customer.id) == letter.customer_id))
    event = record(
        session, actor, "letter.resent", entity="letter", entity_id=letter_id, customer_id=letter.customer_id,
        address=to_address,
    )  # fmt: skip
    return queue(
        session, kind=KIND, source_id=letter_id, event_id=event.id, customer_id=letter.customer_id,
        to_address=to_address, language=letter.language,
    )  # fmt: skip


def sample_pdf(session: Session, actor: Actor, *, stage: str, language: str, template_id: int) -> Document:
    """A version of a template filled with invented values, to be looked at before it is put to use."""
    from core.letters.fields import sample
    from core.letters.rendering import letter_pdf
    from core.letters.templates import content_of

    content = content_of(session, actor, stage=stage, language=language, template_id=template_id)
    level = list(Stage).index(Stage(stage)) + 1
    name = f"{levels.stage_word(stage)}_{language}"
    return Document(f"{name}.pdf", letter_pdf(content, values(sample(level), language), title=name))


def days_of(session: Session, actor: Actor) -> list[date]:
    """The days that have letters, the latest first."""
    actor.require(Permission.VIEW_COLLECTION)
    seen = select(col(Letter.run_on)).join(Customer, col(Customer.id) == col(Letter.customer_id))
    found = seen.where(visible_to(actor)).distinct().order_by(col(Letter.run_on).desc()).limit(400)
    return list(session.scalars(found))
