"""Charts: size, reproducible bytes, and legible whatever a widget is called."""

import asyncio
import contextlib
import io
import os
import warnings
from pathlib import Path

import pytest
from PIL import Image

from app.recaps import chart_shapes, charts
from app.recaps.chart_data import Chart, Distribution, Positive, Share, Trend
from app.recaps.chart_processes import ChartProcesses
from tests.programs.bench_recap.meter import family
from tests.support.charts import DAYS, MOOD, ROWS, WEEK

MONTH = Trend(DAYS, tuple(range(31)), tuple(range(31, 0, -1)), "October", "September")
EMPTY: tuple[Chart, ...] = (
    Trend(DAYS[:7], (0,) * 7, (0,) * 7, "This", "Before"),
    Distribution((("None", "0", ()),)),
    Distribution((("None", "0", (Share(0, 1), Share(0, -1))),)),
    Positive((("W1", None), ("W2", None))),
    Positive((("W1", 0.0),)),
)


@pytest.mark.parametrize("chart", [WEEK, MONTH, ROWS, MOOD, *EMPTY])
def test_drawing_gives_no_warnings(chart: Chart) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        image = Image.open(io.BytesIO(charts.draw(chart)))
        svg = charts.draw(chart, "svg")
    assert image.size[0] == 966
    assert image.mode == "P"
    assert b"<svg" in svg
    assert b"<text" not in svg  # text is drawn as paths, so it looks the same whatever fonts are installed


@pytest.mark.parametrize("chart", [WEEK, MONTH, ROWS, MOOD])
def test_the_same_chart_is_the_same_bytes_and_small(chart: Chart) -> None:
    for kind in ("png", "svg"):
        assert charts.draw(chart, kind) == charts.draw(chart, kind)
    assert len(charts.draw(chart)) < 25_000


@pytest.mark.parametrize("chart", [WEEK, MONTH, ROWS, MOOD])
def test_a_chart_has_an_opaque_light_background(chart: Chart) -> None:
    # Like the letter around it, and legible in dark mail readers too.
    image = Image.open(io.BytesIO(charts.draw(chart))).convert("RGBA")
    width, height = image.size
    background = (*bytes.fromhex(chart_shapes.PAPER[1:]), 0xFF)
    corners = [image.getpixel((x, y)) for x in (0, width - 1) for y in (0, height - 1)]
    # A palette rounds by one.
    assert all(abs(a - b) <= 1 for corner in corners for a, b in zip(corner, background, strict=True))
    assert contrast(chart_shapes.TEXT) > 7
    assert contrast(chart_shapes.QUIET) > 7
    for colour in (chart_shapes.ACCENT, chart_shapes.PLAIN, *chart_shapes.GOOD, *chart_shapes.BAD):
        assert contrast(colour) > 3


def test_text_is_large_enough_on_a_phone() -> None:
    # A chart of 552 is shown 328 wide there.
    assert chart_shapes.SMALL * 328 / chart_shapes.WIDTH > 10


def test_nothing_touches_the_edge() -> None:
    for chart in (WEEK, MONTH, ROWS, MOOD):
        image = Image.open(io.BytesIO(charts.draw(chart))).convert("RGB")
        ground = image.getpixel((0, 0))
        edge = [image.getpixel((x, y)) for y in range(image.height) for x in (0, 1, image.width - 1)]
        assert set(edge) == {ground}


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("Was this helpful?", "Was this helpful?"),
        ("日本語の名前", "日本語の名前"),
        ("数据 분석", "数据 분석"),
        ("日本 Tokyo guide", "日本 Tokyo guide"),
        ("ردود الفعل", "ردود الفعل"),
        ("𠮷野家 guide", "野家 guide"),
        ("हिन्दी नाम", ""),
        ("a\nb", "ab"),
    ],
)
def test_text_drops_characters_that_the_font_lacks(name: str, text: str) -> None:
    assert chart_shapes.fitting_text(name, 500) == text


