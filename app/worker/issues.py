"""Issues at forges: opened for messages, and read again when the forge says that something happened to them."""

import logging

from app import errors
from app.database import db
from app.queries import deliveries, issues
from app.queries.issues import ClaimedIssue
from app.webhooks import issue_text, tracker_secrets
from app.webhooks.forges import ISSUE_PROBLEMS, PAUSES, Client, ForgeError, RemoteIssue, Repository
from app.webhooks.github_app import AppTokens
from app.webhooks.issue_text import Source
from app.worker.loop import Resources

log = logging.getLogger(__name__)


class Issues:
    """Opens issues and reads their state."""

    def __init__(self, resources: Resources) -> None:
        self._settings, self._pool = resources.settings, resources.pool
        self._tokens = AppTokens(resources.settings)

    async def claim(self) -> ClaimedIssue | None:
        """Claim an issue that is due, for five minutes."""
        return await issues.claim_issue(self._pool)

    async def do(self, item: ClaimedIssue) -> str:
        """Open or read an issue. The outcome is `open`, `closed`, `waiting`, `failed`, or `lost` to another worker."""
        try:
            remote = await self._remote(item)
            outcome = await issues.mark_issue_read(self._pool, item, remote.number, remote.url, remote.is_closed)
        except ForgeError as error:
            outcome = await self._fail(item, error)
        except db.UNAVAILABLE:
            raise
        except Exception as error:
            # The loop would make the issues of all accounts wait.
            log.error("Issue %s: %s", item.id, errors.trace(error))
            outcome = await self._fail(item, ForgeError("internal"))
        log.info("Issue %s, attempt %d: %s", item.id, item.attempt, outcome)
        return outcome

    async def _fail(self, item: ClaimedIssue, error: ForgeError) -> str:
        problem = str(error)
        return await issues.mark_issue_failed(
            self._pool, item, problem, ISSUE_PROBLEMS[problem].is_final, problem in PAUSES, error.retry_after
        )

    async def _remote(self, item: ClaimedIssue) -> RemoteIssue:
        if item.installation_id is None:
            return await self._worked(item, self._token(item))
        token = await self._tokens.token(item.installation_id, item.path)
        try:
            return await self._worked(item, token)
        except ForgeError as error:
            if str(error) != "revoked":
                raise
        # GitHub ends tokens early, too. If the installation itself was ended, it says so when asked for another one.
        self._tokens.forget(item.installation_id, item.path)
        return await self._worked(item, await self._tokens.token(item.installation_id, item.path))

    def _token(self, item: ClaimedIssue) -> str:
        token = tracker_secrets.opened(self._settings.secret_keys, item.project_id, item.token or b"")
        if token is None:
            raise ForgeError("secret")
        return token.decode()

    async def _worked(self, item: ClaimedIssue, token: str) -> RemoteIssue:
        client = Client(Repository(item.type, item.url, item.path, token), self._settings.webhook_networks)
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
