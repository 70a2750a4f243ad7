// Shows the note of the option that a visitor has chosen, as Material does.
const show = ({ target }, value) => {
  for (const note of target.closest(".feelback")?.querySelectorAll("[data-feelback-note]") ?? [])
    note.hidden = note.dataset.feelbackNote !== String(value);
};
addEventListener("feelback-sent", (event) => show(event, event.detail.value));
addEventListener("feelback-removed", (event) => show(event));
