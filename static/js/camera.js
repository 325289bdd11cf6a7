// The camera of an event's door and of a station's desk. Without this file codes are typed or photographed.
//
// The panel says where a code goes: `data-fill`, the form it is put into and sent with; else the page hears an
// event "code" and the camera stays open. Where the browser reads QR codes itself, they are read without network;
// elsewhere pictures go to `data-pictures`, and where there is no such address the panel stays hidden.
(() => {
  const panel = document.getElementById("camera");
  if (!panel || !navigator.mediaDevices?.getUserMedia) return;

  const video = document.getElementById("camera-video");
  const state = document.getElementById("camera-state");
  const start = document.getElementById("camera-start");
  const stop = document.getElementById("camera-stop");
  const PAUSE = 300; // milliseconds between two looks at the picture
  const AGAIN = 5000; // the same code held before the camera counts once in this time
  const WIDTH = 800; // pixels of a picture that is sent

  let stream = null;
  let read = null;
  let timer = 0;
  let busy = false;
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
      state.textContent = state.dataset.denied;
      return;
    }
    video.hidden = stop.hidden = false;
    start.hidden = true;
    video.srcObject = stream;
    await video.play();
    state.textContent = state.dataset.looking;
    timer = window.setInterval(look, PAUSE);
  }

  async function look() {
    if (!stream || busy || video.readyState < 2) return;
    busy = true;
    const text = await read().catch(() => "");
    busy = false;
    if (text && stream) found(text);
  }

  function found(text) {
    const now = Date.now();
    const held = text === last.text && now - last.at < AGAIN;
    last = { text, at: now };
    if (held) return;
    if (!form) return panel.dispatchEvent(new CustomEvent("code", { detail: text, bubbles: true }));
    close();
    form.elements.code.value = text.slice(0, 40);
    form.requestSubmit();
  }

  function close() {
    window.clearInterval(timer);
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

  // A browser that reads none sends a picture now and then; without network codes are typed or names tapped.
  function byServer() {
    const address = panel.dataset.pictures;
    return address ? async () => ask(address, await picture()) : null;
  }

  async function ask(address, photo) {
    const body = new FormData();
    body.append("photo", photo, "code.jpg");
    const token = document.querySelector("[name=csrfmiddlewaretoken]").value;
    const headers = { "X-CSRFToken": token, "HX-Request": "true" };
    const response = await fetch(address, { method: "POST", body, credentials: "same-origin", headers });
    return response.ok ? (await response.json()).text : "";
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
    stop.addEventListener("click", () => {
      close();
      panel.dispatchEvent(new CustomEvent("closed", { bubbles: true }));
    });
  }

  prepare();
})();
