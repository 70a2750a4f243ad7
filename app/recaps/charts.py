"""Draws charts as PNG or SVG with matplotlib, without pyplot, which keeps global state.

A chart has its own dark background, so that it looks the same in light and dark mail readers. Text is large, because
phones show a chart at half its width. Axes are drawn by hand: matplotlib's own take most of the time of a chart.
"""

import io
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import Any

from matplotlib.artist import Artist
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.transforms import Affine2D
from PIL import Image

from app.recaps.chart_data import Chart, Distribution, Positive, Share, Trend
from app.recaps.chart_shapes import (
    ACCENT,
    BAD,
    GHOST,
    GOOD,
    LARGE,
    LEFT,
    LINE,
    PAPER,
    PLAIN,
    QUIET,
    RIGHT,
    SMALL,
    TEXT,
    WIDTH,
    Edge,
    Point,
    box,
    columns,
    fitting_text,
    line,
    shapes,
    text_line,
    text_width,
)
from app.text.numbers import day as write_day
from app.text.numbers import share as write_share

DENSITY = 1.75  # pixels of a PNG to one of a mail, for sharp screens
STEPS = 8  # from the background to each colour
MOST_ROWS = 8


def draw(chart: Chart, kind: str = "png") -> bytes:
    """Draw a chart as `png`, 966 pixels wide, or `svg`, 552 wide."""
    if isinstance(chart, Trend):
        height, artists = _trend(chart)
    elif isinstance(chart, Distribution):
        height, artists = _distribution(chart)
    else:
        height, artists = _positive(chart)
    figure = Figure(figsize=(WIDTH / 72, height / 72), dpi=72, facecolor=PAPER)
    on_page = Affine2D().scale(1 / WIDTH, -1 / height).translate(0, 1) + figure.transFigure
    for artist in artists:
        artist.set_transform(on_page)
        figure.add_artist(artist)
    return _svg(figure) if kind == "svg" else _png(figure)


def _png(figure: Figure) -> bytes:
    figure.set_dpi(72 * DENSITY)
    canvas: Any = FigureCanvasAgg(figure)  # matplotlib has no type for it
    canvas.draw()
    image = Image.frombuffer("RGBA", canvas.get_width_height(), canvas.buffer_rgba()).convert("RGB")
    out = io.BytesIO()
    # With a palette the file is a third as large, and looking for the best one takes longer than drawing. The next
    # levels of compression take up to a third more time for up to a sixth less.
    image.quantize(palette=_palette(), dither=Image.Dither.NONE).save(out, "PNG", compress_level=4)
    return out.getvalue()


@lru_cache(maxsize=1)
def _palette() -> Image.Image:
    """The colours of charts, and what their edges blend into the background with."""
    paper = bytes.fromhex(PAPER[1:])
    colours = list(paper)
    for ink in (LINE, GHOST, TEXT, QUIET, ACCENT, PLAIN, *GOOD, *BAD):
        for step in range(1, STEPS + 1):
            ends = zip(paper, bytes.fromhex(ink[1:]), strict=True)
            blend = [round(start + (end - start) * step / STEPS) for start, end in ends]
            if min(blend) < 240:  # Pillow compares six bits of each: nothing else may be like the background
                colours += blend
    palette = Image.new("P", (1, 1))
    palette.putpalette(colours)
    return palette


def _svg(figure: Figure) -> bytes:
    out = io.BytesIO()
    canvas: Any = FigureCanvasSVG(figure)
    canvas.print_svg(out, metadata={"Date": None})
    return out.getvalue()


def _trend(chart: Trend) -> tuple[float, list[Artist]]:
    top, bottom, height = 78.0, 196.0, 236
    most = max(*chart.responses, *chart.before, 1)
    slot = (RIGHT - LEFT) / len(chart.days)
    is_week = len(chart.days) <= 10

    def bars(values: Sequence[int], share: float) -> list[list[Point]]:
        size = slot * share
        return [
            box(LEFT + (n + 0.5) * slot - size / 2, bottom - (bottom - top) * value / most, size,
                 (bottom - top) * value / most, min(4, size / 3), is_flat_below=True)
            for n, value in enumerate(values) if value
        ]  # fmt: skip

    peak = max(range(len(chart.days)), key=lambda n: chart.responses[n])
    artists: list[Artist] = [
        *_legend(((ACCENT, chart.label), (GHOST, chart.label_before)), 30),
        shapes(bars(chart.before, 0.86), GHOST),
        shapes(bars(chart.responses, 0.54), ACCENT),
        line([(LEFT, bottom + 0.5), (RIGHT, bottom + 0.5)], LINE, 1.5),
    ]
    for n, day in enumerate(chart.days):
        middle, value = LEFT + (n + 0.5) * slot, chart.responses[n]
        if value and (is_week or n == peak):
            high = max(value, chart.before[n]) if is_week else value
            edge: Edge = "center" if LEFT + 30 < middle < RIGHT - 30 else "left" if n == 0 else "right"
            artists.append(
                text_line(middle, bottom - (bottom - top) * high / most - 7, short(value), TEXT, edge, is_bold=True)
            )
        if is_week or day.day % 7 == 1:
            label = f"{day:%a}" if is_week else write_day(day)
            is_first = n == 0 and not is_week
            artists.append(
                text_line(LEFT if is_first else middle, height - 14, label, QUIET, "left" if is_first else "center")
            )
    return height, artists


