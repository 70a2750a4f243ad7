"""What Quart calls while it renders or answers must be asynchronous: all else it calls in a thread, page by page."""

from collections.abc import Callable, Iterable
from inspect import iscoroutinefunction
from itertools import chain
from typing import Any

from app.server.quart_app import create_app
from tests.support.serving import settings


def test_no_page_needs_a_thread() -> None:
    app = create_app(settings("postgresql://nowhere/x"))
    called: Iterable[Callable[..., Any]] = chain(
        *app.template_context_processors.values(),
        *app.before_request_funcs.values(),
        *app.after_request_funcs.values(),
        *app.teardown_request_funcs.values(),
        app.view_functions.values(),
    )
    assert not [each for each in called if not iscoroutinefunction(each)]
