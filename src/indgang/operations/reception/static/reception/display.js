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
const time = () => format.format(new Date(performance.now() + ahead)).replace(":", ".");
window.setInterval(() => {
  clock.textContent = time();
}, 1000);

// --- Contact. The words about a lost connection stand ready, with the time of the last answer in them.
const lost = [...document.querySelectorAll("[data-stale] [lang]")].map((words) => [words, words.textContent]);
function answered() {
  for (const [words, text] of lost) words.textContent = text.replace("{time}", time());
}
answered();
document.addEventListener("htmx:after:request", (event) => {
  if (event.detail.ctx.response.status < 500) answered();
});

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
