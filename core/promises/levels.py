"""The level of a promise: 1, or one more than the last one sharing a document when that one was broken or partly kept.

"Was" is judged on the day on which the next one was made. What a user had ended by then (withdrawn, rescheduled) is
passed over, as if it had not been: ending a promise neither raises the level nor begins it anew. Instalments of one
agreement are not each other's predecessors.
"""

from collections.abc import Iterable, Sequence

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from core.promises.models import Promise, PromiseDocument, PromiseEnding
from core.promises.standing import FAILED, judged, promises_at
from core.tables import among

CHUNK = 5_000


def levels(session: Session, promise_ids: Iterable[int]) -> dict[int, int]:
    """The level of each of these promises."""
    asked = list(dict.fromkeys(promise_ids))
    failed_before: dict[int, int] = {}
    waiting = asked
    while waiting:  # once for each level that there is
        found: dict[int, int] = {}
        for start in range(0, len(waiting), CHUNK):
            found |= _failed_before(session, waiting[start : start + CHUNK])
        failed_before |= found
        waiting = [id_ for id_ in dict.fromkeys(found.values()) if id_ not in failed_before]
    return {id_: _level(id_, failed_before) for id_ in asked}


def _level(promise_id: int, failed_before: dict[int, int]) -> int:
    level = 1
    while promise_id in failed_before:
        promise_id = failed_before[promise_id]
        level += 1
    return level


def _failed_before(session: Session, promise_ids: Sequence[int]) -> dict[int, int]:
    """The predecessors of these promises that had failed when these were made; those without are left out."""
    new, old, shared = aliased(Promise), aliased(Promise), aliased(PromiseDocument)
    place = func.row_number().over(
        partition_by=col(new.id), order_by=(col(old.made_on).desc(), col(old.id).desc())
    )  # fmt: skip
    earlier = or_(
        col(old.made_on) < col(new.made_on), and_(col(old.made_on) == col(new.made_on), col(old.id) < col(new.id))
    )
    of_another_agreement = or_(
        col(new.agreement_id).is_(None), col(old.agreement_id).is_(None), col(old.agreement_id) != col(new.agreement_id)
    )
    ended = select(col(PromiseEnding.promise_id)).where(
        col(PromiseEnding.promise_id) == col(old.id), col(PromiseEnding.ended_on) <= col(new.made_on)
    )
    before = (
        select(
            col(new.id).label("new_id"), col(old.id).label("old_id"), col(new.made_on).label("as_of"),
            place.label("place"),
        )
        .select_from(new)
        .join(PromiseDocument, col(PromiseDocument.promise_id) == col(new.id))
        .join(shared, col(shared.document_id) == col(PromiseDocument.document_id))
        .join(old, col(old.id) == col(shared.promise_id))
        .where(among(col(new.id), promise_ids), earlier, of_another_agreement, ~ended.exists())
        .cte()
    )  # fmt: skip
    last = select(before).where(before.c.place == 1).cte()
    its = judged(promises_at(last.c.as_of).join(last, last.c.old_id == col(Promise.id)).distinct())
    found = session.execute(
        select(last.c.new_id, last.c.old_id)
        .select_from(last)
        .join(its, and_(its.c.promise_id == last.c.old_id, its.c.as_of == last.c.as_of))
        .where(its.c.status.in_([state.value for state in FAILED]))
    )
    return {row[0]: row[1] for row in found}
