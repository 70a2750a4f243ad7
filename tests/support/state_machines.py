"""Random changes by Hypothesis, the same in each run."""

from collections.abc import Callable

from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import RuleBasedStateMachine, run_state_machine_as_test


def run(machine: Callable[[], RuleBasedStateMachine], operations: int, steps: int) -> None:
    """Make about so many changes, at most `steps` in one database."""
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=operations // steps, stateful_step_count=steps, phases=[Phase.generate], deadline=None,
            derandomize=True, database=None, suppress_health_check=list(HealthCheck),
        ),
    )  # fmt: skip
