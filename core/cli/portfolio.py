"""`aging`, `statement`, `kpis`: the figures of the portfolio."""

from datetime import date
from typing import Any

import click

from core.cli.frame import FORMATS, Call, command
from core.cli.options import DAY, LIMITS, MONTH, OneOf, in_order
from core.db import reading
from core.i18n import LANGUAGES, N_, _, amount, day
from core.policies.settings import buckets as usual_buckets
from core.portfolio.aging import MEASURES, AgingRow, Basis, By
from core.portfolio.aging import aging as aging_of
from core.portfolio.aging_files import flat, paper
from core.portfolio.columns import KPIS, STATEMENT, aging_columns, document_columns
from core.portfolio.kpis import kpis as kpis_of
from core.portfolio.open_documents import open_documents
from core.portfolio.scope import Scope
from core.portfolio.statements import Statement
from core.portfolio.statements import statement as statement_of


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
            names, totals, rows = papers.buckets, papers.totals, [paper(row) for row in papers.rows]
        else:
            report = aging_of(session, actor, by=kind, **asked)
            names, totals, rows = report.buckets, report.totals, [flat(row) for row in report.rows]
    payload = {
        "as_of": as_of, "basis": basis, "by": by, "buckets": names, "rows": rows,
        "totals": [_sums(row, names) for row in totals],
    }  # fmt: skip
    columns = document_columns(names) if kind is By.DOCUMENT else aging_columns(kind, names)
    call.emit(payload, columns, title=_("Antigüedad de saldos al {day}").format(day=day(as_of)))


def _sums(row: AgingRow, names: list[str]) -> dict[str, Any]:
    return dict(zip(("currency", *names, *MEASURES), flat(row)[2:], strict=True))


@command("statement", help=N_("Estado de cuenta de un cliente."), formats=(*FORMATS, "pdf"))
@click.argument("customer")
@click.option("--from", "start", type=DAY, help=N_("Primer día (si no se dice: desde el principio)."))
@click.option("--to", "end", type=DAY, help=N_("Último día (si no se dice: hoy)."))
@click.option("--currency", metavar="CUR", help=N_("Moneda (si no se dice: la del cliente)."))
@click.option("--language", type=OneOf(LANGUAGES), help=N_("Idioma del papel (si no se dice: el del cliente)."))
def statement(
    call: Call, customer: str, start: date | None, end: date | None, currency: str | None, language: str | None
) -> None:
    """What moved a customer's balance, and how old it is."""
    in_order(start, end)
    with reading() as session:
        found = statement_of(
            session, call.actor(session), customer=customer, start=start, end=end or call.today, currency=currency
        )
        if call.format in ("pdf", "xlsx"):
            from core.portfolio import statement_files as files  # writers of PDF and XLSX are slow to load

            sender = files.letterhead(session)
    if call.format == "pdf":
        call.deliver(files.as_pdf(found, sender, language=language))
    elif call.format == "xlsx":
        call.deliver(files.as_workbook(found, language=language))
    else:
        _emit(call, found)


def _emit(call: Call, found: Statement) -> None:
    payload = {
        "customer": found.customer, "currency": found.currency, "from": found.start, "to": found.end,
        "opening": found.opening, "lines": found.lines, "closing": found.closing,
        "aging": {"key": found.aging.key, "name": found.aging.name, **_sums(found.aging, found.buckets)},
    }  # fmt: skip
    title = _("Estado de cuenta de {name} al {day}").format(name=found.name, day=day(found.end))
    notes = [
        _("Moneda: {currency}").format(currency=found.currency),
        _("Saldo inicial: {amount}").format(amount=amount(found.opening)),
        _("Saldo final: {amount}").format(amount=amount(found.closing)),
    ]
    call.emit(payload, STATEMENT, title=title, notes=notes, rows="lines")


@command("kpis", help=N_("Indicadores de la cartera, mes a mes."))
@click.option("--from", "start", type=MONTH, required=True, help=N_("Primer mes."))
@click.option("--to", "end", type=MONTH, required=True, help=N_("Último mes."))
@click.option("--region", metavar="R", help=N_("Solo los clientes de esta región."))
def kpis(call: Call, start: str, end: str, region: str | None) -> None:
    """The indicators of each month and currency."""
    in_order(start, end)
    with reading() as session:
        rows = kpis_of(session, call.actor(session), start=start, end=end, today=call.today, region=region)
    payload = {"from": start, "to": end, "region": region, "rows": rows}
    call.emit(payload, KPIS, title=_("Indicadores de {start} a {end}").format(start=start, end=end))
