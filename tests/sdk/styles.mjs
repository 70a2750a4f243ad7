import { readFileSync } from "node:fs";

// Minifies the style sheets that stand in scripts.
export const styles = {
  name: "styles",
  setup({ onLoad }) {
    onLoad({ filter: /styles\.js$/ }, ({ path }) => ({
      contents: readFileSync(path, "utf8").replace(/^\/\/.*$/gm, "").replace(/\n(?=[^\n]*[{}])/g, "")
        .replace(/ ?([{};,>]) /g, "$1").replace(/: (?=[^}]*})/g, ":").replace(/ \}/g, "}").replace(/\n`/g, "`"),
    }));
  },
};
