"""Compares what is recorded with what the mail server accepted."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Row:
    """A mail of the outbox; `state` is that of its delivery, for recaps."""

    id: UUID
    recipient: str
    is_recap: bool
    outcome: str | None
    message_id: str | None
    state: str | None
    copies: int


def faults_of(rows: Sequence[Row], accepted: Sequence[tuple[str, str]], *, recaps: int, others: int) -> list[str]:
    """What is wrong, a line each: doubled or lost recaps, third copies, records that contradict the server."""
    return list(_faults(rows, accepted, recaps, others))


def _faults(rows: Sequence[Row], accepted: Sequence[tuple[str, str]], recaps: int, others: int) -> Iterator[str]:
    copies = Counter(recipient for recipient, _ in accepted)
    ids: dict[str, set[str]] = {}
    for recipient, message_id in accepted:
        ids.setdefault(recipient, set()).add(message_id)
    sizes = Counter(row.is_recap for row in rows)
    if (sizes[True], sizes[False]) != (recaps, others):
        yield f"{sizes[True]} recaps and {sizes[False]} other mails are recorded"
    for recipient in copies.keys() - {row.recipient for row in rows}:
        yield f"{recipient} got a mail of which there is no record"
    for row in rows:
        n, most = copies[row.recipient], 1 if row.is_recap else 2
        if n > most:
            yield f"{row.recipient} got {n} copies"
        if row.outcome not in ("sent", "failed", "unknown"):
            yield f"{row.recipient}: the outcome is {row.outcome}"
        if row.outcome == "sent" and not n:
            yield f"{row.recipient}: lost, and recorded as sent"
        if row.outcome == "failed" and n:
            yield f"{row.recipient}: arrived, and recorded as failed"
        if n > row.copies:
            yield f"{row.recipient}: {n} copies arrived, {row.copies} are recorded"
        if ids.get(row.recipient, set()) - {str(row.message_id)}:
            yield f"{row.recipient}: another Message-ID than {row.message_id}"
        if row.is_recap and row.state != row.outcome:
            yield f"{row.recipient}: the delivery says {row.state}, the outbox {row.outcome}"
