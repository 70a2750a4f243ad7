"""`ast.parse` for Python before 3.11.8, Debian 12's among them, where pytest could not report a failure.

Those count the depth of an abstract syntax tree in one place for all that are being built (python/cpython#106905). A
garbage collection in the middle of it runs finalizers, which let other threads parse too; the count no longer adds up,
and pytest ends with "SystemError: AST constructor recursion depth mismatch" while it formats a traceback. Without a
collection nothing comes in between.
"""

import ast
import gc
import sys
from typing import Any

_parse = ast.parse


def _parse_without_collection(*arguments: Any, **options: Any) -> Any:
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        return _parse(*arguments, **options)
    finally:
        if was_enabled:
            gc.enable()


if sys.version_info < (3, 11, 8):
    ast.parse = _parse_without_collection
