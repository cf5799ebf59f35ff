"""A statement of account on paper (PDF) and as a workbook, in the customer's language or another."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import NamedTuple

from sqlmodel import Session

from core import i18n
from core.files import excel, pdf
from core.files.table import Column, Kind, Sheet
from core.i18n import _, day, money
from core.policies.settings import setting
from core.portfolio.columns import STATEMENT
from core.portfolio.statements import Statement
from core.portfolio.words import bucket_word, kind_word

#: Of the buckets, from not yet due to oldest: a line above each box of the strip.
_RAMP = ("#3876AB", "#C08300", "#D86A1A", "#C2410C", "#A11D1D", "#5E1212")


class Letterhead(NamedTuple):
    """Who sends it: the company's name, and the lines below it."""

    company: str
    lines: tuple[str, ...]


def letterhead(session: Session) -> Letterhead:
    """The company as its settings have it."""
    name = setting(session, "company.name")
    lines = [line.strip() for line in setting(session, "company.letterhead").splitlines()]
    return Letterhead(name, tuple(line for line in lines if line and line != name))


def file_name(statement: Statement, suffix: str) -> str:
    """`estado_C0001_MXN_2026-03-31.pdf`; what a file's name cannot bear in a code becomes a dash."""
    code = "".join(letter if letter.isalnum() or letter in "._-" else "-" for letter in statement.customer)
    name = _("estado_{code}_{currency}_{day}").format(code=code, currency=statement.currency, day=statement.end)
    return f"{name}.{suffix}"


def as_pdf(
    statement: Statement, sender: Letterhead, *, language: str | None = None, made: Callable[[], str] = str
) -> bytes:
    """The statement on letter paper; `language` None: the customer's. `made`: says in it who made it and when."""
    with written_in(language or statement.language):
        return pdf.render(
            pdf.Document(
                title=_title(statement),
                blocks=[
                    pdf.Text(_("Estado de cuenta"), "title"),
                    pdf.Facts(_facts(statement)),
                    pdf.Lines(_columns(), [*_moved(statement)], [_totals(statement)]),
                    pdf.Text(_("Antigüedad del saldo al {day}").format(day=day(statement.end)), "heading"),
                    pdf.Strip(_strip(statement), _colours(len(statement.buckets) + 2)),
                    *_afterword(statement),
                ],
                letterhead=[line for line in (sender.company, *sender.lines) if line],
                page_label=_("Página {page} de {pages}"),
                footer=made(),
            )
        )


def as_workbook(statement: Statement, *, language: str | None = None, made: Callable[[], str] = str) -> bytes:
    """The statement as a workbook: the movements with real dates and amounts, and how old the balance is."""
    with written_in(language or statement.language):
        notes = [*(f"{label}: {value}" for label, value in _facts(statement)), *filter(None, [made()])]
        closing = (statement.end, _("Saldo final"), "", "", None, None, statement.closing)
        rows = [*_moved(statement), closing]
        moved = Sheet(title=_("Estado de cuenta"), columns=_columns(), rows=rows, notes=notes)
        names = [*statement.buckets, "unapplied", "total"]
        titles = [bucket_word(name) for name in statement.buckets] + [_("Sin aplicar"), _("Total")]
        ages = Sheet(
            title=_("Antigüedad"),
            columns=[Column(name, title, Kind.AMOUNT) for name, title in zip(names, titles, strict=True)],
            rows=[(*statement.aging.buckets, statement.aging.unapplied, statement.aging.total)], notes=notes,
        )  # fmt: skip
        return excel.workbook(moved, ages)


@contextmanager
def written_in(language: str) -> Iterator[None]:
    """Texts in another language, and back."""
    before = i18n.language()
    i18n.use(language)
    try:
        yield
    finally:
        i18n.use(before)


def _title(statement: Statement) -> str:
    return _("Estado de cuenta de {name} al {day}").format(name=statement.name, day=day(statement.end))


def _facts(statement: Statement) -> list[tuple[str, str]]:
    start = day(statement.start) if statement.start else _("el principio")
    facts = [
        (_("Cliente"), f"{statement.customer}  {statement.name}"),
        (_("RFC"), statement.tax_id or ""),
        (_("Periodo"), _("desde {start} hasta el {end}").format(start=start, end=day(statement.end))),
        (_("Moneda"), statement.currency),
        (_("Saldo al {day}").format(day=day(statement.end)), money(statement.closing, statement.currency)),
    ]
    return [(label, value) for label, value in facts if value]


def _columns() -> list[Column]:
    widths = {"kind": 16, "document": 16, "reference": 18}
    return [column._replace(title=_(column.title), width=widths.get(column.key)) for column in STATEMENT]


def _moved(statement: Statement) -> Iterator[tuple[object, ...]]:
    """Opening balance and each movement."""
    yield (statement.start, _("Saldo inicial"), "", "", None, None, statement.opening)
    for line in statement.lines:
        moved = tuple(amount or None for amount in (line.charge, line.credit))
        yield (line.date, kind_word(line.kind), line.document, line.reference or "", *moved, line.balance)


def _totals(statement: Statement) -> tuple[object, ...]:
    return (statement.end, _("Saldo final"), "", "", statement.charges, statement.credits, statement.closing)


def _strip(statement: Statement) -> list[tuple[str, str]]:
    row = statement.aging
    boxes = [(bucket_word(name), money(amount)) for name, amount in zip(statement.buckets, row.buckets, strict=True)]
    return [*boxes, (_("Sin aplicar"), money(row.unapplied)), (_("Total"), money(row.total))]


def _colours(boxes: int) -> list[str]:
    ages = boxes - 2
    ramp = [_RAMP[min(place * len(_RAMP) // ages, len(_RAMP) - 1)] for place in range(ages)]
    return [*ramp[:-1], _RAMP[-1], "#5B6B7C", "#16222E"]


def _afterword(statement: Statement) -> list[pdf.Text]:
    """What the customer should do about it."""
    if statement.aging.overdue > 0:
        text = _("Su saldo vencido es de {amount}. Si ya lo pagó, envíenos el comprobante; gracias.").format(
            amount=money(statement.aging.overdue, statement.currency)
        )
        return [pdf.Text(text)]
    return [pdf.Text(_("Si encuentra alguna diferencia, avísenos; gracias."), "small")]
