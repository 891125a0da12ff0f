// Pages that renew themselves: focus stays where it was, and a lost connection is said with the time of the last contact.
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

// --- Contact. Any answer below 500 is contact; silence for longer than data-live seconds (default 30) is none.
const notice = document.querySelector("[data-stale]");
const live = document.querySelector("[data-live]");
let contact = new Date();
let failing = false;

function say() {
  const patience = 1000 * (Number(live?.dataset.live) || 30);
  const lost = failing || Date.now() - contact.getTime() > patience;
  document.documentElement.dataset.contact = lost ? "lost" : "";
  if (notice === null) return;
  if (lost && notice.hidden) {
    const time = `${contact.getHours()}.${String(contact.getMinutes()).padStart(2, "0")}`;
    notice.textContent = notice.dataset.text.replace("{time}", time);
  }
  notice.hidden = !lost;
}

document.addEventListener("htmx:after:request", (event) => {
  failing = event.detail.ctx.response.status >= 500;
  if (!failing) contact = new Date();
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
let asked = 0;

function askAgain() {
  for (const element of document.querySelectorAll("[data-live]")) htmx.trigger(element, "again");
}

document.addEventListener("htmx:before:request", (event) => {
  if (!event.target.matches("[data-live]")) return;
  if (document.hidden && Date.now() - asked < HIDDEN_MS) event.preventDefault();
  else asked = Date.now();
});
document.addEventListener("visibilitychange", () => {
  if (!document.hidden) askAgain();
});
if (live !== null) window.setInterval(say, 5000);
