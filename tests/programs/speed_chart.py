"""`make speed-chart`: the chart and the table of docs/how-fast.md, from what `make bench` wrote.

The picture is static/site/how-fast.webp; the table goes to standard output. Bars are requests per second of
CPU time: unlike requests a second, they hardly move with what else the machine does.
"""

import io
import json
from pathlib import Path

import click
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from PIL import Image

from app.config import ROOT
from app.recaps.chart_shapes import ACCENT, GOOD, LINE, PAPER, PLAIN, QUIET, TEXT

PICTURE = ROOT / "static/site/how-fast.webp"
# What is done, and the cases of `make bench` on Hypercorn and on uvicorn.
ROWS = (
    ("An application that does nothing", "noop", "noop_uvicorn"),
    ("A vote, on disk before the answer", "create_v1", "create_v1_uvicorn"),
    ("The same through /v0", "create_v0", "create_v0_uvicorn"),
    ("The counts of one page", "read_v1", "read_v1_uvicorn"),
    ("The counts of 50 pages", "read_v1_50", "read_v1_50_uvicorn"),
    ("One INSERT per vote", "naive", ""),
    ("A like in Waline", "waline", ""),
)
OTHERS = ("naive", "waline")


@click.command()
@click.argument("path", type=click.Path(path_type=Path, exists=True), default=Path("bench.json"))
def main(path: Path) -> None:
    """Draw the chart of PATH, a file that `make bench` wrote, and print its table."""
    report = json.loads(path.read_text())
    cases = {row["case"]: row for row in report["rows"]}
    PICTURE.write_bytes(_picture(cases))
    click.echo(f"{report['machine']['cpu']}, {report['machine']['cores']} cores, {report['machine']['windows']}\n")
    click.echo("| | Hypercorn: requests/s | CPU of the web process | uvicorn: requests/s | CPU of the web process |")
    click.echo("|---|---|---|---|---|")
    for words, *pair in ROWS:
        if pair[0] in cases:
            click.echo(f"| {words} |{''.join(_cells(cases.get(name)) for name in pair)}")


def _cells(row: dict[str, float] | None) -> str:
    return f" {row['requests_a_second']:,.0f} | {row['server_us']:,.0f} µs |" if row else " | |"


def _picture(cases: dict[str, dict[str, float]]) -> bytes:
    figure = Figure(figsize=(8.28, 4.3), dpi=200, facecolor=PAPER)
    axes = figure.add_axes((0.34, 0.08, 0.6, 0.8))
    axes.set_facecolor(PAPER)
    rows = [row for row in ROWS if row[1] in cases]
    labels = []
    for place, (words, *pair) in enumerate(rows):
        rates = [(name, 1e6 / cases[name]["server_us"]) for name in pair if name in cases]
        for n, (name, rate) in enumerate(rates):
            at = -place + (0.19 - 0.38 * n if len(rates) > 1 else 0)
            colour = PLAIN if name in OTHERS else GOOD[0] if name.endswith("uvicorn") else ACCENT
            axes.barh(at, rate, 0.34, color=colour)
            axes.annotate(
                f"{round(rate, -1):,.0f}",
                (rate, at),
                (4, 0),
                textcoords="offset points",
                va="center",
                color=TEXT,
                fontsize=8,
            )
        labels.append(words.replace(", ", ",\n").replace(": ", ":\n"))
    axes.set_yticks([-place for place in range(len(rows))], labels, color=TEXT, fontsize=9)
    axes.tick_params(length=0, colors=QUIET)
    axes.xaxis.set_major_formatter("{x:,.0f}")
    axes.xaxis.set_tick_params(labelsize=8, labelcolor=QUIET)
    axes.grid(axis="x", color=LINE, linewidth=0.6)
    axes.set_axisbelow(True)
    for side in axes.spines.values():
        side.set_visible(False)
    for x, colour, words in (
        (0.34, ACCENT, "on Hypercorn"),
        (0.52, GOOD[0], "on uvicorn"),
        (0.68, PLAIN, "others"),
    ):
        figure.text(x, 0.94, "■", color=colour, fontsize=11, va="center")
        figure.text(x + 0.025, 0.94, words, color=TEXT, fontsize=9, va="center")
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    image = Image.frombuffer("RGBA", canvas.get_width_height(), bytes(canvas.buffer_rgba())).convert("RGB")
    out = io.BytesIO()
    image.save(out, "WEBP", lossless=True, method=6)
    return out.getvalue()


if __name__ == "__main__":
    main(prog_name="python -m tests.programs.speed_chart")
