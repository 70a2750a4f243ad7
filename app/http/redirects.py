"""Redirects that answer a form."""

from typing import cast

from quart import Response, redirect


def see_other(url: str) -> Response:
    """Redirect to `url` by 303, so that the browser requests it with GET whatever it sent before."""
    return cast(Response, redirect(url, 303))
