"""Tasks and notices of the system in words: made of their kind and facts, in the language of who reads them."""

import json
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from core.i18n import N_, _, day, money

#: By kind: what is said, the first whose facts are all there. Facts of money are written with their `currency`.
_TASKS: dict[str, tuple[str, ...]] = {
    "broken_promise": (
        N_("Promesa {number} por {amount} rota: llamar al cliente"),
        N_("Promesa {number} rota: llamar al cliente"),
        N_("Una promesa se rompió: llamar al cliente"),
    ),
    "breach": (
        N_("Convenio {number} incumplido: se vuelve a deber el interés condonado ({waived}); decidir qué sigue"),
        N_("Convenio {number} incumplido: decidir qué sigue"),
        N_("Un convenio se incumplió: decidir qué sigue"),
    ),
    "already_paid": (
        N_("Dice que ya pagó {amount} el {paid_on}: buscar el pago"),
        N_("Dice que ya pagó {amount}: buscar el pago"),
        N_("El cliente dice que ya pagó: buscar el pago"),
    ),
    "minute": (
        N_("Conciliación {number}: {text}"),
        N_("Acuerdo de una conciliación"),
    ),
    "meeting": (N_("Reunión: {text}"), N_("Acuerdo de una reunión")),
    "legal": (
        N_("Expediente {number}: prescribe el {prescribes_on}"),
        N_("Caso {number}: {text}"),
        N_("Caso {number}: dar seguimiento"),
        N_("Dar seguimiento al caso legal"),
    ),
    "boss": (N_("Tarea encargada"),),
    "other": (N_("Pendiente"),),
}

_NOTICES: dict[str, tuple[str, ...]] = {
    "broken_promise": (
        N_("Promesa {number} por {amount} rota"),
        N_("Promesa {number} rota"),
        N_("Una promesa se rompió"),
    ),
    "partly_kept_promise": (N_("Promesa {number} cumplida solo en parte"), N_("Una promesa se cumplió solo en parte")),
    "breach": (
        N_("Convenio {number} incumplido: se vuelve a deber el interés condonado ({waived})"),
        N_("Convenio {number} incumplido"),
        N_("Un convenio se incumplió"),
    ),
    "already_paid": (
        N_("Un cliente dice que ya pagó {amount}"),
        N_("Un cliente dice que ya pagó"),
    ),
    "task_assigned": (N_("{by} le encargó: {text}"),),
    "task_done": (N_("{by} terminó: {text}"),),
    "customers_assigned": (N_("{by} le asignó clientes ({count}): {reason}"),),
    "meeting_called": (N_("Reunión «{text}» el {on}"),),
    "letter_failed": (N_("No se pudo entregar una carta"),),
    "message_failed": (N_("No se pudo entregar el correo a {to}"), N_("No se pudo entregar un correo")),
    "dispute_late": (N_("Aclaración {number} fuera de plazo"), N_("Una aclaración está fuera de plazo")),
    "dispute_opened": (N_("Aclaración {number} por {amount}"), N_("Se abrió una aclaración")),
    "dispute_resolved": (N_("Aclaración {number} resuelta"), N_("Se resolvió una aclaración")),
    "agreement_proposed": (N_("Convenio {number} espera su aprobación"), N_("Un convenio espera aprobación")),
    "agreement_approved": (N_("Convenio {number} aprobado"), N_("Se aprobó un convenio")),
    "agreement_refused": (N_("Convenio {number} rechazado"), N_("Se rechazó un convenio")),
    "legal": (N_("Caso {number}: hay novedades"), N_("Hay novedades en un caso legal")),
    "hearing": (N_("Audiencia del caso {number} el {on}"), N_("Se acerca una audiencia")),
}


def task_title(kind: str, typed: str, facts: str) -> str:
    """What is to be done: as somebody typed it, else in words made of the kind and its facts (JSON)."""
    return typed or _said(_TASKS.get(kind, _TASKS["other"]), _read(facts))


def notice_text(kind: str, facts: str) -> str:
    """What a user should know, in words made of the kind and its facts (JSON)."""
    known = _read(facts)
    if kind in _NOTICES:
        return _said(_NOTICES[kind], known)
    return _said(_TASKS[kind], known) if kind in _TASKS else _("Hay una novedad")


def kind_label(kind: str) -> str:
    """Where a task comes from, in a word or two."""
    return _(_KINDS.get(kind, _KINDS["other"]))


_KINDS = {
    "broken_promise": N_("Promesa rota"), "breach": N_("Convenio incumplido"), "already_paid": N_("Ya pagó"),
    "boss": N_("Encargo"), "minute": N_("Conciliación"), "meeting": N_("Reunión"), "legal": N_("Legal"),
    "other": N_("Propia"),
}  # fmt: skip


def _read(facts: str) -> dict[str, Any]:
    try:
        found = json.loads(facts or "{}")
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


class _Missing(KeyError):
    """A template names a fact that is not there."""


class _Known(dict[str, str]):
    def __missing__(self, key: str) -> str:
        raise _Missing(key)


def _said(templates: tuple[str, ...], facts: Mapping[str, Any]) -> str:
    known = _Known({name: _written(value, facts) for name, value in facts.items() if value not in (None, "")})
    for template in templates:
        try:
            return _(template).format_map(known)
        except _Missing:
            continue
    return _(templates[-1]).partition("{")[0].strip(" :") or _("Hay una novedad")


def _written(value: Any, facts: Mapping[str, Any]) -> str:
    """A fact as people read it: amounts with their currency, days in their form."""
    text = str(value)
    if isinstance(value, str):
        whole, point, cents = text.lstrip("-").partition(".")
        if point and len(cents) == 2 and (whole + cents).isdigit():
            return money(Decimal(text), str(facts.get("currency") or ""))
        if len(text) == 10 and text[4] == text[7] == "-":
            try:
                return day(date.fromisoformat(text))
            except ValueError:
                return text
    return text
