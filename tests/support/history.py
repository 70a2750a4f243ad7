"""What clients sent and were told, and whether it can be true.

Clients record each operation with the times of its call and of its answer. An operation without an answer, or with a
503, may have been carried out, at any time after its call, or not. `violations` compares a history with the responses
that are stored in the end:

- acknowledged once: what was acknowledged is stored, and nothing is stored or acknowledged twice, nor out of nothing;
- last value wins: the value stored is one that no later write has replaced;
- removals are final: what was removed is not stored, and is not edited any more;
- reads never go back: of what one client counts on a page, only removals can take anything away; and what was
  acknowledged to anybody before a read is counted in it.
"""

import time
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from math import inf
from typing import Literal

Kind = Literal["create", "edit", "remove", "read"]
Result = Literal["acknowledged", "missing", "unknown"]


@dataclass
class Operation:
    """What `client` did from `began` to `ended`, in seconds; without an answer it has not ended.

    `subject` is the visitor of a response, or the page of a read. `value` is the value sent, or the number read.
    """

    client: str
    kind: Kind
    subject: str
    value: str | int | None = None
    began: float = 0.0
    ended: float = inf
    result: Result = "unknown"
    id: str = ""  # of the response, of a create that was acknowledged
    page: str = ""  # of a response

    @property
    def is_acknowledged(self) -> bool:
        """Whether it was told to be done."""
        return self.result == "acknowledged"


@dataclass(frozen=True)
class Stored:
    """A response as it is stored; `sender` is the hash of its visitor."""

    id: str
    sender: str
    value: str


@dataclass
class History:
    """The operations of all clients, in the order of their calls."""

    operations: list[Operation] = field(default_factory=list)

    def begin(
        self, client: str, kind: Kind, subject: str, value: str | int | None = None, *, page: str = ""
    ) -> Operation:
        """Record the call of an operation."""
        operation = Operation(client, kind, subject, value, time.monotonic(), page=page)
        self.operations.append(operation)
        return operation

    def end(
        self, operation: Operation, result: Result = "acknowledged", *, id: str = "", value: str | int | None = None
    ) -> None:
        """Record its answer."""
        operation.ended, operation.result, operation.id = time.monotonic(), result, id
        if value is not None:
            operation.value = value

    def acknowledged(self, kind: Kind = "create") -> int:
        """How many operations of a kind were acknowledged."""
        return sum(each.kind == kind and each.is_acknowledged for each in self.operations)

    def until(self, began: float, ended: float) -> "History":
        """The history as known at a moment between two times: what was answered before it, and what was called."""
        return History(
            [
                each
                if each.ended < began
                else Operation(each.client, each.kind, each.subject, each.value, each.began, page=each.page)
                for each in self.operations
                if each.began <= ended
            ]
        )

    def violations(self, stored: list[Stored]) -> list[str]:
        """Sentences on what cannot be true; none where all is well."""
        writes = defaultdict[str, list[Operation]](list)
        for operation in self.operations:
            if operation.kind != "read":
                writes[operation.subject].append(operation)
        rows = {row.id: row for row in stored}
        sentences = [
            f"{visitor}: {what}" for visitor, operations in writes.items() for what in _of_response(operations, rows)
        ]
        return sentences + self._doubled(stored) + self._reads(writes)

    def _doubled(self, stored: list[Stored]) -> list[str]:
        creates = [each for each in self.operations if each.kind == "create"]
        known, senders = dict[str, str](), dict[str, str]()
        sentences = [
            f"{each.subject} and {known[each.id]}: acknowledged as the same response {each.id}"
            for each in creates
            if each.id and known.setdefault(each.id, each.subject) != each.subject
        ]
        sentences += [
            f"{known.get(row.id, row.id)} is stored twice, also as {senders[row.sender]}"
            for row in stored
            if senders.setdefault(row.sender, row.id) != row.id
        ]
        unknown, strange = sum(not each.is_acknowledged for each in creates), len({r.id for r in stored} - known.keys())
        if strange > unknown:
            sentences.append(f"{strange} are stored that were not acknowledged, where {unknown} had no answer")
        return sentences

    def _reads(self, writes: Mapping[str, list[Operation]]) -> list[str]:
        pages = defaultdict[str, _Page](_Page)
        for operation in (each for operations in writes.values() for each in operations):
            pages[operation.page].add(operation)
        for page in pages.values():
            page.sort()
        sentences = []
        before: dict[tuple[str, str], Operation] = {}
        for read in self.operations:
            if read.kind != "read" or not read.is_acknowledged:
                continue
            page, count = pages[read.subject], int(read.value or 0)
            where = f"{read.client}: counted {count} on {read.subject}"
            most = bisect_left(page.sent, read.ended)
            least = bisect_left(page.acknowledged, read.began) - bisect_left(page.removal_sent, read.ended)
            if count > most:
                sentences.append(f"{where}, where at most {most} were sent")
            if count < least:
                sentences.append(f"{where}, where at least {least} were acknowledged")
            last = before.get((read.client, read.subject))
            if last is not None and last.ended <= read.began:
                done = bisect_left(page.removed, last.began)
                removed = bisect_left(page.removal_sent, read.ended) - done
                if count < int(last.value or 0) - removed:
                    sentences.append(f"{where}, and {last.value} before that")
            before[read.client, read.subject] = read
        return sentences


@dataclass
class _Page:
    """Times of what was done on a page."""

    sent: list[float] = field(default_factory=list)
    acknowledged: list[float] = field(default_factory=list)
    removal_sent: list[float] = field(default_factory=list)
    removed: list[float] = field(default_factory=list)

    def add(self, operation: Operation) -> None:
        if operation.kind == "create":
            self.sent.append(operation.began)
            if operation.is_acknowledged:
                self.acknowledged.append(operation.ended)
        elif operation.kind == "remove":
            self.removal_sent.append(operation.began)
            self.removed.append(operation.ended)

    def sort(self) -> None:
        for times in (self.sent, self.acknowledged, self.removal_sent, self.removed):
            times.sort()


def _of_response(operations: list[Operation], rows: Mapping[str, Stored]) -> list[str]:
    sentences = []
    id = next((each.id for each in operations if each.id), "")
    row = rows.get(id)
    removals = [each for each in operations if each.kind == "remove"]
    removed = min((each.ended for each in removals if each.is_acknowledged), default=inf)
    for each in operations:
        if each.result == "missing" and not any(removal.began < each.ended for removal in removals):
            sentences.append(f"the {each.kind} was told that there is no such response")
        if each.kind == "edit" and each.is_acknowledged and each.began > removed:
            sentences.append("edited after it was removed")
    if row is not None and removed < inf:
        sentences.append("removed, but stored")
    if row is None and id and not removals:
        sentences.append("acknowledged, but not stored")
    if row is not None and removed == inf and row.value not in (values := _possible(operations)):
        sentences.append(f"stored as {row.value}, and not as {' or '.join(sorted(values))}")
    return sentences


def _possible(operations: list[Operation]) -> set[str]:
    """The values of all writes but those that were answered before another, acknowledged one was called."""
    writes = [each for each in operations if each.kind in ("create", "edit") and each.result != "missing"]
    last = max((each.began for each in writes if each.is_acknowledged), default=0.0)
    return {str(each.value) for each in writes if each.ended >= last}
