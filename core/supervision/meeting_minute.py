"""The agenda of a meeting in words, and its minute on paper."""

from collections.abc import Iterator

from core.files import pdf
from core.files.table import Column, Kind
from core.i18n import N_, _, day, money
from core.portfolio.statement_files import Letterhead
from core.supervision.agenda import Section, Topic
from core.supervision.meeting_queries import MeetingCard

SECTIONS = {
    Section.PENDING: N_("Acuerdos anteriores sin cumplir"), Section.OVERDUE: N_("Mayores vencidos"),
    Section.BROKEN: N_("Promesas rotas en el último mes"), Section.DUE: N_("Promesas de los próximos siete días"),
    Section.BLOCKED: N_("Clientes bloqueados o en legal"), Section.DISPUTES: N_("Aclaraciones fuera de plazo"),
}  # fmt: skip
_CODES = {
    "manual": N_("bloqueo manual"), "legal": N_("en legal"), "broken": N_("rota"), "pending": N_("pendiente"),
    "partly_kept": N_("cumplida en parte"),
}  # fmt: skip


def told(one: Topic) -> str:
    """What a point says beside its customer."""
    parts = []
    if one.number:
        parts.append(_(_CODES[one.number]) if one.number in _CODES else one.number)
    if one.about:
        parts.append(_(_CODES[one.about]) if one.about in _CODES else one.about)
    if one.on is not None:
        word = _("vence desde el {day}") if one.section is Section.OVERDUE else "{day}"
        parts.append(word.format(day=day(one.on)))
    return " · ".join(parts)


def as_pdf(card: MeetingCard, company: Letterhead, *, made: str = "") -> bytes:
    """Who was there, the agenda, what was said, what was agreed and how much of it is done."""
    return pdf.render(
        pdf.Document(
            title=f"{_('Minuta de reunión')} {card.row.title}", blocks=[*_blocks(card)],
            letterhead=[line for line in (company.company, *company.lines) if line],
            page_label=_("Página {page} de {pages}"), footer=made,
        )
    )  # fmt: skip


def _blocks(card: MeetingCard) -> Iterator[pdf.Block]:
    one = card.row
    yield pdf.Text(_("Minuta de reunión"), "title")
    facts = [
        (_("Reunión"), one.title), (_("Fecha"), " ".join(filter(None, [day(one.held_on), one.starts_at]))),
        (_("Región"), one.region or _("Todas")), (_("Segmento"), one.segment or _("Todos")),
        (_("Asistieron"), ", ".join(person.name for person in card.people if person.attended) or _("sin registro")),
        (_("Faltaron"), ", ".join(person.name for person in card.people if person.attended is False)),
    ]  # fmt: skip
    yield pdf.Facts([(label, value) for label, value in facts if value])
    for section, title in SECTIONS.items():
        if topics := [topic for topic in card.topics if topic.section is section]:
            yield pdf.Text(_(title), "heading")
            yield _topics(topics)
    if card.notes:
        yield pdf.Text(_("Notas"), "heading")
        yield pdf.Text(card.notes)
    yield pdf.Text(_("Acuerdos"), "heading")
    yield _agreed(card) if card.agreements else pdf.Text(_("Sin acuerdos."))
    if one.agreed:
        yield pdf.Text(_("Cumplidos: {done} de {agreed} ({pct} %).").format(
            done=one.done, agreed=one.agreed, pct=one.done_pct
        ))  # fmt: skip


def _topics(topics: list[Topic]) -> pdf.Lines:
    columns = [
        Column("customer", _("Cliente"), width=34), Column("who", _("Responsable"), width=14),
        Column("amount", _("Importe"), width=18), Column("told", _("Detalle"), width=34),
    ]  # fmt: skip
    rows = [
        (
            one.customer or "", one.who or "",
            "" if one.amount is None else money(one.amount, one.currency or ""), told(one),
        )
        for one in topics
    ]  # fmt: skip
    return pdf.Lines(columns, rows)


def _agreed(card: MeetingCard) -> pdf.Lines:
    columns = [
        Column("text", _("Acuerdo"), width=40), Column("owner", _("Responsable"), width=18),
        Column("due_on", _("Para el"), Kind.DATE), Column("done_on", _("Cumplido el"), Kind.DATE),
        Column("result", _("Resultado"), width=24),
    ]  # fmt: skip
    rows = [(one.text, one.owner_name, one.due_on, one.done_on, one.result or "") for one in card.agreements]
    return pdf.Lines(columns, rows)
