// Shortcuts for staff: "/" searches, "?" shows the keys, j and k move in a list, Enter opens, u undoes. Never active in a field; a person can turn them off.
"use strict";

const inField = (element) => element.isContentEditable || element.closest("input, select, textarea, dialog") !== null;
const shown = (element) => element.offsetParent !== null;

function move(step) {
  const rows = [...document.querySelectorAll("[data-list] [data-row]")].filter(shown);
  if (rows.length === 0) return;
  const now = rows.indexOf(document.activeElement?.closest("[data-row]"));
  const next = rows[now === -1 ? (step > 0 ? 0 : rows.length - 1) : Math.min(Math.max(now + step, 0), rows.length - 1)];
  const target = next.querySelector("a[href], button") ?? next;
  if (target === next) next.tabIndex = -1;
  target.focus();
  next.scrollIntoView({ block: "nearest" });
}

function search() {
  const field = document.querySelector("main [data-search]") ?? document.querySelector("[data-search]");
  field?.focus();
  field?.select();
  return field !== null;
}

const keys = {
  "/": search,
  "?": () => document.getElementById("keys")?.showModal(),
  j: () => move(1),
  k: () => move(-1),
  u: () => document.querySelector("[data-undo]")?.click(),
};

// From the search field the arrow goes down into the list, and Escape leaves the field.
document.addEventListener("keydown", (event) => {
  if (!event.target.matches("[data-search]")) return;
  if (event.key === "ArrowDown") {
    event.preventDefault();
    move(1);
  } else if (event.key === "Escape" && event.target.value === "") {
    event.target.blur();
  }
});

document.addEventListener("keydown", (event) => {
  if (!("shortcuts" in document.body.dataset) || event.ctrlKey || event.metaKey || event.altKey || inField(event.target)) return;
  const act = keys[event.key];
  if (act === undefined) return;
  event.preventDefault();
  act();
});

// After a deed the next Tab reaches its "Undo", unless the page has a better place for the cursor.
if (document.querySelector("[data-undo]") && !document.querySelector("[autofocus]")) document.getElementById("messages").focus({ preventScroll: true });

for (const opener of document.querySelectorAll("[data-show-keys]")) {
  opener.addEventListener("click", () => document.getElementById("keys")?.showModal());
}

// The menu of the person closes on Escape and on a click elsewhere.
const menu = document.querySelector(".i-user-menu");
document.addEventListener("click", (event) => {
  if (menu?.open && !menu.contains(event.target)) menu.open = false;
});
menu?.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  menu.open = false;
  menu.querySelector("summary").focus();
});
