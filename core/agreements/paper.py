"""An agreement on paper, to be signed: parties, debt, plan, clauses, lines to sign on; in Spanish or English."""

from collections.abc import Iterator
from decimal import Decimal

from core import i18n
from core.agreements.models import Outcome
from core.agreements.queries import AgreementCard
from core.agreements.standing import State
from core.agreements.words import frequency
from core.files import pdf
from core.files.table import Column, Kind
from core.i18n import _, day, money, plural
from core.money import ZERO
from core.portfolio.statement_files import Letterhead


def file_name(number: str) -> str:
    """`convenio_CV-000012.pdf`."""
    return _("convenio_{number}.pdf").format(number=number)


def as_pdf(one: AgreementCard, sender: Letterhead, *, language: str | None = None, made: str = "") -> bytes:
    """The agreement on letter paper; `language` None: the customer's. `made`: who made it and when, at the foot."""
    before = i18n.language()
    i18n.use(language or one.language or "es")
    try:
        title = _("Convenio de pago {number}").format(number=one.row.number)
        return pdf.render(
            pdf.Document(
                title=title, blocks=[pdf.Text(title, "title"), *_blocks(one, sender)],
                letterhead=[line for line in (sender.company, *sender.lines) if line],
                page_label=_("Página {page} de {pages}"), footer=made or one.row.number,
            )
        )  # fmt: skip
    finally:
        i18n.use(before)


def _blocks(one: AgreementCard, sender: Letterhead) -> Iterator[pdf.Block]:
    if one.row.state is State.WAITING:
        yield pdf.Text(_("Propuesta: todavía no está aprobada y no obliga a nadie."), "small")
    yield pdf.Facts(_parties(one, sender))
    yield pdf.Text(_("Adeudo que se reconoce"), "heading")
    yield pdf.Lines(
        [
            Column("number", _("Documento")), Column("due_on", _("Vencimiento"), Kind.DATE),
            Column("open", _("Saldo"), Kind.AMOUNT), Column("interest", _("Interés moratorio"), Kind.AMOUNT),
        ],
        [(line.number, line.due_on, line.open, line.interest) for line in one.documents],
        [(_("Total"), None, one.debt, one.late_interest)],
    )  # fmt: skip
    yield pdf.Strip(_sums(one))
    yield pdf.Text(_("Plan de pagos"), "heading")
    yield pdf.Lines(
        [
            Column("position", _("Pago")), Column("due_on", _("Fecha límite"), Kind.DATE),
            Column("principal", _("Capital e intereses reconocidos"), Kind.AMOUNT),
            Column("interest", _("Interés del plan"), Kind.AMOUNT), Column("amount", _("Importe"), Kind.AMOUNT),
        ],
        [(position(line.position), line.due_on, line.principal, line.interest, line.amount) for line in one.plan],
        [(_("Total"), None, one.row.total - one.plan_interest, one.plan_interest, one.row.total)],
    )  # fmt: skip
    yield pdf.Text(_("Cláusulas"), "heading")
    for place, clause in enumerate(_clauses(one), 1):
        yield pdf.Text(f"{place}. {clause}")
    read = _("Leído por las partes, firman en dos tantos el convenio {number} por {total}.")
    yield pdf.Signatures(
        [
            (_("Por el acreedor: {name}").format(name=sender.company or _("la empresa")), None),
            (_("Por el deudor: {name}").format(name=one.row.customer), None),
        ],
        read.format(number=one.row.number, total=money(one.row.total, one.row.currency)),
    )


def position(place: int) -> str:
    """What a payment of the plan is called."""
    return _("Enganche") if place == 0 else str(place)


def _parties(one: AgreementCard, sender: Letterhead) -> list[tuple[str, str]]:
    approved = next((step for step in one.steps if step.outcome == Outcome.APPROVED), None)
    facts = [
        (_("Acreedor"), sender.company),
        (_("Deudor"), f"{one.row.customer_code}  {one.row.customer}"),
        (_("RFC"), one.tax_id or ""),
        (_("Propuesto el"), day(one.row.proposed_on)),
        (_("Aprobado el"), day(approved.taken_on) if approved else ""),
        (_("Moneda"), one.row.currency),
        (_("Forma de pago del plan"), frequency(one.frequency)),
    ]
    return [(label, value) for label, value in facts if value]


def _sums(one: AgreementCard) -> list[tuple[str, str]]:
    return [
        (_("Saldo"), money(one.debt)), (_("Interés moratorio"), money(one.late_interest)),
        (_("Condonado"), money(-one.row.waived if one.row.waived else ZERO)),
        (_("Interés del plan"), money(one.plan_interest)), (_("Total del convenio"), money(one.row.total)),
    ]  # fmt: skip


def _clauses(one: AgreementCard) -> Iterator[str]:
    currency = one.row.currency
    yield _(
        "El deudor reconoce deber {debt} por los documentos de este convenio y {interest} de intereses moratorios al "
        "{on}, impuestos incluidos, a razón de {pct} % anual simple sobre un año de {days} días."
    ).format(
        debt=money(one.debt, currency), interest=money(one.late_interest, currency), on=day(one.row.proposed_on),
        pct=_percent(one.annual_pct), days=one.days_in_year,
    )  # fmt: skip
    if one.row.waived:
        yield _(
            "El acreedor condona {waived} de esos intereses, a condición de que el plan se pague completo y a tiempo."
        ).format(waived=money(one.row.waived, currency))
    paid = plural("{n} pago", "{n} pagos", len(one.plan))
    yield _("El deudor pagará {total} en {payments}, en las fechas y por los importes del plan.").format(
        total=money(one.row.total, currency), payments=paid
    )
    if one.plan_interest:
        yield _(
            "Mientras dura el plan corre un interés de {pct} % anual sobre lo que falta: {interest} en total."
        ).format(pct=_percent(one.plan_pct), interest=money(one.plan_interest, currency))
    yield _(
        "Un pago se tiene por hecho cuando su dinero queda aplicado a los documentos del convenio a más tardar en su "
        "fecha. Lo que se pague antes cuenta para los pagos que siguen."
    )
    yield _("El vencimiento original de los documentos no cambia y este convenio no los sustituye.")
    yield _breach(one)
    if one.guarantee:
        yield _("En garantía queda: {guarantee}").format(guarantee=one.guarantee)
    yield _("En lo no previsto se está a las leyes del domicilio del acreedor.")


def _breach(one: AgreementCard) -> str:
    """What happens when it is not kept."""
    failed = plural("{n} pago no se hace", "{n} pagos no se hacen", one.breach_after)
    grace = plural("{n} día de gracia", "{n} días de gracia", one.grace_days)
    told = _(
        "Incumplimiento: si {failed} pasados {grace}, el convenio termina sin necesidad de aviso; se puede exigir de "
        "inmediato todo lo que falte y vuelve a correr el interés moratorio de {pct} % anual."
    ).format(failed=failed, grace=grace, pct=_percent(one.annual_pct))
    if not one.row.waived:
        return told
    again = _("Además se vuelve a deber el interés condonado, {waived}.")
    return f"{told} {again.format(waived=money(one.row.waived, one.row.currency))}"


def _percent(value: Decimal) -> str:
    return f"{value.normalize():f}"
