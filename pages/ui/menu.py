"""The one table of all screens: file, title, icon, section, permission; and the ways from one to another.

A new screen is one row here. `navigation.py` makes Streamlit's menu of it.
"""

from collections.abc import Mapping
from typing import NamedTuple

import streamlit as st
from streamlit.errors import StreamlitAPIException

from core.auth.actor import ANY_IMPORT, Actor, Permission, Role
from core.config import ROOT
from core.i18n import N_, _

START, WORK, ENTER = N_("Inicio"), N_("Cobranza"), N_("Captura")
COLLECT, SUPERVISE, CONSULT = N_("Mi cartera"), N_("Supervisión"), N_("Consulta")
AUDIT, ADMIN = N_("Auditoría"), N_("Administración")
#: The order of sections; for an auditor the log comes first.
SECTIONS = (START, ENTER, WORK, SUPERVISE, COLLECT, CONSULT, AUDIT, ADMIN)
#: Who reads the portfolio beside other work has it under «Consulta».
_BESIDE = dict.fromkeys((Role.CASHIER, Role.CREDIT_ANALYST, Role.COMMISSION_ANALYST, Role.AUDITOR), CONSULT)
#: Who only reads the collectors' work has it under «Consulta».
_READS = dict.fromkeys(
    (Role.CASHIER, Role.CREDIT_ANALYST, Role.COMMISSION_ANALYST, Role.SALES_REP, Role.AUDITOR), CONSULT
)


class Screen(NamedTuple):
    """One screen. `permission` None: for everybody who signed in; of several, any will do. `section` "": reached from
    others, not listed."""

    file: str
    title: str
    icon: str
    section: str
    permission: Permission | tuple[Permission, ...] | None
    elsewhere: Mapping[Role, str] = {}

    @property
    def stem(self) -> str:
        """The screen's name, which is its address."""
        return self.file.rpartition("/")[2].removesuffix(".py")

    @property
    def path(self) -> str:
        """The file as Streamlit wants it."""
        return f"pages/{self.file}"

    def section_for(self, role: Role) -> str:
        """Where this role finds it."""
        return self.elsewhere.get(role, self.section) if self.section else ""

    def open_to(self, actor: Actor) -> bool:
        """Whether this user may see it."""
        return self.permission is None or any(map(actor.may, several(self.permission)))


def several(permission: Permission | tuple[Permission, ...]) -> tuple[Permission, ...]:
    """One permission, or several of which any will do, as several."""
    return permission if isinstance(permission, tuple) else (permission,)


