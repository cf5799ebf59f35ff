"""What comes of a contact, why customers pay late, what comes next: the catalogues, their words, what each tells.

A file may bring an outcome in words of its own; it is kept as written, and counts as a try that reached nobody.
"""

from typing import NamedTuple

from core.collections.models import Channel as Channel
from core.customers.search import folded
from core.i18n import N_, _


class Outcome(NamedTuple):
    """What came of a contact. `reached`: somebody answered; `right_party`: it was who decides or knows."""

    code: str
    label: str
    reached: bool
    right_party: bool
    #: other ways to write it in a file, folded
    also: tuple[str, ...] = ()


PROMISE = "promise"
ALREADY_PAID = "already_paid"
DISPUTE = "dispute"
NO_ANSWER = "no_answer"
CALL_BACK = "call_back"
COLLECTED = "collected"

OUTCOMES: dict[str, Outcome] = {
    one.code: one
    for one in (
        Outcome(PROMISE, N_("Promete pagar"), True, True, ("promesa", "promesa de pago", "promised", "promete")),
        Outcome(ALREADY_PAID, N_("Ya pagó"), True, True, ("pago realizado", "pagado", "paid")),
        Outcome(DISPUTE, N_("Aclaración"), True, True, ("disputa", "inconformidad", "disputed", "en aclaracion")),
        Outcome(NO_ANSWER, N_("No contestó"), False, False, ("no contesta", "sin respuesta", "no answer")),
        Outcome(CALL_BACK, N_("Volver a llamar"), True, False, ("llamar despues", "rellamar", "callback")),
        Outcome("reminded", N_("Se le recordó"), True, True, ("recordatorio", "informado", "informed", "reminder")),
        Outcome("message_left", N_("Dejé recado"), False, False, ("recado", "mensaje", "left message", "buzon")),
        Outcome("third_party", N_("Contestó otra persona"), True, False, ("tercero", "third party")),
        Outcome("refuses", N_("Se niega a pagar"), True, True, ("negativa", "no quiere pagar", "refused")),
        Outcome("cannot_pay", N_("No puede pagar ahora"), True, True, ("sin liquidez", "no puede pagar")),
        Outcome("negotiating", N_("Pide un convenio"), True, True, ("convenio", "negociacion", "agreement")),
        Outcome("visited", N_("Visita hecha"), True, True, ("visita", "visitado", "visit")),
        Outcome(COLLECTED, N_("Entregó el pago"), True, True, ("cobrado", "recogio pago", "collected")),
        Outcome("not_found", N_("No se encontró a nadie"), False, False, ("nadie", "cerrado", "no se encontro")),
        Outcome("wrong_number", N_("Número equivocado"), False, False, ("equivocado", "wrong number")),
        Outcome("sent", N_("Enviado"), False, False, ("enviada", "correo enviado", "delivered")),
    )
}

#: Those that the form shows first, by channel; the rest are under «Otro resultado».
_USUAL = (PROMISE, ALREADY_PAID, DISPUTE, NO_ANSWER, CALL_BACK)
USUAL: dict[Channel, tuple[str, ...]] = {
    Channel.CALL: _USUAL,
    Channel.WHATSAPP: (PROMISE, ALREADY_PAID, DISPUTE, NO_ANSWER, "sent"),
    Channel.EMAIL: (PROMISE, ALREADY_PAID, DISPUTE, NO_ANSWER, "sent"),
    Channel.LETTER: ("sent", PROMISE, ALREADY_PAID, DISPUTE),
    Channel.VISIT: (PROMISE, COLLECTED, ALREADY_PAID, DISPUTE, "not_found"),
}

#: Why a customer pays late.
CAUSES: dict[str, str] = {
    "cash_flow": N_("Falta de liquidez"),
    "waiting_for_customer": N_("Espera el pago de su cliente"),
    "approval": N_("Falta una autorización interna"),
    "payment_day": N_("Solo paga en su día de pago"),
    "no_invoice": N_("No ha recibido la factura"),
    "wrong_invoice": N_("Factura con errores"),
    "purchase_order": N_("Falta la orden de compra"),
    "delivery": N_("Entrega incompleta o con daño"),
    "price": N_("No está de acuerdo con el precio"),
    "return": N_("Espera una devolución o nota de crédito"),
    "oversight": N_("Olvido o error de ellos"),
    "bank": N_("Problema con su banco"),
    "staff": N_("Cambio de personal"),
    "closing": N_("Cierra o vende el negocio"),
    "unwilling": N_("No quiere pagar"),
    "other": N_("Otra"),
}

