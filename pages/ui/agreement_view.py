"""One agreement: what was agreed, how each payment stands, its documents, what happened to it, its files."""

from datetime import date
from decimal import Decimal
from functools import partial
from typing import NamedTuple

import streamlit as st

from core import clock, i18n
from core.agreements.paper import as_pdf, file_name, position
from core.agreements.queries import AgreementCard, agreement_card
from core.agreements.standing import State
from core.agreements.words import frequency, outcome
from core.attachments.keeping import content_of
from core.auth.actor import Actor
from core.clock import today
from core.db import reading
from core.i18n import _, day, money, plural
from core.portfolio.statement_files import letterhead
from core.promises.words import status_told
from pages.ui import agreement_list, columns, menu, paper_button, people, promise_list
from pages.ui.text import plain


class _Payment(NamedTuple):
    position: str
    due_on: date
    amount: Decimal
    principal: Decimal
    interest: Decimal
    counted: Decimal | None
    status: str
    promise: str


class _Document(NamedTuple):
    number: str
    due_on: date
    open: Decimal
    interest: Decimal
    open_now: Decimal


def caption(one: AgreementCard) -> str:
    """Whose it is, and who proposed it when."""
    told = _("{code} · {customer} · lo propuso {by} el {day}")
    row = one.row
    return told.format(
        code=row.customer_code, customer=row.customer, by=people.known_as(row.proposed_by), day=day(row.proposed_on)
    )


def badges(one: AgreementCard) -> None:
    """How it stands, and whether it is signed."""
    parts = [agreement_list.badge(one.row.state)]
    if one.row.signed:
        parts.append(f":green-badge[:material/draw: {plain(_('Firmado'))}]")
    elif one.row.state is State.IN_FORCE:
        parts.append(f":orange-badge[:material/draw: {plain(_('Falta la firma del cliente'))}]")
    if one.needs_admin:
        parts.append(f":violet-badge[{plain(_('Pasa de su nivel: lo aprueba administración'))}]")
    st.markdown(" ".join(parts), width="content")


def figures(one: AgreementCard) -> None:
    """What is owed, what is waived, what came."""
    shown = (
        (_("Total del convenio"), one.row.total), (_("Adeudo"), one.debt), (_("Interés moratorio"), one.late_interest),
        (_("Condonado"), one.row.waived), (_("Recibido"), one.row.came),
    )  # fmt: skip
    with st.grid(5, min_column_width=158):
        for label, amount in shown:
            st.metric(label, money(amount), border=True)


def plan(one: AgreementCard) -> None:
    """Each payment, and how its promise stands."""
    approved = one.row.state not in (State.WAITING, State.REFUSED, State.WITHDRAWN)
    rows = [
        _Payment(
            position(line.position), line.due_on, line.amount, line.principal, line.interest, line.counted,
            status_told(line.status) if line.status else "", line.promise or "",
        )
        for line in one.plan
    ]  # fmt: skip
    chips = {status_told(status): colour for status, colour in promise_list.COLOURS.items()}
    shown = {
        "position": columns.text(_("Pago"), width=76), "due_on": columns.date(_("Fecha límite"), width=96),
        "amount": columns.money(_("Importe"), width=110),
    }  # fmt: skip
    if approved:
        shown |= {
            "counted": columns.money(_("Recibido en su plazo"), width=130),
            "status": columns.chips(_("Estado"), chips, width=126), "promise": columns.text(_("Promesa"), width=92),
        }  # fmt: skip
    if one.plan_interest:
        shown |= {
            "principal": columns.money(_("Capital"), width=110), "interest": columns.money(_("Interés"), width=90),
        }  # fmt: skip
    options = {"on_select": "rerun", "selection_mode": "single-row"} if approved else {}
    selection = columns.grid(
        rows, shown, key="plan_convenio", height=35 * (min(len(rows), 13) + 1) + 2,
        phone={"due_on": 84, "amount": 96, **({"status": 110} if approved else {})},
        alt=_("Plan de pagos y cómo va cada uno"), **options,
    )  # fmt: skip
    if approved and (chosen := columns.chosen(selection, rows)) and chosen.promise:
        menu.go("promise", promesa=chosen.promise)


