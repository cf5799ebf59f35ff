"""Our open items beside the customer's list: which are the same paper, and why they differ. Pure rules, no I/O.

Every item of ours and every row of theirs ends in exactly one line, so the lines' differences always add up to the gap
between the two balances. Papers are matched by fiscal folio, by folio, by folio without series and zeros, and last by
amount and near date; what could be one of several stays unmatched: nothing is guessed, least of all sums.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import NamedTuple

from core.money import ZERO
from core.reconciliations.kinds import Cause, MatchedBy

#: Days between two dates within which papers of one amount may be the same.
NEAR = 10
#: So many digits of a folio tell papers apart by themselves.
_TELLING = 4
_DIGITS = re.compile(r"\d+")
_PAYMENT, _CREDIT_NOTE = "payment", "credit_note"


class Ours(NamedTuple):
    """A paper of ours with something open at the cut; credits are negative.

    `future`: what money received after the cut has closed of it; `paid`, `credited`: what payments and credit notes
    had closed of it by then.
    """

    number: str
    kind: str
    on: date
    amount: Decimal
    uuid: str | None = None
    future: Decimal = ZERO
    paid: Decimal = ZERO
    credited: Decimal = ZERO


class Theirs(NamedTuple):
    """A row of the customer's list: what they owe, credits negative."""

    row: int
    number: str | None
    on: date | None
    amount: Decimal
    uuid: str | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One paper on both sides, or on one of them."""

    ours: Ours | None
    theirs: Theirs | None
    cause: Cause
    matched_by: MatchedBy | None = None
    evidence: str | None = None  # number of the paper that explains the difference

    @property
    def our_amount(self) -> Decimal:
        return self.ours.amount if self.ours else ZERO

    @property
    def their_amount(self) -> Decimal:
        return self.theirs.amount if self.theirs else ZERO

    @property
    def difference(self) -> Decimal:
        return self.our_amount - self.their_amount


@dataclass(slots=True)
class _Desk:
    """What is still to be matched, in the order in which it came."""

    ours: dict[int, Ours]
    theirs: dict[int, Theirs]
    lines: list[Line] = field(default_factory=list)

    def pair(self, mine: int, their: int, by: MatchedBy) -> None:
        self.lines.append(Line(self.ours.pop(mine), self.theirs.pop(their), Cause.AGREES, by))


def match(
    ours: Sequence[Ours],
    theirs: Sequence[Theirs],
    known: Iterable[str] = (),
    nobodys: Mapping[str, Decimal] | None = None,
) -> list[Line]:
    """The lines: what differs first, by cause, then what agrees. `known`: folios and fiscal folios (`exact()` of them)
    of papers of ours that were closed by the cut; `nobodys`: payments received that nobody has identified, by number.
    """
    rows, doubles = _merged(theirs, {exact(one.number): one.amount for one in ours})
    desk = _Desk(dict(enumerate(ours)), dict(enumerate(rows)))
    _by_key(desk, MatchedBy.UUID, lambda one: exact(one.uuid))
    _by_key(desk, MatchedBy.FOLIO, lambda one: exact(one.number))
    _by_key(desk, MatchedBy.LOOSE_FOLIO, lambda one: compact(one.number), _same_side)
    _by_key(desk, MatchedBy.LOOSE_FOLIO, lambda one: serial(one.number), _same_serial)
    _by_amount(desk)
    closed = frozenset(known)
    lines = [_judged(one) for one in desk.lines]
    lines += [_judged(Line(one, None, Cause.NOT_IN_THEIRS)) for one in desk.ours.values()]
    lines += [_judged(Line(None, one, Cause.NOT_IN_OURS), closed) for one in desk.theirs.values()]
    lines += [Line(None, one, Cause.DUPLICATE) for one in doubles]
    order = list(Cause)
    lines = _with_unidentified(_with_payments(lines), nobodys or {})
    return sorted(lines, key=lambda one: ((order.index(one.cause) - 1) % len(order), _place(one)))


def exact(text: str | None) -> str:
    """A folio or fiscal folio without blanks and case; blank where there is none."""
    return "".join(text.split()).casefold() if text else ""


def compact(text: str | None) -> str:
    """A folio's letters and digits, each number in it without its leading zeros: `F-00123` is `f123`."""
    bare = "".join(one for one in exact(text) if one.isalnum())
    return _DIGITS.sub(lambda found: found[0].lstrip("0") or "0", bare)


