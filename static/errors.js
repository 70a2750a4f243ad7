// Reports errors of the panel's scripts to our own server, at most five per page.
"use strict";

let reports = 0;

function report(error) {
    if (!(error instanceof Error) || reports >= 5) {
        return;
    }
    reports += 1;
    const { name, message, stack } = error;
    const body = { source: "panel", name, message: message.slice(0, 1000), stack: (stack || "").slice(0, 5000) };
    navigator.sendBeacon("/errors", JSON.stringify(body));
}

addEventListener("error", (event) => report(event.error));
addEventListener("unhandledrejection", (event) => report(event.reason));
