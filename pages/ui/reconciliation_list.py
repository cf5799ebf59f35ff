"""The history of reconciliations, and the form that makes a new one of the customer's file."""

from typing import Any

import streamlit as st

from core.auth.actor import Actor
from core.clock import today
from core.customers.queries import CustomerOption
from core.db import reading
from core.errors import DomainError
from core.files.table import Column, Kind, Sheet
from core.i18n import N_, _, plural
from core.importers.customer_list import read_list
from core.importers.dates import Order
from core.importers.refusals import AmbiguousDates
from core.portfolio.statements import currencies_of
from core.reconciliations.queries import ReconciliationRow, State, reconciliations
from core.reconciliations.recording import save
from pages.ui import address, columns, customer_picker, empty, forms, frame, guard, refusal
from pages.ui.text import plain

FORM = "conciliacion"
_STATES = {
    State.DRAFT: (N_("Por firmar"), "blue"), State.SIGNED: (N_("Firmada"), "green"),
    State.DISCARDED: (N_("Descartada"), "gray"),
}  # fmt: skip
_ORDERS = {Order.DMY: N_("día/mes/año"), Order.MDY: N_("mes/día/año"), Order.YMD: N_("año-mes-día")}
_MOST_MEGABYTES = 10


def state_filter() -> State | None:
    """All, or those of one state; in the address."""
    address.understood("ver", list(State), lambda one: _(_STATES[one][0]))
    return st.selectbox(
        _("Estado"), list(State), index=None, format_func=lambda one: _(_STATES[one][0]), placeholder=_("Todas"),
        key="ver", bind="query-params", width=150,
    )  # fmt: skip


def history(rows: list[ReconciliationRow]) -> ReconciliationRow | None:
    """The table; the one chosen is to be opened."""
    if not rows:
        empty.state(
            _("No hay conciliaciones"),
            _("Pida al cliente la lista de lo que dice deber y empiece una con «Nueva conciliación»."), icon="rule",
        )  # fmt: skip
        return None
    with frame.card("history"):
        st.caption(plural("{n} conciliación; elija una para abrirla", "{n} conciliaciones; elija una", len(rows)))
        selection = columns.grid(
            [_shown(one) for one in rows], _columns(), key="conciliaciones", on_select="rerun",
            selection_mode="single-row", height=35 * (min(len(rows), 14) + 1) + 2,
            phone={"customer": 130, "gap": 96, "state": 96}, alt=_("Conciliaciones con clientes, la última primero"),
        )  # fmt: skip
        return columns.chosen(selection, rows)


class _Line:
    """A row in words."""

    def __init__(self, one: ReconciliationRow) -> None:
        for name, value in one._asdict().items():
            setattr(self, name, value)
        self.customer = f"{one.customer_code} · {one.customer}"
        self.state = _(_STATES[one.state][0])
        self.tasks = f"{one.fulfilled} / {one.agreed}" if one.agreed and one.state is State.SIGNED else ""


def _shown(one: ReconciliationRow) -> _Line:
    return _Line(one)


def _columns() -> dict[str, Any]:
    return {
        "number": columns.text(_("Folio"), width=92), "customer": columns.text(_("Cliente"), width=226),
        "cut_on": columns.date(_("Corte"), width=92), "currency": columns.text(_("Moneda"), width=68),
        "our_balance": columns.money(_("Nuestro"), width=116), "their_balance": columns.money(_("Suyo"), width=116),
        "gap": columns.money(_("Diferencia"), width=112),
        "state": columns.chips(_("Estado"), {_(word): colour for word, colour in _STATES.values()}, width=96),
        "tasks": columns.text(_("Tareas hechas"), width=92),
    }  # fmt: skip