def serial(text: str | None) -> str:
    """The last number in a folio, without series and leading zeros: `FAC A-00123` is `123`."""
    found = _DIGITS.findall(text or "")
    return (found[-1].lstrip("0") or "0") if found else ""


def _merged(theirs: Sequence[Theirs], open_: dict[str, Decimal]) -> tuple[list[Theirs], list[Theirs]]:
    """Rows of one folio are parts of one paper; the same row again is a double, unless together they are what is open.

    Returns the papers and the doubles.
    """
    of_folio: dict[str, list[Theirs]] = defaultdict(list)
    for one in theirs:
        of_folio[exact(one.number) or f"\n{one.row}"].append(one)
    papers: list[Theirs] = []
    doubles: list[Theirs] = []
    for folio, rows in of_folio.items():
        whole = sum((one.amount for one in rows), ZERO)
        if whole == open_.get(folio):
            papers.append(rows[0]._replace(amount=whole))
            continue
        parts: dict[tuple[date | None, Decimal], Theirs] = {}
        for one in rows:
            key = (None if one.amount == open_.get(folio) else one.on, one.amount)
            if key in parts:
                doubles.append(one)
            parts.setdefault(key, one)
        papers.append(rows[0]._replace(amount=sum((one.amount for one in parts.values()), ZERO)))
    return papers, doubles


def _by_key(
    desk: _Desk, by: MatchedBy, key: Callable[[Ours | Theirs], str],
    may_be: Callable[[Ours, Theirs], bool] = lambda _mine, _their: True,
) -> None:  # fmt: skip
    """Pairs those whose key is one of ours and one of theirs alone."""
    mine, their = _only(desk.ours, key), _only(desk.theirs, key)
    for one, place in mine.items():
        if one in their and may_be(desk.ours[place], desk.theirs[their[one]]):
            desk.pair(place, their[one], by)


def _same_side(mine: Ours, their: Theirs) -> bool:
    return (mine.amount < 0) == (their.amount < 0)


def _same_serial(mine: Ours, their: Theirs) -> bool:
    """A short number alone says little: then the amount must agree too."""
    return _same_side(mine, their) and (len(serial(mine.number)) >= _TELLING or mine.amount == their.amount)


def _only(papers: dict[int, Ours] | dict[int, Theirs], key: Callable[[Ours | Theirs], str]) -> dict[str, int]:
    """Key to place, of keys that one paper alone has."""
    places: dict[str, list[int]] = defaultdict(list)
    for place, one in papers.items():
        if found := key(one):
            places[found].append(place)
    return {found: several[0] for found, several in places.items() if len(several) == 1}


def _by_amount(desk: _Desk) -> None:
    """Pairs equal amounts whose dates are near, each the other's nearest; of a tie, none."""
    mine, their = defaultdict(list), defaultdict(list)
    for place, one in desk.ours.items():
        mine[one.amount].append(place)
    for place, row in desk.theirs.items():
        their[row.amount].append(place)
    for amount, places in mine.items():
        if amount == ZERO or amount not in their:
            continue
        gaps = {(here, there): _gap(desk.ours[here], desk.theirs[there]) for here in places for there in their[amount]}
        if len(gaps) > 10_000:
            continue  # hundreds of one amount: a date tells nothing
        for here in places:
            there = _nearest([(gap, to) for (one, to), gap in gaps.items() if one == here])
            if there is not None and here == _nearest([(gap, one) for (one, to), gap in gaps.items() if to == there]):
                desk.pair(here, there, MatchedBy.AMOUNT)


def _gap(mine: Ours, their: Theirs) -> int | None:
    """Days between them; None: too many. A row without date is as far as may be."""
    if their.on is None:
        return NEAR
    days = abs((mine.on - their.on).days)
    return days if days <= NEAR else None


