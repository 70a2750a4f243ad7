"""Print whether one word finds the slice of each route module of the panel: its tests, templates, queries and SQL.

Run as `python -m tests.programs.slices`. For app/panel/<area>/<module>.py the word is the module's or its area's name.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Slice:
    """A route module and which of its parts no file or folder of its name or its area's name holds."""

    module: str
    missing: tuple[str, ...]


def slices(root: Path = ROOT) -> list[Slice]:
    """Every module of app/panel/<area>/ that has a Blueprint."""
    return [
        Slice(f"{path.parent.name}/{path.stem}", tuple(_missing(root, path.parent.name, path.stem)))
        for path in sorted((root / "app" / "panel").glob("*/*.py"))
        if "Blueprint(" in path.read_text()
    ]


def percentage(each: list[Slice]) -> float:
    """Share of the slices that miss nothing, from 0 to 100."""
    return 100 * sum(not part.missing for part in each) / len(each)


def _missing(root: Path, area: str, module: str) -> Iterator[str]:
    if not (root / "tests" / "panel" / area / f"test_{module}.py").is_file():
        yield f"tests/panel/{area}/test_{module}.py"
    for kind, folder, suffix in (
        ("templates", root / "templates", ""),
        ("queries", root / "app" / "queries", ".py"),
        ("SQL functions", root / "sql" / "functions", ""),
    ):
        if not any((folder / f"{word}{suffix}").exists() for word in (module, area)):
            yield kind


if __name__ == "__main__":
    modules = slices()
    for each in modules:
        print(f"{each.module:32} {', '.join(each.missing) or 'whole'}")
    print(f"{percentage(modules):.0f} % of {len(modules)} route modules are whole slices.")
