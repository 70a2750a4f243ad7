"""Compares what is recorded with what the receivers got."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple
from uuid import UUID


class Row(NamedTuple):
    """A delivery: the path of its destination, its event, attempts and outcome, and how often that was recorded."""

    id: UUID
    path: str
    event_id: UUID
    attempts: int
    outcome: str | None
    records: int


class Mark(NamedTuple):
    """What a worker was answered when it recorded an attempt: delivered, waiting, or lost to another worker."""

    id: UUID
    attempt: int
    outcome: str


class Request(NamedTuple):
    """A request that was read in full: where to, its webhook-id, the id in its body, and whether it was signed."""

    path: str
    webhook_id: str
    body_id: str
    is_signed: bool


def faults_of(
    rows: Sequence[Row], received: Sequence[Request], marks: Sequence[Mark], *, events: int, destinations: int
) -> list[str]:
    """What is wrong, a line each: lost events, other ids, no signature, outcomes recorded twice or late."""
    return [*_faults(rows, received, events * destinations), *_late_marks(rows, marks)]


def _faults(rows: Sequence[Row], received: Sequence[Request], expected: int) -> Iterator[str]:
    if len(rows) != expected:
        yield f"{len(rows)} deliveries are recorded, of {expected}"
    arrived = {(each.path, each.webhook_id) for each in received}
    known = {(row.path, f"evt_{row.event_id.hex}") for row in rows}
    for path, id in sorted(known - arrived):
        yield f"{path}: {id} never arrived"
    for path, id in sorted(arrived - known):
        yield f"{path}: {id} is the id of no event of it"
    for request in received:
        if request.webhook_id != request.body_id:
            yield f"{request.path}: {request.webhook_id} has the id {request.body_id} in its body"
        if not request.is_signed:
            yield f"{request.path}: {request.webhook_id} is not signed"
    for row in rows:
        if row.outcome != "delivered":
            yield f"{row.path}: the outcome of {row.event_id} is {row.outcome}"
        if row.records != 1:
            yield f"{row.path}: the outcome of {row.event_id} was recorded {row.records} times"


def _late_marks(rows: Sequence[Row], marks: Sequence[Mark]) -> Iterator[str]:
    # Nobody attempts what was delivered, so that the attempt that was recorded is the last.
    attempts = {row.id: row.attempts for row in rows}
    for mark in marks:
        if mark.outcome == "delivered" and mark.attempt != attempts[mark.id]:
            yield f"{mark.id} was recorded by attempt {mark.attempt}, which had lost it to attempt {attempts[mark.id]}"
