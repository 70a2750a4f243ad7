"""Times of lists: how long ago, with the exact time and its zone on hover and focus."""

from datetime import datetime
from zoneinfo import ZoneInfo

from markupsafe import Markup

from app.text.numbers import moment
from app.text.times import relative


def ago(value: datetime, zone: str = "UTC") -> Markup:
    """The <time> of a moment, which is of the time zone named `zone` if it does not say so itself."""
    place = ZoneInfo(zone)
    local = value.astimezone(place) if value.tzinfo else value.replace(tzinfo=place)
    return Markup('<time class="ago" datetime="{}" title="{} {}">{}</time>').format(
        local.isoformat(timespec="seconds"), moment(local), zone, relative(local, datetime.now(place))
    )
