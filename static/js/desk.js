// Helps at the loan desk; every page works without this file.
"use strict";

// A button that only a browser with scripts can offer.
document.querySelectorAll("[data-print]").forEach((button) => {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
});

// "All on this page" ticks every row of its form.
document.querySelectorAll("[data-all-of]").forEach((all) => {
  all.closest("[hidden]")?.removeAttribute("hidden");
  const rows = () => document.querySelectorAll(`input[form="${all.dataset.allOf}"][name="number"]`);
  all.addEventListener("change", () => rows().forEach((row) => (row.checked = all.checked)));
});

// A scanner types without looking where: what it types outside any field goes into the scanning box.
document.addEventListener("keydown", (event) => {
  const box = document.querySelector("[data-scan]");
  if (!box || event.ctrlKey || event.altKey || event.metaKey || event.key.length !== 1 || event.key === " ") return;
  if (event.target.closest("input, select, textarea, [contenteditable]")) return;
  box.focus();
  box.select();
});
