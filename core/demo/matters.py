"""Matters of the demo company that take weeks: letters, payment agreements, cases, a reconciliation, a meeting."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any

from PIL import Image, ImageDraw
from sqlalchemy import select, update
from sqlmodel import col

from core.agreements.breach import judge_agreements
from core.agreements.deciding import approve_agreement
from core.agreements.drafting import Terms
from core.agreements.models import Frequency
from core.agreements.proposing import propose_agreement
from core.clock import now
from core.demo.desk import Debtor, Desk, Story, When
from core.legal.following import add_cost, add_step, change_case, save_agency
from core.legal.handing import approve_hand_over, propose_hand_over
from core.legal.models import Case, CostKind, Stage, StepKind
from core.letters.running import run_letters
from core.outbox.models import Message, MessageStatus
from core.policies.settings import buckets
from core.portfolio.open_documents import open_documents
from core.portfolio.scope import Scope
from core.promises.evaluation import evaluate
from core.reconciliations.kinds import Party
from core.reconciliations.matching import Theirs
from core.reconciliations.recording import agree, save
from core.reconciliations.signing import sign
from core.supervision.goals import set_goal
from core.supervision.meetings import agree_in_meeting, call_meetings, close_meeting, keep_attendance
from core.tasks.doing import assign_task, finish_task

_BOSS, _CONTROLLER = "gerente", "contraloria"
_SUBJECTS = {"es": "Saldo vencido: le pedimos su pago", "en": "Past-due balance: payment requested"}


def matters(desk: Desk) -> Iterator[Story]:
    """All of them, each with customers of its own."""
    yield _nights(desk)
    yield _letters(desk)
    yield from (_agreement_broken(desk, one) for one in desk.debtors(1, days=60, since=40, documents=2))
    yield from (_agreement_in_force(desk, one) for one in desk.debtors(2, days=25, since=9, documents=2))
    yield from (_agreement_proposed(desk, one) for one in desk.debtors(2, days=15, since=3, documents=2))
    yield from (_legal(desk, one) for one in desk.debtors(1, days=150, since=9))
    yield from (_agency(desk, one) for one in desk.debtors(1, days=110, since=9))
    yield from (_prelegal(desk, one, decided=place == 0) for place, one in enumerate(desk.debtors(2, days=75, since=9)))
    yield from (_reconciliation(desk, one) for one in desk.debtors(1, days=10, since=9))
    yield _supervision(desk, desk.debtors(2, days=10, since=0))


def _nights(desk: Desk) -> Story:
    """The nights judge what the stories brought about, up to yesterday's."""
    for back in (30, 20, 10, 5, 1):
        on = yield When(back, 2, 5)
        evaluate(desk.session, desk.user("system"), as_of=on)


def _letters(desk: Desk) -> Story:
    """A run every five working days, sent in the same night; the last one was a week ago."""
    for back in range(40, 4, -5):
        on = yield When(back, 2, 30)
        run_letters(desk.session, desk.user("system"), as_of=on)
        for language, subject in _SUBJECTS.items():
            desk.session.execute(
                update(Message)
                .where(col(Message.status) == MessageStatus.QUEUED, col(Message.language) == language)
                .values(status=MessageStatus.SENT, sent_at=now(), tries=1, next_try_at=None, subject=subject)
            )


def _terms(desk: Desk, one: Debtor, first: int, **more: Any) -> Terms:
    return Terms(one.id, "MXN", one.numbers[:4], desk.day(first), times=3, waive_pct=Decimal(100), **more)


def _agreement_broken(desk: Desk, one: Debtor) -> Story:
    """Three payments every two weeks, of which none came."""
    on = yield When(38, 12, 5)
    terms = _terms(desk, one, 25, frequency=Frequency.FORTNIGHTLY, notes="Paga cuando le liberen su estimación.")
    made = propose_agreement(desk.session, desk.user(one.collector), terms=terms, on=on)
    on = yield When(37, 9, 40)
    approve_agreement(desk.session, desk.user(_CONTROLLER), number=made.number, on=on)
    on = yield When(6, 2, 10)
    judge_agreements(desk.session, desk.user("system"), as_of=on)


