"""What customers of the demo company question of their documents, who answered, and how it ended."""

from typing import NamedTuple

from core.demo import sayings
from core.demo.books import Line
from core.demo.casework import Casework
from core.demo.company import moment
from core.disputes.models import Dispute, DisputeStep
from core.disputes.reasons import REASONS, Outcome

_DONE = {
    Outcome.REFUSED: "Se mostró la remisión firmada; no procede.",
    Outcome.CORRECTED: "Se corrigió y el cliente lo aceptó por escrito.",
}


class Objection(NamedTuple):
    """A dispute; `deadline`: the day, by place, by which an area must answer."""

    id: int
    about: str
    deadline: int


def object_to(work: Casework, place: int, line: Line) -> Objection:
    """Opens a dispute about a document on a day, and writes what became of it until yesterday."""
    rng, days, one = work.rng, work.days, work.one
    reason = rng.choice(tuple(sayings.OBJECTIONS))
    about, area = sayings.OBJECTIONS[reason], REASONS[reason].area
    open_ = line.open_at(place)
    amount = open_ if rng.randrange(3) == 0 else max(1, open_ * rng.randrange(10, 60) // 100)
    deadline, id_ = days.working(place + rng.randrange(5, 16)), work.books.take(Dispute)
    steps = [(place, one.collector, "open", f"{about[0].upper()}{about[1:]}.")]
    reviewed = days.working(place + rng.randrange(1, 4))
    closed, outcome = days.working(reviewed + rng.randrange(2, 25)), rng.choice(tuple(_DONE))
    if reviewed < days.last:
        steps.append((reviewed, one.collector, "in_review", "El área ya tiene el expediente."))
    if closed < days.last:
        steps.append((closed, one.collector, "closed", _DONE[outcome]))
    status, ended = steps[-1][2], closed < days.last
    work.filing.add(
        Dispute, id_, f"AC-{id_:06d}", one.id, line.source_id, one.currency, amount, days.dates[place], reason,
        steps[0][3], status, area, days.dates[deadline], outcome.value if ended else None,
        days.dates[closed] if ended else None, one.collector, work.event(place, "disputes"),
    )  # fmt: skip
    for day, user, state, notes in steps:
        at = moment(days.dates[day], 17 * 60 + 29)
        work.filing.add(DisputeStep, id_, at, user, state, notes, work.event(day, "disputes"))
    return Objection(id_, about, deadline)
