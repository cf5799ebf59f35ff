"""Rules of applying money, without a database: whole centavos, rates in whole millionths, the oldest first."""

from collections.abc import Sequence
from itertools import combinations

#: So many of the oldest amounts are combined in every way; of the others only single ones, pairs and threes.
FULL_SEARCH = 32
FEW_SEARCH = 120


def oldest_first(open_: Sequence[int], amount: int) -> list[int]:
    """How much of `amount` closes each of these open balances, in their order."""
    given = []
    for balance in open_:
        part = min(balance, amount)
        given.append(part)
        amount -= part
    return given


def exact_combination(open_: Sequence[int], amount: int) -> list[int] | None:
    """Whole open balances that add up to `amount`, as what closes each; None when there are none.

    Of several combinations the one with the oldest (first) balances wins. Every combination of the first
    `FULL_SEARCH` is tried; past them up to three balances of the first `FEW_SEARCH`.
    """
    chosen = _any_of(open_[:FULL_SEARCH], amount) or _few_of(open_[:FEW_SEARCH], amount)
    return None if chosen is None else [balance if place in chosen else 0 for place, balance in enumerate(open_)]


def _any_of(open_: Sequence[int], amount: int) -> frozenset[int] | None:
    """Meets in the middle: sums of the older half in order of preference, looked up among those of the newer."""
    middle = len(open_) // 2
    newer: dict[int, tuple[int, ...]] = {}
    for total, places in _sums(open_[middle:], amount):
        newer.setdefault(total, places)
    for total, places in _sums(open_[:middle], amount):
        rest = newer.get(amount - total)
        if rest is not None and (places or rest):
            return frozenset(places) | {middle + place for place in rest}
    return None


def _sums(open_: Sequence[int], limit: int) -> list[tuple[int, tuple[int, ...]]]:
    """Every sum up to `limit` with the places of its parts; sums that use the first ones come first."""
    if not open_:
        return [(0, ())]
    rest = [(total, tuple(place + 1 for place in places)) for total, places in _sums(open_[1:], limit)]
    return [(open_[0] + total, (0, *places)) for total, places in rest if open_[0] + total <= limit] + rest


def _few_of(open_: Sequence[int], amount: int) -> frozenset[int] | None:
    where: dict[int, int] = {}
    for place, balance in enumerate(open_):
        where.setdefault(balance, place)
    if amount in where:
        return frozenset({where[amount]})
    for size in (1, 2):
        for places in combinations(range(len(open_)), size):
            rest = amount - sum(open_[place] for place in places)
            last = where.get(rest)
            if last is not None and last not in places:
                return frozenset({*places, last})
    return None


def worth(amount: int, rate: int, other_rate: int) -> int:
    """What `amount` of a currency at `rate` is in one at `other_rate`, half up; both against the company's."""
    return (amount * rate * 2 + other_rate) // (other_rate * 2)


def spent_on(closed: int, *, rate: int, payment_rate: int, left: int) -> int:
    """What a payment spends to close `closed` of a document in another currency that is worth `rate` that day.

    All that is `left` of the payment, when that is worth just this to the centavo: no crumb stays behind.
    """
    return left if worth(left, payment_rate, rate) == closed else worth(closed, rate, payment_rate)


def exchange_difference(*, spent: int, payment_rate: int, closed: int, issue_rate: int) -> int:
    """Gain (+) or loss (-) in company currency: what was received less what was closed at the document's own rate."""
    million = 1_000_000
    return worth(spent, payment_rate, million) - worth(closed, issue_rate, million)
