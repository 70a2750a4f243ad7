"""Themes of elements: custom properties and inherited ones, which are right on light and dark pages."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Theme:
    """A theme by its name in an address; `properties` are CSS declarations. Without any, the page decides."""

    name: str
    title: str
    words: str
    properties: dict[str, str]


def _look(accent: str, border: str, background: str = "", **more: str) -> dict[str, str]:
    colors = {"accent": accent, "border": border, "background": background} | more
    own = {"font_family": "font-family", "font_size": "font-size", "color": "color"}
    return {own.get(name, f"--feelback-{name}"): value for name, value in colors.items() if value}


THEMES = (
    Theme("page", "Your page", "The fonts and colors of the page around it.", {}),
    Theme(
        "indigo", "Indigo", "Filled buttons without a border.",
        _look("light-dark(#4453d6, #8e9bff)", "transparent", "light-dark(#e9ebfc, #272c4a)", radius="8px"),
    ),
    Theme(
        "forest", "Forest", "Green pills.",
        _look("light-dark(#0b6e4f, #6fd3a2)", "light-dark(#0b6e4f, #6fd3a2)", radius="999px"),
    ),
    Theme(
        "ocean", "Ocean", "Calm blue, well rounded.",
        _look(
            "light-dark(#0369a1, #7dd3fc)", "light-dark(#7890a0, #55788c)", "light-dark(#f0f9ff, #082f49)",
            radius="14px",
        ),
    ),
    Theme(
        "sunset", "Sunset", "Warm orange.",
        _look(
            "light-dark(#b93815, #fdba74)", "light-dark(#c2603f, #b5683c)", "light-dark(#fff4ed, #3b1d10)",
            radius="12px",
            star="light-dark(#b93815, #fdba74)",
        ),
    ),
    Theme(
        "rose", "Rose", "Pink, soft and round.",
        _look(
            "light-dark(#be123c, #fda4af)", "transparent", "light-dark(#ffe4e9, #4c1522)",
            radius="999px", gap="0.75em",
        ),
    ),
    Theme(
        "ink", "Ink", "Square corners and strong lines, in the color of the text.",
        _look("currentColor", "currentColor", radius="0"),
    ),
    Theme(
        "paper", "Paper", "A book's serif on cream.",
        _look(
            "light-dark(#7c4a1e, #e0b989)", "light-dark(#98846b, #857157)", "light-dark(#fbf5e9, #2a2218)",
            radius="3px", font_family='Georgia, "Times New Roman", serif',
        ),
    ),
    Theme(
        "terminal", "Terminal", "Monospace and green.",
        _look(
            "light-dark(#166534, #4ade80)", "light-dark(#15803d, #22a352)",
            radius="0",
            font_family="ui-monospace, Menlo, Consolas, monospace", color="light-dark(#14532d, #86efac)",
        ),
    ),
    Theme(
        "slate", "Slate", "The gray buttons of a code host.",
        _look(
            "light-dark(#0969da, #58a6ff)", "light-dark(#818b98, #6e7681)", "light-dark(#f6f8fa, #21262d)",
            radius="6px",
        ),
    ),
    Theme(
        "large", "Large", "Big targets for thumbs.",
        _look(
            "light-dark(#6d28d9, #c4b5fd)", "light-dark(#857a99, #7a708c)",
            radius="16px", gap="0.75em", font_size="1.25rem",
        ),
    ),
)  # fmt: skip
BY_NAME = {theme.name: theme for theme in THEMES}


def rule(selector: str, properties: dict[str, str]) -> str:
    """Return the CSS rule with these declarations; empty without any."""
    lines = "".join(f"  {name}: {value};\n" for name, value in properties.items())
    return f"{selector} {{\n{lines}}}" if lines else ""
