// Opens a page to see where passages are now. The page's <feelback-passage> answers with places, which are then stored; nothing of
// the page but these comes here.
"use strict";

const form = document.getElementById("passages-form");
const status = document.getElementById("passages-status");
const PATIENCE = 20_000;
let opened, timer;

if (form) form.hidden = false;

form?.addEventListener("submit", (event) => {
  event.preventDefault();
  opened = window.open(form.dataset.url, "_blank");
  status.textContent = opened ? "Waiting for the page …" : "Your browser did not open the page. Allow pop-ups and try again.";
  clearTimeout(timer);
  if (opened) timer = setTimeout(() => {
    status.textContent = "The page did not answer. It must have a <feelback-passage> element, and must not isolate itself from other windows.";
  }, PATIENCE);
});

addEventListener("message", ({ source, origin, data }) => {
  if (!opened || source !== opened || origin !== new URL(form.dataset.url).origin) return;
  if (data === "feelback-passage") {
    source.postMessage({ feelbackPassages: JSON.parse(form.dataset.passages) }, origin);
  } else if (Array.isArray(data?.feelbackPlaces)) {
    clearTimeout(timer);
    form.elements.places.value = JSON.stringify(data.feelbackPlaces);
    form.submit();
  }
});
