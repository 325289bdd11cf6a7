// The camera of an event's door and of a station's desk. Without this file codes are typed or photographed.
//
// The panel says where a code goes: `data-fill`, the form it is put into and sent with; else the page hears an
// event "code" and the camera stays open. Codes are read on the phone, so that a door works without network:
// by the browser itself, or by a library (`data-reader`) that is fetched when the page opens.
(() => {
  const panel = document.getElementById("camera");
  if (!panel || !navigator.mediaDevices?.getUserMedia) return;

  const video = document.getElementById("camera-video");
  const state = document.getElementById("camera-state");
  const start = document.getElementById("camera-start");
  const stop = document.getElementById("camera-stop");
  const PAUSE = 300; // milliseconds between two looks at the picture
  const AGAIN = 5000; // the same code held before the camera counts once in this time
  const WIDTH = 800; // pixels of a picture the library looks at

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

  function byLibrary() {
    return new Promise((done) => {
      const script = document.createElement("script");
      script.src = panel.dataset.reader;
      script.onload = () => done(async () => window.jsQR(...picture())?.data);
      script.onerror = () => done(null);
      document.head.append(script);
    });
  }

  const canvas = document.createElement("canvas");

  function picture() {
    const scale = Math.min(1, WIDTH / video.videoWidth);
    canvas.width = Math.round(video.videoWidth * scale);
    canvas.height = Math.round(video.videoHeight * scale);
    const paper = canvas.getContext("2d", { willReadFrequently: true });
    paper.drawImage(video, 0, 0, canvas.width, canvas.height);
    return [paper.getImageData(0, 0, canvas.width, canvas.height).data, canvas.width, canvas.height];
  }

  // --- at the start ---
  async function prepare() {
    read = (await byBrowser()) || (await byLibrary());
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