@pytest.mark.parametrize("name", ["数据分析", "日本語のなまえ", "한국어 이름", "ردود الفعل", "עברית"])
@pytest.mark.parametrize("kind", ["png", "svg"])
def test_names_in_other_scripts_are_drawn_and_never_as_boxes(name: str, kind: str) -> None:
    def chart(text: str) -> bytes:
        return charts.draw(Distribution(((text, "1", (Share(1, 1),)),)), kind)

    with warnings.catch_warnings():
        warnings.simplefilter("error")  # matplotlib warns where it draws a box
        assert chart(name) != chart("")
    assert len({chart(letter) for letter in {*name} - {" "}}) == len({*name} - {" "})


def test_long_text_is_cut() -> None:
    cut = chart_shapes.fitting_text("Wörter " * 40, 300)
    assert cut.endswith("…")
    assert chart_shapes.text_width(cut, chart_shapes.SMALL) <= 300


@pytest.mark.parametrize(
    ("value", "text"),
    [(0, "0"), (999, "999"), (1234, "1.2k"), (35_400, "35k"), (1_250_000, "1.2M"), (99_999_999, "99M")],
)
def test_large_numbers_are_short(value: int, text: str) -> None:
    assert charts.short(value) == text


async def test_chart_processes_draw_the_same_and_recover_when_one_is_killed(tmp_path: Path) -> None:
    chart_processes = ChartProcesses(1)
    try:
        assert await chart_processes.draw([WEEK, MOOD]) == [charts.draw(WEEK), charts.draw(MOOD)]
        assert chart_processes._pool is not None
        for process in chart_processes._pool._processes.values():
            process.kill()
            process.join()
        assert await chart_processes.draw([ROWS], "svg") == [charts.draw(ROWS, "svg")]
    finally:
        chart_processes.shut_down()


async def test_chart_processes_end_with_shut_down() -> None:
    chart_processes = ChartProcesses(2)
    for _ in range(2):
        await asyncio.gather(*(chart_processes.draw([WEEK]) for _ in range(4)))
        assert len(drawing()) >= 2  # the forkserver and its child
        chart_processes.shut_down()
        for _ in range(200):
            if len(drawing()) <= 1:
                break
            await asyncio.sleep(0.05)
        assert len(drawing()) <= 1  # the forkserver stays, which is small


def drawing() -> list[int]:
    """The ids of processes that draw, and of the forkserver."""
    pids = []
    for pid in family(os.getpid())[1:]:
        with contextlib.suppress(OSError):
            if b"forkserver" in Path(f"/proc/{pid}/cmdline").read_bytes():
                pids.append(pid)
    return pids


def contrast(colour: str) -> float:
    """The contrast of a colour with the background, as WCAG defines it."""

    def light(text: str) -> float:
        parts = (int(text[n : n + 2], 16) / 255 for n in (1, 3, 5))
        red, green, blue = (p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    darker, lighter = sorted((light(colour), light(chart_shapes.PAPER)))
    return (lighter + 0.05) / (darker + 0.05)


def test_a_share_ends_where_its_row_does_whatever_was_drawn_before() -> None:
    charts.draw(WEEK)
    chart_shapes._width.cache_clear()
    image = Image.open(io.BytesIO(charts.draw(ROWS))).convert("L")
    width, height = image.size
    dark = [x for x in range(width) if any(image.getpixel((x, y)) < 128 for y in range(height))]
    assert dark[-1] <= chart_shapes.RIGHT * charts.DENSITY + 1


@pytest.mark.parametrize("chart", [WEEK, MONTH, ROWS, MOOD])
def test_texts_that_are_remembered_look_like_those_drawn_in_place(
    chart: Chart, monkeypatch: pytest.MonkeyPatch
) -> None:
    def pixels() -> bytes:
        image = Image.open(io.BytesIO(charts.draw(chart))).convert("L")
        # In place they begin between two pixels, and have other edges.
        return image.resize((image.width // 4, image.height // 4), Image.Resampling.BOX).tobytes()

    remembered = [pixels() for _ in range(2)]
    assert remembered[0] == remembered[1]
    monkeypatch.setattr(chart_shapes, "RendererAgg", type(None))
    differences = [abs(a - b) for a, b in zip(remembered[0], pixels(), strict=True)]
    assert max(differences) < 90
    assert sum(differences) / len(differences) < 1
