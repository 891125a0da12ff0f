// Lets a screening visit that is being filled in be opened again without network: its pages below {{ scope }}<visit>/fill/ are kept as they
// were last loaded, with what they need to work. Everything else is left to the browser. Kept pages go with the next version of this file.
"use strict";

const STORE = "indgang-filling-1";
const FILL = /^\/screenings\/(\d+)\/fill\//;
const ASSETS = [{% for asset in assets %}"{{ asset|escapejs }}"{% if not forloop.last %}, {% endif %}{% endfor %}];

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(STORE).then((store) => store.addAll(ASSETS)).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  event.waitUntil(
    caches.keys().then((names) => Promise.all(names.filter((name) => name.startsWith("indgang-filling-") && name !== STORE).map((name) => caches.delete(name)))).then(() => self.clients.claim()),
  );
});

self.addEventListener("fetch", (event) => {
  const request = event.request;
  const address = new URL(request.url);
  if (request.method !== "GET" || address.origin !== self.location.origin) return;
  const filling = request.mode === "navigate" ? FILL.exec(address.pathname) : null;
  if (filling !== null) event.respondWith(page(request, `/screenings/${filling[1]}/fill/`));
  else if (address.pathname.startsWith("/static/")) event.respondWith(asset(request));
});

// The page as it is now, and kept for when there is no network; without network the one that was kept, whichever topic it shows.
async function page(request, key) {
  const store = await caches.open(STORE);
  try {
    const answer = await fetch(request);
    if (answer.ok && !answer.redirected) await store.put(key, answer.clone());
    return answer;
  } catch (error) {
    const kept = await store.match(key);
    if (kept) return kept;
    throw error;
  }
}

async function asset(request) {
  try {
    const answer = await fetch(request);
    if (answer.ok && self.registration.active) (await caches.open(STORE)).put(request, answer.clone());
    return answer;
  } catch (error) {
    const kept = await caches.match(request, { ignoreSearch: true });
    if (kept) return kept;
    throw error;
  }
}

// Once everything is sent and the page is left, nothing is kept on the device.
self.addEventListener("message", (event) => {
  if (event.data === "forget") event.waitUntil(caches.open(STORE).then((store) => store.keys().then((keys) => Promise.all(keys.filter((key) => FILL.test(new URL(key.url).pathname)).map((key) => store.delete(key))))));
});
