// A form that is sent is sent once: a second click or Enter does nothing until the page is shown again. Without a network it is not sent at
// all: what was written stays, where the browser's own page would have taken its place.
"use strict";

document.addEventListener(
  "submit",
  (event) => {
    const form = event.target;
    // The words stand under the button that was pressed, in sight. In a row of a list they stand under the row: they never push its button away.
    const place = form.closest("[data-row]") ?? form;
    for (const words of place.querySelectorAll(".i-not-sent")) words.remove();
    if (form.method !== "post" || connected()) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const words = document.createElement("p");
    words.className = "i-not-sent";
    words.setAttribute("role", "alert");
    words.textContent = document.body.dataset.notSent;
    const pressed = event.submitter;
    if (place === form && pressed !== null && form.contains(pressed)) (pressed.closest(".i-actions") ?? pressed).after(words);
    else place.append(words);
    words.scrollIntoView({ block: "nearest" });
  },
  true,
);

// Once the connection is back the words go.
const connected = () => navigator.onLine && document.documentElement.dataset.contact !== "lost";

function forgetNotSent() {
  if (connected()) for (const words of document.querySelectorAll(".i-not-sent")) words.remove();
}

window.addEventListener("online", forgetNotSent);
new MutationObserver(forgetNotSent).observe(document.documentElement, { attributeFilter: ["data-contact"] });

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || "many" in form.dataset || event.defaultPrevented) return;
  if (form.hasAttribute("hx-post") || form.hasAttribute("data-hx-post")) return; // htmx queues its own requests
  if ("sent" in form.dataset) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "";
  form.setAttribute("aria-busy", "true");
});

// Coming back with the browser's button shows the page as it was: let it be sent again.
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) {
    delete form.dataset.sent;
    form.removeAttribute("aria-busy");
  }
});