def _distribution(chart: Distribution) -> tuple[float, list[Artist]]:
    step, artists = 64, list[Artist]()
    for n, (name, figure, shares) in enumerate(chart.rows[:MOST_ROWS]):
        y, total = 16 + n * step, sum(share.count for share in shares) or 1
        room = RIGHT - LEFT - 14 * len(figure)
        artists += [
            text_line(LEFT, y + 20, fitting_text(name, room) or f"Widget {n + 1}", TEXT, "left"),
            text_line(RIGHT, y + 20, figure, TEXT, "right", is_bold=True),
        ]
        x, bars = float(LEFT), [share for share in shares if share.count]
        for place, share in enumerate(bars):
            size = (RIGHT - LEFT) * share.count / total
            gap = 2 if place < len(bars) - 1 and size > 4 else 0
            artists.append(shapes([box(x, y + 30, size - gap, 18, 3)], _tone(share)))
            x += size
    return 16 + step * min(len(chart.rows), MOST_ROWS) + 4, artists


def _positive(chart: Positive) -> tuple[float, list[Artist]]:
    top, bottom, height = 40.0, 168.0, 208
    half, right = (top + bottom) / 2, RIGHT - 86
    step = (right - LEFT - 10) / max(len(chart.points) - 1, 1)
    at = [
        (LEFT + 10 + n * step, bottom - (bottom - top) * value)
        for n, (_, value) in enumerate(chart.points) if value is not None
    ]  # fmt: skip
    artists: list[Artist] = [line([(LEFT, half), (RIGHT, half)], LINE, 1.5)]
    for y, mark in ((top, "100 %"), (bottom, "0 %")):
        artists += [line([(LEFT, y), (right, y)], LINE, 1, is_dotted=True)]
        artists += [text_line(RIGHT, y + 6, mark, QUIET, "right")]
    if at:
        last = next(value for _, value in reversed(chart.points) if value is not None)
        colour = GOOD[1] if last > 0.5 else BAD[1] if last < 0.5 else PLAIN
        for side, tint in ((min, GOOD[1]), (max, BAD[1])):  # the areas above and below one half
            outline = [(at[0][0], half), *_one_side(at, half, side), (at[-1][0], half)]
            artists.append(shapes([outline], tint, opacity=0.28))
        artists.append(line(at, TEXT, 3))
        artists.append(
            Line2D(*columns(at[-1:]), marker="o", markersize=11, color=colour, markeredgecolor=TEXT, mew=2.5)
        )
        artists.append(
            text_line(at[-1][0] + 16, at[-1][1] + 7, write_share(last), TEXT, "left", is_bold=True, size=LARGE)
        )
    labelled = (
        (0, len(chart.points) - 1) if len(chart.points) < 6 else (0, len(chart.points) // 2, len(chart.points) - 1)
    )
    for n in labelled:
        artists.append(
            text_line(LEFT + 10 + n * step, height - 12, chart.points[n][0], QUIET, "center" if n else "left")
        )
    return height, artists


def _one_side(points: Sequence[Point], level: float, side: Callable[[float, float], float]) -> Iterable[Point]:
    """The points, those beyond `level` moved onto it, with the points at which the line crosses it."""
    for n, (x, y) in enumerate(points):
        if n and (points[n - 1][1] - level) * (y - level) < 0:
            old_x, old_y = points[n - 1]
            yield old_x + (x - old_x) * (level - old_y) / (y - old_y), level
        yield x, side(y, level)


def _legend(entries: Iterable[tuple[str, str]], y: float) -> Iterable[Artist]:
    x = float(LEFT)
    for colour, label in entries:
        yield shapes([box(x, y - 12, 14, 14, 3)], colour)
        yield text_line(x + 22, y, label, QUIET, "left")
        x += 22 + text_width(label, SMALL) + 26


def _tone(share: Share) -> str:
    if abs(share.weight) < 0.005:
        return PLAIN
    strength = 0 if abs(share.weight) < 0.4 else 1 if abs(share.weight) < 0.8 else 2
    return (GOOD if share.weight > 0 else BAD)[strength]


def short(value: int) -> str:
    """A short number, such as 940, 1.2k, 35k or 1.2M."""
    for unit, size in (("M", 1_000_000), ("k", 1_000)):
        if value >= size:
            return f"{value / size:.1f}{unit}" if value < 10 * size else f"{value // size}{unit}"
    return str(value)
