// One's own earlier searches, for complete.js. They stay in this browser and can be forgotten.
"use strict";

globalThis.earlierSearches = (() => {
  const KEY = "searches", KEPT = 20;
  function all() {
    try { return JSON.parse(localStorage.getItem(KEY) || "[]"); } catch { return []; }
  }
  return {
    like(typed) {
      const start = typed.trim().toLowerCase();
      const others = all().filter((text) => text.toLowerCase().startsWith(start) && text.toLowerCase() !== start);
      return others.slice(0, start ? 2 : 5);
    },
    remember(text) {
      if (text) localStorage.setItem(KEY, JSON.stringify([text, ...all().filter((one) => one !== text)].slice(0, KEPT)));
    },
    forget() {
      localStorage.removeItem(KEY);
    },
  };
})();
