// Small helps for people with JavaScript; every page works without this file.
"use strict";

// After a form came back with errors, the list of errors is where reading goes on.
document.querySelector("[data-focus]")?.focus();

// A form that is on its way is not sent a second time.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || form.dataset.sent) {
    if (form.dataset.sent) event.preventDefault();
    return;
  }
  form.dataset.sent = "1";
  setTimeout(() => delete form.dataset.sent, 5000);
});
// Coming back with the browser's own button: the form may be sent again.
addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach((form) => delete form.dataset.sent));

// A dropdown closes when something else is chosen, and with Escape.
document.addEventListener("click", (event) => {
  document.querySelectorAll("details.dropdown[open]").forEach((open) => open.contains(event.target) || (open.open = false));
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  document.querySelectorAll("details.dropdown[open]").forEach((open) => {
    open.open = false;
    open.querySelector("summary").focus();
  });
});