#: What is to be done next.
NEXT_ACTIONS: dict[str, str] = {
    "call": N_("Volver a llamar"),
    "confirm_payment": N_("Confirmar el pago"),
    "send_statement": N_("Mandar estado de cuenta"),
    "send_invoice": N_("Mandar la factura"),
    "find_payment": N_("Buscar el pago"),
    "answer_dispute": N_("Dar respuesta a la aclaración"),
    "visit": N_("Visitar"),
    "letter": N_("Mandar una carta"),
    "agreement": N_("Proponer un convenio"),
    "escalate": N_("Pasar al jefe"),
    "other": N_("Otro"),
}

#: What usually comes next, and in how many days (None: on the day that the outcome itself names).
SUGGESTED: dict[str, tuple[str, int | None]] = {
    PROMISE: ("confirm_payment", None),
    ALREADY_PAID: ("find_payment", 2),
    DISPUTE: ("answer_dispute", 5),
    NO_ANSWER: ("call", 1),
    CALL_BACK: ("call", 1),
    "message_left": ("call", 1),
    "third_party": ("call", 1),
    "refuses": ("escalate", 1),
    "cannot_pay": ("agreement", 3),
    "negotiating": ("agreement", 2),
    "wrong_number": ("other", 1),
    "not_found": ("visit", 3),
}

CHANNELS: dict[Channel, str] = {
    Channel.CALL: N_("Llamada"),
    Channel.WHATSAPP: N_("WhatsApp"),
    Channel.VISIT: N_("Visita"),
    Channel.EMAIL: N_("Correo"),
    Channel.LETTER: N_("Carta"),
}

#: Other ways to write a channel in a file, folded.
_CHANNELS_ALSO = {
    "telefono": Channel.CALL, "llamada telefonica": Channel.CALL, "phone": Channel.CALL, "tel": Channel.CALL,
    "correo electronico": Channel.EMAIL, "e-mail": Channel.EMAIL, "mail": Channel.EMAIL, "mensaje": Channel.WHATSAPP,
    "whats": Channel.WHATSAPP, "wa": Channel.WHATSAPP,
}  # fmt: skip


def outcome_label(code: str) -> str:
    """An outcome in words; one of no catalogue as it was written."""
    return _(OUTCOMES[code].label) if code in OUTCOMES else code


def cause_label(code: str | None) -> str | None:
    """A cause of delay in words."""
    return _(CAUSES[code]) if code in CAUSES else code


def next_action_label(code: str | None) -> str | None:
    """A next step in words."""
    return _(NEXT_ACTIONS[code]) if code in NEXT_ACTIONS else code


def channel_label(code: str) -> str:
    """A channel in words."""
    return _(CHANNELS[Channel(code)])


def outcome_code(written: str) -> str:
    """The code of an outcome written in a file, by code or by its Spanish word; what is no catalogue's, as written."""
    return _OUTCOME_OF.get(folded(written), written)


def channel_code(written: str) -> str | None:
    """The code of a channel written in a file, by code or by its Spanish word; None: there is no such channel."""
    return _CHANNEL_OF.get(folded(written))


_OUTCOME_OF = {
    written: one.code
    for one in OUTCOMES.values()
    for written in (one.code, folded(one.code.replace("_", " ")), folded(one.label), *one.also)
}
_CHANNEL_OF = {
    **{one.value: one.value for one in Channel},
    **{folded(label): channel.value for channel, label in CHANNELS.items()},
    **{written: channel.value for written, channel in _CHANNELS_ALSO.items()},
}
#: Outcomes in which somebody answered, and those in which it was the right one.
REACHED = frozenset(one.code for one in OUTCOMES.values() if one.reached)
RIGHT_PARTY = frozenset(one.code for one in OUTCOMES.values() if one.right_party)
