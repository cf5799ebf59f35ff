"""The log in words: the topic and label of each action, the names of facts, before and after."""

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from core.i18n import N_, _, day, money

MONEY, CUSTOMERS, ACCESS, DATA, SETUP = N_("Dinero"), N_("Clientes"), N_("Acceso"), N_("Datos"), N_("Configuración")
COLLECTION, CREDIT = N_("Cobranza"), N_("Crédito")
#: Topic by the first part of an action (`payment.registered`).
TOPICS = {
    "payment": MONEY, "document": MONEY, "invoice": MONEY, "credit_note": MONEY, "debit_note": MONEY, "note": MONEY,
    "application": MONEY, "reversal": MONEY, "refund": MONEY, "exchange_rate": MONEY, "statement": MONEY,
    "month": MONEY, "customer": CUSTOMERS, "user": ACCESS, "import": DATA, "layout": DATA, "table": DATA,
    "database": DATA, "demo": DATA, "nightly": DATA, "setting": SETUP, "block": CREDIT, "agreement": COLLECTION,
    "dispute": COLLECTION, "contact": COLLECTION, "visit": COLLECTION, "strategy": COLLECTION,
    "promise": COLLECTION, "case": COLLECTION, "agency": COLLECTION, "task": COLLECTION, "notice": COLLECTION,
    "letters": COLLECTION, "letter": COLLECTION, "letter_template": COLLECTION, "outbox": COLLECTION,
    "interest": MONEY, "portfolio": COLLECTION, "reconciliation": COLLECTION, "goal": COLLECTION, "meeting": COLLECTION,
}  # fmt: skip

