// "Copy" buttons: without JavaScript they are not there, and the text can be marked as any other.
"use strict";

document.querySelectorAll("[data-copy]").forEach((button) => {
  const source = document.getElementById(button.dataset.copy);
  if (!source) return;
  button.hidden = false;
  const label = button.firstChild;
  const before = label.textContent;
  button.addEventListener("click", async () => {
    const text = source.textContent.trim();
    try {
      // Word processors take the italics, everything else the plain text.
      const html = new Blob([source.innerHTML], { type: "text/html" });
      const plain = new Blob([text], { type: "text/plain" });
      await navigator.clipboard.write([new ClipboardItem({ "text/html": html, "text/plain": plain })]);
    } catch {
      // No leave to write there: the text is marked, so that the keyboard's own copy takes it.
      getSelection().selectAllChildren(source);
      return;
    }
    const status = document.querySelector("[data-copied]");
    label.textContent = status.dataset.copied;
    status.textContent = `${status.dataset.copied}: ${text}`;
    setTimeout(() => {
      label.textContent = before;
      status.textContent = "";
    }, 3000);
  });
});
