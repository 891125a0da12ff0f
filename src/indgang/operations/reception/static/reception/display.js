// The calling display: the clock, and the browser's own voice. A call is spoken once, and only while it is fresh: a display that was switched
// off for an hour does not read the hour aloud.
"use strict";

const FRESH_SECONDS = 60;
const LOCALES = { da: "da-DK", en: "en-GB" };
const heard = new Set();
let speaking = false;

// --- Clock: the server's, shown in the zone of the house; the clock of this machine has no say in it.
const clock = document.querySelector("[data-clock]");
const ahead = new Date(clock.dataset.now).getTime() - performance.now();
const format = new Intl.DateTimeFormat("da-DK", { timeZone: clock.dataset.zone, hour: "numeric", minute: "2-digit" });
window.setInterval(() => {
  clock.textContent = format.format(new Date(performance.now() + ahead)).replace(":", ".");
}, 1000);

// --- Voice. A browser speaks only after somebody has pressed something.
function utter({ lang, text }) {
  const voices = window.speechSynthesis.getVoices();
  if (voices.length > 0 && !voices.some((voice) => voice.lang.toLowerCase().startsWith(lang))) return; // a foreign voice is not understood
  const words = new SpeechSynthesisUtterance(text);
  words.lang = LOCALES[lang] ?? lang;
  words.rate = 0.9;
  window.speechSynthesis.speak(words);
}

function listen() {
  const calls = [...document.querySelectorAll("[data-call]")].reverse(); // the oldest first
  for (const call of calls) {
    if (heard.has(call.dataset.call)) continue;
    heard.add(call.dataset.call);
    if (speaking && Number(call.dataset.seconds) < FRESH_SECONDS) JSON.parse(call.dataset.said).forEach(utter);
  }
}

const button = document.querySelector("[data-speak]");
if ("speechSynthesis" in window) {
  button.hidden = false;
  button.addEventListener("click", () => {
    speaking = true;
    button.hidden = true;
    window.speechSynthesis.cancel();
    for (const call of document.querySelectorAll(".d-last[data-call]")) {
      if (Number(call.dataset.seconds) < FRESH_SECONDS) JSON.parse(call.dataset.said).forEach(utter);
    }
  });
}
listen();
document.addEventListener("htmx:after:swap", listen);