def _agreement_in_force(desk: Desk, one: Debtor) -> Story:
    """Its first payment is yet to come."""
    on = yield When(7, 11, 20)
    terms = _terms(desk, one, -5, notes="Acordado con su dirección; firman al recibir el documento.")
    made = propose_agreement(desk.session, desk.user(one.collector), terms=terms, on=on)
    on = yield When(6, 10, 15)
    approve_agreement(desk.session, desk.user(_CONTROLLER), number=made.number, on=on, remark="Sin más plazos.")


def _agreement_proposed(desk: Desk, one: Debtor) -> Story:
    """It waits for somebody's approval."""
    on = yield When(1, 16, 30)
    terms = _terms(desk, one, -8, notes="Pide tres pagos; ya dejó de comprar de contado.")
    propose_agreement(desk.session, desk.user(one.collector), terms=terms, on=on)


def _handed(desk: Desk, one: Debtor, stage: Stage, reason: str, agency: int | None = None) -> Story:
    on = yield When(24, 10, 20)
    made = propose_hand_over(
        desk.session, desk.user(one.collector), customer_id=one.id, stage=stage, documents=one.numbers, reason=reason,
        on=on, agency_id=agency,
    )  # fmt: skip
    on = yield When(23, 13)
    approve_hand_over(desk.session, desk.user(_BOSS), hand_over_id=made.id or 0, on=on)


def _case_of(desk: Desk, one: Debtor) -> str:
    return desk.session.scalars(select(col(Case.number)).where(col(Case.customer_id) == one.id)).one()


def _legal(desk: Desk, one: Debtor) -> Story:
    """With the lawyers: filed, a hearing next week."""
    yield from _handed(desk, one, Stage.LEGAL, "No contesta desde hace meses y cerró su bodega.")
    yield When(20, 11)
    number, who = _case_of(desk, one), desk.user(one.collector)
    change_case(
        desk.session, who, number=number, lawyer="Lic. Elena Cuevas Rivas", court="Juzgado Tercero Mercantil",
        file_number="1187/2026", guarantee="Pagaré firmado por el representante",
        prescribes_on=desk.day(0) + timedelta(days=400),
    )  # fmt: skip
    on = yield When(12, 13, 10)
    add_step(desk.session, who, number=number, kind=StepKind.FILING, on=on, what="Se presentó la demanda ejecutiva.")
    add_cost(
        desk.session, who, number=number, kind=CostKind.FEES, on=on, amount=Decimal("8500.00"), currency="MXN",
        what="Honorarios, primer pago",
    )  # fmt: skip
    yield When(4, 10, 30)
    add_step(
        desk.session, who, number=number, kind=StepKind.HEARING, on=desk.day(-5), at_time="10:30",
        place="Juzgado Tercero Mercantil", what="Audiencia preliminar",
    )  # fmt: skip


def _agency(desk: Desk, one: Debtor) -> Story:
    """With an outside agency, which has reported once."""
    yield When(26, 9, 30)
    agency = save_agency(
        desk.session, desk.user(_BOSS), name="Despacho Ribera y Asociados", commission_pct=Decimal("18.00"),
        contact="Lic. Omar Ribera", phone="55 5550 0190", email="cartera@ribera.example",
    )  # fmt: skip
    yield from _handed(desk, one, Stage.AGENCY, "Tres cartas y ninguna respuesta.", agency.id)
    on = yield When(9, 12)
    add_step(
        desk.session, desk.user(one.collector), number=_case_of(desk, one), kind=StepKind.AGENCY_REPORT, on=on,
        what="Localizaron al dueño; ofrece pagar después de su temporada alta.",
    )  # fmt: skip


def _prelegal(desk: Desk, one: Debtor, *, decided: bool) -> Story:
    """Handed over to the prelegal desk; or proposed yesterday, and nobody has decided."""
    reason = "Promesas rotas y cheque devuelto; conviene carta del abogado."
    if decided:
        yield from _handed(desk, one, Stage.PRELEGAL, reason)
        return
    on = yield When(1, 17, 10)
    propose_hand_over(
        desk.session, desk.user(one.collector), customer_id=one.id, stage=Stage.PRELEGAL, documents=one.numbers,
        reason=reason, on=on,
    )  # fmt: skip


