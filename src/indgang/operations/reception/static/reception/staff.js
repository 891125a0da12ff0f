// Staff pages: keys for the big buttons, timers that tick, and printing. Everything works without it.
"use strict";

document.addEventListener("keydown", (event) => {
  if (!("shortcuts" in document.body.dataset) || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
  if (event.target.isContentEditable || event.target.closest("input, select, textarea, dialog")) return;
  const button = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
  if (button === null) return;
  event.preventDefault();
  button.click();
});

// Enter in a field of a fold means the button of that fold, not the first one of its form: what is missing does not finish as done.
document.addEventListener("keydown", (event) => {
  const fold = event.key === "Enter" && event.target.matches("input") ? event.target.closest("details.s-more") : null;
  const button = fold?.querySelector("button");
  if (!button) return;
  event.preventDefault();
  button.click();
});

// What is being written stays when another button of the page is pressed: it is put away with that press, and back on the page that follows.
const WRITTEN = "written";
const writing = document.querySelector("form[data-keeps]");
const put = JSON.parse(sessionStorage.getItem(WRITTEN) ?? "null");
sessionStorage.removeItem(WRITTEN);
if (writing && put?.form === writing.action) {
  for (const field of writing.querySelectorAll("textarea, input[type=text], input[type=checkbox]")) {
    const was = put.fields.find(([name, value]) => name === field.name && (field.type !== "checkbox" || value === field.value));
    if (!was) continue;
    if (field.type === "checkbox") field.checked = true;
    else if (field.value === "") field.value = was[1];
    if (was[1] !== "") field.closest("details")?.setAttribute("open", "");
  }
}
document.addEventListener("submit", (event) => {
  if (writing === null || event.target === writing) return;
  const fields = [...new FormData(writing)].filter(([name, value]) => name !== "csrfmiddlewaretoken" && value !== "");
  if (fields.length) sessionStorage.setItem(WRITTEN, JSON.stringify({ form: writing.action, fields }));
});

// Minutes since a moment. The server's own clock counts; here only the minutes that pass while the page stands open are added.
const opened = performance.now();
for (const timer of document.querySelectorAll("[data-since]")) {
  const minutes = Number(timer.textContent);
  window.setInterval(() => {
    timer.textContent = String(minutes + Math.floor((performance.now() - opened) / 60000));
  }, 10000);
}

for (const button of document.querySelectorAll("[data-print]")) {
  button.parentElement.hidden = false;
  button.addEventListener("click", () => window.print());
}

// A form that is too old to be taken (somebody logged in anew beside it): nothing was done, so show the page as it is now.
document.addEventListener("htmx:after:request", (event) => {
  if (event.detail.ctx.response?.status === 403) window.location.reload();
});

// After every deed on the board the cursor stands in the search field again, for the next scan: a scanner ends with Enter, which would press
// whatever button had the focus. On a telephone nothing has it, or its keyboard would cover the board.
document.addEventListener("htmx:after:swap", (event) => {
  const field = document.getElementById("find");
  if (field === null || event.detail.ctx.request.method !== "POST") return;
  if (window.matchMedia("(hover: hover)").matches) field.focus({ preventScroll: true });
  else document.activeElement?.blur();
});

for (const button of document.querySelectorAll("[data-copy]")) {
  button.parentElement.hidden = !navigator.clipboard;
  button.addEventListener("click", async () => {
    const field = document.getElementById(button.dataset.copy);
    field.select();
    await navigator.clipboard.writeText(field.value);
    button.textContent = button.dataset.copied;
  });
}
