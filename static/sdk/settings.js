// What the page decides: by attributes of the script's tag (data-endpoint, data-visitor, data-store), or by configure().

export const url = import.meta.url;
const tag = globalThis.document && [...document.scripts].find(({ src }) => src === url);

export const settings = {
  // Where the API answers: the script's own origin. A bundle is served by the page's, so it has to call configure().
  endpoint: /^(.+?)\/(static\/)?sdk\//.exec(url)?.[1] ?? "",
  visitor: "none",
  store: "local",
  texts: {},
  ...tag?.dataset,
};

export const configure = (changes) => Object.assign(settings, changes);
