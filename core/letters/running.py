"""The run of letters: who gets which letter on a day; letters, what they list and their e-mails, all or nothing."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlmodel import Session, col

from core import db
from core.audit.events import record
from core.auth.actor import Actor, Permission
from core.auth.models import User
from core.i18n import LANGUAGES
from core.letters import levels, owed, templates
from core.letters.models import Letter, LetterLine, Stage
from core.money import ZERO, cents, micros
from core.outbox.queueing import Wanted, queue_many
from core.policies.settings import company_currency, setting
from core.portfolio.scope import EVERYTHING, Scope, customers_in
from core.portfolio.statement_files import letterhead

#: What the outbox calls an e-mail that carries a letter.
KIND = "letter"


class LetterRow(NamedTuple):
    """A letter: to whom, which level, in which language, what it lists in company currency, and its documents."""

    customer: str
    level: int
    language: str
    overdue: Decimal
    documents: list[str]
    name: str = ""
    to_address: str = ""
    stage: str = ""
    letter_id: int = 0  # 0 in a dry run


class DueSums(NamedTuple):
    """What a list of letters comes to; `stages`: how many of each, from the friendliest on."""

    letters: int
    total: Decimal
    documents: int
    without_address: int
    stages: dict[str, int]


def sums(rows: Sequence[LetterRow]) -> DueSums:
    """The figures above a list of letters."""
    counted = {stage.value: sum(1 for row in rows if row.stage == stage) for stage in Stage}
    return DueSums(
        len(rows), sum((row.overdue for row in rows), ZERO), sum(len(row.documents) for row in rows),
        sum(1 for row in rows if not row.to_address), {stage: count for stage, count in counted.items() if count},
    )  # fmt: skip


def run_letters(
    session: Session, actor: Actor, *, as_of: date, dry_run: bool = False, scope: Scope = EVERYTHING
) -> list[LetterRow]:
    """Makes the letters due on `as_of` to the customers whom `actor` sees, and queues them; by customer's code.

    `dry_run`: only says who would get what, and writes nothing. Repeated for the same day it makes nothing new.
    """
    actor.require(Permission.VIEW_COLLECTION if dry_run else Permission.RUN_LETTERS)
    if not dry_run:
        db.take(session, "letters")
    days = levels.levels(session)
    customers = customers_in(session, actor, scope)
    asked = owed.Owed(session, as_of, days, customers)
    least = int(setting(session, "letters.min_days_between"))
    due = owed.due(session, asked, min_days=least, customers=customers)
    found = session.connection().execute(owed.lines_of(asked, due))
    lines = {customer: list(some) for customer, some in groupby(found, key=lambda line: line.customer_id)}
    if not lines:
        return []
    debtors = session.execute(owed.customers_of([*lines])).all()
    made = [_row(debtor, lines[debtor.id], days) for debtor in debtors]
    if dry_run:
        return made
    ids = _write(session, actor, as_of, debtors, lines, made)
    return [row._replace(letter_id=id_) for row, id_ in zip(made, ids, strict=True)]


def _row(debtor: Any, lines: Sequence[Any], days: Sequence[int]) -> LetterRow:
    level = lines[0].level
    return LetterRow(
        debtor.code, level, _language(debtor.language), lines[0].overdue,
        list(dict.fromkeys(line.number for line in lines)), debtor.legal_name, debtor.email or "",
        levels.stages(days)[level - 1],
    )  # fmt: skip


def _language(own: str | None) -> str:
    return own if own in LANGUAGES else "es"


def _write(
    session: Session, actor: Actor, as_of: date, debtors: Sequence[Any], lines: dict[int, list[Any]],
    made: Sequence[LetterRow],
) -> list[int]:  # fmt: skip
    currency = company_currency(session)
    event = record(
        session, actor, "letters.run", entity="letters", entity_id=as_of, as_of=as_of, letters=len(made),
        customers=[row.customer for row in made],
    )  # fmt: skip
    kinds = {(row.stage, row.language) for row in made}
    template = {
        kind: templates.in_use(session, Stage(kind[0]), kind[1], event.id) for kind in sorted(kinds)
    }  # fmt: skip
    head = letterhead(session)
    company = "\n".join([head.company, *head.lines])
    names = _names(session, [debtor.collector for debtor in debtors])
    ids = db.reserve_ids(session, Letter, len(made))
    db.insert_many(session, Letter, _LETTER, (
        (
            id_, debtor.id, as_of, row.level, row.language, currency, cents(row.overdue),
            cents(lines[debtor.id][0].unapplied), template[row.stage, row.language], company, row.customer, row.name,
            debtor.tax_id, names.get(debtor.collector or "", ""), event.id,
        )
        for id_, debtor, row in zip(ids, debtors, made, strict=True)
    ))  # fmt: skip
    db.insert_many(session, LetterLine, _LINE, (
        (
            id_, one.entry_id, one.document_id, one.number, one.issued_on, one.due_on, (as_of - one.due_on).days,
            cents(one.open), cents(one.disputed), cents(one.amount), one.currency, micros(one.exchange_rate),
            cents(one.base),
        )
        for id_, debtor in zip(ids, debtors, strict=True)
        for one in lines[debtor.id]
    ))  # fmt: skip
    wanted = [
        Wanted(id_, debtor.id, row.to_address, row.language)
        for id_, debtor, row in zip(ids, debtors, made, strict=True)
    ]
    queue_many(session, kind=KIND, event_id=event.id, wanted=wanted)
    return ids


_LETTER = (
    "id", "customer_id", "run_on", "level", "language", "currency", "overdue", "unapplied", "template_id", "company",
    "customer_code", "customer_name", "tax_id", "signed_by", "event_id",
)  # fmt: skip
_LINE = (
    "letter_id", "entry_id", "document_id", "number", "issued_on", "due_on", "days", "open", "disputed", "amount",
    "currency", "exchange_rate", "base",
)  # fmt: skip


def _names(session: Session, collectors: Sequence[str | None]) -> dict[str, str]:
    """The whole names of collectors, who sign."""
    wanted = {name for name in collectors if name}
    found = session.execute(select(col(User.name), col(User.full_name)).where(col(User.name).in_(wanted)))
    return {name: full_name or name for name, full_name in found}
