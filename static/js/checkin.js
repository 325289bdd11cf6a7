// The door page's camera. Without this file the page works by typed code, photo and name.
(() => {
  const page = document.getElementById("door");
  const camera = document.getElementById("camera");
  const typed = document.getElementById("typed");
  if (!page || !camera || !typed || !window.fetch) return;

  const answer = document.getElementById("door-answer");
  const video = document.getElementById("camera-video");
  const state = document.getElementById("camera-state");
  const start = document.getElementById("camera-start");
  const stop = document.getElementById("camera-stop");
  const token = typed.querySelector("[name=csrfmiddlewaretoken]").value;
  const PAUSE = 400; // milliseconds between two looks at the picture
  const AGAIN = 5000; // the same code held before the camera counts once in this time
  const WIDTH = 800;

  let stream = null;
  let detector = null;
  let timer = 0;
  let busy = false;
  let last = { code: "", at: 0 };
  let shown = { code: "", at: 0 };

  async function send(fields) {
    const body = new FormData();
    for (const [name, value] of Object.entries(fields)) body.append(name, value);
    const response = await fetch(page.dataset.url, {
      method: "POST",
      body,
      credentials: "same-origin",
      headers: { "X-CSRFToken": token, "HX-Request": "true" },
    });
    if (response.status === 204) return false;
    if (!response.ok) throw new Error(String(response.status));
    show(await response.text());
    return true;
  }

  // The answer is a fragment the server rendered and escaped. A code still held before the camera
  // is not answered again: "signed in" would turn into "signed in before" under her eyes.
  function show(html) {
    const fragment = document.createRange().createContextualFragment(html);
    const { code = "", arrived, expected } = fragment.firstElementChild?.dataset || {};
    const now = Date.now();
    const held = code && code === shown.code && now - shown.at < AGAIN;
    shown = { code, at: now };
    if (held) return;
    if (arrived) count(Number(arrived), Number(expected));
    answer.replaceChildren(fragment);
    answer.scrollIntoView({ block: "nearest" });
    if (navigator.vibrate) navigator.vibrate(answer.querySelector(".door-ok") ? 80 : [80, 60, 80]);
  }

  // The two numbers below the camera: who came, who has not.
  function count(arrived, expected) {
    const numbers = document.querySelectorAll("#door-counts dd");
    if (numbers.length !== 2) return;
    numbers[0].firstChild.nodeValue = `${arrived} `;
    numbers[1].firstChild.nodeValue = `${expected - arrived} `;
  }

  function frame() {
    const scale = Math.min(1, WIDTH / video.videoWidth);
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(video.videoWidth * scale);
    canvas.height = Math.round(video.videoHeight * scale);
    canvas.getContext("2d").drawImage(video, 0, 0, canvas.width, canvas.height);
    return new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.7));
  }

  async function look() {
    if (!stream || busy || video.readyState < 2) return;
    busy = true;
    try {
      if (detector) {
        const [found] = await detector.detect(video);
        if (found) await once(found.rawValue);
      } else if (Date.now() - last.at > PAUSE * 2) {
        const photo = await frame();
        if (photo && (await send({ photo, live: "1" }))) last = { code: "", at: Date.now() + 1600 };
      }
      state.textContent = state.dataset.looking;
    } catch {
      state.textContent = state.dataset.offline;
    } finally {
      busy = false;
    }
  }

  async function once(code) {
    const now = Date.now();
    if (code === last.code && now - last.at < AGAIN) {
      last.at = now;
      return;
    }
    last = { code, at: now };
    await send({ code });
  }

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
    if ("BarcodeDetector" in window) {
      const formats = await BarcodeDetector.getSupportedFormats().catch(() => []);
      detector = formats.includes("qr_code") ? new BarcodeDetector({ formats: ["qr_code"] }) : null;
    }
    video.hidden = false;
    video.srcObject = stream;
    await video.play();
    start.hidden = true;
    stop.hidden = false;
    state.textContent = state.dataset.looking;
    timer = window.setInterval(look, PAUSE);
  }

  function close() {
    window.clearInterval(timer);
    for (const track of stream ? stream.getTracks() : []) track.stop();
    stream = video.srcObject = null;
    start.hidden = false;
    stop.hidden = true;
    // Counts and lists below the camera are brought up to date when the scanning is over.
    window.location.reload();
  }

  if (navigator.mediaDevices && navigator.mediaDevices.getUserMedia) {
    camera.hidden = false;
    start.addEventListener("click", open);
    stop.addEventListener("click", close);
  }
})();