SCREENS = (
    Screen("start/home.py", N_("Inicio"), "home", START, None),
    Screen("importers/import_file.py", N_("Carga de datos"), "upload_file", ENTER, ANY_IMPORT),
    Screen("payments/register_payment.py", N_("Registrar pago"), "payments", ENTER, Permission.REGISTER_PAYMENT),
    Screen(
        "payments/unidentified.py", N_("Por identificar"), "contact_support", ENTER, Permission.VIEW_UNIDENTIFIED,
        {Role.MANAGER: CONSULT, Role.AUDITOR: CONSULT},
    ),
    Screen("documents/notes.py", N_("Notas"), "receipt_long", ENTER, Permission.REGISTER_NOTE),
    Screen("documents/note_approvals.py", N_("Notas por aprobar"), "order_approve", ENTER, Permission.APPROVE_NOTE),
    Screen("collections/worklist.py", N_("Mi agenda"), "call", WORK, Permission.VIEW_COLLECTION, _READS),
    Screen("collections/visits.py", N_("Visitas"), "route", WORK, Permission.VIEW_COLLECTION, _READS),
    Screen("collections/promises.py", N_("Promesas"), "event_available", WORK, Permission.VIEW_COLLECTION, _READS),
    Screen("collections/promise.py", N_("Promesa"), "event_available", "", Permission.VIEW_PORTFOLIO),
    Screen("collections/agreements.py", N_("Convenios"), "handshake", WORK, Permission.VIEW_COLLECTION, _READS),
    Screen("collections/disputes.py", N_("Aclaraciones"), "forum", WORK, Permission.VIEW_COLLECTION, _READS),
    Screen("collections/dispute.py", N_("Aclaración"), "forum", "", Permission.VIEW_PORTFOLIO),
    Screen("letters/letters.py", N_("Cartas"), "mail", WORK, Permission.VIEW_COLLECTION, _READS),
    Screen(
        "collections/reconciliations.py", N_("Conciliaciones"), "rule", WORK,
        (Permission.RECONCILE, Permission.VIEW_COLLECTION), {Role.CREDIT_ANALYST: CONSULT, Role.AUDITOR: CONSULT},
    ),
    Screen("collections/cases.py", N_("Prelegal y legal"), "gavel", WORK, Permission.VIEW_COLLECTION, _READS),
    Screen("supervision/tasks.py", N_("Tareas"), "task_alt", WORK, None, _READS),
    Screen("supervision/productivity.py", N_("Productividad"), "monitoring", SUPERVISE, Permission.SUPERVISE),
    Screen("supervision/portfolios.py", N_("Reparto de cartera"), "group_work", SUPERVISE, Permission.SUPERVISE),
    Screen("supervision/meetings.py", N_("Reuniones"), "groups", SUPERVISE, Permission.SUPERVISE),
    Screen("supervision/strategies.py", N_("Estrategia"), "tune", SUPERVISE, Permission.SUPERVISE),
    Screen("letters/late_interest.py", N_("Intereses moratorios"), "percent", ENTER, Permission.CHARGE_INTEREST),
    Screen("letters/letter_templates.py", N_("Plantillas de cartas"), "draft", ADMIN, Permission.EDIT_TEMPLATES),
    Screen("admin/nightly_run.py", N_("Proceso nocturno"), "bedtime", ADMIN, Permission.RUN_NIGHTLY),
    Screen("admin/outbox.py", N_("Correos"), "outbox", ADMIN, Permission.RUN_NIGHTLY),
    Screen("payments/payments.py", N_("Pagos"), "receipt", COLLECT, Permission.VIEW_PORTFOLIO, _BESIDE),
    Screen("payments/payment.py", N_("Pago"), "payments", "", Permission.VIEW_PORTFOLIO),
    Screen("payments/apply_credit.py", N_("Aplicar saldo a favor"), "join", "", Permission.REGISTER_PAYMENT),
    Screen("portfolio/aging.py", N_("Cartera"), "stacked_bar_chart", COLLECT, Permission.VIEW_PORTFOLIO, _BESIDE),
    Screen("customers/customers.py", N_("Clientes"), "storefront", COLLECT, Permission.VIEW_PORTFOLIO, _BESIDE),
    Screen("customers/customer.py", N_("Cliente"), "storefront", "", Permission.VIEW_PORTFOLIO),
    Screen("customers/edit_customer.py", N_("Editar cliente"), "edit", "", Permission.EDIT_CUSTOMER),
    Screen("documents/document.py", N_("Documento"), "description", "", Permission.VIEW_PORTFOLIO),
    Screen(
        "portfolio/statements.py", N_("Estados de cuenta"), "description", COLLECT, Permission.VIEW_PORTFOLIO, _BESIDE
    ),
    Screen("admin/audit_log.py", N_("Bitácora"), "shield_person", AUDIT, Permission.VIEW_AUDIT),
    Screen("admin/users.py", N_("Usuarios"), "group", ADMIN, Permission.MANAGE_USERS),
    Screen("admin/settings.py", N_("Configuración"), "settings", ADMIN, Permission.CHANGE_SETTINGS),
    Screen("admin/close_month.py", N_("Cierre de mes"), "lock_clock", ADMIN, Permission.CLOSE_MONTH),
    Screen("admin/my_account.py", N_("Mi cuenta"), "account_circle", "", None),
)  # fmt: skip


def screens() -> list[Screen]:
    """The screens whose file is there."""
    return [screen for screen in SCREENS if (ROOT / screen.path).exists()]


def _screen(stem: str) -> Screen | None:
    return next((screen for screen in screens() if screen.stem == stem), None)


def can_open(actor: Actor, stem: str) -> bool:
    """Whether there is such a screen and this user may see it."""
    screen = _screen(stem)
    return screen is not None and screen.open_to(actor)


def link(stem: str, label: str | None = None, *, icon: str | None = None, **query: str) -> None:
    """A link to another screen, with what belongs in its address; nothing where there is no such screen."""
    screen = _screen(stem)
    if screen is None:
        return
    shown = f":material/{icon or screen.icon}:"
    try:
        st.page_link(screen.path, label=label or _(screen.title), icon=shown, query_params=query or None)
    except StreamlitAPIException:  # a screen that is run alone, as tests do, knows no other
        st.caption(label or _(screen.title))


def go(stem: str, **query: str) -> None:
    """Opens another screen now."""
    screen = _screen(stem)
    if screen is not None:
        st.switch_page(screen.path, query_params=query or None)
