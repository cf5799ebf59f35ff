"""The list of a hand-over on paper and as a workbook, with its folio; the lists of cases and agencies as tables."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal

from core import i18n
from core.files import excel, pdf
from core.files.table import Column, Kind, Sheet
from core.i18n import _, day, money
from core.legal.candidates import Candidate
from core.legal.card import CaseCard, HandedRow, HandOverRow
from core.legal.models import HandOverState
from core.legal.queries import CaseRow
from core.legal.recoveries import Recovery
from core.legal.words import reasons, stage, state
from core.money import ZERO
from core.portfolio.statement_files import Letterhead
from core.portfolio.words import kind_word


def folio(number: str, hand_over_id: int) -> str:
    """The folio of a hand-over's list: `EX-000012/34`."""
    return f"{number}/{hand_over_id}"


def file_name(number: str, hand_over_id: int, suffix: str) -> str:
    """`entrega_EX-000012-34.pdf`."""
    return _("entrega_{folio}").format(folio=f"{number}-{hand_over_id}") + f".{suffix}"


def as_pdf(
    one: CaseCard, passed: HandOverRow, rows: Sequence[HandedRow], sender: Letterhead, *, language: str | None = None,
    made: str = "",
) -> bytes:  # fmt: skip
    """The hand-over list on letter paper, with lines to sign on for who gives and who receives."""
    before = i18n.language()
    i18n.use(language or before)
    try:
        title = _("Relación de entrega {folio}").format(folio=folio(one.number, passed.hand_over_id))
        return pdf.render(
            pdf.Document(
                title=title, blocks=[pdf.Text(title, "title"), *_blocks(one, passed, rows, sender)],
                letterhead=[line for line in (sender.company, *sender.lines) if line],
                page_label=_("Página {page} de {pages}"), footer=made or folio(one.number, passed.hand_over_id),
            )
        )  # fmt: skip
    finally:
        i18n.use(before)


def as_workbook(one: CaseCard, passed: HandOverRow, rows: Sequence[HandedRow], *, made: str = "") -> bytes:
    """The same as a workbook."""
    notes = [*(f"{label}: {value}" for label, value in _facts(one, passed)), *filter(None, [made])]
    return excel.workbook(
        Sheet(
            title=_("Relación de entrega {folio}").format(folio=folio(one.number, passed.hand_over_id)),
            columns=_columns(), rows=[_line(row) for row in rows], totals_by="currency", notes=notes,
        )
    )  # fmt: skip


def _blocks(one: CaseCard, passed: HandOverRow, rows: Sequence[HandedRow], sender: Letterhead) -> Iterator[pdf.Block]:
    if passed.state != HandOverState.APPROVED:
        yield pdf.Text(_("Propuesta: todavía no se entrega."), "small")
    yield pdf.Facts(_facts(one, passed))
    yield pdf.Lines(_columns(), [_line(row) for row in rows], [*_totals(rows)])
    if one.guarantee:
        yield pdf.Text(_("Garantías"), "heading")
        yield pdf.Text(one.guarantee)
    yield pdf.Signatures(
        [
            (_("Entrega: {name}").format(name=sender.company or _("la empresa")), None),
            (_("Recibe: {name}").format(name=passed.agency or one.lawyer or stage(passed.stage)), None),
        ],
        _("Los importes son los saldos del día de la entrega; esta relación no cambia después."),
    )


def _facts(one: CaseCard, passed: HandOverRow) -> list[tuple[str, str]]:
    commission = f"{passed.commission_pct.normalize():f} %" if passed.commission_pct is not None else ""
    facts = [
        (_("Cliente"), f"{one.customer_code}  {one.customer}"), (_("RFC"), one.tax_id or ""),
        (_("Etapa"), stage(passed.stage)), (_("Despacho"), passed.agency or ""), (_("Comisión"), commission),
        (_("Abogado"), one.lawyer or ""),
        (_("Entregado el"), day(passed.from_on) if passed.from_on else ""),
        (_("Propuso"), passed.proposed_by), (_("Aprobó"), passed.decided_by or ""), (_("Motivo"), passed.reason),
    ]  # fmt: skip
    return [(label, value) for label, value in facts if value]


def _columns() -> list[Column]:
    return [
        Column("number", _("Documento")), Column("kind", _("Tipo")), Column("due_on", _("Vencimiento"), Kind.DATE),
        Column("currency", _("Moneda")), Column("amount", _("Saldo entregado"), Kind.AMOUNT, total=True),
    ]  # fmt: skip


def _line(row: HandedRow) -> tuple[object, ...]:
    amount = row.proposed if row.handed is None else row.handed
    return (row.number, kind_word(row.kind), row.due_on, row.currency, amount)


