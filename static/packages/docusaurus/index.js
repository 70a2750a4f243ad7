// A plugin for Docusaurus: puts the question below every page of the documentation.
import { fileURLToPath } from "node:url";

export default function feelback(context, options) {
  return {
    name: "feelback",
    getThemePath: () => fileURLToPath(new URL("./theme", import.meta.url)),
    contentLoaded: ({ actions }) => actions.setGlobalData(options),
  };
}

export function validateOptions({ options }) {
  for (const name of ["endpoint", "widget"])
    if (typeof options[name] !== "string") throw Error(`The plugin of Feelback needs the option ${name}.`);
  return { id: "default", ...options };
}

feelback.validateOptions = validateOptions; // where only the default export is read
