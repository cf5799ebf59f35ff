"""`db check` of the collectors' rows: each belongs to the customer of what it names, and its days are in order."""

from core.i18n import N_
from core.ledger.checking import Rule

COLLECTIONS = (
    Rule(
        N_("La promesa {number} no tiene sus fechas en orden."),
        """SELECT number FROM promise
           WHERE promised_on < made_on OR starts_on < made_on OR ends_on < promised_on OR starts_on > ends_on""",
    ),
    Rule(
        N_("La promesa {number} nombra {paper}, que no es un cargo de su cliente en su moneda."),
        """SELECT p.number, d.number AS paper FROM promise_document n
           JOIN promise p ON p.id = n.promise_id JOIN document d ON d.id = n.document_id
           WHERE d.customer_id <> p.customer_id OR d.currency <> p.currency OR d.kind = 'credit_note'""",
    ),
    Rule(
        N_("La promesa {number} terminó el {on}, antes de hacerse."),
        """SELECT p.number, e.ended_on AS "on" FROM promise_ending e
           JOIN promise p ON p.id = e.promise_id WHERE e.ended_on < p.made_on""",
    ),
    Rule(
        N_("La promesa {number} está en lugar de {paper}, que es de otro cliente o no se reprogramó."),
        """SELECT p.number, o.number AS paper FROM promise p JOIN promise o ON o.id = p.replaces_id
           LEFT JOIN promise_ending e ON e.promise_id = o.id AND e.ending = 'rescheduled'
           WHERE o.customer_id <> p.customer_id OR e.promise_id IS NULL""",
    ),
    Rule(
        N_("La aclaración {number} es sobre {paper}, que no es un cargo de su cliente en su moneda."),
        """SELECT x.number, d.number AS paper FROM dispute x JOIN document d ON d.id = x.document_id
           WHERE d.customer_id <> x.customer_id OR d.currency <> x.currency OR d.kind = 'credit_note'""",
    ),
    Rule(
        N_("La aclaración {number} se cerró el {on}, antes de abrirse."),
        """SELECT number, closed_on AS "on" FROM dispute WHERE closed_on < opened_on""",
    ),
    Rule(
        N_("La gestión {id} lleva una promesa o una aclaración de otro cliente."),
        """SELECT c.id FROM contact c
           LEFT JOIN promise p ON p.id = c.promise_id LEFT JOIN dispute x ON x.id = c.dispute_id
           WHERE p.customer_id <> c.customer_id OR x.customer_id <> c.customer_id""",
    ),
    Rule(
        N_("La visita {id} lleva la gestión de otro cliente."),
        """SELECT v.id FROM visit v JOIN contact c ON c.id = v.contact_id WHERE c.customer_id <> v.customer_id""",
    ),
    Rule(
        N_("La carta {id} nombra {paper}, que no es un documento de su cliente."),
        """SELECT l.id, n.number AS paper FROM letter_line n JOIN letter l ON l.id = n.letter_id
           JOIN document d ON d.id = n.document_id
           LEFT JOIN ledger_entry e ON e.id = n.entry_id AND e.source = 'document' AND e.source_id = d.id
           WHERE d.customer_id <> l.customer_id OR d.number <> n.number OR e.id IS NULL""",
    ),
    Rule(
        N_("La carta {id} dice que se deben {amount}, pero sus renglones suman {expected}."),
        """SELECT l.id, l.overdue AS amount, COALESCE(n.base, 0) AS expected FROM letter l
           LEFT JOIN (SELECT letter_id, SUM(base) AS base FROM letter_line GROUP BY letter_id) n ON n.letter_id = l.id
           WHERE l.overdue <> COALESCE(n.base, 0)""",
    ),
    Rule(
        N_("La carta {id} no está entre los correos."),
        """SELECT l.id FROM letter l
           LEFT JOIN outbox_message m ON m.kind = 'letter' AND m.source_id = l.id WHERE m.id IS NULL""",
    ),
    Rule(
        N_("El correo {id} no dice cuándo se envió, o lo dice sin estar enviado."),
        """SELECT id FROM outbox_message WHERE (status = 'sent') <> (sent_at IS NOT NULL)""",
    ),
    Rule(
        N_("La tarea {id} está hecha sin decir cuándo o por quién."),
        """SELECT id FROM task WHERE (done_on IS NULL) <> (done_by IS NULL) OR done_on < raised_on""",
    ),
    Rule(
        N_("El bloqueo {id} termina antes de empezar."),
        """SELECT id FROM credit_block WHERE to_on < from_on""",
    ),
)  # fmt: skip