LABELS = {
    "user.created": N_("Usuario creado"),
    "user.changed": N_("Usuario cambiado"),
    "user.disabled": N_("Usuario desactivado"),
    "user.enabled": N_("Usuario activado"),
    "user.password_reset": N_("Contraseña restablecida"),
    "user.password_changed": N_("Contraseña cambiada"),
    "user.language_chosen": N_("Idioma elegido"),
    "user.signed_in": N_("Inicio de sesión"),
    "user.signed_out": N_("Cierre de sesión"),
    "user.session_revoked": N_("Sesión revocada"),
    "user.refused": N_("Acceso negado"),
    "customer.created": N_("Cliente dado de alta"),
    "customer.changed": N_("Cliente cambiado"),
    "setting.changed": N_("Ajuste cambiado"),
    "month.closed": N_("Mes cerrado"),
    "month.frozen": N_("Cifras del mes guardadas"),
    "nightly.run": N_("Proceso nocturno"),
    "month.reopened": N_("Mes abierto de nuevo"),
    "table.exported": N_("Exportación"),
    "statement.made": N_("Estado de cuenta entregado"),
    "payment.registered": N_("Pago registrado"),
    "payment.applied": N_("Pago aplicado"),
    "payment.identified": N_("Pago identificado"),
    "payment.reversed": N_("Pago reversado"),
    "application.undone": N_("Aplicación deshecha"),
    "credit_note.requested": N_("Nota de crédito por aprobar"),
    "credit_note.registered": N_("Nota de crédito registrada"),
    "credit_note.approved": N_("Nota de crédito aprobada"),
    "credit_note.refused": N_("Nota de crédito rechazada"),
    "credit_note.applied": N_("Nota de crédito aplicada"),
    "debit_note.registered": N_("Nota de cargo registrada"),
    "document.reversed": N_("Documento reversado"),
    "refund.registered": N_("Dinero devuelto"),
    "refund.reversed": N_("Devolución de dinero deshecha"),
    "layout.saved": N_("Formato guardado"),
    "letters.run": N_("Cartas hechas"),
    "letter.resent": N_("Carta enviada de nuevo"),
    "letter_template.uploaded": N_("Plantilla de carta subida"),
    "letter_template.activated": N_("Plantilla de carta en uso"),
    "outbox.sent": N_("Correos enviados"),
    "outbox.retried": N_("Correo que se intenta de nuevo"),
    "outbox.cancelled": N_("Correo cancelado"),
    "outbox.readdressed": N_("Dirección de un correo corregida"),
    "interest.charged": N_("Intereses moratorios cobrados"),
    "interest.waived": N_("Intereses moratorios condonados"),
    "interest.agreed": N_("Tasa de interés pactada"),
    "import.customers": N_("Carga de clientes"),
    "import.documents": N_("Carga de documentos"),
    "import.payments": N_("Carga de pagos"),
    "import.applications": N_("Carga de aplicaciones"),
    "import.reversals": N_("Carga de reversos"),
    "import.exchange_rates": N_("Carga de tipos de cambio"),
    "import.disputes": N_("Carga de aclaraciones"),
    "import.contacts": N_("Carga de gestiones"),
    "contact.recorded": N_("Gestión registrada"),
    "contact.annotated": N_("Nota en una gestión"),
    "visit.planned": N_("Visita planeada"),
    "visit.moved": N_("Ruta de visitas cambiada"),
    "visit.dropped": N_("Visita cancelada"),
    "strategy.saved": N_("Estrategia de cobranza guardada"),
    "strategy.ended": N_("Estrategia de cobranza retirada"),
    "dispute.opened": N_("Aclaración abierta"),
    "dispute.changed": N_("Aclaración cambiada"),
    "dispute.noted": N_("Nota en una aclaración"),
    "dispute.evidence_kept": N_("Evidencia de una aclaración guardada"),
    "dispute.closed": N_("Aclaración cerrada"),
    "dispute.warned": N_("Aviso de aclaraciones fuera de plazo"),
    "import.promises": N_("Carga de promesas"),
    "promise.recorded": N_("Promesa registrada"),
    "promise.rescheduled": N_("Promesa reprogramada"),
    "promise.withdrawn": N_("Promesa retirada"),
    "promise.evaluated": N_("Promesas juzgadas"),
    "task.assigned": N_("Tarea encargada"),
    "task.done": N_("Tarea terminada"),
    "task.passed": N_("Tarea pasada a otra persona"),
    "notice.read": N_("Avisos leídos"),
    "reconciliation.made": N_("Conciliación guardada"),
    "reconciliation.line_judged": N_("Causa de una diferencia cambiada"),
    "reconciliation.agreed": N_("Acuerdo de una conciliación"),
    "reconciliation.agreement_withdrawn": N_("Acuerdo de una conciliación retirado"),
    "reconciliation.discarded": N_("Conciliación descartada"),
    "reconciliation.signed": N_("Minuta de conciliación firmada"),
    "portfolio.reassigned": N_("Clientes reasignados"),
    "goal.set": N_("Meta de gestor fijada"),
    "meeting.called": N_("Reunión convocada"),
    "meeting.moved": N_("Reunión cambiada de fecha"),
    "meeting.cancelled": N_("Reunión cancelada"),
    "meeting.attended": N_("Asistencia a una reunión"),
    "meeting.agreed": N_("Acuerdo de una reunión"),
    "meeting.closed": N_("Reunión cerrada"),
    "block.set": N_("Bloqueo puesto"),
    "block.ended": N_("Bloqueo terminado"),
    "agreement.proposed": N_("Convenio propuesto"),
    "agreement.approved": N_("Convenio aprobado"),
    "agreement.refused": N_("Convenio rechazado"),
    "agreement.withdrawn": N_("Propuesta de convenio retirada"),
    "agreement.signed": N_("Convenio firmado"),
    "agreement.breached": N_("Convenio incumplido"),
    "agreement.cancelled": N_("Convenio cancelado"),
    "case.proposed": N_("Entrega de expediente propuesta"),
    "case.handed_over": N_("Expediente entregado"),
    "case.refused": N_("Entrega de expediente rechazada"),
    "case.returned": N_("Expediente devuelto a cobranza"),
    "case.changed": N_("Datos del expediente cambiados"),
    "case.step": N_("Paso del expediente"),
    "case.step_done": N_("Resultado de un paso del expediente"),
    "case.cost": N_("Gasto del expediente"),
    "case.cost_undone": N_("Gasto del expediente anulado"),
    "case.warned": N_("Avisos de audiencias y prescripciones"),
    "agency.saved": N_("Despacho guardado"),
}

#: Facts by name; one that is not here is shown by its name.
FACTS = {
    "promised_on": N_("prometido para el"), "replaces": N_("en lugar de"),
    "about": N_("sobre"), "area": N_("área"), "deadline": N_("plazo"), "outcome": N_("desenlace"),
    "channel": N_("medio"), "person": N_("persona"), "next_action": N_("siguiente paso"),
    "next_action_on": N_("para el"), "out_of_hours": N_("fuera de horario"), "dispute": N_("aclaración"),
    "quiet_days": N_("días de descanso"), "minimum_amount": N_("importe mínimo"), "any_dispute": N_("toda aclaración"),
    "preventive_days": N_("días preventivos"), "points": N_("puntos"), "stages": N_("etapas"),
    "purpose": N_("para qué"),
    "account": N_("cuenta"), "address": N_("dirección"), "after": N_("después"),
    "amount": N_("importe"),
    "applications": N_("aplicaciones"), "applies_to": N_("se aplica a"), "bank_reference": N_("referencia bancaria"),
    "layout": N_("formato"), "remark": N_("observación"),
    "applied": N_("aplicado"), "applied_on": N_("aplicado el"), "before": N_("antes"), "changes": N_("cambios"),
    "collector": N_("gestor"), "credit_limit": N_("límite de crédito"), "currency": N_("moneda"),
    "customer": N_("cliente"), "date": N_("fecha"), "difference": N_("diferencia"), "district": N_("distrito"),
    "document": N_("documento"), "documents": N_("documentos"), "due_on": N_("vence el"), "email": N_("correo"),
    "exchange_rate": N_("tipo de cambio"), "fields": N_("datos"), "file": N_("archivo"),
    "full_name": N_("nombre completo"), "issued_on": N_("emitida el"), "kind": N_("tipo"), "language": N_("idioma"),
    "legal_name": N_("razón social"), "method": N_("forma de pago"), "month": N_("mes"), "name": N_("nombre"),
    "new": N_("nuevos"), "notes": N_("notas"), "number": N_("folio"), "on": N_("fecha"),
    "one_time": N_("de un solo uso"),
    "paid_on": N_("pagado el"), "phone": N_("teléfono"), "reason": N_("motivo"), "region": N_("región"),
    "rejected": N_("apartados"), "repeated": N_("repetidos"), "reversed_on": N_("reversado el"), "role": N_("función"),
    "rows": N_("renglones"), "sales_rep": N_("asesor"), "segment": N_("segmento"), "status": N_("estado"),
    "tax_id": N_("RFC"), "terms_days": N_("días de crédito"), "total": N_("total"), "updated": N_("actualizados"),
    "value": N_("valor"),
}  # fmt: skip

