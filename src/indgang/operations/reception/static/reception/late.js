// A key that is pressed before the page it is meant for is there does nothing: nobody has seen yet what it would do. The page says so as soon
// as it is there. Read before anything else of the page, so that no key is lost while it loads.
"use strict";

const LATE = "late-key";
const busy = () => document.readyState === "loading" || document.querySelector("form[data-sent]") !== null;

function sayLate() {
  const words = document.querySelector("[data-late]");
  const key = sessionStorage.getItem(LATE);
  if (words === null || key === null) return;
  words.hidden = false;
  words.querySelector("kbd").textContent = key;
}

document.addEventListener(
  "keydown",
  (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || !"nawsfu".includes(event.key) || !busy()) return;
    if (event.target.closest?.("input, select, textarea, dialog")) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    sessionStorage.setItem(LATE, event.key);
    if (document.readyState !== "loading") sayLate();
  },
  true,
);

document.addEventListener("DOMContentLoaded", () => {
  if ("shortcuts" in document.body.dataset) sayLate();
  sessionStorage.removeItem(LATE);
});