def _nearest(gaps: list[tuple[int | None, int]]) -> int | None:
    """The one at the smallest gap; None where there is none or there are two."""
    near = sorted((gap, place) for gap, place in gaps if gap is not None)
    if not near or (len(near) > 1 and near[0][0] == near[1][0]):
        return None
    return near[0][1]


def _judged(line: Line, closed: frozenset[str] = frozenset()) -> Line:
    """The cause of a line's difference, as far as the two papers themselves tell."""
    return replace(line, cause=_cause(line, closed))


def _cause(line: Line, closed: frozenset[str]) -> Cause:
    ours, theirs, gap = line.ours, line.theirs, line.difference
    if ours is None:
        assert theirs is not None  # a line has one of the two
        if {exact(theirs.number), exact(theirs.uuid)} & closed - {""}:
            return Cause.PAID_IN_OURS
        return Cause.CREDIT_NOTE if theirs.amount < 0 else Cause.NOT_IN_OURS
    if theirs is not None and not gap:
        return Cause.AGREES
    if ours.amount < 0:
        other = Cause.AMOUNT if theirs else Cause.NOT_IN_THEIRS
        return {_PAYMENT: Cause.PAID_NOT_APPLIED, _CREDIT_NOTE: Cause.CREDIT_NOTE}.get(ours.kind, other)
    if gap > 0 and gap == ours.future:
        return Cause.PAID_AFTER_CUT
    if theirs is None:
        return Cause.NOT_IN_THEIRS
    if gap < 0 and -gap == ours.credited:
        return Cause.CREDIT_NOTE
    if gap < 0 and -gap in (ours.paid, ours.paid + ours.credited):
        return Cause.PAID_IN_OURS
    return Cause.AMOUNT


def _with_payments(lines: list[Line]) -> list[Line]:
    """What they took for paid and a credit of ours, not applied, of exactly that amount: one explains the other."""
    short = _short(lines)
    spare = _places(
        lines, lambda one: -one.difference if one.ours and one.theirs is None and one.ours.amount < 0 else None
    )
    found = list(lines)
    for amount, place in short.items():
        if amount in spare:
            charge, credit = lines[place], lines[spare[amount]]
            assert charge.ours is not None
            assert credit.ours is not None
            found[place] = replace(charge, cause=Cause.PAID_NOT_APPLIED, evidence=credit.ours.number)
            found[spare[amount]] = replace(credit, cause=Cause.PAID_NOT_APPLIED, evidence=charge.ours.number)
    return found


def _with_unidentified(lines: list[Line], nobodys: Mapping[str, Decimal]) -> list[Line]:
    """What they took for paid and money that nobody has identified, of exactly that amount and alone with it."""
    times = Counter(nobodys.values())
    alone = {amount: number for number, amount in nobodys.items() if times[amount] == 1}
    found = list(lines)
    for amount, place in _short(lines).items():
        if amount in alone:
            found[place] = replace(lines[place], cause=Cause.PAID_NOT_APPLIED, evidence=alone[amount])
    return found


def _short(lines: list[Line]) -> dict[Decimal, int]:
    """What they list too little of, or not at all, and nothing explains yet."""
    open_ = {Cause.NOT_IN_THEIRS, Cause.AMOUNT}
    return _places(lines, lambda one: one.difference if one.cause in open_ and one.difference > 0 else None)


def _places(lines: list[Line], amount: Callable[[Line], Decimal | None]) -> dict[Decimal, int]:
    """Amount to the line's place, of amounts that one line alone has."""
    pairs = sorted((value, place) for place, one in enumerate(lines) if (value := amount(one)) is not None)
    several = [(value, [place for _value, place in same]) for value, same in groupby(pairs, key=lambda one: one[0])]
    return {value: places[0] for value, places in several if len(places) == 1}


def _place(line: Line) -> tuple[date, str, int]:
    paper = line.ours or line.theirs
    on = (line.ours.on if line.ours else None) or (line.theirs.on if line.theirs else None) or date.max
    return on, (paper.number if paper else None) or "", line.theirs.row if line.theirs else 0
