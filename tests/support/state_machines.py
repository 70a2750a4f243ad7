"""Random changes by Hypothesis, the same in each run."""

from collections.abc import Callable

from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import RuleBasedStateMachine, run_state_machine_as_test

from tests.support.settings import CITUS


def run(machine: Callable[[], RuleBasedStateMachine], operations: int, steps: int) -> None:
    """Make about so many changes, at most `steps` in one database; on a cluster, where each takes longer, a tenth."""
    examples = operations // steps // (10 if CITUS else 1)
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples, stateful_step_count=steps, phases=[Phase.generate], deadline=None,
            derandomize=True, database=None, suppress_health_check=list(HealthCheck),
        ),
    )  # fmt: skip