def documents(one: AgreementCard) -> None:
    """What it is about; the due dates stay as they are."""
    rows = [_Document(*line) for line in one.documents]
    selection = columns.grid(
        rows,
        {
            "number": columns.text(_("Documento"), width=110), "due_on": columns.date(_("Vence"), width=92),
            "open": columns.money(_("Saldo al proponer"), width=124),
            "interest": columns.money(_("Interés"), width=90), "open_now": columns.money(_("Saldo hoy"), width=110),
        },
        key="documentos_convenio", on_select="rerun", selection_mode="single-row",
        height=35 * (min(len(rows), 10) + 1) + 2, phone={"number": 96, "open": 104, "open_now": 100},
        alt=_("Documentos del convenio"),
    )  # fmt: skip
    if chosen := columns.chosen(selection, rows):
        menu.go("document", folio=chosen.number)
    if one.interest_note:
        told = _("Los intereses convenidos se cargaron con la nota {number}; la cubren los mismos pagos.")
        if one.row.state is State.CANCELLED:
            told = _(
                "La nota {number}, de los intereses convenidos, sigue en la cuenta: si no procede, pida su reverso."
            )
        st.caption(plain(told.format(number=one.interest_note)))


def facts(one: AgreementCard) -> None:
    """Terms and rule of breach, then what happened."""
    pairs = [
        (_("Frecuencia"), frequency(one.frequency)),
        (_("Plazo"), plural("{n} mes", "{n} meses", one.row.months)),
        (_("Enganche"), money(one.down_payment, one.row.currency) if one.down_payment else ""),
        (_("Moratorio"), _("{pct} % anual sobre {days} días").format(pct=_pct(one.annual_pct), days=one.days_in_year)),
        (_("Condonado"), f"{_pct(one.waived_pct)} %" if one.row.waived else ""),
        (_("Interés del plan"), _("{pct} % anual").format(pct=_pct(one.plan_pct)) if one.plan_pct else ""),
        (_("Se rompe"), _breach(one)), (_("Garantía"), one.guarantee or ""), (_("Notas"), one.notes or ""),
    ]  # fmt: skip
    st.markdown("  \n".join(f"**{plain(label)}:** {plain(value)}" for label, value in pairs if value))
    for step in one.steps:
        remark = f": {step.remark}" if step.remark else ""
        st.caption(plain(f"{day(step.taken_on)} · {outcome(step.outcome)} · {people.known_as(step.by)}{remark}"))


def _breach(one: AgreementCard) -> str:
    failed = plural("con {n} pago incumplido", "con {n} pagos incumplidos", one.breach_after)
    return failed + ", " + plural("tras {n} día de gracia", "tras {n} días de gracia", one.grace_days)


def _pct(value: Decimal) -> str:
    return f"{value.normalize():f}"


def papers(one: AgreementCard) -> None:
    """The agreement to be signed, in either language; and what was signed."""
    number = one.row.number

    def made(actor: Actor, tongue: str) -> bytes:
        with reading() as opened:
            card = agreement_card(opened, actor, number=number, as_of=today())
            sender = letterhead(opened)
        name = actor.full_name or actor.name
        by = _("Generado por {name} el {moment}").format(name=name, moment=i18n.shown(clock.local(clock.now())))
        return as_pdf(card, sender, language=tongue, made=by)

    with st.container(horizontal=True, gap="xsmall", width="content"):
        for tongue, label in (("es", _("PDF para firmar")), ("en", _("PDF en inglés"))):
            paper_button.show(label, partial(made, tongue=tongue), file_name(number), key=f"pdf_{tongue}_{number}")
    for file in one.files:
        paper_button.show(
            file.name, partial(_content, attachment_id=file.id), file.name, key=f"file_{file.id}",
            mime=file.media_type, icon="attach_file",
        )  # fmt: skip


def _content(actor: Actor, attachment_id: int) -> bytes:
    with reading() as opened:
        return content_of(opened, actor, attachment_id).content


def links(one: AgreementCard) -> None:
    """The way to the customer."""
    menu.link("customer", one.row.customer, cliente=one.row.customer_code)
