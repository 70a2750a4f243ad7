"""The packages' types, as TypeScript reads them in strict applications with React, Vue and no framework."""

import subprocess
from pathlib import Path

import pytest

from tests.programs.packages.files import fill
from tests.support.frameworks import install
from tests.support.needs import needs_node
from tests.support.sdk_pages import MODULES

pytestmark = [
    needs_node,
    pytest.mark.skipif(
        not (MODULES / "typescript").is_dir(), reason="node or the packages of the tests are missing: run tests/install"
    ),
]

# Each line with @ts-expect-error must be an error, or TypeScript says that it is none.
SOURCES = {
    "plain.ts": """
        import { configure, send, type FeelbackElement } from "feelback";
        import { createController } from "feelback/controller";
        import { plainForm } from "feelback/plain-form";
        import { configure as configureOnly } from "feelback/settings";
        import "feelback/passage";
        import "feelback/display";
        import "feelback/seen";
        configure({ endpoint: "https://your.host", visitor: "token" });
        configureOnly({ store: "none" });
        // @ts-expect-error
        configure({ store: "cloud" });
        const element: FeelbackElement = document.createElement("feelback-yesno");
        element.addEventListener("feelback-sent", ({ detail }) => console.info(detail.value));
        void send({ widget: "w", page: "p", value: "y" }).then(({ outcome }) => outcome);
        // @ts-expect-error
        void send({ widget: "w", value: "y" });
        const { choose, getState } = createController({ widget: "w", count: true });
        void choose("y");
        const count: number | undefined = getState().counts?.y;
        // @ts-expect-error
        void choose(1);
        const action: string | undefined = plainForm({ type: "yesno", widget: "w" })?.action;
        console.info(count, action);
        """,
    "react.tsx": """
        import "feelback/jsx";
        import { FeelbackForm, FeelbackReaction, FeelbackYesno, PlainForm, useFeelback, useWidget } from "@scope/react";
        export function App() {
          const { status, counts, followUp, choose, submit } = useFeelback({ widget: "w", count: true });
          const fields = useWidget("w")?.fields.map(({ name }) => name);
          return (
            <main>
              <FeelbackYesno widget="w" className="a" onSent={({ detail }) => console.info(detail.outcome)}>
                <PlainForm type="yesno" widget="w" endpoint="https://your.host" page="https://blog.example/" />
              </FeelbackYesno>
              <FeelbackReaction layout="picker" options={[{ value: "y" }]} context={{ version: "2.1" }} />
              <FeelbackForm fields={[{ name: "a", kind: "text" }]} />
              {/* @ts-expect-error */}
              <FeelbackYesno layout="picker" />
              <feelback-yesno widget="w" label="Helpful?" count="" />
              {/* @ts-expect-error */}
              <feelback-yesno look="loud" />
              <button onClick={() => choose("y")}>{status} {counts?.y} {followUp?.question} {fields}</button>
              <button onClick={() => submit("Hello", { email: "ada@example.com" })} />
            </main>
          );
        }
        """,
    "vue.ts": """
        import "feelback/vue";
        import { h, type GlobalComponents, type Ref } from "vue";
        import { FeelbackNps, FeelbackYesno, useFeelback, useWidget } from "@scope/vue";
        const { status, counts, choose } = useFeelback(() => ({ widget: "w" }));
        const text: Ref<string> = status;
        void choose(undefined);
        h(FeelbackYesno, { widget: "w", count: true, onSent: ({ detail }) => console.info(detail.value, text.value) });
        h(FeelbackNps, { widget: "w" });
        console.info(counts.value?.y, useWidget("w").value?.options);
        type Attributes = InstanceType<GlobalComponents["feelback-yesno"]>["$props"];
        const attributes: Attributes = { widget: "w", count: "" };
        // @ts-expect-error
        const wrong: Attributes = { look: "loud" };
        console.info(attributes, wrong);
        """,
}


@pytest.mark.parametrize(("module", "resolution"), [("preserve", "bundler"), ("nodenext", "nodenext")])
def test_typescript_accepts_what_is_right_alone(tmp_path: Path, module: str, resolution: str) -> None:
    install(tmp_path)
    (tmp_path / "package.json").write_text('{"type": "module"}')
    for name, source in SOURCES.items():
        (tmp_path / name).write_text(fill(source, ""))
    options = ["--strict", "--noEmit", "--jsx", "react-jsx", "--target", "es2022", "--lib", "es2022,dom,dom.iterable"]
    options += [
        "--module",
        module,
        "--moduleResolution",
        resolution,
        "--types",
        "react",
        "--exactOptionalPropertyTypes",
    ]
    options += ["--preserveSymlinks"]
    command = ["node", MODULES / "typescript/bin/tsc", *options, *SOURCES]
    process = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert (process.returncode, process.stdout) == (0, "")
