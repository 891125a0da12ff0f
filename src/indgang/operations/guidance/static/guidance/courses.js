// The button that prints is there for those whose browser runs scripts.
"use strict";

for (const place of document.querySelectorAll(".g-print")) place.hidden = false;
for (const button of document.querySelectorAll("[data-print]")) button.addEventListener("click", () => window.print());
