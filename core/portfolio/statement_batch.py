"""Statements of many customers in one zip, one file an account, reported as it grows."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import BinaryIO, NamedTuple
from zipfile import ZIP_DEFLATED, ZipFile

from sqlmodel import Session

from core.auth.actor import Actor, Permission
from core.policies.settings import buckets
from core.portfolio.aging import aging
from core.portfolio.lines import Page
from core.portfolio.scope import Scope
from core.portfolio.statement_files import as_pdf, as_workbook, file_name, letterhead
from core.portfolio.statements import statement

#: More than these at once make a file that nobody can send.
MOST = 2_000


class Account(NamedTuple):
    """A customer and currency with something open."""

    code: str
    name: str
    currency: str
    total: Decimal


class Accounts(NamedTuple):
    """Those with something open, the largest first, as many as fit in a batch; and how many there are."""

    rows: list[Account]
    how_many: int


def accounts_to_send(session: Session, actor: Actor, *, end: date, scope: Scope, most: int = MOST) -> Accounts:
    """Whose statement at `end` shows something open."""
    found = aging(
        session, actor, as_of=end, limits=buckets(session), scope=scope, page=Page(size=most), largest_first=True
    )
    rows = [Account(row.key, row.name, row.currency, row.total) for row in found.rows]
    return Accounts(rows, sum(found.counts.values()))


def write_batch(
    session: Session, actor: Actor, target: BinaryIO, accounts: Sequence[Account], *, start: date | None, end: date,
    form: str = "pdf", language: str | None = None, made: Callable[[], str] = str,
) -> Iterator[int]:  # fmt: skip
    """Writes the zip into `target` and tells after each statement how many are in it. `form`: `pdf` or `xlsx`."""
    actor.require(Permission.VIEW_PORTFOLIO)
    sender, taken = letterhead(session), set[str]()
    with ZipFile(target, "w", ZIP_DEFLATED) as archive:
        for place, account in enumerate(accounts, 1):
            one = statement(session, actor, customer=account.code, currency=account.currency, start=start, end=end)
            name = file_name(one, form)
            if name in taken:  # two codes that differ only in what a file's name cannot bear
                name = f"{place}_{name}"
            taken.add(name)
            made_of = as_pdf(one, sender, language=language, made=made) if form == "pdf" else as_workbook(
                one, language=language, made=made
            )  # fmt: skip
            archive.writestr(name, made_of)
            yield place
