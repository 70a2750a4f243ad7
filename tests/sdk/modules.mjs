// Builds static/sdk into a folder as modules for bundlers, which share their parts: what `feelback` at npm has. Unlike the
// builds that pages load, they have what most visitors do not need from the start.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { styles } from "./styles.mjs";

const source = join(dirname(fileURLToPath(import.meta.url)), "../../static/sdk");
const names = ["core", "feelback", "controller", "plain_form", "settings", "passage", "display", "seen"];

// In a bundle the API's address comes by configure(), which may run after the elements of a page that a server has rendered
// are defined. Their requests wait for it, for two seconds at most.
const WAITS = {
  "settings.js": ["export const configure = (changes) => Object.assign(settings, changes);", `
    let resolve;
    const isConfigured = new Promise((each) => (resolve = each));
    export const configure = (changes) => {
      Object.assign(settings, changes);
      if ("endpoint" in changes) resolve();
    };
    export const untilConfigured = () => settings.endpoint || Promise.race([isConfigured, new Promise((each) => setTimeout(each, 2e3))]);`],
  "client.js": ["const reply = await fetch(", "settings.endpoint || (await untilConfigured());\n  const reply = await fetch("],
  "translate.js": ["const reply = await fetch(", "settings.endpoint || (await untilConfigured());\n  const reply = await fetch("],
};
const waiting = {
  name: "waiting",
  setup({ onLoad }) {
    onLoad({ filter: /(settings|client|translate)\.js$/ }, ({ path }) => {
      const name = basename(path), text = readFileSync(path, "utf8"), [before, after] = WAITS[name];
      if (text.split(before).length !== 2) throw Error(`${name} has changed: see WAITS.`);
      const start = name === "settings.js" ? "" : 'import { untilConfigured } from "./settings.js";\n';
      return { contents: start + text.replace(before, () => after) };
    });
  },
};

const { outputFiles } = await build({
  entryPoints: names.map((name) => join(source, name + ".js")), chunkNames: "parts/[name]-[hash]",
  outdir: source, write: false, sourcemap: true, // with paths that do not depend on where it is written
  bundle: true, splitting: true, format: "esm", minify: true, charset: "utf8", target: "es2022",
  mangleProps: /^_/, plugins: [styles, waiting], legalComments: "none", logLevel: "warning",
});
for (const { path, contents } of outputFiles) {
  const target = join(process.argv[2], relative(source, path));
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, contents);
}
