// The ticket on a phone: the tab says how it stands, and who wants it is told by sound and vibration. Everything works without it.
"use strict";

const still = window.matchMedia("(prefers-reduced-motion: reduce)");
let sound = null;

function ticket() {
  return document.getElementById("ticket");
}

function say() {
  document.title = ticket().dataset.title;
}

function tone(at, pitch) {
  const source = sound.createOscillator();
  const volume = sound.createGain();
  source.frequency.value = pitch;
  volume.gain.setValueAtTime(0.25, at);
  volume.gain.exponentialRampToValueAtTime(0.001, at + 0.6);
  source.connect(volume).connect(sound.destination);
  source.start(at);
  source.stop(at + 0.6);
}

function ring() {
  if (sound === null) return;
  tone(sound.currentTime, 660);
  tone(sound.currentTime + 0.35, 880);
  if (!still.matches && "vibrate" in navigator) navigator.vibrate([300, 150, 300]);
}

for (const button of document.querySelectorAll("[data-tell]")) {
  button.parentElement.hidden = false;
  button.addEventListener("click", () => {
    const on = sound === null;
    if (on) {
      sound = new AudioContext();
    } else {
      sound.close();
      sound = null;
    }
    button.setAttribute("aria-pressed", String(on));
    if (on) tone(sound.currentTime, 660); // so that everybody knows what it sounds like
  });
}

let call = ticket()?.dataset.call;
if (call !== undefined) say();
document.addEventListener("htmx:after:swap", () => {
  say();
  if (ticket().dataset.call !== call && ticket().dataset.call.startsWith("called")) ring();
  call = ticket().dataset.call;
});