#: Words of closed lists, wherever they are a fact's whole value.
VALUES = {
    "admin": N_("administración"), "manager": N_("gerencia"), "cashier": N_("caja"), "collector": N_("cobranza"),
    "credit_analyst": N_("crédito"), "commission_analyst": N_("comisiones"), "sales_rep": N_("ventas"),
    "auditor": N_("auditoría"), "invoice": N_("factura"), "debit_note": N_("nota de cargo"),
    "credit_note": N_("nota de crédito"), "payment": N_("pago"), "cash": N_("efectivo"), "cheque": N_("cheque"),
    "transfer": N_("transferencia"), "card": N_("tarjeta"), "other": N_("otro"), "active": N_("activo"),
    "inactive": N_("inactivo"), "es": N_("español"), "en": N_("inglés"), "returned_cheque": N_("cheque devuelto"),
}  # fmt: skip

_AMOUNT = re.compile(r"-?\d+\.\d{2}")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


class Change(NamedTuple):
    """One field before and after, as people read it."""

    field: str
    before: str
    after: str


def topics() -> list[str]:
    """Every topic once, in Spanish: the keys of a filter."""
    return list(dict.fromkeys(TOPICS.values()))


def topic(action: str) -> str:
    """The topic of an action, in the language in use."""
    return _(TOPICS.get(action.partition(".")[0], DATA))


def areas_of(topic_: str) -> list[str]:
    """The first parts of the actions of a topic, which is given in Spanish."""
    return [area for area, one in TOPICS.items() if one == topic_]


def label(action: str) -> str:
    """What was done, in words."""
    return _(LABELS[action]) if action in LABELS else action.replace("_", " ").replace(".", ": ")


def fact(name: str) -> str:
    """The name of a fact, in words."""
    return _(FACTS[name]) if name in FACTS else name.replace("_", " ")


def written(value: Any) -> str:
    """A fact's value as people read it: amounts and dates in their form, lists with commas."""
    if value is None or value == "":
        return "—"
    if isinstance(value, bool):
        return _("sí") if value else _("no")
    if isinstance(value, Mapping):
        return ", ".join(f"{fact(str(name))}: {written(one)}" for name, one in value.items() if one not in (None, ""))
    if isinstance(value, list):
        return ", ".join(written(one) for one in value)
    text = str(value)
    if text in VALUES:
        return _(VALUES[text])
    if _AMOUNT.fullmatch(text):
        return money(Decimal(text))
    if _DAY.fullmatch(text):
        return day(date.fromisoformat(text))
    return text


def changes(facts: Mapping[str, Any]) -> list[Change]:
    """The fields of an event that has a before and an after."""
    found = facts.get("changes")
    if isinstance(found, Mapping):
        return [
            Change(fact(str(name)), written(pair[0]), written(pair[1]))
            for name, pair in found.items()
            if isinstance(pair, list) and len(pair) == 2
        ]
    if "before" in facts and "after" in facts:
        return [Change(fact("value"), written(facts["before"]), written(facts["after"]))]
    return []


def others(facts: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The facts that are no change, each with its name."""
    left = facts.keys() - {"changes", "before", "after"}
    return [
        (fact(name), written(value)) for name, value in facts.items() if name in left and value not in (None, "", [])
    ]


def summary(facts: Mapping[str, Any]) -> str:
    """All facts in one line."""
    parts = [f"{one.field}: {one.before} → {one.after}" for one in changes(facts)]
    parts += [f"{name}: {value}" for name, value in others(facts)]
    return "; ".join(parts)
