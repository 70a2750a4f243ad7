// Widgets that only show what they are: they send nothing.
document.addEventListener("feelback-sending", (event) => event.preventDefault());
