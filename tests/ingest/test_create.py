from tests import factories
from tests.ingest.serving import Api


async def test_it_stores_a_signal_and_tells_its_id_and_token(api: Api) -> None:
    likes = await factories.content_set(api.pool)
    answer = await api.create(likes.id, "+")
    assert answer.status == 201
    told = answer.json()
    assert told["outcome"] == "counted"
    assert set(told["revokable"]) == {"token", "expireAt"}
    row = await api.pool.fetchrow("select * from feelback")
    assert row is not None
    assert str(row["id"]) == told["id"]
    assert await api.counts(likes.id) == [1]
