"""Charts as PNG or SVG. The only module that imports matplotlib, and never its pyplot.

Pure: data in, bytes out. A chart is a card of its own, dark with light figures, and so reads the same in a light mail
and in a dark one. Letters are large, for on a phone it is shown at half its width. Axes are a few lines and texts:
matplotlib's own take most of a chart's time.
"""

import io
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import Any, Literal

import matplotlib as mpl
from matplotlib.artist import Artist
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, findfont, get_font
from matplotlib.lines import Line2D
from matplotlib.patches import PathPatch
from matplotlib.path import Path
from matplotlib.text import Text
from matplotlib.transforms import Affine2D
from PIL import Image

from app.recaps.chart_data import Chart, Distribution, Sentiment, Share, Trend
from app.text.numbers import day as write_day
from app.text.numbers import signed

WIDTH = 552  # what a mail has room for, in its pixels; a PNG has more of them, for sharp screens
DENSITY = 1.75
COLOURS = 32
INK, LINE, GHOST, TEXT, QUIET = "#191c2b", "#33384f", "#454c6d", "#f2f4fb", "#b9bfd4"
ACCENT, PLAIN = "#93a0ff", "#8a93ae"
GOOD, BAD = ("#8fd6b0", "#45b583", "#2b8f60"), ("#f2b0a8", "#e57b70", "#c9574b")  # by weight, the faintest first
LARGE, SMALL = 20, 17
LEFT, RIGHT = 20, WIDTH - 20
MOST_ROWS = 8
# The same chart is the same bytes.
mpl.rcParams["svg.hashsalt"] = "feelback"
PLAIN_FONT, BOLD_FONT = (FontProperties(family="DejaVu Sans", weight=weight) for weight in ("normal", "bold"))
Point = tuple[float, float]
Edge = Literal["left", "center", "right"]


def draw(chart: Chart, kind: str = "png") -> bytes:
    """A chart as `png` (966 pixels wide) or `svg` (552)."""
    if isinstance(chart, Trend):
        height, artists = _trend(chart)
    elif isinstance(chart, Distribution):
        height, artists = _distribution(chart)
    else:
        height, artists = _sentiment(chart)
    figure = Figure(figsize=(WIDTH / 72, height / 72), dpi=72, facecolor=INK)
    on_page = Affine2D().scale(1 / WIDTH, -1 / height).translate(0, 1) + figure.transFigure
    for artist in artists:
        artist.set_transform(on_page)
        figure.add_artist(artist)
    return _svg(figure) if kind == "svg" else _png(figure)


def _png(figure: Figure) -> bytes:
    figure.set_dpi(72 * DENSITY)
    canvas: Any = FigureCanvasAgg(figure)  # it has no types
    canvas.draw()
    image = Image.frombuffer("RGBA", canvas.get_width_height(), canvas.buffer_rgba()).convert("RGB")
    out = io.BytesIO()
    # A few flat colours: as a palette it is a third as large.
    image.quantize(COLOURS, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE).save(out, "PNG", compress_level=6)
    return out.getvalue()


def _svg(figure: Figure) -> bytes:
    out = io.BytesIO()
    canvas: Any = FigureCanvasSVG(figure)
    canvas.print_svg(out, metadata={"Date": None})
    return out.getvalue()


def _trend(chart: Trend) -> tuple[float, list[Artist]]:
    top, bottom, height = 78.0, 196.0, 236
    most = max(*chart.signals, *chart.before, 1)
    slot = (RIGHT - LEFT) / len(chart.days)
    is_week = len(chart.days) <= 10

    def bars(values: Sequence[int], share: float) -> list[list[Point]]:
        size = slot * share
        return [
            _box(LEFT + (n + 0.5) * slot - size / 2, bottom - (bottom - top) * value / most, size,
                 (bottom - top) * value / most, min(4, size / 3), is_flat_below=True)
            for n, value in enumerate(values) if value
        ]  # fmt: skip

    peak = max(range(len(chart.days)), key=lambda n: chart.signals[n])
    made: list[Artist] = [
        *_legend(((ACCENT, chart.label), (GHOST, chart.label_before)), 30),
        _shapes(bars(chart.before, 0.86), GHOST),
        _shapes(bars(chart.signals, 0.54), ACCENT),
        _line([(LEFT, bottom + 0.5), (RIGHT, bottom + 0.5)], LINE, 1.5),
    ]
    for n, day in enumerate(chart.days):
        middle, value = LEFT + (n + 0.5) * slot, chart.signals[n]
        if value and (is_week or n == peak):
            high = max(value, chart.before[n]) if is_week else value
            edge: Edge = "center" if LEFT + 30 < middle < RIGHT - 30 else "left" if n == 0 else "right"
            made.append(
                _text(middle, bottom - (bottom - top) * high / most - 7, short(value), TEXT, edge, is_bold=True)
            )
        if is_week or day.day % 7 == 1:
            label = f"{day:%a}" if is_week else write_day(day)
            is_first = n == 0 and not is_week
            made.append(
                _text(LEFT if is_first else middle, height - 14, label, QUIET, "left" if is_first else "center")
            )
    return height, made


