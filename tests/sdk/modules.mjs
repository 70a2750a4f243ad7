// Builds static/sdk into a folder as modules for bundlers, which share their parts: what `feelback` at npm has. Unlike the
// builds that pages load, they have what most visitors do not need from the start.
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { styles } from "./styles.mjs";

const source = join(dirname(fileURLToPath(import.meta.url)), "../../static/sdk");
const names = ["core", "feelback", "controller", "plain_form", "settings", "passage", "display", "seen"];

const { outputFiles } = await build({
  entryPoints: names.map((name) => join(source, name + ".js")), chunkNames: "parts/[name]-[hash]",
  outdir: source, write: false, sourcemap: true, // with paths that do not depend on where it is written
  bundle: true, splitting: true, format: "esm", minify: true, charset: "utf8", target: "es2022",
  mangleProps: /^_/, plugins: [styles], legalComments: "none", logLevel: "warning",
});
for (const { path, contents } of outputFiles) {
  const target = join(process.argv[2], relative(source, path));
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, contents);
}
