// Pages that renew themselves: focus stays where it was, and a lost connection is said with how long ago the last contact was.
"use strict";

// --- Focus. An element that is replaced while it has the focus hands it to its successor: same id, or same place in the row of the same id.
let held = null;

function placeOf(element) {
  if (!element || element === document.body) return null;
  if (element.id) return { id: element.id, index: -1 };
  const anchor = element.closest("[id]");
  if (!anchor) return null;
  return { id: anchor.id, index: [...anchor.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex]")].indexOf(element) };
}

document.addEventListener("htmx:before:swap", () => {
  held = placeOf(document.activeElement);
});

document.addEventListener("htmx:after:swap", () => {
  if (held === null || (document.activeElement && document.activeElement !== document.body)) return;
  const anchor = document.getElementById(held.id);
  const target = held.index < 0 ? anchor : anchor?.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex]")[held.index];
  (target ?? anchor ?? document.getElementById("main"))?.focus({ preventScroll: true });
});

// --- Contact. Any answer below 500 is contact; silence for longer than data-live seconds (default 30) is none. How long it lasts is measured,
// never read from the clock of the machine: that may be wrong, or put right meanwhile.
const notice = document.querySelector("[data-stale]");
const live = document.querySelector("[data-live]");
let contact = performance.now();
let failing = false;

function say() {
  const patience = 1000 * (Number(live?.dataset.live) || 30);
  const silent = performance.now() - contact;
  const lost = failing || silent > patience;
  document.documentElement.dataset.contact = lost ? "lost" : "";
  if (notice === null) return;
  const minutes = Math.floor(silent / 60000);
  notice.hidden = !lost;
  if (!lost || !("text" in notice.dataset)) return; // the display in the hall has its words in it, in every language
  const text = minutes < 1 ? notice.dataset.text : notice.dataset.textMinutes.replace("{minutes}", String(minutes));
  if (notice.textContent !== text) notice.textContent = text;
}

document.addEventListener("htmx:after:request", (event) => {
  failing = event.detail.ctx.response.status >= 500;
  if (!failing) contact = performance.now();
  say();
});
document.addEventListener("htmx:error", () => {
  failing = true;
  say();
});
// The browser says itself that the network went or came: nobody waits for the next look, nor for one that hangs since.
window.addEventListener("offline", () => {
  failing = true;
  say();
});
window.addEventListener("online", () => {
  for (const element of document.querySelectorAll("[data-live]")) htmx.trigger(element, "htmx:abort");
  askAgain();
});

// --- Seen or not. A page that nobody looks at asks less often, and at once when it is looked at again.
const HIDDEN_MS = 5000;
let asked = -HIDDEN_MS;

function askAgain() {
  for (const element of document.querySelectorAll("[data-live]")) htmx.trigger(element, "again");
}

document.addEventListener("htmx:before:request", (event) => {
  if (!event.target.matches("[data-live]")) return;
  if (document.hidden && performance.now() - asked < HIDDEN_MS) event.preventDefault();
  else asked = performance.now();
});
document.addEventListener("visibilitychange", () => {
  if (!document.hidden) askAgain();
});
if (live !== null) window.setInterval(say, 5000);
