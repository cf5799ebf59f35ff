"""What a payment would close, before anything is written: the proposal of a screen, its sums, and what comes of it."""

from collections.abc import Sequence
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from core.documents.applying import Line
from core.money import ONE, base_cents, cents, from_cents, micros
from core.payments import rules
from core.payments.queries import OpenInstalment


class Method(StrEnum):
    """How the proposal is made."""

    OLDEST = "oldest"
    EXACT = "exact"
    NONE = "none"


class Rates(NamedTuple):
    """The rates of the payment's currency and of the documents' against the company's; alike when they are one."""

    payment: Decimal = ONE
    document: Decimal = ONE


class Outcome(StrEnum):
    """What becomes of an instalment."""

    SETTLED = "settled"
    PARTLY = "partly"
    UNTOUCHED = "untouched"
    TOO_MUCH = "too_much"


class Planned(NamedTuple):
    """One instalment of the proposal; `left` is below zero when too much is given."""

    instalment: OpenInstalment
    given: Decimal
    left: Decimal
    outcome: Outcome


class Plan(NamedTuple):
    """The proposal with its sums. `applied`, `left`: of the payment, in its currency; `balance_after`: what all open
    instalments of the customer would still be, in theirs."""

    rows: list[Planned]
    applied: Decimal
    left: Decimal
    balance_after: Decimal
    settled: int
    partly: int


def propose(method: Method, rows: Sequence[OpenInstalment], amount: Decimal, rates: Rates) -> list[Decimal] | None:
    """What to give to each instalment, oldest first; None when no combination adds up to the amount exactly."""
    open_ = [cents(row.open) for row in rows]
    money = rules.worth(cents(amount), micros(rates.payment), micros(rates.document))
    if method is Method.OLDEST:
        return [from_cents(part) for part in rules.oldest_first(open_, money)]
    if method is Method.EXACT:
        found = rules.exact_combination(open_, money)
        return None if found is None else [from_cents(part) for part in found]
    return [Decimal("0.00")] * len(rows)


def plan(
    rows: Sequence[OpenInstalment], given: Sequence[Decimal], amount: Decimal, rates: Rates, owed: Decimal
) -> Plan:
    """The sums of what is given to each instalment; `owed` is what all instalments of the customer are open."""
    left, planned, closed = cents(amount), [], 0
    for row, part in zip(rows, given, strict=True):
        asked, rest = cents(part), cents(row.open) - cents(part)
        if asked:
            left -= rules.spent_on(asked, rate=micros(rates.document), payment_rate=micros(rates.payment), left=left)
        closed += asked
        planned.append(Planned(row, part, from_cents(rest), _outcome(asked, rest)))
    return Plan(
        planned, from_cents(cents(amount) - left), from_cents(left), from_cents(cents(owed) - closed),
        sum(one.outcome is Outcome.SETTLED for one in planned), sum(one.outcome is Outcome.PARTLY for one in planned),
    )  # fmt: skip


def lines_of(planned: Sequence[Planned], *, close_up_to: Decimal | None = None) -> list[Line]:
    """What the command is asked for; `close_up_to`: differences of so much, in company currency, are written off."""
    return [
        Line(one.instalment.entry_id, one.given, close_up_to is not None and _is_small(one, close_up_to))
        for one in planned
        if one.given
    ]


def _outcome(asked: int, rest: int) -> Outcome:
    if not asked:
        return Outcome.UNTOUCHED
    if rest < 0:
        return Outcome.TOO_MUCH
    return Outcome.PARTLY if rest else Outcome.SETTLED


def _is_small(one: Planned, most: Decimal) -> bool:
    return one.left > 0 and base_cents(cents(one.left), micros(one.instalment.exchange_rate)) <= cents(most)
