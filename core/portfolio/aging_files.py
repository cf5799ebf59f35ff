"""An aging as a file: all its rows, with what was asked for in words."""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date

from sqlmodel import Session

from core.auth.actor import Actor
from core.files.table import Column, Sheet
from core.i18n import N_, _, day
from core.policies.settings import buckets
from core.portfolio.aging import AgingRow, Basis, By, aging
from core.portfolio.buckets import names
from core.portfolio.columns import aging_columns, document_columns
from core.portfolio.open_documents import OpenDocument, each_open_document
from core.portfolio.scope import EVERYTHING, Scope
from core.portfolio.words import bucket_word, kind_word

BASES = {
    Basis.DUE_DATE: N_("Vencimiento"), Basis.ISSUE_DATE: N_("Emisión"), Basis.PRESENTED_DATE: N_("Presentación"),
}  # fmt: skip
FILTERS = {
    "customer": N_("Cliente"), "region": N_("Región"), "district": N_("Distrito"), "segment": N_("Segmento"),
    "collector": N_("Gestor"), "sales_rep": N_("Asesor"), "currency": N_("Moneda"),
}  # fmt: skip


@dataclass(frozen=True)
class Asked:
    """What a view of the portfolio asks for."""

    as_of: date
    by: By = By.CUSTOMER
    basis: Basis = Basis.DUE_DATE
    scope: Scope = EVERYTHING


def aging_sheet(session: Session, actor: Actor, asked: Asked) -> Sheet:
    """All rows of that view, amounts and dates as such, totals by currency. Documents are read while they are written,
    so the session must stay open until then."""
    limits = buckets(session)
    given = {"as_of": asked.as_of, "limits": limits, "basis": asked.basis, "scope": asked.scope}
    rows: Iterable[tuple[object, ...]]
    if asked.by is By.DOCUMENT:
        papers = each_open_document(session, actor, **given)  # type: ignore[arg-type]  # named as its arguments are
        columns, rows = document_columns(names(limits)), map(paper_values, papers)
    else:
        found = aging(session, actor, by=asked.by, **given)  # type: ignore[arg-type]  # as above
        columns, rows = aging_columns(asked.by, found.buckets), [flat(row) for row in found.rows]
    return Sheet(
        title=_("Antigüedad de saldos"),
        columns=[_titled(one) for one in columns],
        rows=rows,
        notes=told(asked),
        totals_by="currency",
    )


def flat(row: AgingRow) -> tuple[object, ...]:
    """A row in the order of `aging_columns`."""
    return (*row[:3], *row.buckets, *row[4:])


def paper(row: OpenDocument) -> tuple[object, ...]:
    """A row in the order of `document_columns`, as the contract names things."""
    return (
        *flat(row.figures), row.customer, row.kind, row.instalment, row.issue_date, row.due_date, row.days,
        row.original, row.applied, row.open, row.sales_rep or None,
    )  # fmt: skip


def paper_values(row: OpenDocument) -> tuple[object, ...]:
    """The same in words, with the customer's name where the number would stand twice."""
    key, _name, *figures = flat(row.figures)
    return (key, row.customer_name, *figures, row.customer, kind_word(row.kind), *paper(row)[-8:])


def told(asked: Asked) -> list[str]:
    """Date, basis and filters in words."""
    basis = _("Días contados desde: {basis}").format(basis=_(BASES[asked.basis]).lower())
    filters = [
        f"{_(FILTERS[one.name])}: {value or _('sin asignar')}"
        for one in fields(Scope)
        if (value := getattr(asked.scope, one.name)) is not None
    ]
    return [_("Fecha de corte: {day}").format(day=day(asked.as_of)), basis, *filters]


def _titled(column: Column) -> Column:
    is_bucket = column.key == "current" or column.key[0].isdigit()
    return column._replace(title=bucket_word(column.key) if is_bucket else _(column.title))
