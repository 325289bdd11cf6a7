// A passkey's button says so where the browser has no passkeys (WeChat's has none), or when nothing came of it.
(() => {
  const buttons = document.querySelectorAll("[data-passkey]");
  const say = (kind) => {
    for (const note of document.querySelectorAll("[data-passkey-note]")) {
      note.hidden = note.dataset.passkeyNote !== kind;
    }
  };
  if (window.PublicKeyCredential) {
    document.addEventListener("allauth.error", (event) => {
      event.preventDefault();
      say("failed");
    });
    return;
  }
  for (const button of buttons) button.disabled = true;
  say("missing");
})();
