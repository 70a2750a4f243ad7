// What the page decides: on the script's tag (data-endpoint, data-visitor, data-store), or by configure().

const url = import.meta.url;
const tag = globalThis.document && [...document.scripts].find(({ src }) => src === url);

export const settings = {
  // Where the API answers: the script's own origin. A bundle is at the page's, and so has to be told.
  endpoint: /^(.+?)\/(static\/)?sdk\//.exec(url)?.[1] ?? "",
  visitor: "none",
  store: "local",
  texts: {},
  ...tag?.dataset,
};

export const configure = (more) => Object.assign(settings, more);
