// Sends scans in parts, so that a broken line costs one part and not the whole file. Without it the plain form works.
"use strict";

const form = document.querySelector("form[data-parts-url]");
if (form) form.addEventListener("submit", (event) => {
  const files = [...form.querySelector("input[type=file]").files];
  // Without TLS browsers have no digests to name an upload by: the plain form does it then.
  if (!files.length || !window.crypto?.subtle) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  sendAll(files).catch((error) => say(error.message, 0));
}, { capture: true });

const bar = form?.querySelector("progress");
const said = form?.querySelector("[data-said]");

function say(text, share) {
  if (said) said.textContent = text;
  if (bar) { bar.hidden = false; bar.value = share; }
}

async function sendAll(files) {
  const button = form.querySelector("button");
  button.disabled = true;
  try {
    for (const file of files) await sendOne(file);
    location.assign(form.dataset.doneUrl);
  } finally {
    button.disabled = false;
  }
}

async function sendOne(file) {
  const step = Number(form.dataset.part);
  const key = await keyOf(file);
  let at = 0;
  let failures = 0;
  while (at < file.size || file.size === 0) {
    const end = Math.min(at + step, file.size);
    try {
      const answer = await put(key, file, at, end);
      if (!answer.ok && answer.status !== 409) throw await refusal(answer);
      const told = await answer.json();
      at = told.received;
      failures = 0;
      say(file.name, at / file.size);
      if (told.done) return;
    } catch (error) {
      if (error.final || ++failures > 8) throw error;
      await new Promise((again) => setTimeout(again, 500 * 2 ** failures));
    }
  }
}

function put(key, file, at, end) {
  const address = `${form.dataset.partsUrl}?key=${key}&name=${encodeURIComponent(file.name)}`;
  const headers = {
    "Content-Range": `bytes ${at}-${end - 1}/${file.size}`,
    "Content-Type": "application/octet-stream",
    "X-CSRFToken": form.querySelector("[name=csrfmiddlewaretoken]").value,
  };
  return fetch(address, { method: "PUT", headers, body: file.slice(at, end) });
}

async function refusal(answer) {
  const told = await answer.json().catch(() => ({}));
  return Object.assign(new Error(told.message || answer.statusText), { final: answer.status < 500 });
}

// The same file chosen again goes on where it stopped: its key is made of what it is.
async function keyOf(file) {
  const text = [form.dataset.partsUrl, file.name, file.size, file.lastModified].join("\n");
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return [...new Uint8Array(digest)].slice(0, 16).map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
