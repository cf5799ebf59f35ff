"""`aging`, `statement`, `kpis`: the figures of the portfolio."""

from datetime import date
from typing import Any

import click

from core.cli.frame import Call, command
from core.cli.options import DAY, LIMITS, OneOf
from core.db import reading
from core.i18n import N_, _, day
from core.policies.settings import buckets as usual_buckets
from core.portfolio.aging import MEASURES, AgingRow, Basis, By
from core.portfolio.aging import aging as aging_of
from core.portfolio.columns import aging_columns, document_columns
from core.portfolio.open_documents import OpenDocument, open_documents
from core.portfolio.scope import Scope


@command("aging", help=N_("Antigüedad de saldos a una fecha."))
@click.option("--as-of", type=DAY, required=True, help=N_("Fecha de corte."))
@click.option("--by", "by", type=OneOf(By), default=By.CUSTOMER.value, help=N_("De qué trata cada renglón."))
@click.option(
    "--basis", type=OneOf(Basis), default=Basis.DUE_DATE.value, help=N_("Desde qué fecha se cuentan los días.")
)
@click.option("--buckets", type=LIMITS, help=N_("Límites de los tramos, como 30,60,90,120."))
@click.option("--customer", metavar="C", help=N_("Solo este cliente."))
@click.option("--region", metavar="R", help=N_("Solo los clientes de esta región."))
@click.option("--sales-rep", metavar="R", help=N_("Solo los documentos de este asesor."))
@click.option("--currency", metavar="CUR", help=N_("Solo esta moneda."))
def aging(call: Call, as_of: date, by: str, basis: str, buckets: list[int] | None, **filters: str | None) -> None:
    """What is open at a date, by age."""
    scope, kind = Scope(**filters), By(by)
    with reading() as session:
        actor, limits = call.actor(session), buckets or usual_buckets(session)
        asked: dict[str, Any] = {"as_of": as_of, "limits": limits, "basis": Basis(basis), "scope": scope}
        if kind is By.DOCUMENT:
            papers = open_documents(session, actor, **asked)
            names, totals, rows = papers.buckets, papers.totals, [_paper(row) for row in papers.rows]
        else:
            report = aging_of(session, actor, by=kind, **asked)
            names, totals, rows = report.buckets, report.totals, [_flat(row) for row in report.rows]
    payload = {
        "as_of": as_of, "basis": basis, "by": by, "buckets": names, "rows": rows,
        "totals": [_sums(row, names) for row in totals],
    }  # fmt: skip
    columns = document_columns(names) if kind is By.DOCUMENT else aging_columns(kind, names)
    call.emit(payload, columns, title=_("Antigüedad de saldos al {day}").format(day=day(as_of)))


def _flat(row: AgingRow) -> tuple[Any, ...]:
    return (*row[:3], *row.buckets, *row[4:])


def _sums(row: AgingRow, names: list[str]) -> dict[str, Any]:
    return dict(zip(("currency", *names, *MEASURES), _flat(row)[2:], strict=True))


def _paper(row: OpenDocument) -> tuple[Any, ...]:
    return (
        *_flat(row.figures), row.customer, row.kind, row.instalment, row.issue_date, row.due_date, row.days,
        row.original, row.applied, row.open, row.sales_rep,
    )  # fmt: skip
