"""What collectors of the demo company wrote down after a call, by what came of it."""

from random import Random

#: Facts that a note may name: {amount}, {on} (the day promised), {number} (a document), {person}.
NOTES = {
    "promise": (
        "Promete {amount} para el {on}. Ya está programado en su corrida de pagos.",
        "{person} confirma {amount} el {on}; pide que le mandemos el complemento en cuanto caiga.",
        "Quedó en transferir {amount} el {on}. Le falta la segunda firma.",
        "Se comprometió a {amount} el {on}, espera que le pague su propio cliente.",
    ),
    "no_answer": (
        "Timbró y no contestaron.", "Sin respuesta en dos intentos, mañana y mediodía.", "Manda a buzón.",
        "Conmutador saturado, no enlazan a pagos.",
    ),
    "message_left": (
        "Dejé recado con recepción para {person}.", "Recado en buzón con el total vencido y mi extensión.",
    ),
    "call_back": (
        "{person} en junta; pide que llame después de comer.", "Que le marque mañana temprano, está cerrando mes.",
    ),
    "third_party": (
        "Contestó compras; pagos solo recibe llamadas por la mañana.", "Atendió un auxiliar, no sabe de la factura.",
    ),
    "reminded": (
        "Se le recordó el saldo; revisa y confirma fecha.",
        "Le envié el estado de cuenta por correo mientras hablábamos.",
        "Ya tiene las facturas; falta que las capture en su portal.",
    ),
    "already_paid": (
        "Dice que pagó {amount}; le pedí el comprobante.",
        "Asegura que salió {amount} la semana pasada. Enviará el SPEI.",
    ),
    "cannot_pay": (
        "Sin flujo este mes; su obra está detenida.", "No puede pagar completo, ofrece abonos semanales.",
    ),
    "negotiating": (
        "Pide convenio a tres pagos sin intereses.", "Quiere cubrir la mitad ahora y el resto en dos meses.",
    ),
    "refuses": (
        "Se niega a pagar mientras no hable con dirección.", "Dice que no reconoce el saldo; cortó la llamada.",
    ),
    "dispute": (
        "No acepta {number}: {about}.", "Objeta {number}: {about}. Lo paso al área.",
    ),
}  # fmt: skip
#: What customers say of a document, by reason.
OBJECTIONS = {
    "price": "el precio no es el de la cotización",
    "discount": "faltó el descuento por volumen",
    "quantity": "recibió menos piezas de las facturadas",
    "delivery": "dice que la entrega no llegó a la obra",
    "return": "devolvió material y no ve la nota de crédito",
    "quality": "parte del material llegó oxidado",
    "tax_data": "el uso del CFDI está mal",
    "order": "falta su orden de compra en la factura",
}
RESULTS = (
    "Se habló con pagos; dieron nueva fecha.", "Se mandó estado de cuenta y carta.",
    "Localizado, paga la próxima semana.",
    "Se escaló con la gerencia de la región.",
)  # fmt: skip
CAUSES = {
    "promise": ("cash_flow", "approval", "payment_day", "waiting_for_customer"),
    "cannot_pay": ("cash_flow", "waiting_for_customer"),
    "negotiating": ("cash_flow",),
    "refuses": ("unwilling", "price"),
    "dispute": ("wrong_invoice", "price", "delivery"),
    "reminded": ("oversight", "no_invoice", "payment_day"),
}


def note(rng: Random, outcome: str, **facts: str) -> str:
    """What somebody wrote down of a contact."""
    return rng.choice(NOTES[outcome]).format(**facts)
