/** Importing the module counts in how many page views each element was seen. */
export { configure } from "./core.js";
