// The camera of an event's door and of a station's desk. Without this file codes are typed or photographed.
//
// The panel says where a code goes: `data-fill`, the form it is put into and sent with; else the page hears an
// event "code" and the camera stays open. Where the browser reads QR codes itself, they are read without network;
// elsewhere a picture a second goes to `data-pictures`, and where there is no such address the panel stays hidden.
// `camera-state` holds the words for each thing that may be in the way.
(() => {
  const panel = document.getElementById("camera");
  if (!panel || !navigator.mediaDevices?.getUserMedia) return;

  const video = document.getElementById("camera-video");
  const state = document.getElementById("camera-state");
  const start = document.getElementById("camera-start");
  const stop = document.getElementById("camera-stop");
  const typed = document.getElementById("camera-typed");
  // Milliseconds.
  const PAUSE = 300; // between two looks at the picture, where the browser reads it
  const PICTURES = 1000; // between two pictures that are sent
  const TROUBLE = 5000; // after one that was not answered
  const REST = 2000; // after a code was read
  const PATIENCE = 8000; // until a picture counts as not answered
  const AGAIN = 5000; // the same code held before the camera counts once in this time
  const WIDTH = 800; // pixels of a picture that is sent

  let stream = null;
  let read = null;
  let timer = 0;
  let pause = PAUSE;
  let last = { text: "", at: 0 };
  const form = document.getElementById(panel.dataset.fill || "no form");

  // --- the camera ---
  async function open() {
    try {
      stream = await navigator.mediaDevices.getUserMedia({
        audio: false,
        video: { facingMode: "environment", width: { ideal: 1280 } },
      });
    } catch {
      return say("denied");
    }
    video.hidden = stop.hidden = false;
    start.hidden = true;
    video.srcObject = stream;
    await video.play();
    say("looking");
    look();
  }

  async function look(mine = stream) {
    const rest = video.readyState < 2 || document.hidden ? pause : await lookOnce();
    if (stream === mine) timer = window.setTimeout(look, rest, mine);
  }

  // Looks at the picture once; returns how long to wait until the next look.
  async function lookOnce() {
    let text;
    try {
      text = await read();
    } catch (trouble) {
      if (stream) say(trouble.words || "looking", trouble.login);
      return trouble.words ? TROUBLE : pause;
    }
    if (!stream) return 0;
    if (text) return found(text) ? REST : pause;
    say("looking");
    return pause;
  }

  function say(words, login) {
    if (state.textContent !== state.dataset[words]) state.textContent = state.dataset[words]; // read out once
    if (!login) return;
    const link = Object.assign(document.createElement("a"), { href: login, textContent: state.dataset.again });
    state.append(" ", link);
  }

  // Takes what was read; returns whether it is another code than the one held before the camera.
  function found(text) {
    const now = Date.now();
    const held = text === last.text && now - last.at < AGAIN;
    last = { text, at: now };
    say("found");
    if (!held) hand(text);
    return !held;
  }

  function hand(text) {
    if (!form) return panel.dispatchEvent(new CustomEvent("code", { detail: text, bubbles: true }));
    close();
    form.elements.code.value = text.slice(0, 40);
    form.requestSubmit();
  }

  function close() {
    window.clearTimeout(timer);
    for (const track of stream ? stream.getTracks() : []) track.stop();
    stream = video.srcObject = null;
    video.hidden = stop.hidden = true;
    start.hidden = false;
    state.textContent = "";
  }

  // --- reading ---
  async function byBrowser() {
    if (!("BarcodeDetector" in window)) return null;
    const formats = await BarcodeDetector.getSupportedFormats().catch(() => []);
    if (!formats.includes("qr_code")) return null;
    const detector = new BarcodeDetector({ formats: ["qr_code"] });
    return async () => (await detector.detect(video))[0]?.rawValue;
  }

  // Without network, or while the server is busy, codes are typed or names tapped: the words say so.
  function byServer() {
    const address = panel.dataset.pictures;
    if (!address) return null;
    pause = PICTURES;
    return async () => ask(address, await picture());
  }

  async function ask(address, photo) {
    const body = new FormData();
    body.append("photo", photo, "code.jpg");
    const token = document.querySelector("[name=csrfmiddlewaretoken]").value;
    const response = await fetch(address, {
      method: "POST",
      body,
      credentials: "same-origin",
      redirect: "manual",
      signal: AbortSignal.timeout(PATIENCE),
      headers: { "X-CSRFToken": token, "HX-Request": "true" },
    }).catch(() => Promise.reject({ words: "offline" }));
    const elsewhere = response.headers.get("HX-Redirect"); // the session is over
    if (elsewhere || response.type === "opaqueredirect") throw { words: "login", login: elsewhere || location.href };
    if (!response.ok) throw { words: response.status === 503 ? "busy" : "failed" };
    return (await response.json()).text;
  }

  const canvas = document.createElement("canvas");

  function picture() {
    const scale = Math.min(1, WIDTH / video.videoWidth);
    canvas.width = Math.round(video.videoWidth * scale);
    canvas.height = Math.round(video.videoHeight * scale);
    canvas.getContext("2d").drawImage(video, 0, 0, canvas.width, canvas.height);
    return new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.7));
  }

  // --- at the start ---
  async function prepare() {
    read = (await byBrowser()) || byServer();
    if (!read) return;
    panel.hidden = false;
    start.addEventListener("click", open);
    typed?.addEventListener("click", (event) => {
      event.preventDefault();
      document.querySelector(typed.hash).focus();
    });
    stop.addEventListener("click", () => {
      close();
      panel.dispatchEvent(new CustomEvent("closed", { bubbles: true }));
    });
  }

  prepare();
})();
