"""The form that opens a dispute: from the list, with the customer still to choose, or from one document."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

import streamlit as st

from core.attachments.kinds import SUFFIXES
from core.auth.actor import Actor
from core.clock import today
from core.disputes.opening import days_to_answer, left_to_dispute, open_dispute
from core.disputes.reasons import AREAS, REASONS, area_word, reason_word
from core.disputes.reviewing import add_to_dispute
from core.documents.queries import DocumentRow, Show, documents_of
from core.i18n import _, day, money
from pages.ui import customer_picker, forms, guard, menu

_MOST = 300
_NEW = "dispute_new"
MEGABYTES = 10


class Typed(NamedTuple):
    """What the fields of a dispute say."""

    document: str | None
    amount: str
    reason: str
    details: str
    opened_on: date
    area: str
    deadline_on: date


def new() -> None:
    """Asks what a customer, to be chosen, questions of which document."""
    _dialog(_("Nueva aclaración"))(_new)()


def about(customer_id: int, number: str) -> None:
    """Asks what the customer questions of this document."""
    _dialog(_("Aclaración de {number}").format(number=number))(_about)(customer_id, number)


def _dialog(title: str) -> Any:
    return guard.dialog(title, position="right", width="medium", icon=":material/forum:")


def _new() -> None:
    actor = guard.here().actor
    customer = customer_picker.picked(actor, form=_NEW)
    if customer is None:
        st.caption(_("Elija primero el cliente; después, el documento que cuestiona."))
        return
    form = f"dispute_{customer.id}"
    _submit(actor, customer.id, fields(actor, customer.id, form=form), form)


def _about(customer_id: int, number: str) -> None:
    actor, form = guard.here().actor, f"dispute_{number}"
    _submit(actor, customer_id, fields(actor, customer_id, form=form, document=number), form)


def fields(actor: Actor, customer_id: int, *, form: str, document: str | None = None) -> Typed:
    """The fields of a dispute of one customer; the area and the days follow the reason until somebody changes them."""
    with guard.reading() as session:
        days = days_to_answer(session)
        found = documents_of(session, actor, customer_id, as_of=today(), show=Show.OPEN, limit=_MOST).rows
    if document is None:
        document = _document(form, [one for one in found if one.kind.is_charge])
    amount = _amount(actor, form, document)
    reason = st.selectbox(
        _("Motivo"), list(REASONS), format_func=reason_word, key=forms.key(form, "motivo"),
    )  # fmt: skip
    details = st.text_area(
        _("Qué dice el cliente"), key=forms.key(form, "detalle"), max_chars=1000, height=90,
        placeholder=_("Llegaron 90 cajas de 100; firmó la remisión con la diferencia"),
    ) or ""  # fmt: skip
    left, right = st.columns(2)
    with left:
        opened_on = st.date_input(
            _("Desde el"), today(), format="DD/MM/YYYY", max_value=today(), key=forms.key(form, "desde")
        )
    with right:
        deadline_on = st.date_input(
            _("Se contesta a más tardar"), opened_on + timedelta(days=days[reason]), format="DD/MM/YYYY",
            min_value=opened_on, key=forms.key(form, f"plazo_{reason}_{opened_on}"),
        )  # fmt: skip
    areas = list(AREAS)
    area = st.selectbox(
        _("Área que contesta"), areas, index=areas.index(REASONS[reason].area), format_func=area_word,
        key=forms.key(form, f"area_{reason}"),
    )  # fmt: skip
    return Typed(document, amount, reason, details, opened_on, area, deadline_on)


def _document(form: str, found: list[DocumentRow]) -> str | None:
    by_number = {one.number: one for one in found}
    if not found:
        st.info(_("Este cliente no tiene documentos abiertos que aclarar."))
        return None

    def told(number: str) -> str:
        one = by_number[number]
        due = _("vence {day}").format(day=day(one.due_on)) if one.due_on else ""
        return " · ".join(filter(None, (number, money(one.open, one.currency), due)))

    return st.selectbox(
        _("Documento"), list(by_number), index=None, format_func=told, key=forms.key(form, "documento"),
        placeholder=_("Elija la factura o nota de cargo"),
    )  # fmt: skip


def _amount(actor: Actor, form: str, document: str | None) -> str:
    """The amount, to begin with all that may be disputed of the document."""
    left = Decimal()
    if document is not None:
        with guard.reading() as session:
            left = left_to_dispute(session, actor, document, today())
    if document is not None and not left:
        st.info(_("Todo lo abierto de este documento ya se aclara."), icon=":material/info:")
    told = _("Hasta {left}").format(left=money(left)) if document else _("Elija primero el documento")
    return forms.amount_input(
        _("Importe en aclaración"), form, f"importe_{document}", value=f"{left:,.2f}" if left else "",
        icon=":material/attach_money:", help=told,
    )  # fmt: skip


def uploads(form: str, label: str) -> list[tuple[str, bytes]]:
    """Files that prove something: name and content."""
    found = st.file_uploader(
        label,
        type=list(SUFFIXES),
        accept_multiple_files=True,
        key=forms.key(form, "archivos"),
        max_upload_size=MEGABYTES,
    )
    st.caption(_("PDF, fotos, Excel, Word, XML, texto o correos; hasta {most} MB cada uno").format(most=MEGABYTES))
    return [(one.name, one.getvalue()) for one in found]


def _submit(actor: Actor, customer_id: int, typed: Typed, form: str) -> None:
    files = uploads(form, _("Evidencia, si ya la tiene"))
    mark = forms.token(form)
    if st.button(
        _("Abrir la aclaración"), type="primary", width="stretch", key=forms.key(form, "submit"),
        icon=":material/check:", disabled=typed.document is None,
    ):  # fmt: skip
        number = forms.submit(
            lambda session: _opened(session, actor, customer_id, typed, files, mark), form=form, rerun=False,
            lead=_("No se abrió la aclaración."), then=lambda _number: forms.retire(_NEW),
            done=lambda number: _("Aclaración {number} abierta.").format(number=number),
        )  # fmt: skip
        if number is not None:
            menu.go("dispute", aclaracion=number)


def _opened(
    session: Any, actor: Actor, customer_id: int, typed: Typed, files: Sequence[tuple[str, bytes]], mark: str
) -> str:
    made = open_dispute(
        session, actor, customer_id=customer_id, document=typed.document or "", amount=forms.amount(typed.amount),
        opened_on=typed.opened_on, reason=typed.reason, details=typed.details, owner_area=typed.area,
        deadline_on=typed.deadline_on, submission=mark,
    )  # fmt: skip
    if files:
        add_to_dispute(session, actor, number=made.number, files=files)
    return made.number
