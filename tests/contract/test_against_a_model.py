"""Random books: what the product says of every row and every day is what a slow second ledger says."""

import calendar
import csv
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from random import Random

import pytest

from tests.contract.helpers import Book
from tests.contract.model import BadRow, Credit, Ledger

CUSTOMERS = ("C1", "C2")
RATES = {"MXN": Decimal(1), "USD": Decimal("17.123457")}
DAYS = [(date(2026, 1, 1) + timedelta(n)).isoformat() for n in range(90)]
LOOKED_AT = ("2026-01-10", "2026-01-31", "2026-02-14", "2026-03-05", "2026-03-31", "2026-12-31")


class Author:
    """Writes files of random rows and tells the model of each."""

    def __init__(self, seed: int) -> None:
        self.pick, self.model = Random(seed), Ledger()
        self.made, self.keys, self.bad = 0, set[tuple[str, str, str]](), list[str]()

    def amount(self, most: int = 30_000) -> Decimal:
        return Decimal(self.pick.randint(1, most)).scaleb(-2)

    def number(self, letter: str) -> str:
        self.made += 1
        return f"{letter}{self.made}"

    def try_(self, row: list, accept, *arguments) -> list:
        try:
            accept(*arguments)
        except BadRow:
            self.bad.append(",".join(str(cell) for cell in row))
        return row

    def charge(self) -> list:
        customer, currency = self.pick.choice(CUSTOMERS), self.pick.choice(["MXN", "MXN", "USD"])
        day, number = self.pick.choice(DAYS), self.number("F")
        dues = self.pick.sample(DAYS, self.pick.choice([1, 1, 2, 3]))
        parts = [(due, self.amount()) for due in dues]
        self.model.charge(number, customer, day, currency, RATES[currency], parts)
        kind = self.pick.choice(["invoice", "invoice", "debit_note"])
        written = ";".join(f"{due}:{part}" for due, part in parts)
        total = sum(part for _, part in parts)
        return [kind, number, customer, day, total, currency, "" if currency == "MXN" else RATES[currency], written, ""]

    def named(self, customer: str, currency: str) -> list[tuple[str, Decimal | None]]:
        """Some documents, mostly of this customer and currency."""
        own = [c.number for c in self.model.charges.values() if (c.customer, c.currency) == (customer, currency)]
        known = list(self.model.charges) if self.pick.random() < 0.05 else own
        numbers = self.pick.sample(known, min(len(known), self.pick.choice([0, 1, 1, 2, 3])))
        exact = self.pick.random() < 0.4
        return [(number, self.amount(9_000) if exact else None) for number in numbers]

    def credit(self, letter: str) -> list:
        customer, currency = self.pick.choice(CUSTOMERS), self.pick.choice(["MXN", "MXN", "USD"])
        nobody = letter == "P" and self.pick.random() < 0.25
        named = [] if nobody else self.named(customer, currency)
        day, number, amount = self.pick.choice(DAYS), self.number(letter), self.amount(60_000)
        made = Credit(number, None if nobody else customer, day, currency, RATES[currency], amount, letter == "P")
        applies_to = ";".join(number if part is None else f"{number}:{part}" for number, part in named)
        rate = "" if currency == "MXN" else RATES[currency]
        if letter == "P":
            row = [number, day, amount, "" if nobody else customer, currency, rate, applies_to]
        else:
            row = ["credit_note", number, customer, day, amount, currency, rate, "", applies_to]
        return self.try_(row, self.model.credit, made, named)

    def application(self) -> list | None:
        credit = self.model.credits[self.pick.choice(list(self.model.credits))]
        own = [
            c.number
            for c in self.model.charges.values()
            if (c.customer, c.currency) == (credit.customer, credit.currency)
        ]
        if not own:
            return None
        number = self.pick.choice(own)
        day = self.pick.choice(["", max(self.pick.choice(DAYS), credit.day)])
        resolved = day or max(credit.day, self.model.charges[number].day)
        if (credit.number, number, resolved) in self.keys:
            return None
        self.keys.add((credit.number, number, resolved))
        amount = self.amount(9_000)
        return self.try_(
            [credit.number, number, amount, day], self.model.application, credit.number, number, amount, day
        )

    def reversal(self) -> list | None:
        known = {**self.model.credits, **self.model.charges}
        number = self.pick.choice(list(known))
        whole, day, document = known[number], self.pick.choice(DAYS), ""
        if isinstance(whole, Credit) and whole.moves and self.pick.random() < 0.6:
            document = self.pick.choice(whole.moves).part.charge.number
            pair = [move for move in whole.moves if move.part.charge.number == document]
            if any(move.undone and day < move.undone for move in pair):
                return None  # a partial undo before another one of the pair: the contract leaves it open
        if (number, document, day) in self.keys:
            return None
        self.keys.add((number, document, day))
        return self.try_([number, day, "error", document], self.model.reversal, number, day, document)


def identify(book: Book, author: Author) -> None:
    """Some of the money that is nobody's finds its customer, by command."""
    pick = author.pick
    for number in [one.number for one in author.model.credits.values() if one.money and one.customer is None]:
        customer, day = pick.choice(CUSTOMERS), pick.choice(DAYS)
        try:
            author.model.identify(number, customer, day)
            code = 0
        except BadRow:
            code = 1
        assert book.run("payments", "identify", number, "--customer", customer, "--on", day).code == code


