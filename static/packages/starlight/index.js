// A plugin for Starlight: puts the question in front of the footer of every page.
const MODULE = "virtual:feelback";

export default function feelback(options) {
  if (!options?.endpoint || !options.widget) throw Error("The plugin of Feelback needs an endpoint and a widget.");
  return {
    name: "feelback",
    hooks: {
      "config:setup"({ config, updateConfig, addIntegration, logger }) {
        if (config.components?.Footer) {
          logger.warn("The site has a Footer of its own: put <Question /> of @scope/starlight/Question.astro there.");
        } else {
          updateConfig({ components: { ...config.components, Footer: "@scope/starlight/Footer.astro" } });
        }
        addIntegration({
          name: "feelback",
          hooks: {
            "astro:config:setup"({ updateConfig }) {
              updateConfig({ vite: { plugins: [settings(options)] } });
            },
          },
        });
      },
    },
  };
}

const settings = (options) => ({
  name: "feelback",
  resolveId: (id) => (id === MODULE ? "\0" + MODULE : undefined),
  load: (id) => (id === "\0" + MODULE ? `export default ${JSON.stringify(options)};` : undefined),
});