def sheet(actor: Actor, customer_id: int | None, state: State | None) -> Sheet:
    """The history as a file."""
    with reading() as session:
        rows = reconciliations(session, actor, customer_id=customer_id, state=state, limit=10_000)
    amounts = {"our_balance": _("Nuestro"), "their_balance": _("Suyo"), "gap": _("Diferencia")}
    listed = [
        Column("number", _("Folio")), Column("customer", _("Cliente"), width=40),
        Column("cut_on", _("Corte"), Kind.DATE), Column("currency", _("Moneda")),
        *(Column(key, title, Kind.AMOUNT) for key, title in amounts.items()), Column("state", _("Estado")),
        Column("made_by", _("La hizo")), Column("made_on", _("Hecha el"), Kind.DATE),
        Column("signed_on", _("Firmada el"), Kind.DATE), Column("tasks", _("Tareas hechas")),
    ]  # fmt: skip
    return Sheet(
        title=_("Conciliaciones"), columns=listed,
        rows=[[getattr(_shown(one), column.key) for column in listed] for one in rows],
    )  # fmt: skip


def new(actor: Actor) -> None:
    """Customer, currency, cut and file; compared and kept in one step, then opened."""
    left, right = st.columns([7, 5])
    with left, frame.card("new"):
        customer = customer_picker.picked(actor)
        with st.container(horizontal=True, vertical_alignment="bottom"):
            currency = _currency(actor, customer)
            cut_on = st.date_input(
                _("Fecha de corte"), today(), max_value=today(), format="DD/MM/YYYY", key="corte", width=150
            )
            order = st.selectbox(
                _("Fechas del archivo"), list(_ORDERS), index=None, format_func=lambda one: _(_ORDERS[one]),
                placeholder=_("Por sí solas"), key="orden", width=170,
            )  # fmt: skip
        file = st.file_uploader(
            _("Lista del cliente"), type=["csv", "xlsx"], key=forms.key(FORM, "archivo"),
            max_upload_size=_MOST_MEGABYTES,
        )  # fmt: skip
        if st.button(
            _("Comparar y guardar"), key=forms.key(FORM, "comparar"), type="primary", icon=":material/compare_arrows:",
            disabled=customer is None or file is None, width="stretch",
        ) and customer and file:  # fmt: skip
            _compare(actor, customer, currency, cut_on, order, (file.name, file.getvalue()))
    with right, frame.card("how"):
        st.markdown(f"### {_('Qué debe traer la lista')}")
        st.markdown(_("El **folio** (o el folio fiscal) y el **saldo** de cada documento; la fecha ayuda."))
        st.caption(
            _("Excel o CSV tal como sale de su sistema, con o sin renglones de título. Un abono va en negativo o en su "
              "propia columna. Si trae moneda, se comparan solo los de la elegida.")
        )  # fmt: skip
        st.caption(_("Se busca por folio fiscal, por folio, por folio sin serie ni ceros y, al último, por importe y "
                     "fecha cercana. Nunca se adivina una suma."))  # fmt: skip


def _currency(actor: Actor, customer: CustomerOption | None) -> str:
    if customer is None:
        return st.selectbox(_("Moneda"), ["MXN"], key="moneda_vacia", width=96)
    with guard.reading() as session:
        used = currencies_of(session, actor, customer.code)
    return st.selectbox(_("Moneda"), used, key=f"moneda_{customer.code}", width=96) or used[0]


def _compare(
    actor: Actor, customer: CustomerOption, currency: str, cut_on: Any, order: Order | None, file: tuple[str, bytes]
) -> None:
    mark = forms.token(FORM)
    try:
        found = read_list(file[0], file[1], currency=currency, date_order=order)
    except AmbiguousDates as error:
        refusal.lines(error, _("La lista no se comparó: elija arriba cómo escribe sus fechas."))
        return
    except DomainError as error:
        refusal.lines(error, _("La lista no se comparó."))
        return
    left_out = plural("{n} renglón de otra moneda no se comparó.", "{n} de otra moneda no se compararon.", found.others)
    forms.submit(
        lambda session: save(
            session, actor, customer_id=customer.id, currency=currency, cut_on=cut_on, today=today(), theirs=found.rows,
            file=file, submission=mark,
        ).number,
        form=FORM, lead=_("La lista no se comparó."),
        done=lambda number: f"{number}: {_('comparada.')} {left_out if found.others else ''}",
        then=opened,
    )  # fmt: skip


def opened(number: str) -> None:
    """From the next run on, the screen shows this one."""
    st.query_params.pop("nueva", None)
    st.query_params["folio"] = number


def badge(state: State) -> str:
    """A state as a badge in Markdown."""
    word, colour = _STATES[state]
    return f":{colour}-badge[{plain(_(word))}]"
