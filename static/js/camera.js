// The camera of an event's door and of a station's desk. Without this file codes are typed or photographed.
//
// The panel says where a code goes: `data-send`, an address it is posted to while the camera stays open,
// or `data-fill`, the form it is put into and sent with. Where the browser reads no QR codes itself,
// pictures go to `data-send`; a form has nobody to read them, and the panel stays hidden.
(() => {
  const panel = document.getElementById("camera");
  if (!panel || !navigator.mediaDevices?.getUserMedia) return;

  const video = document.getElementById("camera-video");
  const state = document.getElementById("camera-state");
  const start = document.getElementById("camera-start");
  const stop = document.getElementById("camera-stop");
  const PAUSE = 400; // milliseconds between two looks at the picture

  let stream = null;
  let detector = null;
  let timer = 0;
  let busy = false;
  const { send, fill } = panel.dataset;
  const target = fill ? formTarget(document.getElementById(fill)) : pageTarget(send);

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
    try {
      if (detector) {
        const [found] = await detector.detect(video).catch(() => []);
        if (found) await target.code(found.rawValue);
      } else {
        await target.picture();
      }
      if (stream) state.textContent = state.dataset.looking;
    } catch {
      state.textContent = state.dataset.offline;
    } finally {
      busy = false;
    }
  }

  function close() {
    window.clearInterval(timer);
    for (const track of stream ? stream.getTracks() : []) track.stop();
    stream = video.srcObject = null;
    video.hidden = stop.hidden = true;
    start.hidden = false;
    state.textContent = "";
  }

  // --- the desk: the first code is put into the form ---
  function formTarget(form) {
    return {
      code(text) {
        close();
        form.elements.code.value = text.slice(0, 40);
        form.requestSubmit();
      },
      stopped() {},
    };
  }

  // --- the door: codes or pictures go to the server, its answers onto the page ---
  function pageTarget(address) {
    const AGAIN = 5000; // the same code held before the camera counts once in this time
    const REST = 2400; // after an answer, before the next picture
    const WIDTH = 800;
    const answer = document.getElementById("door-answer");
    const token = document.querySelector("[name=csrfmiddlewaretoken]").value;
    let last = { code: "", at: 0 };
    let shown = { code: "", at: 0 };
    let restUntil = 0;

    async function post(fields) {
      const body = new FormData();
      for (const [name, value] of Object.entries(fields)) body.append(name, value);
      const response = await fetch(address, {
        method: "POST",
        body,
        credentials: "same-origin",
        headers: { "X-CSRFToken": token, "HX-Request": "true" },
      });
      if (response.status === 204) return false;
      const elsewhere = response.headers.get("HX-Redirect"); // the session is over: sign in, and on with this code
      if (elsewhere) return location.assign(elsewhere);
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

    return {
      async code(text) {
        const now = Date.now();
        const held = text === last.code && now - last.at < AGAIN;
        last = { code: text, at: now };
        if (!held) await post({ code: text });
      },
      async picture() {
        if (Date.now() < restUntil) return;
        const photo = await frame();
        if (photo && (await post({ photo, live: "1" }))) restUntil = Date.now() + REST;
      },
      // Counts and lists below the camera are brought up to date when the scanning is over.
      stopped() {
        window.location.reload();
      },
    };
  }

  // --- at the start ---
  async function reader() {
    if (!("BarcodeDetector" in window)) return null;
    const formats = await BarcodeDetector.getSupportedFormats().catch(() => []);
    return formats.includes("qr_code") ? new BarcodeDetector({ formats: ["qr_code"] }) : null;
  }

  reader().then((found) => {
    detector = found;
    if (!detector && !target.picture) return;
    panel.hidden = false;
    start.addEventListener("click", open);
    stop.addEventListener("click", () => {
      close();
      target.stopped();
    });
  });
})();
