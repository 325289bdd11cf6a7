// The share button of an event's page: the phone's own sheet, else the address is copied. Without this file
// there is no button, and WeChat's own menu shares the page.
(() => {
  const button = document.getElementById("share");
  if (!button || !(navigator.share || navigator.clipboard)) return;
  const address = location.origin + location.pathname;

  async function share() {
    if (navigator.share) {
      await navigator.share({ title: button.dataset.title, url: address }).catch(() => {});
      return;
    }
    await navigator.clipboard.writeText(address);
    document.getElementById("shared").textContent = button.dataset.done;
  }

  button.hidden = false;
  button.addEventListener("click", share);
})();
