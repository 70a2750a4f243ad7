import asyncpg
import pytest

from tests.support import factories
from tests.support.serving import DIFFERENCES, Api, check_tallies, ingest_of

BREAKS = {
    "tally": "update tally set count = count + 1 where option_no = 1",
    "tally_day": "update tally_day set day = day - 1 where option_no = 1",
    "reason_tally": """
        insert into reason_tally (account_id, placement_id, reason_no, count)
        select account_id, id, 1, 1 from placement limit 1""",
    "reason_tally_day": """
        insert into reason_tally_day (account_id, placement_id, day, reason_no, count)
        select account_id, id, current_date, 1, 1 from placement limit 1""",
    "placements": "update widget set placements = placements + 1",
    "visit": "update visit set response_id = '01890000-0000-7000-8000-000000000000'",
    "address_visit": "update address_visit set visits = 0",
}


@pytest.mark.parametrize("name", DIFFERENCES)
async def test_it_sees_a_counter_that_is_wrong(api: Api, name: str) -> None:
    votes = await factories.widget(api.pool, "updown")
    await api.stored(votes.id, "+1")
    await api.stored(votes.id, "+1", visitor=None)
    await check_tallies(api.pool)
    connection = await asyncpg.connect(ingest_of(api).settings.database_url)
    try:
        transaction = connection.transaction()
        await transaction.start()
        await connection.execute(BREAKS[name])
        with pytest.raises(AssertionError, match=f"^{name} differs"):
            await check_tallies(connection)
        await transaction.rollback()
    finally:
        await connection.close()
