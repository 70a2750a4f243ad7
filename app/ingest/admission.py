"""Admission to ingestion: of a request before its body is read, and of a response by its project's rules."""

from app.config import Settings
from app.errors import FeelbackError
from app.http.client_address import Addresses
from app.ingest.limits import Buckets
from app.ingest.lookups import Lookups
from app.ingest.refusals import Refusals
from app.ingest.request import FORM, Request, Sender, bearer
from app.ingest.widgets import Widget


class Admission:
    """The limits of one web process; `shared` are those that all keep together."""

    def __init__(self, settings: Settings, lookups: Lookups, refusals: Refusals) -> None:
        self._settings, self._lookups, self._refusals = settings, lookups, refusals
        self._addresses = Addresses(settings)
        self._buckets = (
            Buckets("address", settings.limit_address_per_second, settings.limit_address_burst),
            Buckets("project", settings.limit_project_per_second, settings.limit_project_burst),
            Buckets("page", settings.limit_page_per_second, settings.limit_page_burst),
        )
        self._reads = Buckets("address", settings.limit_address_per_second * 10, settings.limit_address_burst * 10)
        self._views = Buckets("address", settings.limit_address_per_second, settings.limit_address_burst)
        self.shared = (*self._buckets, self._reads, self._views, *lookups.shared)

    def receive(self, request: Request) -> bool:
        """Admit a request, and set its sender, before its body is read: by its announced length, and by the budget of
        its address, of which each kilobyte takes a part. True if it has an API key, by which `identify` admits it.

        Raises:
            FeelbackError: 413, 429.
        """
        length = request.announced_bytes(self._settings.limit_body_bytes)
        sender = request.sender = request.find_sender(self._addresses)
        # The API key of a form or of /v0 has never counted.
        if b"authorization" in request.headers and request.path[:4] == "/v1/" and request.media_type() != FORM:
            return True
        self._lookups.charge(sender, 1 + length // 1024)
        return False

    async def identify(self, request: Request) -> None:
        """Look up the API key of a request.

        Raises:
            FeelbackError: 401, 429.
        """
        sender = request.sender
        sender.api_key, sender.is_bot = await self._lookups.api_key(sender, bearer(request)), False

    def admit(self, sender: Sender, widget: Widget, placement: str) -> None:
        """Admit a response by its origin or API key, within the limits.

        Raises:
            FeelbackError: 403 or 429, counted in the project's refusals.
        """
        try:
            self.check_source(sender, widget)
        except FeelbackError as error:
            if sender.api_key is None:
                raise self.refused(sender, widget, "origin", error) from None
            raise self.refused(sender, widget, "key", error) from None
        if self._settings.limits:
            address, project, per_placement = self._buckets
            try:
                if sender.api_key is None:
                    address.take(sender.address)
                project.take(widget.project_bytes)
                per_placement.take(widget.id_bytes + placement.encode())
            except FeelbackError as error:
                raise self.refused(sender, widget, "limit", error) from None

    def check_source(self, sender: Sender, widget: Widget) -> None:
        """Check that the sender's API key or origin may send to the widget's project.

        Raises:
            FeelbackError: 403.
        """
        if sender.api_key is not None:
            if sender.api_key.project_id != widget.project_id or not sender.api_key.may_send:
                raise FeelbackError(403, "The API key may not send responses to this project.")
        elif not sender.is_own_page and not widget.takes_from(sender.origin):
            source = f"from {sender.origin}" if sender.origin else "without an origin or an API key"
            raise wrong_site(source)

    @staticmethod
    def check_reader(request: Request, widget: Widget) -> None:
        """Check that the page which reads, if it is one, is of the widget's project: else its browser hides the answer.

        Raises:
            FeelbackError: 403, which every page may read.
        """
        origin = request.headers.get(b"origin")
        if origin is not None and request.sender.api_key is None and not widget.takes_from(request.origin()):
            raise wrong_site(f"from {origin.decode('latin-1')}")

    def refused(self, sender: Sender, widget: Widget, reason: str, error: FeelbackError) -> FeelbackError:
        """Count a refusal; returns the error."""
        self._refusals.add(widget.account_id, widget.project_id, reason, sender.origin)
        return error

    def take_reads(self, sender: Sender, widget: Widget, count: int) -> None:
        """Count reads of placements, unless the sender has an API key of the project.

        Raises:
            FeelbackError: 429.
        """
        key = sender.api_key
        if self._settings.limits and (key is None or key.project_id != widget.project_id):
            self._reads.take(sender.address, count)

    def take_view(self, sender: Sender) -> None:
        """Count a page view of the sender's address, by a limit of its own: none takes a response's place.

        Raises:
            FeelbackError: 429.
        """
        if self._settings.limits and sender.api_key is None:
            self._views.take(sender.address)


def wrong_site(source: str) -> FeelbackError:
    """The error for a site that the project does not list."""
    return FeelbackError(403, f"This project takes no responses {source}. Add the site in its settings.")


def archived() -> FeelbackError:
    """The error for a response to an archived project or widget."""
    return FeelbackError(403, "This project or widget is archived and takes no responses. Unarchive it in the panel.")


def wrong_page() -> FeelbackError:
    """The error for a page key that is no address of the project's sites."""
    return FeelbackError(
        422,
        "The page must be an address or a path of this project's sites. "
        "Add its site, or allow any page key, in the project's settings.",
    )
