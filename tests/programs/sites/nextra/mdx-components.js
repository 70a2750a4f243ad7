export { useMDXComponents } from "./snippet.js";