def _totals(rows: Sequence[HandedRow]) -> Iterator[tuple[object, ...]]:
    for currency in sorted({row.currency for row in rows}):
        amounts = (row.proposed if row.handed is None else row.handed for row in rows if row.currency == currency)
        yield (_("Total"), "", None, currency, sum(amounts, ZERO))


def cases_sheet(rows: Iterable[CaseRow], notes: Sequence[str] = ()) -> Sheet:
    """The list of cases."""
    return Sheet(
        title=_("Prelegal y legal"),
        columns=[
            Column("number", _("Expediente")), Column("stage", _("Etapa")), Column("since", _("Desde"), Kind.DATE),
            Column("customer_code", _("Clave")), Column("customer", _("Cliente"), width=34),
            Column("collector", _("Gestor")), Column("agency", _("Despacho")), Column("lawyer", _("Abogado")),
            Column("currency", _("Moneda")), Column("handed", _("Entregado"), Kind.AMOUNT, total=True),
            Column("open_now", _("Saldo hoy"), Kind.AMOUNT, total=True),
            Column("waiting", _("Por aprobar")), Column("hearing_on", _("Audiencia"), Kind.DATE),
            Column("prescribes_on", _("Prescribe el"), Kind.DATE),
        ],
        rows=(
            (
                one.number, stage(one.stage) if one.stage else "", one.since, one.customer_code, one.customer,
                one.collector, one.agency, one.lawyer, one.currency, one.handed, one.open_now,
                stage(one.waiting) if one.waiting else "", one.hearing_on, one.prescribes_on,
            )
            for one in rows
        ),
        totals_by="currency", notes=notes,
    )  # fmt: skip


def candidates_sheet(rows: Iterable[Candidate], notes: Sequence[str] = ()) -> Sheet:
    """Customers proposed by the conditions of the settings."""
    return Sheet(
        title=_("Candidatos a otra etapa"),
        columns=[
            Column("customer_code", _("Clave")), Column("customer", _("Cliente"), width=34),
            Column("region", _("Región")), Column("collector", _("Gestor")), Column("current", _("Está en")),
            Column("proposed", _("Pasaría a")), Column("days", _("Días"), Kind.INTEGER),
            Column("overdue", _("Vencido"), Kind.AMOUNT, total=True),
            Column("broken", _("Promesas rotas"), Kind.INTEGER), Column("reasons", _("Por qué"), width=40),
        ],
        rows=(
            (
                one.customer_code, one.customer, one.region, one.collector, stage(one.current), stage(one.proposed),
                one.days, one.overdue, one.broken, reasons(one),
            )
            for one in rows
        ),
        notes=notes,
    )  # fmt: skip


def recoveries_sheet(rows: Iterable[Recovery], start: date | None, end: date) -> Sheet:
    """What was recovered of each hand-over in a period, and the commission."""
    period = _("Del {start} al {end}").format(start=day(start) if start else _("principio"), end=day(end))
    return Sheet(
        title=_("Recuperado"),
        columns=[
            Column("case", _("Expediente")), Column("customer_code", _("Clave")),
            Column("customer", _("Cliente"), width=34), Column("stage", _("Etapa")), Column("agency", _("Despacho")),
            Column("from_on", _("Desde"), Kind.DATE), Column("until_on", _("Hasta"), Kind.DATE),
            Column("currency", _("Moneda")), Column("handed", _("Entregado"), Kind.AMOUNT, total=True),
            Column("recovered", _("Recuperado"), Kind.AMOUNT, total=True),
            Column("commission_pct", _("Comisión %"), Kind.PERCENT),
            Column("commission", _("Comisión"), Kind.AMOUNT, total=True),
        ],
        rows=(
            (
                one.case, one.customer_code, one.customer, stage(one.stage), one.agency, one.from_on, one.until_on,
                one.currency, one.handed, one.recovered, one.commission_pct, one.commission,
            )
            for one in rows
        ),
        totals_by="currency", notes=[period],
    )  # fmt: skip


def hand_over_told(one: HandOverRow) -> str:
    """A stage of a case in a line: where it went, when, by whom."""
    where = one.agency or stage(one.stage)
    if one.state != HandOverState.APPROVED or one.from_on is None:
        return f"{where} · {state(one.state)}"
    return _("{where} desde el {day}").format(where=where, day=day(one.from_on))


def amounts_told(sums: Iterable[tuple[str, Decimal]]) -> str:
    """Sums of several currencies in a line."""
    return " · ".join(money(amount, currency) for currency, amount in sums) or money(ZERO)
