export { default, default as Feelback } from "./Feelback.astro";
