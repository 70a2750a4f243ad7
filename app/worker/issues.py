"""Issues at forges: opened for messages, and read again when the forge says that something happened to them."""

import logging

from app.queries import deliveries, issues
from app.queries.issues import ClaimedIssue
from app.webhooks import issue_text, tracker_secrets
from app.webhooks.forges import ISSUE_PROBLEMS, Client, ForgeError, RemoteIssue, Repository
from app.webhooks.issue_text import Source
from app.worker.loop import Resources

log = logging.getLogger(__name__)


class Issues:
    """Opens issues and reads their state."""

    def __init__(self, resources: Resources) -> None:
        self._settings, self._pool = resources.settings, resources.pool

    async def claim(self) -> ClaimedIssue | None:
        """Claim an issue that is due, for five minutes."""
        return await issues.claim_issue(self._pool)

    async def do(self, item: ClaimedIssue) -> str:
        """Open or read an issue. The outcome is `open`, `closed`, `waiting`, `failed`, or `lost` to another worker."""
        try:
            remote = await self._remote(item)
            outcome = await issues.mark_issue_read(self._pool, item, remote.number, remote.url, remote.is_closed)
        except ForgeError as error:
            problem = str(error)
            outcome = await issues.mark_issue_failed(
                self._pool, item, problem, ISSUE_PROBLEMS[problem].is_final, problem in ("revoked", "secret"),
                error.retry_after,
            )  # fmt: skip
        log.info("Issue %s, attempt %d: %s", item.id, item.attempt, outcome)
        return outcome

    async def _remote(self, item: ClaimedIssue) -> RemoteIssue:
        token = tracker_secrets.opened(self._settings.secret_keys, item.project_id, item.token)
        if token is None:
            raise ForgeError("secret")
        repository = Repository(item.type, item.url, item.path, token.decode())
        client = Client(repository, self._settings.webhook_networks)
        if item.number is not None:
            return await client.issue(item.number)
        source = Source(
            item.response_id, item.words, item.page_key, item.page_title, item.widget, item.option, item.messages,
            item.edit_rule, f"{self._settings.base_url}/projects/{item.slug}/inbox/{item.response_id}",
        )  # fmt: skip
        # An attempt whose answer was lost may have opened it.
        known = await client.marked(issue_text.marker(item.response_id), item.sent_at)
        return known or await client.create(
            issue_text.title(item.title, source), issue_text.body(item.body, source), item.labels
        )

    async def rest(self) -> float | None:
        """In how many seconds the next issue is due."""
        return await deliveries.work_due_in(self._pool, "issue")

    async def close(self) -> None:
        """Nothing is kept between issues."""