def _reconciliation(desk: Desk, one: Debtor) -> Story:
    """The customer's list lacks an invoice; the minute was signed, and what was agreed became a promise."""
    on = yield When(8, 12, 30)
    who = desk.user(one.collector)
    ours = open_documents(
        desk.session, who, as_of=on, limits=buckets(desk.session), scope=Scope(customer=one.code, currency="MXN")
    ).rows  # fmt: skip
    theirs = [
        Theirs(row, paper.figures.key, paper.issue_date, paper.open) for row, paper in enumerate(ours[1:] or ours, 2)
    ]
    listed = "factura,fecha,importe\n" + "".join(f"{row.number},{row.on},{row.amount}\n" for row in theirs)
    made = save(
        desk.session, who, customer_id=one.id, currency="MXN", cut_on=on, today=on, theirs=theirs,
        file=("saldos_del_cliente.csv", listed.encode()),
    )  # fmt: skip
    agree(
        desk.session, who, reconciliation_id=made.id or 0, party=Party.THEM, owner="Tesorería del cliente",
        text="Programar las facturas conciliadas", today=on, due_on=desk.day(-4), amount=Decimal("25000.00"),
    )  # fmt: skip
    sign(
        desk.session, who, reconciliation_id=made.id or 0, today=on, their_signer="C.P. Adriana Salto",
        our_signer=who.full_name, signature=("firma.png", _signature()), their_position="Cuentas por pagar",
    )  # fmt: skip


def _signature() -> bytes:
    """A scribble."""
    picture = Image.new("L", (360, 120), 255)
    points = [(20 + 8 * place, 60 + (28, -34, 12, -20)[place % 4]) for place in range(40)]
    ImageDraw.Draw(picture).line(points, fill=30, width=3, joint="curve")
    written = BytesIO()
    picture.save(written, "PNG")
    return written.getvalue()


def _supervision(desk: Desk, about: list[Debtor]) -> Story:
    """Goals of the month, tasks from the boss, and a meeting with what was agreed in it."""
    session, boss = desk.session, desk.user(_BOSS)
    collectors = sorted({one.collector for one in about})
    on = yield When(15, 9, 5)
    for name in collectors:
        set_goal(
            session, boss, collector=name, month=f"{on:%Y-%m}", recovered=Decimal("450000.00"), contacts=60,
            kept_pct=Decimal("65.00"),
        )  # fmt: skip
    if collectors:
        [meeting] = call_meetings(
            session, boss, title="Revisión de cartera", held_on=desk.day(5), today=on, attendees=[_BOSS, *collectors],
            starts_at="09:00",
        )  # fmt: skip
        on = yield When(5, 10)
        keep_attendance(
            session, boss, meeting_id=meeting.id or 0, attended=dict.fromkeys([_BOSS, *collectors], True),
            notes="Se revisaron los vencidos de más de 60 días y las promesas rotas del mes.",
        )  # fmt: skip
        for one in about:
            agree_in_meeting(
                session, boss, meeting_id=meeting.id or 0, owner=one.collector, due_on=desk.day(-2), today=on,
                text=f"Visitar a {one.name} y traer fecha de pago", customer_id=one.id,
            )  # fmt: skip
        close_meeting(session, boss, meeting_id=meeting.id or 0, today=on)
        call_meetings(
            session, boss, title="Revisión de cartera", held_on=desk.day(-3), today=on, attendees=[_BOSS, *collectors],
            starts_at="09:00",
        )  # fmt: skip
    for one in about:
        on = yield When(3, 9, 20)
        asked = assign_task(
            session, boss, assigned_to=one.collector, title="Conseguir el contrarrecibo de sus facturas", on=on,
            due_on=desk.day(0), customer_id=one.id, notes="Hablar con su almacén, no con compras.",
        )  # fmt: skip
        if one is about[0]:
            on = yield When(2, 16, 45)
            finish_task(
                session, desk.user(one.collector), task_id=asked.id or 0, on=on,
                result="Contrarrecibo 5521, pagan el viernes.",
            )  # fmt: skip
