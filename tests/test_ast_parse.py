import ast
import gc
from collections.abc import Iterator

import pytest

SOURCE = "x = f(a, [b, c, (d, e)])\n" * 3000


class Finalized:
    """Garbage, of which the finalizer parses: the nested call that the old interpreters could not bear."""

    def __init__(self) -> None:
        self.itself = self

    def __del__(self) -> None:
        ast.parse("x = 1")


@pytest.fixture
def frequent_collections() -> Iterator[None]:
    thresholds = gc.get_threshold()
    gc.set_threshold(50)
    yield
    gc.set_threshold(*thresholds)


def test_a_finalizer_may_parse_while_something_is_parsed(frequent_collections: None) -> None:
    def parse(depth: int) -> ast.AST:
        return parse(depth - 1) if depth else ast.parse(SOURCE)

    for _ in range(20):
        for _ in range(40):
            Finalized()
        parse(30)
