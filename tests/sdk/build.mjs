// Builds static/sdk into static/sdk/<version>, which pages load, and writes the integrity hashes of every version there.
// With a folder as argument it writes the build there instead. The output is committed, so nothing else needs this program.
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants } from "node:zlib";
import { build } from "esbuild";
import { styles } from "./styles.mjs";

const source = join(dirname(fileURLToPath(import.meta.url)), "../../static/sdk");
const { version } = JSON.parse(readFileSync(join(source, "package.json"), "utf8"));
const folder = process.argv[2] ?? join(source, version);

// What most visitors do not need is a file of its own, which the other scripts load from the folder of their version, with
// its hash: a page that pins a script by its hash pins this one too. It is imported once its preload has the right hash, as an
// import has none; browsers without modulepreload do not check it.
const loading = (contents) => ({
  name: "loading",
  setup({ onLoad }) {
    onLoad({ filter: /asking\.js$/ }, ({ path }) => ({
      contents: readFileSync(path, "utf8").replace("{ settings }", "{ settings, url }").replace("more[", "(await (loading ||= load()))[")
        .replace('import * as more from "./more.js";', `
          let loading, again = "";
          async function load() {
            const href = url.replace(/sdk\\/.*/, "sdk/${version}/more.js" + again);
            const link = create("link", { rel: "modulepreload", href, integrity: "${hashOf(contents, "sha256")}" });
            try {
              await new Promise((resolve, reject) => {
                link.onload = resolve;
                link.onerror = reject;
                document.head.append(link);
                if (!link.relList.supports(link.rel)) resolve();
              });
              return await import(href);
            } catch {
              loading = 0;
              again += "?"; // some browsers never load a module again that failed once
              throw Error(href);
            }
          }`),
    }));
  },
});

// Texts of languages are of the same version as what reads them.
const versioned = {
  name: "versioned",
  setup({ onLoad }) {
    onLoad({ filter: /translate\.js$/ }, ({ path }) => ({ contents: readFileSync(path, "utf8").replace("/sdk/languages/", `/sdk/${version}/languages/`) }));
  },
};

// Properties that begin with _ have the same short names in all files.
let mangleCache = {};

async function bundle(name, more) {
  const result = await build({
    entryPoints: [join(source, name)], bundle: true, minify: true, charset: "utf8", target: "es2022", write: false,
    mangleProps: /^_/, mangleCache, plugins: [styles, versioned], legalComments: "none", logLevel: "warning", ...more,
  });
  ({ mangleCache } = result);
  return result.outputFiles[0].contents;
}

const hashOf = (contents, algorithm) => `${algorithm}-` + createHash(algorithm).update(contents).digest("base64");
await bundle("core.js", { format: "esm", plugins: [styles] }); // which has the shortest names
const more = await bundle("more.js", { format: "esm" });
const plugins = [styles, versioned, loading(more)];

const files = {
  "more.js": more,
  "core.js": await bundle("core.js", { format: "esm", plugins }),
  "feelback.js": await bundle("feelback.js", { format: "esm", plugins }),
  "passage.js": await bundle("passage.js", { format: "esm", plugins }),
  "display.js": await bundle("display.js", { format: "esm", plugins }),
  "seen.js": await bundle("seen.js", { format: "esm", plugins }),
  // Like the published build, a plain script that runs while the page is parsed.
  "auto.js": await bundle("auto.js", { format: "iife", mangleProps: undefined }),
  "feelback.css": readFileSync(join(source, "feelback.css")),
};
mkdirSync(folder, { recursive: true });
for (const name of readdirSync(join(source, "languages")).filter((name) => name !== "en.json"))
  files["languages/" + name] = Buffer.from(JSON.stringify(JSON.parse(readFileSync(join(source, "languages", name), "utf8"))));
mkdirSync(join(folder, "languages"), { recursive: true });
for (const [name, contents] of Object.entries(files)) {
  const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: contents.length };
  writeFileSync(join(folder, name), contents);
  writeFileSync(join(folder, name + ".br"), brotliCompressSync(contents, { params }));
}

const hash = (path) => hashOf(readFileSync(path), "sha384");
if (!process.argv[2]) {
  const versions = {};
  for (const each of readdirSync(source).filter((name) => /^\d+\.\d+\.\d+$/.test(name)))
    versions[each] = Object.fromEntries(
      readdirSync(join(source, each)).filter((name) => /\.(js|css)$/.test(name)).map((name) => [name, hash(join(source, each, name))]),
    );
  writeFileSync(join(source, "integrity.json"), JSON.stringify({ version, versions }, null, 2) + "\n");
}
for (const name of Object.keys(files).filter((name) => !name.includes("/"))) console.log(name, files[name].length, readFileSync(join(folder, name + ".br")).length);
