"""What rows name, looked up in bulk: customers, numbers, rates. No query per row."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import BigInteger, Executable, select, type_coerce
from sqlmodel import Session, col

from core.customers.models import Customer
from core.customers.visibility import code_key, visible_to
from core.i18n import N_, shown
from core.importers.base import Look
from core.importers.notices import CUSTOMERS_MADE, NAMES_DIFFER, ZEROS
from core.importers.parsing import BadCell
from core.ledger.models import Number
from core.money import MAX_CENTS, base_cents, from_cents
from core.policies.models import ExchangeRate
from core.tables import among

T = TypeVar("T")
CHUNK = 5_000


def in_chunks(keys: Iterable[T]) -> Iterator[list[T]]:
    """The keys, a few thousand at a time, each once."""
    rest = iter(dict.fromkeys(keys))
    while chunk := list(islice(rest, CHUNK)):
        yield chunk


def rows_of(session: Session, keys: Iterable[Any], statement: Callable[[list[Any]], Executable]) -> Iterator[Any]:
    """The rows that `statement` finds for each chunk of keys."""
    for chunk in in_chunks(keys):
        yield from session.execute(statement(chunk))


def refuse_several(code: str, alike: list[str], column: str) -> None:
    """Refuses a code that is not known as written and may be several, leading zeros aside."""
    if len(alike) > 1:
        raise BadCell(
            column, N_("«{code}» puede ser {codes}: solo cambian los ceros a la izquierda; escríbala completa"),
            code=code, codes=", ".join(alike),
        )  # fmt: skip


def unknown_customer(code: str, column: str) -> BadCell:
    """Nobody has that code, as far as one may see."""
    return BadCell(column, N_("no hay un cliente «{code}»; cárguelo primero o corrija la clave"), code=code)


def numbers(session: Session, asked: Iterable[str]) -> dict[str, tuple[str, int]]:
    """Who bears each number: source and id of the paper."""
    if session.scalar(select(col(Number.number)).limit(1)) is None:
        return {}
    columns = (col(Number.number), col(Number.source), col(Number.source_id))
    found = rows_of(session, asked, lambda chunk: select(*columns).where(among(col(Number.number), chunk)))
    return {number: (source, source_id) for number, source, source_id in found}


class Rates:
    """The exchange rates of the company: the last on or before a day, in millionths."""

    def __init__(self, look: Look) -> None:
        """All of them: a few a day and currency."""
        self.look = look
        self._days: dict[str, list[date]] = defaultdict(list)
        self._rates: dict[str, list[int]] = defaultdict(list)
        statement = select(
            col(ExchangeRate.currency), col(ExchangeRate.rate_on), type_coerce(ExchangeRate.rate, BigInteger)
        ).order_by(col(ExchangeRate.rate_on))
        for currency, rate_on, rate in look.session.execute(statement):
            self._days[currency].append(rate_on)
            self._rates[currency].append(rate)

    def of(self, currency: str, on: date, given: int | None) -> int:
        """The rate of a row: its own, else the import's, else the table's; 1 for the company's currency."""
        if currency == self.look.company_currency:
            if given not in (None, 1_000_000):
                raise BadCell("exchange_rate", N_("{currency} es la moneda de la empresa: su tipo de cambio es 1"),
                              currency=currency)  # fmt: skip
            return 1_000_000
        if given is not None:
            return given
        if self.look.rate is not None:
            return self.look.rate
        place = bisect_right(self._days[currency], on)
        if not place:
            raise BadCell(
                "exchange_rate",
                N_("no hay tipo de cambio de {currency} para el {on}; escríbalo en la fila, cárguelo en los tipos de "
                   "cambio o dé uno para todo el archivo (--rate)"),
                currency=currency, on=on,
            )  # fmt: skip
        return self._rates[currency][place - 1]


@dataclass(slots=True)
class Party:
    """A customer that rows name; `id` is negative until the import has made it."""

    id: int
    code: str
    currency: str | None
    terms_days: int
    sales_rep: str | None
    made: dict[str, Any] | None = None  # the fields of one that the import makes
    met: dict[str, int] = field(default_factory=dict)  # the rows that said them
    names: set[str] = field(default_factory=set)


