"""The passage of a page that a response is about, of the ingestion and the management API of `/v1`."""

from typing import Annotated

from msgspec import Meta

from app.api.models.base import Model
from app.ingest.passages import MOST_UNITS

Unit = Annotated[int, Meta(ge=0, le=MOST_UNITS)]


class Passage(Model, kw_only=True):
    """Selectors of a W3C Web Annotation: words (TextQuoteSelector) and position (TextPositionSelector)."""

    exact: Annotated[str, Meta(min_length=1, max_length=1000, description="The words.")]
    prefix: Annotated[str, Meta(max_length=64, description="What is in front of them.")] = ""
    suffix: Annotated[str, Meta(max_length=64, description="What follows them.")] = ""
    heading: Annotated[str, Meta(max_length=300, description="The nearest heading above them.")] = ""
    start: Annotated[Unit, Meta(description="Where they begin in the page's text, in UTF-16 code units.")]
    end: Annotated[Unit, Meta(description="Behind their last code unit: greater than start.")]


class PassageOfResponse(Model):
    exact: str
    prefix: str
    suffix: str
    heading: str
    start: Unit
    end: Unit
    outdated: Annotated[bool, Meta(description="Whether the page no longer had it when somebody last looked.")]
