"""Boxes, lines and text as matplotlib artists, in the coordinates and colours of our charts."""

import pathlib
from collections.abc import Sequence
from functools import lru_cache
from math import ceil
from typing import Any, Literal

import matplotlib as mpl
import numpy as np
from matplotlib.artist import Artist
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.font_manager import FontProperties, findfont, fontManager, get_font
from matplotlib.ft2font import FT2Font
from matplotlib.lines import Line2D
from matplotlib.patches import PathPatch
from matplotlib.path import Path

WIDTH = 552  # pixels of a mail
PAPER, LINE, GHOST, TEXT, QUIET = "#ffffff", "#d5d9e2", "#bcc4d6", "#1b1f2a", "#494f60"
ACCENT, PLAIN = "#4453d6", "#6b7388"
GOOD, BAD = ("#3f8f69", "#24784f", "#125c39"), ("#cf6054", "#b8402f", "#93281b")  # by weight, the faintest first
LARGE, SMALL = 20, 17
MOST_CHARS = 16  # of a text whose pixels are remembered, up to 60 kB; names of widgets are seldom drawn again
MARGIN = 4  # pixels beside a text, where a letter is wider than its place
LEFT, RIGHT = 20, WIDTH - 20
# Without a fixed salt the same chart would give different bytes each time.
mpl.rcParams["svg.hashsalt"] = "feelback"
# The second font has what the first lacks: Chinese, Japanese and Korean. Both are shipped, so that charts look the same
# everywhere.
fontManager.addfont(pathlib.Path(__file__).parent / "fonts" / "DroidSansFallback.ttf")
FAMILIES = ["DejaVu Sans", "Droid Sans Fallback"]
Point = tuple[float, float]
Edge = Literal["left", "center", "right"]


def box(x: float, y: float, width: float, height: float, radius: float, *, is_flat_below: bool = False) -> list[Point]:
    """A rectangle with cut corners, which look round at a few pixels."""
    r = min(radius, width / 2, height / 2)
    c, low = r * 0.3, 0.0 if is_flat_below else r
    right, bottom, d = x + width, y + height, low * 0.3
    return [
        (x, y + r), (x + c, y + c), (x + r, y), (right - r, y), (right - c, y + c), (right, y + r),
        (right, bottom - low), (right - d, bottom - d), (right - low, bottom), (x + low, bottom), (x + d, bottom - d),
        (x, bottom - low),
    ]  # fmt: skip


def shapes(outlines: Sequence[Sequence[Point]], colour: str, *, opacity: float = 1) -> Artist:
    points = [point for outline in outlines for point in (*outline, outline[0])]
    codes: list[Any] = []
    for outline in outlines:
        codes += [Path.MOVETO, *[Path.LINETO] * (len(outline) - 1), Path.CLOSEPOLY]
    path = Path(points, codes) if points else Path([(0, 0)])
    return PathPatch(path, facecolor=colour, edgecolor="none", alpha=opacity)


def line(points: Sequence[Point], colour: str, width: float, *, is_dotted: bool = False) -> Artist:
    return Line2D(
        *columns(points), color=colour, linewidth=width, linestyle=(0, (1, 3)) if is_dotted else "-",
        solid_joinstyle="round",
    )  # fmt: skip


def columns(points: Sequence[Point]) -> tuple[list[float], list[float]]:
    return [x for x, _ in points], [y for _, y in points]


def text_line(
    x: float, y: float, text: str, colour: str, edge: Edge, *, is_bold: bool = False, size: float = SMALL
) -> Artist:
    width = 0 if edge == "left" else text_width(text, size, is_bold=is_bold)
    return _Words(x - width / 2 if edge == "center" else x - width, y, text, colour, _sized(size, is_bold=is_bold))


class _Words(Artist):
    """A line of text that begins at a point.

    matplotlib's own measures each text twice before it draws it, which takes a third of the time of a chart.
    """

    def __init__(self, x: float, y: float, text: str, colour: str, font: FontProperties) -> None:
        super().__init__()
        self._at, self._text, self._colour, self._font = (x, y), text, colour, font

    def draw(self, renderer: Any) -> None:
        """Draw it, as matplotlib asks every artist to."""
        x, y = self.get_transform().transform(self._at)
        gc = renderer.new_gc()
        if isinstance(renderer, RendererAgg) and len(self._text) <= MOST_CHARS:
            image = _image(self._text, self._font, self._colour, renderer.dpi)
            renderer.draw_image(gc, round(x) - MARGIN, round(y) - image.shape[0] // 3, image)
        else:
            _write(renderer, x, y, self._text, self._font, self._colour)
        gc.restore()


@lru_cache(maxsize=128)
def _image(text: str, font: FontProperties, colour: str, dpi: float) -> Any:
    """Pixels of a text, whose baseline is at a third of their height.

    Charts share most of their texts, such as days and shares, and drawing these again took a third of their time.
    """
    size = font.get_size_in_points()
    pixels = dpi / 72
    width = ceil(text_width(text, size, is_bold=font.get_weight() == "bold") * pixels) + 2 * MARGIN
    height = 3 * ceil(size * pixels * 0.6)
    renderer: Any = RendererAgg(width, height, dpi)  # type: ignore[no-untyped-call]
    _write(renderer, MARGIN, height // 3, text, font, colour)
    return np.array(renderer.buffer_rgba())[::-1].copy()  # images are drawn from below


def _write(renderer: Any, x: float, y: float, text: str, font: FontProperties, colour: str) -> None:
    """Write a text that begins at a point, which is measured from below."""
    if renderer.flipy():
        y = renderer.get_canvas_width_height()[1] - y
    gc = renderer.new_gc()
    gc.set_foreground(colour)
    # Never as a formula, which a dollar sign in a name would start.
    renderer.draw_text(gc, x, y, text, font, 0, ismath=False)
    gc.restore()


@lru_cache(maxsize=16)
def _sized(size: float, *, is_bold: bool) -> FontProperties:
    return FontProperties(family=FAMILIES[:1] if is_bold else FAMILIES, weight="bold" if is_bold else None, size=size)


def fitting_text(text: str, room: float) -> str:
    """`text` without characters that the fonts lack, cut to `room` pixels; empty if half of it would be missing."""
    fitting = " ".join("".join(letter for letter in text if _width(letter) is not None).split())
    if 2 * len(fitting) < len(text):
        return ""
    if text_width(fitting, SMALL) <= room:
        return fitting
    end, left = 0, room - text_width("…", SMALL)
    while (left := left - text_width(fitting[end], SMALL)) >= 0:
        end += 1
    return fitting[:end].rstrip() + "…"


def text_width(text: str, size: float, *, is_bold: bool = False) -> float:
    return sum(_width(letter, is_bold=is_bold) or 0 for letter in text) * size


@lru_cache(maxsize=4096)
def _width(letter: str, *, is_bold: bool = False) -> float | None:
    """The width of a character, in units of the font's size; None where no font has it."""
    if not (letter.isprintable() or letter.isspace()):  # a no-break space is not printable to Python
        return None
    for font in _fonts(is_bold=is_bold):
        font.set_size(100, 72)  # matplotlib draws with the same font, in other sizes
        if font.get_char_index(ord(letter)):
            return float(font.load_char(ord(letter)).linearHoriAdvance) / 6_553_600
    return None


@lru_cache(maxsize=2)
def _fonts(*, is_bold: bool) -> list[FT2Font]:
    families = FAMILIES[:1] if is_bold else FAMILIES  # bold are only figures
    weight = "bold" if is_bold else None
    return [get_font(findfont(FontProperties(family=family, weight=weight))) for family in families]
