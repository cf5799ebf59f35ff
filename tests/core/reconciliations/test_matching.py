"""Our open items and the customer's list: what is the same paper, why the rest differs, and that it always adds up."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.money import ZERO
from core.reconciliations.kinds import Cause, MatchedBy
from core.reconciliations.matching import Ours, Theirs, compact, match, serial

DAY = date(2026, 3, 1)


def ours(number, amount, *, kind="invoice", days=0, **more):
    return Ours(number, kind, DAY + timedelta(days=days), Decimal(amount), **more)


def theirs(row, number, amount, *, days=0, dated=True, uuid=None):
    return Theirs(row, number, DAY + timedelta(days=days) if dated else None, Decimal(amount), uuid)


def told(lines):
    return [
        (one.ours.number if one.ours else None, one.theirs.number if one.theirs else None, one.cause.value)
        for one in lines
    ]


@pytest.mark.parametrize(
    ("mine", "their", "by"),
    [
        (ours("F-1", "100.00", uuid="AB-1"), theirs(2, "X9", "100.00", uuid="ab-1"), MatchedBy.UUID),
        (ours("F-1", "100.00"), theirs(2, " f-1 ", "100.00"), MatchedBy.FOLIO),
        (ours("F-00123", "100.00"), theirs(2, "F123", "100.00"), MatchedBy.LOOSE_FOLIO),
        (ours("FAC A-00123", "100.00"), theirs(2, "123", "100.00"), MatchedBy.LOOSE_FOLIO),
        (ours("FAC A-1234", "100.00"), theirs(2, "1234", "90.00"), MatchedBy.LOOSE_FOLIO),
        (ours("F-1", "100.00"), theirs(2, "OC 77", "100.00", days=9), MatchedBy.AMOUNT),
        (ours("F-1", "100.00"), theirs(2, "OC 77", "100.00", dated=False), MatchedBy.AMOUNT),
    ],
)
def test_a_paper_is_found_by_fiscal_folio_folio_or_amount(mine, their, by):
    [line] = match([mine], [their])
    assert (line.matched_by, line.ours, line.theirs) == (by, mine, their)


@pytest.mark.parametrize(
    ("mine", "their"),
    [
        (ours("F-1", "100.00"), theirs(2, "G-1", "90.00")),  # one short number alone
        (ours("F-1", "100.00"), theirs(2, "X", "100.00", days=11)),  # too far apart
        (ours("N-12345", "-100.00"), theirs(2, "F-12345", "100.00")),  # a credit is no charge
    ],
)
def test_what_only_looks_alike_is_not_matched(mine, their):
    assert len(match([mine], [their])) == 2


def test_two_of_one_amount_are_not_guessed():
    lines = match([ours("F-1", "100.00"), ours("F-2", "100.00")], [theirs(2, "X", "100.00")])
    assert [line.matched_by for line in lines] == [None, None, None]


def test_the_nearer_of_two_dates_is_the_one():
    lines = match([ours("F-1", "100.00"), ours("F-2", "100.00", days=6)], [theirs(2, "X", "100.00", days=5)])
    assert ("F-2", "X", "agrees") in told(lines)


def test_a_sum_is_never_guessed():
    lines = match([ours("F-1", "60.00"), ours("F-2", "40.00")], [theirs(2, "LOTE", "100.00")])
    assert {one.cause for one in lines} == {Cause.NOT_IN_THEIRS, Cause.NOT_IN_OURS}


@pytest.mark.parametrize(
    ("mine", "their", "expected"),
    [
        ([ours("F-1", "100.00")], [], [("F-1", None, "not_in_theirs")]),
        ([], [theirs(2, "Z-9", "100.00")], [(None, "Z-9", "not_in_ours")]),
        ([], [theirs(2, "Z-9", "-100.00")], [(None, "Z-9", "credit_note")]),
        ([ours("F-1", "100.00")], [theirs(2, "F-1", "80.00")], [("F-1", "F-1", "amount")]),
        ([ours("F-1", "100.00", future=Decimal("100.00"))], [], [("F-1", None, "paid_after_cut")]),
        ([ours("F-1", "60.00", paid=Decimal("40.00"))], [theirs(2, "F-1", "100.00")], [("F-1", "F-1", "paid_in_ours")]),
        (
            [ours("F-1", "60.00", credited=Decimal("40.00"))], [theirs(2, "F-1", "100.00")],
            [("F-1", "F-1", "credit_note")],
        ),
        ([ours("N-1", "-30.00", kind="credit_note")], [], [("N-1", None, "credit_note")]),
        ([ours("P-1", "-30.00", kind="payment")], [], [("P-1", None, "paid_not_applied")]),
        (
            [ours("F-1", "100.00"), ours("P-1", "-100.00", kind="payment")], [],
            [("F-1", None, "paid_not_applied"), ("P-1", None, "paid_not_applied")],
        ),
        (
            [ours("F-1", "100.00"), ours("P-1", "-20.00", kind="payment")], [theirs(2, "F-1", "80.00")],
            [("F-1", "F-1", "paid_not_applied"), ("P-1", None, "paid_not_applied")],
        ),
    ],
)  # fmt: skip
def test_each_difference_has_its_cause(mine, their, expected):
    assert told(match(mine, their)) == expected


def test_a_payment_that_fits_is_named_beside_what_it_paid():
    lines = match([ours("F-1", "100.00"), ours("P-1", "-100.00", kind="payment")], [])
    assert [one.evidence for one in lines] == ["P-1", "F-1"]


def test_unidentified_money_of_that_amount_explains_what_they_took_for_paid():
    mine = [ours("F-1", "100.00"), ours("F-2", "50.00")]
    lines = match(mine, [theirs(2, "F-2", "30.00")], nobodys={"D-1": Decimal("100.00"), "D-2": Decimal("7.00")})
    assert [(one.cause.value, one.evidence) for one in lines] == [("amount", None), ("paid_not_applied", "D-1")]
    twice = match(mine[:1], [], nobodys={"D-1": Decimal("100.00"), "D-2": Decimal("100.00")})
    assert twice[0].cause is Cause.NOT_IN_THEIRS


def test_a_payment_that_fits_two_invoices_is_given_to_none():
    mine = [ours("F-1", "100.00"), ours("F-2", "100.00"), ours("P-1", "-100.00", kind="payment")]
    assert told(match(mine, []))[:2] == [("F-1", None, "not_in_theirs"), ("F-2", None, "not_in_theirs")]


def test_what_they_list_and_we_closed_is_paid_in_ours():
    [line] = match([], [theirs(2, "F-7", "10.00")], known={"f-7"})
    assert line.cause is Cause.PAID_IN_OURS


def test_the_same_row_twice_is_a_double():
    lines = match([ours("F-1", "100.00")], [theirs(2, "F-1", "100.00"), theirs(3, "F-1", "100.00", days=3)])
    assert told(lines) == [(None, "F-1", "duplicate"), ("F-1", "F-1", "agrees")]
    assert lines[0].difference == Decimal("-100.00")


def test_instalments_that_add_up_to_what_is_open_are_one_paper():
    [line] = match([ours("F-1", "100.00")], [theirs(2, "F-1", "50.00"), theirs(3, "F-1", "50.00", days=30)])
    assert (line.cause, line.their_amount) == (Cause.AGREES, Decimal("100.00"))


@pytest.mark.parametrize(
    ("folio", "keys"),
    [("F-00123", ("f123", "123")), ("A 0-1", ("a1", "1")), ("", ("", "")), ("SIN", ("sin", "")),
     ("000", ("0", "0"))],
)  # fmt: skip
def test_loose_folios(folio, keys):
    assert compact(folio) == keys[0]
    assert serial(folio) == keys[1]


_amounts = st.integers(-50_000, 50_000).map(lambda cents: Decimal(cents).scaleb(-2))
_folios = st.sampled_from(["F-1", "F-01", "f 1", "A-1", "1", "B-1234", "1234", "X", "P-1", "N-2", None])
_days = st.integers(0, 30)
_mine = st.builds(
    lambda number, amount, days, kind, extra: Ours(
        number or "S", kind, DAY + timedelta(days=days), amount, None, extra, extra, extra
    ),
    _folios, _amounts, _days, st.sampled_from(["invoice", "payment", "credit_note"]), _amounts.map(abs),
)  # fmt: skip
_their = st.builds(
    lambda number, amount, days: Theirs(0, number, None if days == 0 else DAY + timedelta(days=days), amount),
    _folios, _amounts, _days,
)  # fmt: skip


@settings(max_examples=400, deadline=None)
@given(
    st.lists(_mine, max_size=12, unique_by=lambda one: one.number), st.lists(_their, max_size=14),
    st.sets(st.sampled_from(["f-1", "x", "b-1234"])),
)  # fmt: skip
def test_the_differences_always_explain_the_gap_to_the_centavo(mine, their, known):
    rows = [one._replace(row=place) for place, one in enumerate(their, 2)]
    lines = match(mine, rows, known)
    gap = sum((one.amount for one in mine), ZERO) - sum((one.amount for one in rows), ZERO)
    assert sum((one.difference for one in lines), ZERO) == gap
    assert sorted(one.ours.number for one in lines if one.ours) == sorted(one.number for one in mine)
    assert all(one.cause is not Cause.AGREES or one.difference == 0 for one in lines)
    assert match(mine, rows, known) == lines
