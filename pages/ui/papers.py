"""How documents and payments stand, in words and colours, and how somebody paid."""

from core.documents.queries import State
from core.i18n import N_, _
from core.payments.of_customer import State as PaymentState

METHODS = {
    "cash": N_("Efectivo"), "cheque": N_("Cheque"), "transfer": N_("Transferencia"), "card": N_("Tarjeta"),
    "other": N_("Otro"),
}  # fmt: skip
_STATES = {
    State.OVERDUE: (N_("Vencida"), "red"), State.CURRENT: (N_("Por vencer"), "blue"),
    State.PAID: (N_("Pagada"), "green"), State.IN_FAVOUR: (N_("A favor"), "violet"),
    State.USED: (N_("Aplicada"), "green"), State.REVERSED: (N_("Reversada"), "gray"),
}  # fmt: skip
_PAYMENT_STATES = {
    PaymentState.APPLIED: (N_("Aplicado"), "green"), PaymentState.PARTLY: (N_("En parte"), "yellow"),
    PaymentState.UNAPPLIED: (N_("Sin aplicar"), "violet"), PaymentState.REVERSED: (N_("Reversado"), "gray"),
}  # fmt: skip


def method(name: str | None) -> str | None:
    """How somebody paid, in words."""
    return None if name is None else _(METHODS.get(name, name))


def state(one: State) -> str:
    """How a document stands, in a word."""
    return _(_STATES[one][0])


def state_badge(one: State) -> str:
    """The same as a badge in Markdown."""
    word, colour = _STATES[one]
    return f":{colour}-badge[{_(word)}]"


def states() -> dict[str, str]:
    """The words of documents' states with their colours."""
    return {_(word): colour for word, colour in _STATES.values()}


def payment_state(one: PaymentState) -> str:
    """How a payment stands, in a word."""
    return _(_PAYMENT_STATES[one][0])


def payment_states() -> dict[str, str]:
    """The words of payments' states with their colours."""
    return {_(word): colour for word, colour in _PAYMENT_STATES.values()}
