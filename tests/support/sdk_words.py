"""What the elements' scripts say in English, and the plurals of languages; by node."""

import json
import subprocess
from typing import Any

from tests.support.sdk_pages import TESTS

SDK = TESTS.parent / "static/sdk"
READ = """
const { texts } = await import("./element.js");
await import("./forms.js");
await import("./reaction.js");
await import("./passage.js");
const { presets } = await import("./choice.js");
const more = [(await import("./words.js")).texts, (await import("./follow_up.js")).texts];
const labels = Object.values(presets).flatMap((preset) => preset.split(";").map((option) => option.split("|")[1]));
const words = labels.filter((label) => label && !/ stars?$/.test(label));
console.log(JSON.stringify([Object.assign({}, ...more, texts), words]));
"""


def run(script: str) -> Any:
    """The JSON that a script prints."""
    command = ["node", "--input-type=module", "-e", script]
    return json.loads(subprocess.run(command, cwd=SDK, check=True, capture_output=True, text=True).stdout)


def texts_of_elements() -> tuple[dict[str, str], set[str]]:
    """The texts by name, and the labels of presets."""
    texts, labels = run(READ)
    return texts, set(labels)


def plural_categories(codes: list[str]) -> dict[str, set[str]]:
    """The plural categories of each language."""
    expression = "(code) => [code, new Intl.PluralRules(code).resolvedOptions().pluralCategories]"
    rows = run(f"console.log(JSON.stringify({json.dumps(codes)}.map({expression})))")
    return {code: set(categories) for code, categories in rows}
