"""Switching the test mode of a project."""

from app.ingest import widgets
from tests.support import factories
from tests.support.serving import Api, ingest_of


async def settle(api: Api, project: factories.Project, test_mode: bool) -> None:
    await api.pool.execute("update project set test_mode = $2 where id = $1", project.id, test_mode)
    for cache in (ingest_of(api).lookups._widgets,):
        assert isinstance(cache, widgets.Cache)
        cache._entries.clear()
