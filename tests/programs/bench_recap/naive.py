"""The naive way: the same worker, whose charts are drawn through pyplot where it runs, one after the other."""

import io
import os
import warnings
from collections.abc import Sequence

import matplotlib as mpl

mpl.use("agg")
from matplotlib import pyplot as plt

from app import config
from app.recaps.chart_data import Chart, Distribution, Trend
from app.worker import process, recaps

INCHES, DPI = 552 / 72, 72 * 1.75  # as large as ours


class Pyplot:
    """What the worker's recaps are drawn with."""

    async def draw(self, charts: Sequence[Chart], kind: str = "png") -> list[bytes]:
        """Each chart as PNG."""
        return [_png(chart) for chart in charts]

    def shut_down(self) -> None:
        """Nothing to let go of."""


def _png(chart: Chart) -> bytes:
    height = len(chart.rows) * 64 + 20 if isinstance(chart, Distribution) else 236 if isinstance(chart, Trend) else 208
    figure, axes = plt.subplots(figsize=(INCHES, height / 72), dpi=DPI)
    figure.set_facecolor("#f6f7f9")
    axes.set_facecolor("#f6f7f9")
    if isinstance(chart, Trend):
        axes.bar(range(len(chart.days)), chart.before, 0.86, color="#454c6d", label=chart.label_before)
        bars = axes.bar(range(len(chart.days)), chart.responses, 0.54, color="#4453d6", label=chart.label)
        axes.bar_label(bars, color="white")
        axes.set_xticks(range(len(chart.days)), [f"{day:%a}" for day in chart.days])
        axes.legend()
    elif isinstance(chart, Distribution):
        for n, (name, figure_text, shares) in enumerate(chart.rows):
            left, total = 0.0, sum(share.count for share in shares) or 1
            for share in shares:
                colour = "#2b8f60" if share.weight > 0 else "#c9574b" if share.weight < 0 else "#8a93ae"
                axes.barh(-n, share.count / total, 0.4, left, color=colour)
                left += share.count / total
            axes.text(0, 0.3 - n, name, color="white")
            axes.text(1, 0.3 - n, figure_text, color="white", ha="right")
    else:
        values = [0 if value is None else value for _, value in chart.points]
        axes.plot(range(len(values)), values, color="white")
        axes.fill_between(range(len(values)), values, color="#45b583", alpha=0.3)
        axes.set_ylim(-1, 1)
        axes.set_xticks(range(len(values)), [label for label, _ in chart.points], rotation=45)
    axes.tick_params(colors="white")
    out = io.BytesIO()
    with warnings.catch_warnings(action="ignore"):  # of letters that its font lacks
        figure.savefig(out, format="png")
    plt.close(figure)
    return out.getvalue()


def main() -> None:
    """Works until nothing is due."""
    recaps.ChartProcesses = Pyplot  # type: ignore[assignment, misc]
    settings = config.load()
    process.run(settings, os.environ["DATABASE_URL"], once=True)


if __name__ == "__main__":
    main()
