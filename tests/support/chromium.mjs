// A Chromium for many tests, until standard input ends: prints its address.
import { createRequire } from "node:module";

const [driver, options] = process.argv.slice(2);
const { chromium } = createRequire(import.meta.url)(driver);
const server = await chromium.launchServer(JSON.parse(options));
server.on("close", () => process.exit());
process.stdin.resume().on("end", () => server.kill());
console.log(server.wsEndpoint());
