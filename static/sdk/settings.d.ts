/** The settings alone: without the elements, which a page may load later. */
export { configure, type Settings } from "./core.js";
