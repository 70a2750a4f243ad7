"""wapiti, which looks at one request of each shape: not at every page of a project, and every value of a filter.

Runs in the scanners' own environment, with wapiti's own arguments.
"""

import asyncio
import re
from typing import Any

from wapitiCore.main.wapiti import wapiti_main  # type: ignore[import-not-found]
from wapitiCore.net.explorer import Explorer  # type: ignore[import-not-found]

ID = re.compile(r"(?<=/projects/)(?!new\b)[^/]+|[0-9a-f]{8}-[0-9a-f-]{27}|\d+")
NAMES_OF: dict[tuple[str, str], set[str]] = {}


def is_alike(_explorer: Explorer, request: Any) -> bool:
    """Whether requests before had the method, the path but for ids, and every parameter of this one.

    Of boxes with one name, as a list of messages has them, the first remains in the request.
    """
    parts = [request.get_params, request.file_params]
    if isinstance(request.post_params, list):
        request._post_params = [*{name: [name, value] for name, value in reversed(request.post_params)}.values()]
        parts.append(request.post_params)
    names = {each[0] for part in parts for each in part} | {""}
    before = NAMES_OF.setdefault((request.method, ID.sub("#", request.path)), set())
    is_old = names <= before
    before |= names
    return is_old


Explorer.has_too_many_parameters = is_alike
asyncio.run(wapiti_main())
