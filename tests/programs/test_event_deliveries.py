"""`make event-deliveries`: what it finds, and a short run of it."""

import subprocess
import sys
from uuid import UUID

import pytest

from app.config import ROOT
from tests.programs.event_deliveries.ledger import Mark, Request, Row, faults_of

ROW = Row(UUID(int=1), "/0", UUID(int=7), 3, "delivered", 1)
ID = f"evt_{UUID(int=7).hex}"
REQUEST = Request("/0", ID, ID, True)


@pytest.mark.slow
def test_killed_workers_lose_nothing_and_record_nothing_twice() -> None:
    arguments = ["--kills", "20", "--destinations", "3"]
    done = subprocess.run(
        [sys.executable, "-m", "tests.programs.event_deliveries", *arguments], cwd=ROOT, capture_output=True, text=True,
        timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert "20 kills between sending and recording" in done.stdout
    assert done.stdout.endswith("None lost, none with another id, none recorded twice.\n")


@pytest.mark.parametrize(
    ("row", "requests", "fault"),
    [
        (ROW, [REQUEST], None),
        (ROW, [REQUEST, REQUEST], None),
        (ROW, [], f"/0: {ID} never arrived"),
        (ROW, [REQUEST._replace(path="/1")], f"/0: {ID} never arrived"),
        (ROW, [REQUEST, REQUEST._replace(webhook_id="evt_2")], "/0: evt_2 is the id of no event of it"),
        (ROW, [REQUEST._replace(body_id="evt_2")], f"/0: {ID} has the id evt_2 in its body"),
        (ROW, [REQUEST._replace(is_signed=False)], f"/0: {ID} is not signed"),
        (ROW._replace(outcome=None), [REQUEST], f"/0: the outcome of {UUID(int=7)} is None"),
        (ROW._replace(records=2), [REQUEST], f"/0: the outcome of {UUID(int=7)} was recorded 2 times"),
    ],
)
def test_the_program_would_find_it(row: Row, requests: list[Request], fault: str | None) -> None:
    errors = faults_of([row], requests, [Mark(ROW.id, 3, "delivered")], events=1, destinations=1)
    assert (fault in errors) if fault else errors == []


def test_the_program_would_find_a_missing_delivery() -> None:
    assert faults_of([], [], [], events=2, destinations=3) == ["0 deliveries are recorded, of 6"]


def test_the_program_would_find_a_worker_that_records_what_it_has_lost() -> None:
    marks = [Mark(ROW.id, 2, "delivered"), Mark(ROW.id, 1, "lost")]
    assert faults_of([ROW], [REQUEST], marks, events=1, destinations=1) == [
        f"{ROW.id} was recorded by attempt 2, which had lost it to attempt 3"
    ]
