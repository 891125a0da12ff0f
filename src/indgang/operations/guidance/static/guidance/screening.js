// Filling in a screening visit: every answer is kept on the device at once, sent as soon as there is network, and then no longer kept. One
// topic is shown at a time; all of them are in the page, so that whoever loses the network goes on. Two who answer the same see both answers.
"use strict";

(() => {
  const root = document.getElementById("filling");
  const say = root.dataset;
  const state = document.getElementById("state");
  const forms = [...root.querySelectorAll("form")];
  const waiting = new Map(); // form: "kept", "sending", "out", "clash" or what was refused
  const RETRY = 8000;
  const PAUSE = 600;
  const STORE = "indgang-filling-1";

  const topicOf = (form) => form.closest("[data-topic]").dataset.topic;
  const draftOf = (form) => `indgang-filling:${say.visit}:${topicOf(form)}`;
  const fieldsOf = (form) => Object.fromEntries([...new FormData(form)].filter(([name]) => /^(shown-)?(score|note)-/.test(name)));

  // --- What the page says of itself
  function tell() {
    const all = [...waiting.values()];
    const refused = all.find((one) => one.startsWith("!"));
    const words = all.includes("clash") ? say.clash : all.includes("out") ? say.out : refused ? `${say.refused} ${refused.slice(1)}` : all.includes("kept") ? say.kept : all.includes("sending") ? say.sending : say.saved;
    const kind = all.length === 0 ? "saved" : all.every((one) => one === "sending") ? "sending" : "kept";
    if (state.textContent !== words) state.textContent = words;
    state.dataset.kind = kind;
  }

  function mark(form, what) {
    if (what) waiting.set(form, what);
    else waiting.delete(form);
    tell();
  }

  // --- Kept on the device
  function keep(form) {
    try {
      localStorage.setItem(draftOf(form), JSON.stringify(fieldsOf(form)));
    } catch (error) {
      // No room, or not allowed: the page still has it, and it is sent all the same.
    }
    if (waiting.get(form) !== "clash") mark(form, "kept");
    count(form);
  }

  function forget(form) {
    try {
      localStorage.removeItem(draftOf(form));
    } catch (error) {
      // Nothing was kept then.
    }
  }

  function bringBack(form) {
    let draft = null;
    try {
      draft = JSON.parse(localStorage.getItem(draftOf(form)));
    } catch (error) {
      return false;
    }
    if (draft === null) return false;
    for (const [name, value] of Object.entries(draft)) put(form, name, value);
    return true;
  }

  function put(form, name, value) {
    const field = form.elements[name];
    if (field) field.value = value; // of radio buttons it chooses the one with that value
  }

  function count(form) {
    const answered = Object.entries(fieldsOf(form)).filter(([name, value]) => name.startsWith("score-") && value !== "").length;
    const place = root.querySelector(`[data-count="${topicOf(form)}"]`);
    place.textContent = `${answered}/${form.querySelectorAll("[data-question]").length}`;
  }

  // --- Sent
  const timers = new Map();
  const underWay = new Set();

  function soon(form, after = PAUSE) {
    clearTimeout(timers.get(form));
    timers.set(form, setTimeout(() => send(form), after));
  }

  async function send(form) {
    clearTimeout(timers.get(form));
    if (underWay.has(form)) return soon(form);
    underWay.add(form);
    const sent = fieldsOf(form);
    if (waiting.get(form) !== "clash") mark(form, navigator.onLine ? "sending" : "kept");
    try {
      const body = new URLSearchParams(new FormData(form));
      const answer = await fetch(form.action, { method: "POST", body, headers: { Accept: "application/json" }, redirect: "manual" });
      if (answer.status === 200) settle(form, sent, await answer.json());
      else if (answer.status === 422) mark(form, `!${(await answer.json()).problem}`);
      else if (answer.type === "opaqueredirect" || answer.status === 401 || answer.status === 403) later(form, "out");
      else later(form, "kept");
    } catch (error) {
      later(form, "kept");
    }
    underWay.delete(form);
  }

  function later(form, what) {
    mark(form, what);
    soon(form, RETRY);
  }

  // What stands on the server is what the form shows from now on, except where somebody has gone on writing meanwhile.
  function settle(form, sent, { standing, conflicts }) {
    for (const name of Object.keys(sent).filter((one) => !one.startsWith("shown-"))) {
      if (name in conflicts) continue;
      const there = standing[name] ?? "";
      const now = fieldsOf(form)[name] ?? "";
      put(form, `shown-${name}`, there);
      if (now === sent[name] && now.trim() !== there) put(form, name, there);
    }
    for (const old of form.querySelectorAll(".g-clash")) old.remove();
    for (const [name, one] of Object.entries(conflicts)) ask(form, name, one);
    const changed = Object.entries(fieldsOf(form)).some(([name, value]) => !name.startsWith("shown-") && value.trim().replaceAll("\r\n", "\n") !== (form.elements[`shown-${name}`]?.value ?? ""));
    if (Object.keys(conflicts).length > 0) mark(form, "clash");
    else if (changed) soon(form);
    else {
      forget(form);
      mark(form, null);
    }
    count(form);
  }

  function ask(form, name, { theirs, words, who }) {
    const field = form.elements[name];
    const place = (field instanceof RadioNodeList ? field[0].closest(".g-scale") : field);
    const box = document.createElement("div");
    box.className = "g-clash";
    box.setAttribute("role", "alert");
    const text = document.createElement("p");
    text.textContent = say.wrote.replace("%(who)s", who).replace("%(what)s", words);
    box.append(text, choice(say.mine, () => {}), choice(say.theirs, () => put(form, name, theirs)));
    place.after(box);

    function choice(label, act) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "button button-secondary";
      button.textContent = label;
      button.addEventListener("click", () => {
        act();
        put(form, `shown-${name}`, theirs); // decided with their answer in sight
        box.remove();
        waiting.delete(form);
        keep(form);
        send(form);
      });
      return button;
    }
  }

  // --- One topic at a time
  function show(topic, { push = true, focus = true } = {}) {
    const section = root.querySelector(`[data-topic="${CSS.escape(topic)}"]`);
    if (section === null) return;
    for (const one of root.querySelectorAll("[data-topic]")) one.hidden = one !== section;
    for (const link of root.querySelectorAll("[data-to]")) {
      if (link.dataset.to === topic) link.setAttribute("aria-current", "step");
      else link.removeAttribute("aria-current");
    }
    const link = root.querySelector(`[data-to="${CSS.escape(topic)}"]`);
    if (push) history.pushState({}, "", link.href);
    document.title = document.title.replace(/^.*(?= - Indgang$)/, section.dataset.title);
    link.scrollIntoView({ block: "nearest", inline: "center" });
    if (!focus) return;
    window.scrollTo(0, 0);
    section.querySelector("h1").focus();
  }

  const topicHere = () => location.pathname.split("/").at(-2);

  for (const link of root.querySelectorAll("[data-to]")) {
    link.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      show(link.dataset.to);
    });
  }
  window.addEventListener("popstate", () => show(topicHere(), { push: false }));

  for (const form of forms) {
    form.addEventListener("input", () => {
      keep(form);
      soon(form);
    });
  }

  window.addEventListener(
    "submit",
    async (event) => {
      const form = event.target;
      if (!forms.includes(form)) return;
      event.preventDefault();
      event.stopImmediatePropagation(); // before the page's own script, which would not let anything be sent without network
      const following = form.elements.next?.value;
      if (following) show(following);
      keep(form);
      await send(form);
      if (!following && waiting.size === 0) leave();
    },
    true,
  );

  window.addEventListener("online", () => waiting.forEach((_what, form) => send(form)));
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") waiting.forEach((what, form) => what !== "clash" && send(form));
  });

  // --- The page itself, for when it is opened again without network
  function leave() {
    navigator.serviceWorker?.controller?.postMessage("forget");
    location.assign(root.querySelector(".g-done").href);
  }

  async function keepPage() {
    if (!("serviceWorker" in navigator) || !window.isSecureContext) return;
    await navigator.serviceWorker.register(say.worker, { scope: say.scope });
    await navigator.serviceWorker.ready;
    const store = await caches.open(STORE);
    const key = `${say.scope}${say.visit}/fill/`;
    const answer = await fetch(location.href);
    if (answer.ok && !answer.redirected) await store.put(key, answer);
  }

  for (const form of forms) {
    const fresh = fieldsOf(form);
    if (bringBack(form)) {
      // What somebody decided or saved elsewhere meanwhile is found out by sending: the draft says what it was written on.
      mark(form, "kept");
      send(form);
    } else if (Object.keys(fresh).length === 0) forget(form);
    count(form);
  }
  show(topicHere(), { push: false, focus: false });
  tell();
  keepPage().catch(() => {}); // without it the drafts are still kept
})();
