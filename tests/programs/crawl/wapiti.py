"""wapiti, which looks at one request of each shape: not at every page of a project, and every value of a filter.

Runs in the scanners' own environment, with wapiti's own arguments. A parameter of one path is attacked in one request,
and of fields that are numbered, those of one number; sleeping queries are Postgres's alone. Without that it takes days.
"""

import asyncio
import re
from collections.abc import Iterator
from typing import Any

from wapitiCore.attack.attack import Mutator  # type: ignore[import-not-found]
from wapitiCore.main.wapiti import wapiti_main  # type: ignore[import-not-found]
from wapitiCore.net.explorer import Explorer  # type: ignore[import-not-found]

ID = re.compile(r"(?<=/projects/)(?!new\b)[^/]+|[0-9a-f]{8}-[0-9a-f-]{27}|\d+")
names_of: dict[tuple[str, str], set[str]] = {}
attacked: dict[tuple[str, str, Any, str], tuple[int, str]] = {}
mutations = Mutator.mutate


def is_alike(_explorer: Explorer, request: Any) -> bool:
    """Whether requests before had the method, the path but for ids, and every parameter of this one.

    Of boxes with one name, as a list of messages has them, the first remains in the request.
    """
    parts = [request.get_params, request.file_params]
    if isinstance(request.post_params, list):
        request._post_params = [*{name: [name, value] for name, value in reversed(request.post_params)}.values()]
        parts.append(request.post_params)
    names = {ID.sub("#", each[0]) for part in parts for each in part} | {""}
    before = names_of.setdefault((request.method, ID.sub("#", request.path)), set())
    is_old = names <= before
    before |= names
    return is_old


def mutate(mutator: Mutator, request: Any, payloads: Any) -> Iterator[tuple[Any, Any, Any]]:
    """The mutations of a request by parameters that no request before it had."""
    for mutated, parameter, payload in mutations(mutator, request, payloads):
        key = (request.method, ID.sub("#", request.path), parameter.situation, ID.sub("#", parameter.name))
        is_first = attacked.setdefault(key, (request.path_id, parameter.name)) == (request.path_id, parameter.name)
        if is_first and (mutator._module != "timesql" or "pg_sleep" in payload.payload):
            yield mutated, parameter, payload


Explorer.has_too_many_parameters = is_alike
Mutator.mutate = mutate
asyncio.run(wapiti_main())
