"""Rules of `db check` for agreements and stages: plans that add up, decisions by two people, blocks apart."""

from core.i18n import N_
from core.ledger.checking import Rule

AGREEMENTS = (
    Rule(
        N_("{number}: el convenio es por {total}, pero sus pagos suman {amount}."),
        """SELECT a.number, a.total, COALESCE(SUM(i.amount), 0) AS amount FROM payment_agreement a
           LEFT JOIN payment_agreement_instalment i ON i.agreement_id = a.id
           GROUP BY a.id, a.number, a.total HAVING COALESCE(SUM(i.amount), 0) <> a.total""",
    ),
    Rule(
        N_("{number}: el adeudo del convenio es {total}, pero sus documentos suman {amount}."),
        """SELECT a.number, a.debt AS total, COALESCE(SUM(d.open), 0) AS amount FROM payment_agreement a
           LEFT JOIN payment_agreement_document d ON d.agreement_id = a.id
           GROUP BY a.id, a.number, a.debt HAVING COALESCE(SUM(d.open), 0) <> a.debt""",
    ),
    Rule(
        N_("{number}: quien propuso el convenio también lo aprobó o rechazó."),
        """SELECT a.number FROM payment_agreement a JOIN payment_agreement_step s ON s.agreement_id = a.id
           WHERE s.outcome IN ('approved', 'refused') AND s."by" = a.proposed_by
             AND COALESCE(s.by_id, 0) = COALESCE(a.proposed_by_id, 0)""",
    ),
    Rule(
        N_("{number}: el convenio aprobado no tiene una promesa por cada pago."),
        """SELECT a.number FROM payment_agreement a
           JOIN payment_agreement_step s ON s.agreement_id = a.id AND s.outcome = 'approved'
           JOIN payment_agreement_instalment i ON i.agreement_id = a.id
           LEFT JOIN promise p ON p.agreement_id = a.id AND p.promised_on = i.due_on AND p.amount = i.amount
           WHERE p.id IS NULL GROUP BY a.id, a.number""",
    ),
    Rule(
        N_("{number}: una promesa es de un convenio que nadie aprobó."),
        """SELECT p.number FROM promise p LEFT JOIN payment_agreement_step s
             ON s.agreement_id = p.agreement_id AND s.step = 'decision' AND s.outcome = 'approved'
           WHERE p.agreement_id IS NOT NULL AND s.agreement_id IS NULL""",
    ),
    Rule(
        N_("{number}: quien propuso la entrega del expediente también la aprobó o rechazó."),
        """SELECT c.number FROM collection_hand_over h JOIN collection_case c ON c.id = h.case_id
           WHERE h.stage <> 'internal' AND h.decided_by = h.proposed_by
             AND COALESCE(h.decided_by_id, 0) = COALESCE(h.proposed_by_id, 0)""",
    ),
    Rule(
        N_("{number}: la relación de una entrega aprobada no quedó fija."),
        """SELECT DISTINCT c.number FROM collection_hand_over h JOIN collection_case c ON c.id = h.case_id
           JOIN collection_hand_over_document d ON d.hand_over_id = h.id
           WHERE h.stage <> 'internal' AND (h.state = 'approved') <> (d.handed IS NOT NULL)""",
    ),
    Rule(
        N_("{customer}: tiene dos bloqueos iguales vigentes el mismo día."),
        """SELECT DISTINCT c.code AS customer FROM credit_block one JOIN credit_block two
             ON two.customer_id = one.customer_id AND two.code = one.code AND two.id > one.id
             AND two.from_on <= COALESCE(one.to_on, two.from_on) AND one.from_on <= COALESCE(two.to_on, one.from_on)
           JOIN customer c ON c.id = one.customer_id""",
    ),
)
