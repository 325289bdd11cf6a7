// The desk's camera. Without this file, or where the browser reads no QR codes, the code is typed.
(() => {
  const panel = document.getElementById("camera");
  const form = document.getElementById("voucher-form");
  if (!panel || !form || !("BarcodeDetector" in window) || !navigator.mediaDevices) return;

  const video = document.getElementById("camera-video");
  const state = document.getElementById("camera-state");
  const start = document.getElementById("camera-start");
  const stop = document.getElementById("camera-stop");
  const PAUSE = 300; // milliseconds between two looks at the picture
  let stream = null;
  let detector = null;
  let timer = 0;

  async function look() {
    if (!stream || video.readyState < 2) return;
    const [found] = await detector.detect(video).catch(() => []);
    if (!found) return;
    close();
    form.elements.code.value = found.rawValue.slice(0, 40);
    form.requestSubmit();
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
    detector = new BarcodeDetector({ formats: ["qr_code"] });
    video.hidden = stop.hidden = false;
    start.hidden = true;
    video.srcObject = stream;
    await video.play();
    state.textContent = state.dataset.looking;
    timer = window.setInterval(look, PAUSE);
  }

  function close() {
    window.clearInterval(timer);
    for (const track of stream ? stream.getTracks() : []) track.stop();
    stream = video.srcObject = null;
    video.hidden = stop.hidden = true;
    start.hidden = false;
    state.textContent = "";
  }

  BarcodeDetector.getSupportedFormats().then((formats) => {
    if (!formats.includes("qr_code")) return;
    panel.hidden = false;
    start.addEventListener("click", open);
    stop.addEventListener("click", close);
  });
})();
