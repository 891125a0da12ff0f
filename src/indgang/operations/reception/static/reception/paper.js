// A ticket is printed by itself where the kiosk has a printer; the floorwalker prints with a button.
"use strict";

if (document.querySelector("[data-print-now]") !== null) {
  window.addEventListener("load", () => window.print());
}
for (const button of document.querySelectorAll("[data-print]")) {
  button.parentElement.hidden = false;
  button.addEventListener("click", () => window.print());
}