HEADERS = {
    "documents": "kind number customer issue_date total currency exchange_rate instalments applies_to".split(),
    "payments": "number date amount customer currency exchange_rate applies_to".split(),
    "applications": "source document amount date".split(),
    "reversals": "number date reason document".split(),
}


def put(book: Book, author: Author, kind: str, rows: list) -> None:
    """The file goes in; as many rows are bad as the model says."""
    path, rejected = book.folder / f"{kind}{author.made}{len(author.keys)}.csv", book.folder / "rejected.csv"
    rows = [row for row in rows if row is not None]
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([HEADERS[kind], *rows])
    summary = book.put(kind, path, "--skip-bad-rows", "--rejected", str(rejected))
    refused = rejected.read_text(encoding="utf-8-sig").splitlines()[1:]
    assert [line for line in author.bad if not any(one.startswith(line) for one in refused)] == []
    assert [one for one in refused if not any(one.startswith(line) for line in author.bad)] == []
    assert summary["new"] == len(rows) - len(refused)
    author.bad.clear()


def write_books(book: Book, author: Author) -> None:
    for _ in range(2):
        charges = [author.charge() for _ in range(8)]
        put(book, author, "documents", [*charges, *(author.credit("N") for _ in range(4))])
        put(book, author, "payments", [author.credit("P") for _ in range(10)])
        identify(book, author)
        put(book, author, "applications", [author.application() for _ in range(10)])
        put(book, author, "reversals", [author.reversal() for _ in range(8)])
        identify(book, author)


@pytest.mark.parametrize("seed", range(6))
def test_every_row_and_every_day_is_what_the_model_says(book: Book, seed: int):
    author = Author(seed)
    write_books(book, author)
    model = author.model
    for day in LOOKED_AT:
        expected = {key: (str(left), str(base), str(future)) for key, _, _, left, base, future in model.items(day)}
        items = book.items(day)
        assert {k: (row["open"], row["base_total"], row["future"]) for k, row in items.items()} == expected, day
    assert book.run("db", "check").code == 0


@pytest.mark.backend("sqlite")
@pytest.mark.parametrize("seed", range(10, 20))
def test_statements_and_indicators_agree_with_the_model(book: Book, seed: int):
    author = Author(seed)
    write_books(book, author)
    model = author.model
    for customer, currency in (("C1", "MXN"), ("C2", "USD")):
        for day in ("2026-02-14", "2026-12-31"):
            left = [item[3] for item in model.items(day) if item[1:3] == (customer, currency)]
            sheet = book.statement(customer, "--to", day, "--currency", currency)
            assert Decimal(sheet["closing"]) == sum(left, Decimal(0))
            lines = [Decimal(line["charge"]) - Decimal(line["credit"]) for line in sheet["lines"]]
            assert sum(lines, Decimal(sheet["opening"])) == Decimal(sheet["closing"])
    for row in book.kpis("2025-12", "2026-04"):
        assert row == {**row, **indicators(model, row["month"], row["currency"])}


def indicators(model: Ledger, month: str, currency: str) -> dict[str, str | None]:
    """The figures of a month, by the formulas of the glossary; fractions, rounded at the end."""
    days, last = month_end(month)
    closing, overdue = model.billed(last, currency)
    opening, _ = model.billed((date.fromisoformat(f"{month}-01") - timedelta(1)).isoformat(), currency)
    sales = model.sales(month, currency)
    dso, best = (share(one * days, sales) if sales > 0 else None for one in (closing, closing - overdue))
    return {
        "opening": str(opening), "sales": str(sales), "collected": str(model.collected(month, currency)),
        "closing": str(closing), "overdue": str(overdue), "overdue_pct": share(overdue * 100, closing), "dso": dso,
        "best_possible_dso": best, "add": str(Decimal(dso) - Decimal(best)) if dso and best else None,
        "cei_pct": share((opening + sales - closing) * 100, opening + sales - (closing - overdue)),
        "dso_countback": countback(model, month, currency, closing),
        "unidentified": str(model.unidentified(last, currency)),
    }  # fmt: skip


def countback(model: Ledger, month: str, currency: str, balance: Decimal) -> str | None:
    """Whole months backwards while the balance outlives their sales, then the fraction of the last."""
    passed = 0
    if balance == 0:
        return "0.00"
    for back in range(6):
        name = (date.fromisoformat(f"{month}-15") - timedelta(30 * back)).isoformat()[:7]
        days, _ = month_end(name)
        sales = model.sales(name, currency)
        if sales >= balance:
            return str(rounded(passed + Fraction(balance) * days / Fraction(sales)))
        balance, passed = balance - max(sales, Decimal(0)), passed + days
    return None


def month_end(month: str) -> tuple[int, str]:
    days = calendar.monthrange(int(month[:4]), int(month[5:]))[1]
    return days, f"{month}-{days}"


def share(part: Decimal, whole: Decimal) -> str | None:
    return str(rounded(Fraction(part) / Fraction(whole))) if whole else None


def rounded(exact: Fraction) -> Decimal:
    """Two decimals, half up (away from zero)."""
    cents = int(abs(exact) * 100 + Fraction(1, 2))
    return Decimal(-cents if exact < 0 else cents).scaleb(-2)
