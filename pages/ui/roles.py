"""Roles in words: what each is called and what it sees and does."""

from core.auth.actor import Actor, Role
from core.i18n import N_, _

ROLES = {
    Role.ADMIN: N_("Administración"),
    Role.MANAGER: N_("Gerencia"),
    Role.CASHIER: N_("Caja"),
    Role.COLLECTOR: N_("Gestión de cobranza"),
    Role.CREDIT_ANALYST: N_("Análisis de crédito"),
    Role.COMMISSION_ANALYST: N_("Análisis de comisiones"),
    Role.SALES_REP: N_("Ventas"),
    Role.AUDITOR: N_("Auditoría"),
}

_SEES = {
    Role.ADMIN: N_("todo, con ajustes, usuarios y cierres"),
    Role.MANAGER: N_("su región o todo; aprueba y reversa"),
    Role.CASHIER: N_("todo; carga archivos, registra pagos y notas"),
    Role.COLLECTOR: N_("los clientes que tiene asignados"),
    Role.CREDIT_ANALYST: N_("todo; límites y condiciones"),
    Role.COMMISSION_ANALYST: N_("todo; comisiones"),
    Role.SALES_REP: N_("los clientes de su clave de asesor"),
    Role.AUDITOR: N_("todo y la bitácora; no cambia nada"),
}


def sees(role: Role) -> str:
    """What a role sees and does, in a few words."""
    return _(_SEES[role])


def role_of(actor: Actor) -> str:
    """What this user does: `Gerencia, región Norte`."""
    role = _(ROLES[actor.role])
    return _("{role}, región {region}").format(role=role, region=actor.region) if actor.region else role
