"""Stages by days overdue: what is done in each, and what is said (rule R9). Companies change them; these are the first.

In a script `{customer} {person} {company} {collector} {overdue} {days} {oldest}` are filled with the facts of the call.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from core.i18n import N_, _, language


class StageRules(NamedTuple):
    """From `from_days` days overdue on (negative: before the due date) until the next stage begins."""

    from_days: int
    name: str
    action: str
    script_es: str
    script_en: str

    @property
    def script(self) -> str:
        """What is said, in the language in use."""
        return self.script_en if language() == "en" and self.script_en else self.script_es


#: The facts that a script may name.
FACTS = ("customer", "person", "company", "collector", "overdue", "days", "oldest")

STAGES = (
    StageRules(
        -5, N_("Preventiva"), N_("Confirmar que recibieron la factura y el día de pago"),
        "Buenos días, {person}. Habla {collector}, de {company}. Le llamo para confirmar que recibieron nuestras "
        "facturas completas y que están programadas. ¿Qué día sale el pago? ¿Les falta algún documento?",
        "Good morning, {person}. This is {collector} from {company}. I am calling to confirm that you received our "
        "invoices complete and that they are scheduled. What day will payment go out? Is any document missing?",
    ),
    StageRules(
        1, N_("Recordatorio"), N_("Recordar y pedir fecha"),
        "Buenos días, {person}. Habla {collector}, de {company}. Tenemos un saldo vencido de {overdue} desde hace "
        "{days} días; quizá ya está en camino. ¿Me confirma qué día lo pagan y con qué referencia?",
        "Good morning, {person}. This is {collector} from {company}. We show {overdue} past due for {days} days; it "
        "may already be on its way. Could you confirm the payment date and its reference?",
    ),
    StageRules(
        8, N_("Llamada"), N_("Llamar y obtener una promesa con importe y fecha"),
        "Buenos días, {person}. Habla {collector}, de {company}. Su cuenta tiene {overdue} vencidos; lo más antiguo, "
        "{oldest}, lleva {days} días. Quisiera acordar hoy con usted un importe y una fecha. ¿Qué día podemos anotar? "
        "Si algo no coincide, dígame qué factura y lo aclaramos.",
        "Good morning, {person}. This is {collector} from {company}. Your account has {overdue} past due; the oldest, "
        "{oldest}, is {days} days late. I would like to agree on an amount and a date today. What day may I note? If "
        "anything does not match, tell me which invoice and we will clear it up.",
    ),
    StageRules(
        31, N_("Visita o jefe"), N_("Visitar, o hablar con quien decide"),
        "Buenos días, {person}. Soy {collector}, de {company}. Su saldo vencido de {overdue} lleva ya {days} días y "
        "preferimos verlo en persona con quien autoriza los pagos. ¿Quién lo decide y cuándo nos recibe? Mientras "
        "tanto, ¿qué parte pueden pagar esta semana?",
        "Good morning, {person}. This is {collector} from {company}. Your past-due balance of {overdue} is {days} days "
        "late and we would rather discuss it in person with whoever approves payments. Who decides, and when can we "
        "meet? Meanwhile, what part can you pay this week?",
    ),
    StageRules(
        61, N_("Bloqueo y carta formal"), N_("Proponer el bloqueo, mandar carta formal y ofrecer convenio"),
        "Buenos días, {person}. Soy {collector}, de {company}. Con {overdue} vencidos y {days} días de atraso, los "
        "pedidos nuevos pueden quedar detenidos. Le enviamos una carta con el detalle. Podemos revisar un convenio por "
        "escrito: ¿con cuánto pueden empezar y en qué fechas?",
        "Good morning, {person}. This is {collector} from {company}. With {overdue} past due for {days} days, new "
        "orders may be held. We are sending you a letter with the detail. We can review a written agreement: how much "
        "could you start with, and on what dates?",
    ),
    StageRules(
        91, N_("Prelegal"), N_("Último acuerdo antes de pasar el caso; reunir el expediente"),
        "Buenos días, {person}. Soy {collector}, de {company}. La cuenta tiene {overdue} vencidos y {days} días de "
        "atraso. Antes de que el caso pase a otra área queremos ofrecerle un último acuerdo. ¿Qué propone y para "
        "cuándo lo firma?",
        "Good morning, {person}. This is {collector} from {company}. The account has {overdue} past due for {days} "
        "days. Before the case moves to another area we would like to offer one last agreement. What do you propose, "
        "and when can you sign it?",
    ),
    StageRules(
        121, N_("Legal o despacho"), N_("Proponer el paso a legal o a un despacho externo"),
        "Buenos días, {person}. Soy {collector}, de {company}. Su saldo vencido de {overdue} será revisado para pasar "
        "a cobranza externa o legal. Si hoy acordamos un pago, lo informo para que se considere.",
        "Good morning, {person}. This is {collector} from {company}. Your past-due balance of {overdue} is under "
        "review for outside or legal collection. If we agree on a payment today, I will report it so that it is "
        "considered.",
    ),
)  # fmt: skip


def stage_of(stages: Sequence[StageRules], days: int | None) -> StageRules | None:
    """The stage of a customer whose oldest instalment is `days` overdue (negative: it falls due in so many days)."""
    if days is None:
        return None
    begun = [stage for stage in stages if stage.from_days <= days]
    return max(begun, key=lambda stage: stage.from_days, default=None)


def stage_word(stage: StageRules, what: str) -> str:
    """A stage's `name` or `action`: those of the first stages are translated, those that a company wrote are not."""
    return _(getattr(stage, what))


def filled(script: str, facts: Mapping[str, str]) -> str:
    """A script with the facts of this call; what it names otherwise stays as written."""
    for name in FACTS:
        script = script.replace(f"{{{name}}}", facts.get(name, ""))
    return script
