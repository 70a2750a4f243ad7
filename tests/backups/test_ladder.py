from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app.backups import backup, ladder, manifests
from app.backups.stores import Folder
from app.config import parse
from app.config.parse import Ladder

NOW = datetime(2026, 11, 24, 3, tzinfo=UTC)


def test_the_newest_are_kept_of_days_weeks_and_months() -> None:
    times = [NOW - timedelta(hours=12 * n) for n in range(800)]
    stay = sorted(ladder.times_to_keep(times, Ladder(7, 5, 12)), reverse=True)
    assert [f"{time:%m-%d %H}" for time in stay[:7]] == [
        "11-24 03", "11-23 15", "11-22 15", "11-21 15", "11-20 15", "11-19 15", "11-18 15"
    ]  # fmt: skip
    weeks = {f"{time:%G-%V}" for time in stay[:11]}
    assert {"2026-48", "2026-47", "2026-46", "2026-45", "2026-44"} <= weeks
    assert len({f"{time:%Y-%m}" for time in stay}) == 12
    assert len(stay) <= 7 + 5 + 12


def test_the_newest_is_always_kept() -> None:
    assert ladder.times_to_keep([NOW, NOW - timedelta(days=1)], Ladder(0, 0, 0)) == {NOW}
    assert ladder.times_to_keep([], Ladder(7, 5, 12)) == set()


def test_daily_runs_keep_all_rungs() -> None:
    times: set[datetime] = set()
    for day in range(500):
        times = ladder.times_to_keep({*times, NOW + timedelta(days=day)}, Ladder(7, 5, 12))
    assert len({f"{time:%Y-%m}" for time in times}) == 12
    assert len({f"{time:%G-%V}" for time in times}) >= 12


@pytest.mark.parametrize("text", ["7", "7,5", "a,b,c", "7,5,-1", "7,5,12,1", "7,5,99999"])
def test_a_wrong_ladder_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="7,5,12"):
        parse.ladder(text)


def test_thinning_out_deletes_interrupted_backups(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    for hours in range(0, 24 * 30, 24):
        name = manifests.name(NOW - timedelta(hours=hours), "")
        folder.write(name, iter([b"x"]))
        folder.write(f"{name}.json", iter([b"{}"]))
    folder.write("feelback-20200101T000000Z.dump", iter([b"interrupted"]))
    folder.write("notes.txt", iter([b"not ours"]))
    soon = datetime.now(UTC) + timedelta(days=2)
    assert "feelback-20200101T000000Z.dump" not in backup.thin_out(folder, Ladder(3, 0, 0))  # it may be in progress
    names = backup.thin_out(folder, Ladder(3, 0, 0), soon)
    assert names == ["feelback-20200101T000000Z.dump"]
    stay = [manifests.name(NOW - timedelta(days=day), "") for day in range(3)]
    assert set(folder.names()) == {"notes.txt", *stay, *(f"{name}.json" for name in stay)}
