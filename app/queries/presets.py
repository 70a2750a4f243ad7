"""Presets of options and follow-ups for new widgets."""

from dataclasses import dataclass

from msgspec.json import Decoder

from app.database import db
from app.queries.follow_ups import FollowUp
from app.queries.widgets import Option

_OPTIONS, _FOLLOW_UPS = Decoder(list[Option]), Decoder(list[FollowUp])


@dataclass(frozen=True, slots=True)
class Preset:
    """Ready-made options of a type, and their follow-ups."""

    name: str
    type: str
    options_json: str
    follow_ups_json: str

    @property
    def options(self) -> list[Option]:
        """The options in order."""
        return _OPTIONS.decode(self.options_json)

    @property
    def follow_ups(self) -> list[FollowUp]:
        """The follow-ups in the order of the options."""
        return _FOLLOW_UPS.decode(self.follow_ups_json)


async def presets(pool: db.Executor) -> list[Preset]:
    """Every preset, by type; the first of a type is its default."""
    return await db.many(pool, Preset, "select * from fn.presets()")
