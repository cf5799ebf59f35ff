"""The minute of a reconciliation on paper, and its differences as a workbook, in Spanish or English."""

from collections.abc import Iterator

from sqlmodel import Session

from core.files import pdf
from core.files.table import Column, Kind, Sheet
from core.i18n import _, day, language, money, plural, use
from core.portfolio.statement_files import Letterhead, letterhead
from core.reconciliations.kinds import Cause, Party
from core.reconciliations.queries import AgreementRow, Card, LineRow, State
from core.reconciliations.words import cause_label, matched_label

#: Lines that agree are many; so many are printed, the workbook has all.
_MOST_AGREED = 500


def sender(session: Session) -> Letterhead:
    """Who makes the minute."""
    return letterhead(session)


def file_name(number: str, tongue: str) -> str:
    """`minuta_CON-00012.pdf`."""
    return f"{'minute' if tongue == 'en' else 'minuta'}_{number}.pdf"


def as_pdf(one: Card, company: Letterhead, *, language: str, signature: bytes | None = None, made: str = "") -> bytes:
    """The minute: parties, cut, both balances, every difference with its cause, agreements, signatures."""
    before = _language()
    use(language)
    try:
        return pdf.render(
            pdf.Document(
                title=f"{_('Minuta de conciliación')} {one.number}", blocks=[*_blocks(one, company, signature)],
                letterhead=[line for line in (company.company, *company.lines) if line],
                page_label=_("Página {page} de {pages}"), footer=made or one.number,
            )
        )  # fmt: skip
    finally:
        use(before)


def _language() -> str:
    return language()


def _blocks(one: Card, company: Letterhead, signature: bytes | None) -> Iterator[pdf.Block]:
    yield pdf.Text(f"{_('Minuta de conciliación')} {one.number}", "title")
    if one.state is not State.SIGNED:
        yield pdf.Text(_("Borrador: todavía no está firmada."), "small")
    yield pdf.Facts(_facts(one, company))
    yield pdf.Text(_("Saldos al corte"), "heading")
    yield pdf.Strip([
        (_("Según nosotros"), money(one.our_balance)), (_("Según el cliente"), money(one.their_balance)),
        (_("Diferencia"), money(one.gap)), (_("Explicado por los renglones"), money(one.explained)),
    ])  # fmt: skip
    yield pdf.Text(_proof(one))
    yield pdf.Text(_("Por causa"), "heading")
    yield _by_cause(one)
    differing = [line for line in one.lines if line.difference]
    yield pdf.Text(_("Diferencias"), "heading")
    yield _lines(differing) if differing else pdf.Text(_("No hay diferencias."))
    agreeing = [line for line in one.lines if not line.difference]
    if agreeing:
        told = plural("{n} documento coincide", "{n} documentos coinciden", len(agreeing))
        yield pdf.Text(told, "heading")
        yield _lines(agreeing[:_MOST_AGREED])
    yield pdf.Text(_("Acuerdos"), "heading")
    yield _agreements(one.agreements) if one.agreements else pdf.Text(_("Sin acuerdos."))
    if one.notes:
        yield pdf.Text(_("Notas"), "heading")
        yield pdf.Text(one.notes)
    yield pdf.Text(
        _("Las partes reconocen los saldos y diferencias de esta minuta y se obligan a cumplir los acuerdos."), "small"
    )
    yield pdf.Signatures([
        (_signer(_("Por el cliente"), one.their_signer, one.their_position, one.customer), signature),
        (_signer(_("Por la empresa"), one.our_signer, None, company.company), None),
    ])  # fmt: skip


def _signer(role: str, name: str | None, position: str | None, party: str) -> str:
    return "\n".join(line for line in (role, name, position, party) if line)


def _proof(one: Card) -> str:
    if one.explained == one.gap:
        return _("Los renglones explican toda la diferencia: {amount}.").format(amount=money(one.gap, one.currency))
    left = money(one.gap - one.explained, one.currency)
    return _("Falta explicar {amount}.").format(amount=left)


def _facts(one: Card, company: Letterhead) -> list[tuple[str, str]]:
    facts = [
        (_("Empresa"), company.company), (_("Cliente"), f"{one.customer_code}  {one.customer}"),
        (_("RFC"), one.tax_id or ""), (_("Fecha de corte"), day(one.cut_on)), (_("Moneda"), one.currency),
        (_("Lista del cliente"), one.file_name), (_("Elaborada"), f"{day(one.made_on)} · {one.made_by}"),
        (_("Firmada"), day(one.signed_on) if one.signed_on else ""),
    ]  # fmt: skip
    return [(label, value) for label, value in facts if value]