def _distribution(chart: Distribution) -> tuple[float, list[Artist]]:
    step, made = 64, list[Artist]()
    for n, (name, figure, shares) in enumerate(chart.rows[:MOST_ROWS]):
        y, total = 16 + n * step, sum(share.count for share in shares) or 1
        room = RIGHT - LEFT - 14 * len(figure)
        made += [
            _text(LEFT, y + 20, _fitting(name, room) or f"Set {n + 1}", TEXT, "left"),
            _text(RIGHT, y + 20, figure, TEXT, "right", is_bold=True),
        ]
        x, drawn = float(LEFT), [share for share in shares if share.count]
        for place, share in enumerate(drawn):
            size = (RIGHT - LEFT) * share.count / total
            gap = 2 if place < len(drawn) - 1 and size > 4 else 0
            made.append(_shapes([_box(x, y + 30, size - gap, 18, 3)], _tone(share, place)))
            x += size
    return 16 + step * min(len(chart.rows), MOST_ROWS) + 4, made


def _sentiment(chart: Sentiment) -> tuple[float, list[Artist]]:
    top, bottom, height = 40.0, 168.0, 208
    zero, right = (top + bottom) / 2, RIGHT - 86
    step = (right - LEFT - 10) / max(len(chart.points) - 1, 1)
    at = [
        (LEFT + 10 + n * step, zero - (bottom - top) / 2 * value)
        for n, (_, value) in enumerate(chart.points) if value is not None
    ]  # fmt: skip
    made: list[Artist] = [_line([(LEFT, zero), (RIGHT, zero)], LINE, 1.5)]
    for y, sign in ((top, "+1"), (bottom, "\u22121")):
        made += [_line([(LEFT, y), (right, y)], LINE, 1, is_dotted=True)]
        made += [_text(RIGHT, y + 6, sign, QUIET, "right")]
    if at:
        last = next(value for _, value in reversed(chart.points) if value is not None)
        colour = GOOD[1] if last > 0.005 else BAD[1] if last < -0.005 else PLAIN
        for side, tint in ((min, GOOD[1]), (max, BAD[1])):  # the area above the middle, and the one below
            outline = [(at[0][0], zero), *_crossed(at, zero, side), (at[-1][0], zero)]
            made.append(_shapes([outline], tint, opacity=0.28))
        made.append(_line(at, TEXT, 3))
        made.append(Line2D(*_columns(at[-1:]), marker="o", markersize=11, color=colour, markeredgecolor=TEXT, mew=2.5))
        made.append(_text(at[-1][0] + 16, at[-1][1] + 7, signed(last), TEXT, "left", is_bold=True, size=LARGE))
    labelled = (
        (0, len(chart.points) - 1) if len(chart.points) < 6 else (0, len(chart.points) // 2, len(chart.points) - 1)
    )
    for n in labelled:
        made.append(_text(LEFT + 10 + n * step, height - 12, chart.points[n][0], QUIET, "center" if n else "left"))
    return height, made


def _crossed(points: Sequence[Point], zero: float, side: Callable[[float, float], float]) -> Iterable[Point]:
    """The points, held to one side of the middle, with those where the line crosses it."""
    for n, (x, y) in enumerate(points):
        if n and (points[n - 1][1] - zero) * (y - zero) < 0:
            old_x, old_y = points[n - 1]
            yield old_x + (x - old_x) * (zero - old_y) / (y - old_y), zero
        yield x, side(y, zero)


def _legend(entries: Iterable[tuple[str, str]], y: float) -> Iterable[Artist]:
    x = float(LEFT)
    for colour, label in entries:
        yield _shapes([_box(x, y - 12, 14, 14, 3)], colour)
        yield _text(x + 22, y, label, QUIET, "left")
        x += 22 + _width(label, SMALL) + 26


def _box(x: float, y: float, width: float, height: float, radius: float, *, is_flat_below: bool = False) -> list[Point]:
    """A rectangle whose corners are cut, which at a few pixels looks round."""
    r = min(radius, width / 2, height / 2)
    c, low = r * 0.3, 0.0 if is_flat_below else r
    right, bottom, d = x + width, y + height, low * 0.3
    return [
        (x, y + r), (x + c, y + c), (x + r, y), (right - r, y), (right - c, y + c), (right, y + r),
        (right, bottom - low), (right - d, bottom - d), (right - low, bottom), (x + low, bottom), (x + d, bottom - d),
        (x, bottom - low),
    ]  # fmt: skip


def _shapes(outlines: Sequence[Sequence[Point]], colour: str, *, opacity: float = 1) -> Artist:
    points = [point for outline in outlines for point in (*outline, outline[0])]
    codes: list[Any] = []
    for outline in outlines:
        codes += [Path.MOVETO, *[Path.LINETO] * (len(outline) - 1), Path.CLOSEPOLY]
    path = Path(points, codes) if points else Path([(0, 0)])
    return PathPatch(path, facecolor=colour, edgecolor="none", alpha=opacity)


def _line(points: Sequence[Point], colour: str, width: float, *, is_dotted: bool = False) -> Artist:
    return Line2D(
        *_columns(points), color=colour, linewidth=width, linestyle=(0, (1, 3)) if is_dotted else "-",
        solid_joinstyle="round",
    )  # fmt: skip


def _columns(points: Sequence[Point]) -> tuple[list[float], list[float]]:
    return [x for x, _ in points], [y for _, y in points]


def _text(
    x: float, y: float, text: str, colour: str, edge: Edge, *, is_bold: bool = False, size: float = SMALL
) -> Artist:
    # Not parsed: a dollar sign is a letter here, no formula.
    return Text(
        x, y, text, color=colour, fontsize=size, fontproperties=BOLD_FONT if is_bold else PLAIN_FONT,
        horizontalalignment=edge, verticalalignment="baseline", parse_math=False,
    )  # fmt: skip


def _tone(share: Share, place: int) -> str:
    if abs(share.weight) < 0.005:
        return PLAIN
    strength = 0 if abs(share.weight) < 0.4 else 1 if abs(share.weight) < 0.8 else 2
    return (GOOD if share.weight > 0 else BAD)[strength]


def _fitting(text: str, room: float) -> str:
    """The letters of a text that the font has, cut to what there is room for; empty where hardly any are left."""
    kept = " ".join("".join(letter for letter in text if ord(letter) in _letters()).split())
    if 2 * len(kept) < len(text):
        return ""
    while _width(kept, SMALL) > room:
        kept = kept.rstrip("…")[:-1].rstrip() + "…"
    return kept


def _width(text: str, size: float) -> float:
    return sum(_letters().get(ord(letter), 0.6) for letter in text) * size


@lru_cache(maxsize=1)
def _letters() -> dict[int, float]:
    """How wide each letter of the font is, in its height."""
    font = get_font(findfont(PLAIN_FONT))
    font.set_size(100, 72)
    widths: dict[int, float] = {}
    for letter in (*range(0x20, 0x7F), *range(0xA0, 0x2500)):
        if font.get_char_index(letter):
            widths[letter] = font.load_char(letter).linearHoriAdvance / 6_553_600
    return widths


def short(value: int) -> str:
    """A number in few letters: 940, 1.2k, 35k, 1.2M."""
    for unit, size in (("M", 1_000_000), ("k", 1_000)):
        if value >= size:
            return f"{value / size:.1f}{unit}" if value < 10 * size else f"{value // size}{unit}"
    return str(value)
