// Counts a reader once she has stayed ten seconds: a number for the day, with nothing about her. What is remembered
// that she was counted is remembered by her own browser, until she closes the tab.
(() => {
  const story = document.querySelector("[data-read]");
  if (!story || !navigator.sendBeacon) return;
  const address = story.dataset.read;
  const counted = () => {
    try {
      if (sessionStorage.getItem(address)) return true;
      sessionStorage.setItem(address, "1");
    } catch {
      // No storage: she is counted by page.
    }
    return false;
  };
  setTimeout(() => {
    if (document.visibilityState === "visible" && !counted()) navigator.sendBeacon(address);
  }, 10_000);
})();
