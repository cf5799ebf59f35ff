"""The forms of credit and debit notes."""

from datetime import timedelta
from decimal import Decimal

import streamlit as st

from core.auth.actor import Actor
from core.clock import today
from core.customers.queries import CustomerOption
from core.documents import reasons
from core.documents.applying import Target
from core.documents.credit_notes import Issued, Note, register_credit_note
from core.documents.debit_notes import register_debit_note
from core.documents.queries import Show, documents_of
from core.i18n import _, money
from core.policies.rates import known_currencies, last_rate
from pages.ui import customer_picker, forms, guard
from pages.ui.text import plain

CREDIT, DEBIT = "nota_credito", "nota_cargo"
#: So many documents of a customer are offered to choose from.
OFFERED = 300


def customer(actor: Actor) -> CustomerOption | None:
    """Whose account it goes to, kept in the address."""
    return customer_picker.picked(actor)


def _charges(actor: Actor, customer_id: int) -> dict[str, str]:
    """The open charges of a customer by number, with what is open, as a list shows them."""
    with guard.reading() as session:
        rows = documents_of(session, actor, customer_id, as_of=today(), show=Show.OPEN, limit=OFFERED).rows
    return {
        row.number: f"{row.number} · {money(row.open, row.currency)}" for row in rows if row.kind.is_charge
    }  # fmt: skip


def _currencies() -> list[str]:
    with guard.reading() as session:
        return known_currencies(session)


def _rate(currency: str, form: str) -> Decimal | None:
    """The rate to use, asked for when it is not the company's currency."""
    with guard.reading() as session:
        known, company = last_rate(session, currency, today()), known_currencies(session)[0]
    if currency == company:
        return None
    label = _("Tipo de cambio: {company} por {currency}").format(company=company, currency=currency)
    typed = st.text_input(label, f"{known:f}" if known else "", key=forms.key(form, f"tc-{currency}")) or ""
    try:
        return Decimal(typed.replace(",", "").strip()) if typed.strip() else None
    except ArithmeticError:
        st.caption(_("«{text}» no es un tipo de cambio; se usa el último cargado.").format(text=plain(typed)))
        return None


def credit_note(actor: Actor, chosen: CustomerOption | None) -> None:
    """Against documents, as far as they are open, or in favour."""
    charges = _charges(actor, chosen.id) if chosen else {}
    targets = st.multiselect(
        _("Documentos a los que se aplica"), list(charges), format_func=charges.__getitem__,
        key=forms.key(CREDIT, f"documentos-{chosen.id if chosen else 0}"),
        placeholder=_("Ninguno: queda a favor del cliente"), disabled=not charges,
    )  # fmt: skip
    with st.container(horizontal=True, wrap=False, gap="small"):
        typed = forms.amount_input(_("Total con impuesto"), CREDIT, "total", icon=":material/attach_money:")
        tax = forms.amount_input(_("Impuesto incluido"), CREDIT, "impuesto", placeholder=_("Opcional"))
        currency = st.selectbox(_("Moneda"), _currencies(), key=forms.key(CREDIT, "moneda"), width=96)
    rate = _rate(currency, CREDIT)
    with st.container(horizontal=True, wrap=False, gap="small"):
        reason = st.selectbox(
            _("Motivo"), list(reasons.CREDIT_NOTE), index=None, format_func=lambda key: _(reasons.CREDIT_NOTE[key]),
            key=forms.key(CREDIT, "motivo"), placeholder=_("Elija el motivo"),
        )  # fmt: skip
        on = st.date_input(_("Fecha"), today(), format="DD/MM/YYYY", key=forms.key(CREDIT, "fecha"), width=142)
    number, notes = _paper(CREDIT)
    mark = forms.token(CREDIT)
    if _save(_("Registrar nota de crédito"), CREDIT, ready=chosen is not None and reason is not None) and chosen:
        forms.submit(
            lambda opened: register_credit_note(
                opened, actor, submission=mark,
                note=Note(
                    chosen.id, on, forms.amount(typed), currency, reason or "", tuple(map(Target, targets)), rate,
                    tax=forms.amount(tax) if tax else None, number=number or None, notes=notes,
                ),
            ),
            form=CREDIT, lead=_("No se registró la nota."), done=_told,
        )  # fmt: skip


def _told(done: Issued) -> str:
    if done.document_id is None:
        return _("La nota pasa del límite: espera la aprobación de otra persona.")
    told = _("Nota {number} registrada: {applied} aplicado, {left} a favor.")
    return told.format(number=done.number, applied=money(done.applied), left=money(done.left))


def debit_note(actor: Actor, chosen: CustomerOption | None) -> None:
    """A charge, perhaps about a document."""
    charges = _charges(actor, chosen.id) if chosen else {}
    about = st.selectbox(
        _("Documento del que trata"), list(charges), index=None, format_func=charges.__getitem__,
        key=forms.key(DEBIT, f"documento-{chosen.id if chosen else 0}"), placeholder=_("Opcional"),
        disabled=not charges,
    )  # fmt: skip
    with st.container(horizontal=True, wrap=False, gap="small"):
        typed = forms.amount_input(_("Total con impuesto"), DEBIT, "total", icon=":material/attach_money:")
        tax = forms.amount_input(_("Impuesto incluido"), DEBIT, "impuesto", placeholder=_("Opcional"))
        currency = st.selectbox(_("Moneda"), _currencies(), key=forms.key(DEBIT, "moneda"), width=96)
    rate = _rate(currency, DEBIT)
    with st.container(horizontal=True, wrap=False, gap="small"):
        on = st.date_input(_("Fecha"), today(), format="DD/MM/YYYY", key=forms.key(DEBIT, "fecha"))
        due_on = st.date_input(
            _("Vence"), today() + timedelta(days=0), format="DD/MM/YYYY", key=forms.key(DEBIT, "vence")
        )
    reason = st.selectbox(
        _("Motivo"), list(reasons.DEBIT_NOTE), index=None, format_func=lambda key: _(reasons.DEBIT_NOTE[key]),
        key=forms.key(DEBIT, "motivo"), placeholder=_("Elija el motivo"),
    )  # fmt: skip
    number, notes = _paper(DEBIT)
    mark = forms.token(DEBIT)
    if _save(_("Registrar nota de cargo"), DEBIT, ready=chosen is not None and reason is not None) and chosen:
        forms.submit(
            lambda opened: register_debit_note(
                opened, actor, customer_id=chosen.id, issued_on=on, due_on=due_on, total=forms.amount(typed),
                currency=currency, reason=reason or "", about=about, exchange_rate=rate,
                tax=forms.amount(tax) if tax else None, number=number or None, notes=notes, submission=mark,
            ).number,
            form=DEBIT, lead=_("No se registró la nota."),
            done=lambda made: _("Nota de cargo {number} registrada.").format(number=made),
        )  # fmt: skip


def _paper(form: str) -> tuple[str, str]:
    """Number and notes of the paper."""
    with st.container(horizontal=True, wrap=False, gap="small"):
        number = st.text_input(
            _("Folio"), key=forms.key(form, "folio"), max_chars=60, placeholder=_("Lo pone el sistema")
        )
        notes = st.text_input(_("Notas"), key=forms.key(form, "notas"), max_chars=1000, placeholder=_("Opcional"))
    return number or "", notes or ""


def _save(label: str, form: str, *, ready: bool) -> bool:
    pressed = st.button(
        label, key=forms.key(form, "guardar"), type="primary", icon=":material/check:", width="stretch",
        disabled=not ready,
    )  # fmt: skip
    if not ready:
        st.caption(_("Elija el cliente y el motivo para registrar."))
    return pressed
