// Deciding with single keys: m merges, k keeps apart, s skips. Every button works without this file.
"use strict";

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || event.repeat) return;
  if (event.target.closest("input, select, textarea, summary, [contenteditable]")) return;
  const button = document.querySelector(`button[data-key="${CSS.escape(event.key.toLowerCase())}"]`);
  if (!button) return;
  event.preventDefault();
  button.click();
});
document.querySelectorAll(".decide kbd[hidden]").forEach((hint) => (hint.hidden = false));
