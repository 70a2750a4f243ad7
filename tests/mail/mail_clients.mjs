// Which mail clients lack something that a mail uses: HTML on standard input, JSON on standard output.
import { readFileSync } from "node:fs";
import { doIUseEmail } from "doiuse-email";

const html = readFileSync(0, "utf8");
const found = doIUseEmail(html, { emailClients: process.argv.slice(2) });
console.log(JSON.stringify(found.errors ?? []));