def _by_cause(one: Card) -> pdf.Lines:
    columns = [
        Column("cause", _("Causa"), width=34), Column("lines", _("Renglones"), Kind.INTEGER),
        Column("ours", _("Nuestro"), Kind.AMOUNT), Column("theirs", _("Suyo"), Kind.AMOUNT),
        Column("difference", _("Diferencia"), Kind.AMOUNT),
    ]  # fmt: skip
    rows = [(cause_label(row.cause), row.lines, row.ours, row.theirs, row.difference) for row in one.causes]
    total = (_("Total"), len(one.lines), one.our_balance, one.their_balance, one.gap)
    return pdf.Lines(columns, rows, [total])


def _lines(lines: list[LineRow]) -> pdf.Lines:
    columns = [
        Column("our", _("Folio nuestro"), width=15), Column("our_on", _("Fecha"), Kind.DATE),
        Column("ours", _("Nuestro"), Kind.AMOUNT), Column("their", _("Folio suyo"), width=15),
        Column("theirs", _("Suyo"), Kind.AMOUNT), Column("difference", _("Diferencia"), Kind.AMOUNT),
        Column("cause", _("Causa"), width=26),
    ]  # fmt: skip
    rows = [
        (
            line.our_number or "", line.our_on or line.their_on, line.our_amount, line.their_number or "",
            line.their_amount, line.difference, _told(line),
        )
        for line in lines
    ]  # fmt: skip
    return pdf.Lines(columns, rows)


def _told(line: LineRow) -> str:
    parts = [cause_label(line.cause), line.evidence or "", line.remark or ""]
    return " · ".join(part for part in parts if part)


def _agreements(agreements: list[AgreementRow]) -> pdf.Lines:
    columns = [
        Column("text", _("Acuerdo"), width=40), Column("owner", _("Responsable"), width=22),
        Column("due_on", _("Fecha"), Kind.DATE), Column("amount", _("Importe"), Kind.AMOUNT),
        Column("becomes", _("Se registra como"), width=16),
    ]  # fmt: skip
    rows = [
        (
            f"{one.text} ({one.document})" if one.document else one.text, one.owner_name, one.due_on, one.amount,
            becomes(one),
        )
        for one in agreements
    ]  # fmt: skip
    return pdf.Lines(columns, rows)


def becomes(one: AgreementRow) -> str:
    """What an agreement turns into, or has turned into."""
    if one.party is Party.THEM and one.amount is not None:
        return _("Promesa {number}").format(number=one.promise) if one.promise else _("Promesa de pago")
    return _("Tarea") if one.party is Party.US else _("Tarea de seguimiento")


def sheets(one: Card) -> list[Sheet]:
    """All lines, those that differ first, and the sums by cause, for a workbook."""
    notes = [
        f"{one.number} · {one.customer_code} {one.customer}",
        _("Corte {day} · {currency}").format(day=day(one.cut_on), currency=one.currency), _proof(one),
    ]  # fmt: skip
    columns = [
        Column("our_number", _("Folio nuestro")), Column("our_on", _("Fecha nuestra"), Kind.DATE),
        Column("our_amount", _("Nuestro"), Kind.AMOUNT, total=True), Column("their_number", _("Folio suyo")),
        Column("their_on", _("Fecha suya"), Kind.DATE), Column("their_row", _("Renglón suyo"), Kind.INTEGER),
        Column("their_amount", _("Suyo"), Kind.AMOUNT, total=True),
        Column("difference", _("Diferencia"), Kind.AMOUNT, total=True), Column("cause", _("Causa"), width=34),
        Column("matched_by", _("Se encontró por"), width=24), Column("evidence", _("Lo explica")),
        Column("remark", _("Observación"), width=40),
    ]  # fmt: skip
    words = {"cause": lambda row: cause_label(row.cause), "matched_by": lambda row: matched_label(row.matched_by)}
    rows = [
        [words[key](line) if key in words else getattr(line, key) for key in (column.key for column in columns)]
        for line in sorted(one.lines, key=lambda line: line.cause == Cause.AGREES)
    ]
    return [Sheet(title=_("Diferencias"), columns=columns, rows=rows, notes=notes)]
