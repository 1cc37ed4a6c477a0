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

// A table that is wider than the screen can be scrolled with the keyboard too, and says what it is.
document.querySelectorAll(".table-scroll").forEach((box, index) => {
  if (box.scrollWidth <= box.clientWidth) return;
  box.tabIndex = 0;
  const caption = box.querySelector("caption");
  if (!caption) return;
  caption.id ||= `caption-${index}`;
  box.setAttribute("role", "group"); // not a landmark: several tables of a page may bear one name
  box.setAttribute("aria-labelledby", caption.id);
});

// When a part of a page cannot be fetched, the whole page is asked for: it shows what is wrong.
function askForWholePage(event) {
  const source = event.target.closest("a[href], form[method=get], form:not([method])");
  if (source?.matches("a")) location.assign(source.href);
  else source?.submit();
}
document.addEventListener("htmx:responseError", askForWholePage);
document.addEventListener("htmx:sendError", askForWholePage);

// A dropdown or menu closes when something else is chosen or reached, and with Escape: it never covers the focus.
function closeOthers(event) {
  document.querySelectorAll("details.dropdown[open], details.menu[open]").forEach((open) => open.contains(event.target) || (open.open = false));
}
document.addEventListener("click", closeOthers);
document.addEventListener("focusin", closeOthers);
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  document.querySelectorAll("details.dropdown[open], details.menu[open]").forEach((open) => {
    open.open = false;
    open.querySelector("summary").focus();
  });
});
