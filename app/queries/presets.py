"""Presets of options for new widgets."""

from dataclasses import dataclass

from msgspec.json import Decoder

from app.database import db
from app.queries.widgets import Option

_OPTIONS = Decoder(list[Option])


@dataclass(frozen=True, slots=True)
class Preset:
    """Ready-made options of a type."""

    name: str
    type: str
    options_json: str

    @property
    def options(self) -> list[Option]:
        """The options in order."""
        return _OPTIONS.decode(self.options_json)


async def presets(pool: db.Executor) -> list[Preset]:
    """Every preset, by type; the first of a type is its default."""
    return await db.many(pool, Preset, "select * from fn.presets()")
