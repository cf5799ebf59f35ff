"""`worklist`: whom to contact on a day, told by the command line alone."""

from typing import Any

import pytest

from tests.contract.helpers import DAY, Book

FIELDS = {"customer", "name", "score", "reasons", "overdue", "oldest_days", "promise_due", "next_action_on"}


@pytest.fixture
def late(empty_book: Book) -> Book:
    """C1 owes 1,000 for 20 days, C2 5,000 for 40, C3 nothing overdue; C1 and C3 are ana's."""
    empty_book.customers("""
        code,legal_name,terms_days,collector,segment
        C1,Cliente Uno,30,ana,
        C2,Cliente Dos,30,beto,
        C3,Cliente Tres,30,ana,
    """)
    empty_book.documents("""
        number,customer,issue_date,due_date,total
        F1,C1,2026-02-01,2026-03-11,1000.00
        F2,C2,2026-01-01,2026-02-19,5000.00
        F3,C3,2026-03-20,2026-04-20,700.00
    """)
    return empty_book


def rows(book: Book, *options: str, as_of: str = DAY) -> list[dict[str, Any]]:
    answer = book.run("worklist", "--as-of", as_of, *options)
    assert answer.code == 0, answer.err
    found: list[dict[str, Any]] = answer.data["rows"]
    return found


def listed(book: Book, *options: str, as_of: str = DAY) -> list[str]:
    return [row["customer"] for row in rows(book, *options, as_of=as_of)]


def codes(row: dict[str, Any]) -> set[str]:
    return {reason["code"] for reason in row["reasons"]}


def test_the_fields_are_those_of_the_contract(late: Book):
    found = rows(late)
    assert all(set(row) == FIELDS for row in found)
    assert all(set(reason) == {"code", "detail", "points"} for row in found for reason in row["reasons"])
    assert [(row["customer"], row["name"]) for row in found] == [("C2", "Cliente Dos"), ("C1", "Cliente Uno")]
    assert [(row["overdue"], row["oldest_days"]) for row in found] == [("5000.00", 40), ("1000.00", 20)]
    assert [(row["promise_due"], row["next_action_on"]) for row in found] == [(None, None)] * 2


def test_the_score_is_the_sum_of_the_points_and_the_order_follows_it(late: Book):
    found = rows(late)
    assert all(row["score"] == sum(reason["points"] for reason in row["reasons"]) for row in found)
    assert [row["score"] for row in found] == sorted((row["score"] for row in found), reverse=True)


def test_overdue_is_that_of_the_aging(late: Book):
    aging = {row["key"]: row["overdue"] for row in late.run("aging", "--as-of", DAY).data["rows"]}
    assert all(row["overdue"] == aging[row["customer"]] for row in rows(late))


def test_details_are_sentences_with_figures(late: Book):
    [one] = rows(late, "--collector", "ana")
    assert "Debe $1,000.00 vencido" in {reason["detail"] for reason in one["reasons"]}


def test_a_collector_and_a_limit(late: Book):
    assert listed(late, "--collector", "ana") == ["C1"]
    assert listed(late, "--collector", "nadie") == []
    assert listed(late, "--limit", "1") == ["C2"]


def test_a_collector_sees_his_own_customers_only(late: Book, user):
    user("ana", "collector")
    assert listed(late, "--as", "ana") == ["C1"]
    assert listed(late, "--as", "ana", "--collector", "beto") == []


def test_a_dispute_sets_aside_until_it_is_closed(late: Book):
    late.put("disputes", "number,customer,document,amount,opened_on,reason\nD1,C2,F2,10.00,2026-03-20,price")
    assert listed(late) == ["C1"]
    assert listed(late, as_of="2026-03-19") == ["C2", "C1"]
    late.put(
        "disputes",
        "number,customer,document,amount,opened_on,reason,closed_on\nD1,C2,F2,10.00,2026-03-20,price,2026-03-25",
    )
    assert listed(late) == ["C2", "C1"]


def test_a_live_promise_sets_aside_until_its_day_and_then_says_what_it_lacks(late: Book):
    late.put("promises", "number,customer,amount,made_on,promised_on,documents\nP1,C1,400.00,2026-03-25,2026-03-30,F1")
    assert listed(late, as_of="2026-03-29") == ["C2"]
    [due] = rows(late, "--collector", "ana", as_of="2026-03-30")
    assert (due["promise_due"], "promise_due_today" in codes(due)) == ("400.00", True)
    [broken] = rows(late, "--collector", "ana", as_of="2026-03-31")
    assert (broken["promise_due"], "promise_broken" in codes(broken)) == (None, True)


def test_a_promise_kept_in_part_is_told_as_such(late: Book):
    late.put("promises", "number,customer,amount,made_on,promised_on,documents\nP1,C1,400.00,2026-03-20,2026-03-28,F1")
    late.payments("number,date,amount,customer,applies_to\nR1,2026-03-25,150.00,C1,F1")
    [one] = rows(late, "--collector", "ana")
    assert "promise_partly_kept" in codes(one)
    assert "Promesa cumplida a medias: faltan $250.00" in {reason["detail"] for reason in one["reasons"]}


def test_who_was_contacted_within_the_quiet_days_rests(late: Book):
    late.put("contacts", "customer,at,channel,outcome\nC2,2026-03-30 10:00,call,no_answer")
    assert listed(late) == ["C1"]
    assert set(listed(late, as_of="2026-04-02")) == {"C1", "C2"}
    late.done("settings", "set", "worklist.quiet_days", "1")
    assert set(listed(late)) == {"C1", "C2"}


def test_a_next_action_brings_back_on_its_day_and_not_before(late: Book):
    late.put("contacts", "customer,at,channel,outcome,next_action_on\nC2,2026-03-26 10:00,call,no_answer,2026-04-03")
    assert listed(late) == ["C1"]
    [back] = [row for row in rows(late, as_of="2026-04-03") if row["customer"] == "C2"]
    assert (back["next_action_on"], "next_action_due" in codes(back)) == ("2026-04-03", True)


def test_paid_is_gone(late: Book):
    late.payments("number,date,amount,customer,applies_to\nR1,2026-03-31,5000.00,C2,F2")
    assert listed(late) == ["C1"]
    assert listed(late, as_of="2026-03-30") == ["C2", "C1"]


def test_every_amount_is_in_company_currency(late: Book):
    late.documents("""
        number,customer,issue_date,due_date,total,currency,exchange_rate
        U1,C3,2026-02-01,2026-03-01,100.00,USD,17.50
    """)
    [one] = [row for row in rows(late) if row["customer"] == "C3"]
    assert one["overdue"] == "1750.00"


def test_nobody_to_contact_is_no_rows(empty_book: Book):
    assert rows(empty_book) == []


def test_as_a_table_and_as_csv_reasons_are_sentences(late: Book):
    table = late.run("worklist", "--as-of", DAY, "--format", "table")
    assert "Debe $5,000.00 vencido +6" in table.out
    csv = late.run("worklist", "--as-of", DAY, "--format", "csv")
    assert csv.out.splitlines()[0].lstrip("\ufeff") == (
        "customer,name,score,reasons,overdue,oldest_days,promise_due,next_action_on"
    )


@pytest.mark.parametrize("options", [(), ("--as-of", "2026-02-30"), ("--as-of", DAY, "--limit", "0")])
def test_wrong_usage_is_told_as_such(empty_book: Book, options: tuple[str, ...]):
    assert empty_book.run("worklist", *options).code == 2
