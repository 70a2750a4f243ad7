"""What applications of one test process share: compiled templates and routes, which each would compile anew.

Most tests create an application of their own, and compiling took more of their time than what they test.
"""

from collections.abc import Callable
from types import CodeType
from typing import Any

from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from quart import Quart
from werkzeug.routing import Rule

Builder = Callable[..., Any]
_compile_builder = Rule._compile_builder
_builders: dict[tuple[object, ...], Builder] = {}


class Templates(BytecodeCache):
    """Compiled templates, by name and source."""

    def __init__(self) -> None:
        self._code: dict[tuple[str, str], CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._code.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        if bucket.code is not None:
            self._code[bucket.key, bucket.checksum] = bucket.code


def _shared_builder(rule: Rule, append_unknown: bool = True) -> Builder:
    # The function takes the rule, and looks up converters in it: it is the same for equal texts.
    key = (rule.rule, rule.host, rule.subdomain, rule.merge_slashes, repr(rule.defaults), append_unknown)
    if key not in _builders:
        _builders[key] = _compile_builder(rule, append_unknown)
    return _builders[key]


Rule._compile_builder = _shared_builder  # type: ignore[method-assign]
Quart.jinja_options = {**Quart.jinja_options, "bytecode_cache": Templates()}
