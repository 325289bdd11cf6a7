// The door's queue: what is scanned, typed or tapped is kept in the browser first and sent from there, so that it
// outlives a lost network, a reload, a closed page and the end of the session. Without this file each form is sent
// as it is.
//
// Kept are the code, the way and the moment of each scan; what the server has answered is forgotten, and all of it
// when she signs out. A scan that was refused is kept with the server's sentence until that has been read, and is
// never sent again.
(() => {
  const panel = document.getElementById("door-queue");
  if (!panel) return;

  const PAUSE = 5000; // milliseconds until the next try after a failed one; doubled up to LONGEST
  const LONGEST = 60000;
  const BATCH = 20;
  const answer = document.getElementById("door-answer");
  const words = panel.dataset;
  const way = document.querySelector(".door").dataset.way;
  let pause = PAUSE;
  let timer = 0;
  let sending = false;
  let more = false;

  // --- what is kept ---
  const memory = new Map(); // where the browser keeps nothing (a private window)
  const opened = new Promise((done) => {
    const request = window.indexedDB?.open("door", 1);
    if (!request) return done(null);
    request.onupgradeneeded = () => request.result.createObjectStore("scans", { keyPath: "id" });
    request.onsuccess = () => done(request.result);
    request.onerror = () => done(null);
  });

  async function store(action, ...given) {
    const database = await opened;
    if (!database) return inMemory(action, ...given);
    return new Promise((done, failed) => {
      const step = database.transaction("scans", "readwrite", { durability: "strict" });
      const request = step.objectStore("scans")[action](...given);
      step.oncomplete = () => done(request.result);
      step.onerror = step.onabort = () => failed(step.error);
    });
  }

  function inMemory(action, given) {
    if (action === "getAll") return [...memory.values()];
    return action === "put" ? memory.set(given.id, given) : memory.delete(given);
  }

  async function kept() {
    const scans = await store("getAll");
    return scans.filter((scan) => scan.event === words.event).sort((a, b) => a.at - b.at);
  }

  const waiting = (scans) => scans.filter((scan) => !scan.refusal);

  // --- taking in ---
  async function take(code) {
    if (!code.trim()) return;
    const id = uuid();
    await store("put", { id, event: words.event, code: code.trim().slice(0, 200), way, at: Date.now() });
    send();
  }

  // randomUUID is for pages under https alone; a rehearsal may run without.
  function uuid() {
    if (crypto.randomUUID) return crypto.randomUUID();
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  }

  // --- sending ---
  async function send() {
    more = sending; // taken in while others are on their way: it goes, and is counted, right after them
    if (sending) return;
    sending = true;
    window.clearTimeout(timer);
    try {
      let batch;
      while ((batch = waiting(await kept()).slice(0, BATCH)).length) {
        if (batch.length > 1) await show(words.sending);
        await settle(batch, await post(batch));
      }
      pause = PAUSE;
      await show("");
    } catch (error) {
      await fail(error);
    } finally {
      sending = false;
    }
    if (more) send();
  }

  async function post(batch) {
    const scans = batch.map(({ id, code, way, at }) => {
      return { id, code, way, age: Math.max(0, Math.floor((Date.now() - at) / 1000)) };
    });
    const response = await fetch(words.address, {
      method: "POST",
      body: JSON.stringify({ scans }),
      credentials: "same-origin",
      redirect: "manual",
      headers: {
        "Content-Type": "application/json",
        "HX-Request": "true",
        "X-CSRFToken": document.querySelector("[name=csrfmiddlewaretoken]").value,
      },
    });
    const elsewhere = response.headers.get("HX-Redirect"); // the session is over
    if (elsewhere || response.type === "opaqueredirect") throw { login: elsewhere || location.href };
    if (!response.ok) throw { stale: response.status < 500 && response.status !== 429 };
    return (await response.json()).answers;
  }

  async function settle(batch, answers) {
    for (const { id, html, refused } of answers) {
      say(html);
      if (refused) await keepRefused(batch.find((scan) => scan.id === id));
      else await store("delete", id);
    }
    moved("door-counts");
  }

  function keepRefused(scan) {
    return store("put", { ...scan, refusal: answer.querySelector(".door-reason").textContent });
  }

  async function fail(error) {
    const why = error.login ? words.login : error.stale ? words.stale : words.offline;
    await show(why, error.login);
    timer = window.setTimeout(send, pause);
    pause = Math.min(2 * pause, LONGEST);
    if (waiting(await kept()).length) say(noted());
  }

  // --- on the page ---
  // The server rendered and escaped the fragment.
  function say(html) {
    const fragment = html instanceof Node ? html : document.createRange().createContextualFragment(html);
    answer.replaceChildren(fragment);
    answer.scrollIntoView({ block: "nearest" });
    if (navigator.vibrate) navigator.vibrate(answer.querySelector(".door-ok") ? 80 : [80, 60, 80]);
  }

  function noted() {
    const box = document.createElement("div");
    box.className = "door-answer door-again";
    box.textContent = words.noted;
    return box;
  }

  async function show(why, login) {
    const scans = await kept();
    const n = waiting(scans).length;
    const link = document.getElementById("queue-login");
    document.getElementById("queue-waiting").textContent = n ? words.waiting.replace("{n}", n) : "";
    document.getElementById("queue-why").textContent = n ? why : "";
    link.hidden = !login;
    if (login) link.href = login;
    const rows = scans.filter((scan) => scan.refusal).map(refusedRow);
    document.getElementById("queue-refused").replaceChildren(...rows);
    panel.hidden = !scans.length;
  }

  function refusedRow(scan) {
    const row = document.getElementById("queue-row").content.firstElementChild.cloneNode(true);
    // Of several that were refused she has to know which is which.
    const code = scan.code.split("/").filter(Boolean).pop() || "";
    row.querySelector("p").textContent = `${moment(scan.at)} · ${code.slice(0, 20)}`;
    row.querySelector(".door-refusal").textContent = scan.refusal;
    row.querySelector("button").addEventListener("click", () => forget(scan.id));
    return row;
  }

  function moment(at) {
    const today = new Date(at).toDateString() === new Date().toDateString();
    const form = today ? { timeStyle: "short" } : { dateStyle: "medium", timeStyle: "short" };
    return new Date(at).toLocaleString(document.documentElement.lang, form);
  }

  async function forget(id) {
    await store("delete", id);
    await show("");
  }

  function moved(id) {
    window.htmx?.trigger(document.getElementById(id), "moved");
  }

  // --- at the start ---
  document.addEventListener("code", (event) => take(event.detail));
  document.addEventListener("closed", () => moved("door-lists"));
  document.addEventListener("submit", async (event) => {
    if (!event.target.matches("[data-scan]")) return;
    event.preventDefault();
    const field = event.submitter?.name === "code" ? event.submitter : event.target.elements.code;
    const code = field.value;
    const typed = field !== event.submitter;
    if (typed) event.target.reset(); // before it is kept: the next one may be typed meanwhile
    await take(code);
    if (!typed) field.closest("li").hidden = true;
  });
  window.addEventListener("online", send);
  document.addEventListener("visibilitychange", () => document.hidden || send());
  send();
})();