class Parties:
    """The customers that a file names, by code as written or, when only one fits, leading zeros aside."""

    def __init__(self, look: Look, codes: Iterable[str], *, create: bool = False) -> None:
        """`create`: who is not known is made, with what the rows say of it."""
        self.look = look
        self.create = create
        self.new: dict[str, Party] = {}  # by code without zeros; only those that a good row names
        self._waiting: dict[str, Party] = {}
        self._known: dict[str, Party] = {}
        self._hidden: set[str] = set()
        self._alike: dict[str, list[Party]] = defaultdict(list)
        self._found: dict[str, Party] = {}
        visible = visible_to(look.actor).label("visible")
        found = rows_of(
            look.session, (code_key(code) for code in codes if code),
            lambda chunk: select(
                col(Customer.id), col(Customer.code), col(Customer.currency), col(Customer.terms_days),
                col(Customer.sales_rep), visible,
            ).where(among(col(Customer.code_key), chunk)),
        )  # fmt: skip
        for id_, code, currency, terms_days, sales_rep, seen in found:
            if seen:
                party = self._known[code] = Party(id_, code, currency, terms_days, sales_rep)
                self._alike[code_key(code)].append(party)
            else:
                self._hidden.add(code_key(code))

    def of(self, code: str, row: int, column: str = "customer", made: Mapping[str, Any] | None = None) -> Party:
        """The customer of a code, or BadCell. `made`: what the row says of one that does not exist yet."""
        party = self._found.get(code)
        if party is None:
            party = self._found[code] = self._find(code, column)
        if party.code != code:
            self.look.notices.add(ZEROS, row, what=code)
        if made is not None and party.made is not None and made.get("customer.legal_name"):
            party.names.add(made["customer.legal_name"])
        return party

    def _find(self, code: str, column: str) -> Party:
        if code in self._known:
            return self._known[code]
        key = code_key(code)
        alike = self._alike.get(key, [])
        refuse_several(code, [party.code for party in alike], column)
        if alike:
            return alike[0]
        if not self.create or key in self._hidden:
            raise unknown_customer(code, column)
        waiting = self._waiting.get(key)
        if waiting is None:
            waiting = self._waiting[key] = Party(-1 - len(self._waiting), code, None, 0, None, {})
        return waiting

    def terms(self, party: Party, made: Mapping[str, Any] | None) -> tuple[str | None, int, str | None]:
        """Currency, days and rep of a customer, also of one that this row is the first to name."""
        if party.made is None:
            return party.currency, party.terms_days, party.sales_rep
        said = {**(made or {}), **{key: value for key, value in party.made.items() if value is not None}}
        return said.get("customer.currency"), said.get("customer.terms_days") or 0, said.get("customer.sales_rep")

    def accept(self, party: Party, made: Mapping[str, Any] | None, row: int) -> None:
        """A good row names this customer: it will be made, with the first of each thing that the file says of it."""
        if party.made is None:
            return
        self.new[code_key(party.code)] = party
        for name, value in (made or {}).items():
            if value is not None and row < party.met.get(name, row + 1):
                party.made[name], party.met[name] = value, row

    def tell(self) -> None:
        """What there is to say of those that are made."""
        for party in self.new.values():
            self.look.notices.add(CUSTOMERS_MADE, what=party.code)
            if len(party.names) > 1:
                self.look.notices.add(NAMES_DIFFER, what=party.code)


def check_base(column: str, amount: int, rate: int) -> int:
    """The amount in company currency, in centavos; BadCell when it is more than can be kept."""
    base = base_cents(amount, rate)
    if base > MAX_CENTS:
        raise BadCell(column, N_("en moneda de la empresa pasa de {most}; revise el importe y el tipo de cambio"),
                      most=from_cents(MAX_CENTS))  # fmt: skip
    return base


def conflict(column: str, number: str, value: object, known: object) -> BadCell:
    """Something that is known, about which the file says something else."""
    return BadCell(
        column, N_("«{number}» ya existe con «{known}» y el archivo dice «{value}»; no se cambia por importación"),
        number=number, known=_words(column, known), value=_words(column, value),
    )  # fmt: skip


def _words(column: str, value: Any) -> str:
    if value is None:
        return ""
    if column in ("total", "subtotal", "tax", "amount"):
        value = from_cents(value)
    elif column in ("exchange_rate", "rate"):
        value = f"{Decimal(value).scaleb(-6):f}"
    elif column == "instalments":
        value = ";".join(f"{day}:{from_cents(part)}" for day, part in value)
    return str(shown(value))
