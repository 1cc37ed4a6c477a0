// While one types, the search box offers titles, people, subjects and one's own earlier searches (ARIA 1.2 combobox).
// Without this file it is a plain box. Needs earlier.js.
"use strict";
const known = new Map();
const make = (name, values, roles = {}) => {
  const made = Object.assign(document.createElement(name), values);
  for (const [role, value] of Object.entries(roles)) made.setAttribute(role, value);
  return made;
};

function completing(box) {
  const say = box.dataset;
  const list = make("ul", { id: `${box.id}-offers`, className: "offers", hidden: true }, { role: "listbox", "aria-label": say.completeLabel });
  const status = make("p", { className: "visually-hidden" }, { role: "status" });
  let items = [], active = -1, typed = box.value, timer, asked;

  function close() {
    list.hidden = true;
    active = -1;
    box.setAttribute("aria-expanded", "false");
    box.removeAttribute("aria-activedescendant");
  }
  function option(item, place) {
    const made = make("li", { id: `${list.id}-${place}`, className: `is-${item.kind}` }, { role: "option", "aria-selected": "false" });
    for (const [name, text] of [["text", item.text], ["note", item.note], ["kind", say[item.kind]]])
      if (text) made.append(make("span", { className: name, textContent: `${text} ` }));
    made.addEventListener("mousedown", (event) => { event.preventDefault(); choose(item); });
    return made;
  }
  function show(found) {
    const own = earlierSearches.like(typed);
    items = [...own.map((text) => ({ kind: "earlier", text, url: `${box.form.action}?q=${encodeURIComponent(text)}` })), ...found];
    if (own.length) items.push({ kind: "forget", text: say.completeForget });
    list.replaceChildren(...items.map(option));
    close();
    status.textContent = items.length ? `${say.completeLabel}: ${items.length}` : "";
    list.hidden = !items.length || document.activeElement !== box;
    box.setAttribute("aria-expanded", String(!list.hidden));
  }
  function mark(place) {
    list.children[active]?.setAttribute("aria-selected", "false");
    active = place;
    box.value = items[active]?.kind === "forget" ? typed : items[active]?.text ?? typed;
    box.setAttribute("aria-activedescendant", list.children[active]?.id ?? "");
    list.children[active]?.setAttribute("aria-selected", "true");
    list.children[active]?.scrollIntoView({ block: "nearest" });
  }
  function choose(item) {
    return item.url ? location.assign(item.url) : (earlierSearches.forget(), ask());
  }
  async function ask() {
    const text = typed = box.value;
    asked?.abort();
    asked = new AbortController();
    if (text.trim().length > 1 && !known.has(text)) {
      const address = `${say.complete}?q=${encodeURIComponent(text)}`;
      const answer = await fetch(address, { signal: asked.signal }).then((reply) => reply.json()).catch(() => null);
      if (answer) known.set(text, answer.items);
    }
    if (text === typed) show(known.get(text) ?? []);
  }
  function press(event) {
    if (event.key === "ArrowDown" && list.hidden) return ask();
    if (list.hidden || event.isComposing) return true;
    const stops = items.length + 1; // one of them is the box itself
    if (event.key === "ArrowDown") return mark(((active + 2) % stops) - 1);
    if (event.key === "ArrowUp") return mark(((active + stops) % stops) - 1);
    if (event.key === "Escape") return (box.value = typed), close();
    if (event.key === "Enter" && active >= 0) return choose(items[active]);
    return true;
  }
  for (const [name, value] of Object.entries({ role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list.id })) box.setAttribute(name, value);
  box.form.append(list, status);
  box.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(ask, 120); });
  box.addEventListener("click", () => list.hidden && ask());
  box.addEventListener("blur", close);
  box.addEventListener("keydown", (event) => press(event) === true || event.preventDefault());
  box.form.addEventListener("submit", () => earlierSearches.remember(box.value.trim()));
}
document.querySelectorAll("input[data-complete]").forEach(completing);
