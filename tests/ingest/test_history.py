"""The checker of histories sees each rule broken, and lets pass what can be true."""

from math import inf

import pytest

from tests.support.history import History, Operation, Stored

CREATE = Operation("c", "create", "v", "+1", 1, 2, "acknowledged", "r1", "p")
EDIT = Operation("c", "edit", "v", "-1", 3, 4, "acknowledged", page="p")
REMOVE = Operation("c", "remove", "v", None, 5, 6, "acknowledged", page="p")
OTHER = Operation("d", "create", "w", "+1", 1, 2, "acknowledged", "r2", "p")
ROW, EDITED, OTHER_ROW = Stored("r1", "s1", "+1"), Stored("r1", "s1", "-1"), Stored("r2", "s2", "+1")


def read(count: int, began: float, ended: float, client: str = "c") -> Operation:
    return Operation(client, "read", "p", count, began, ended, "acknowledged")


def unknown(operation: Operation) -> Operation:
    return Operation(
        operation.client, operation.kind, operation.subject, operation.value, operation.began, page=operation.page
    )


def missing(operation: Operation) -> Operation:
    return Operation("c", operation.kind, "v", operation.value, operation.began, operation.ended, "missing", page="p")


BAD = {
    "lost": ([CREATE], [], "v: acknowledged, but not stored"),
    "stored twice": ([CREATE, unknown(OTHER)], [ROW, Stored("r2", "s1", "+1")], "r2 is stored twice, also as r1"),
    "acknowledged as one": (
        [CREATE, Operation("d", "create", "w", "+1", 1, 2, "acknowledged", "r1", "p")],
        [ROW],
        "w and v: acknowledged as the same response r1",
    ),
    "never sent": ([CREATE], [ROW, OTHER_ROW], "1 are stored that were not acknowledged, where 0 had no answer"),
    "edit lost": ([CREATE, EDIT], [ROW], "v: stored as +1, and not as -1"),
    "edit undone": (
        [CREATE, EDIT, Operation("c", "edit", "v", "0", 5, 6, "acknowledged", page="p")],
        [EDITED],
        "v: stored as -1, and not as 0",
    ),
    "never the value": ([CREATE, unknown(EDIT)], [Stored("r1", "s1", "0")], "v: stored as 0, and not as +1 or -1"),
    "removal undone": ([CREATE, REMOVE], [ROW], "v: removed, but stored"),
    "edited after the removal": (
        [CREATE, REMOVE, Operation("c", "edit", "v", "-1", 7, 8, "acknowledged", page="p")],
        [],
        "v: edited after it was removed",
    ),
    "told to be missing": ([CREATE, missing(EDIT)], [ROW], "v: the edit was told that there is no such response"),
    "missing before the removal": (
        [CREATE, missing(EDIT), REMOVE],
        [],
        "v: the edit was told that there is no such response",
    ),
    "counted twice": (
        [CREATE, read(2, 3, 4)],
        [ROW],
        "c: counted 2 on p, where at most 1 were sent",
    ),
    "not counted": (
        [CREATE, read(0, 3, 4, "d")],
        [ROW],
        "d: counted 0 on p, where at least 1 were acknowledged",
    ),
    "a read goes back": (
        [CREATE, unknown(OTHER), read(2, 3, 4), read(1, 5, 6)],
        [ROW, OTHER_ROW],
        "c: counted 1 on p, and 2 before that",
    ),
}


@pytest.mark.parametrize("name", BAD)
def test_it_sees(name: str) -> None:
    operations, stored, sentence = BAD[name]
    assert History(operations).violations(stored) == [sentence]


GOOD = {
    "all is acknowledged": ([CREATE, EDIT, OTHER, read(2, 3, 4)], [EDITED, OTHER_ROW]),
    "removed": ([CREATE, read(1, 3, 4), REMOVE, read(0, 7, 8)], []),
    "edits at once": (
        [CREATE, EDIT, Operation("c", "edit", "v", "0", 3.5, 6, "acknowledged", page="p")],
        [EDITED],
    ),
    "a create without an answer, stored": ([unknown(CREATE)], [ROW]),
    "a create without an answer, not stored": ([unknown(CREATE)], []),
    "an edit without an answer, done": ([CREATE, unknown(EDIT)], [EDITED]),
    "an edit without an answer, not done": ([CREATE, unknown(EDIT)], [ROW]),
    "a removal without an answer, done": ([CREATE, unknown(REMOVE)], []),
    "a removal without an answer, not done": ([CREATE, unknown(REMOVE)], [ROW]),
    "missing during the removal": (
        [CREATE, REMOVE, Operation("c", "edit", "v", "-1", 5.5, 7, "missing", page="p")],
        [],
    ),
    "reads of two clients": (
        [CREATE, unknown(OTHER), read(2, 3, 4), read(1, 5, 6, "d")],
        [ROW, OTHER_ROW],
    ),
    "reads at once": ([CREATE, unknown(OTHER), read(2, 3, 5), read(1, 4, 6)], [ROW, OTHER_ROW]),
}


@pytest.mark.parametrize("name", GOOD)
def test_it_lets_pass(name: str) -> None:
    operations, stored = GOOD[name]
    assert History(operations).violations(stored) == []


def test_what_was_not_yet_answered_at_a_moment_is_unknown_then() -> None:
    history = History([CREATE, EDIT, REMOVE])
    assert history.until(3.5, 3.6).violations([ROW]) == []
    assert history.until(3.5, 3.6).violations([EDITED]) == []
    assert history.until(3.5, 3.6).violations([]) == ["v: acknowledged, but not stored"]
    assert history.until(4.5, 4.6).violations([ROW]) == ["v: stored as +1, and not as -1"]
    assert [each.ended for each in history.until(1.5, 3.2).operations] == [inf, inf]
