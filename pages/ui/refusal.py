"""Pages that say no: what may not be seen, why, and where to go on. They name nobody else's customer."""

import streamlit as st

from core.customers.visibility import CustomerNotFound
from core.documents.finding import DocumentNotFound
from core.errors import DomainError, NotAllowed, SomebodyIsWriting
from core.i18n import _
from core.payments.finding import PaymentNotFound
from pages.ui.text import plain


def refused() -> None:
    """In place of a screen that the user's role does not include."""
    _page(
        _("Esta página no es de su función"),
        _("Su usuario no incluye esta página; por eso no aparece en su menú."),
        [
            _("Si la necesita para su trabajo, pida a quien administra el sistema que cambie su función."),
            _("Si llegó por un vínculo, pida a quien se lo envió que le mande el dato."),
        ],
    )


def ended() -> None:
    """In place of a screen when the session is over."""
    _page(
        _("Su sesión terminó"),
        _("Pasaron 30 minutos sin uso o 12 horas, o alguien la cerró. Lo que ya había guardado está guardado."),
        [_("Vuelva a abrir esta página e inicie sesión: regresará a donde estaba.")],
        leads_home=False,
    )


def of(error: DomainError) -> None:
    """A refusal while reading: somebody else's customer, no permission, a database that is not ready."""
    if isinstance(error, NotAllowed):
        refused()
    elif isinstance(error, CustomerNotFound):
        _page(
            _("No puede ver este cliente"),
            _("No existe, o no está entre los clientes que usted atiende hoy; por eso no mostramos nada de él."),
            [
                _("Si debería atenderlo, pida a su gerente que se lo asigne: lo verá al instante."),
                _("Si buscaba otro cliente, revise la clave o el folio."),
            ],
        )
    elif isinstance(error, (DocumentNotFound, PaymentNotFound)):
        _page(
            _("No puede ver este pago") if isinstance(error, PaymentNotFound) else _("No puede ver este documento"),
            _("No existe, o es de un cliente que usted no atiende hoy; por eso no mostramos nada de él."),
            [
                _("Revise el folio: se escribe completo, con sus guiones y ceros."),
                _("Si debería ver a ese cliente, pida a su gerente que se lo asigne."),
            ],
        )
    elif isinstance(error, SomebodyIsWriting):
        waiting(error)
    else:
        lines(error)


def waiting(error: SomebodyIsWriting) -> None:
    """Somebody else's long write: nothing is wrong."""
    st.warning(plain(error.sentence()), icon=":material/hourglass_top:")


def lines(error: DomainError, lead: str = "") -> None:
    """A refusal as an error on the screen: the lead in bold, then each reason."""
    told = [plain(line) for line in error.lines()]
    head = f"**{plain(lead)}** " if lead else ""
    body = told[0] if len(told) == 1 else "\n" + "\n".join(f"- {line}" for line in told)
    st.error(head + body, icon=":material/block:")


def _page(title: str, why: str, then: list[str], *, leads_home: bool = True) -> None:
    st.title(title, anchor=False)
    with st.container(border=True, key="card-refusal"):
        st.markdown(f":material/lock: **{plain(why)}**")
        st.markdown(f"**{_('Qué puede hacer')}**\n\n" + "\n".join(f"1. {plain(one)}" for one in then))
        if leads_home and st.button(_("Ir al inicio"), icon=":material/home:", type="primary", key="refusal_home"):
            st.switch_page("pages/start/home.py")
