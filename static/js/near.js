// Asks the phone where it is and sends that in the body of the form. Nothing is asked before she presses the button;
// without this file, or where the phone says no, rooms are found by words.
(() => {
  const form = document.getElementById("near");
  const ask = document.getElementById("near-ask");
  const state = document.getElementById("near-state");
  if (!form || !navigator.geolocation) return;

  // Milliseconds.
  const options = { enableHighAccuracy: false, timeout: 10_000, maximumAge: 60_000 };

  function found({ coords }) {
    form.elements.latitude.value = coords.latitude;
    form.elements.longitude.value = coords.longitude;
    form.submit();
  }

  function failed() {
    state.textContent = state.dataset.denied;
    ask.disabled = false;
  }

  ask.hidden = false;
  ask.addEventListener("click", () => {
    state.textContent = state.dataset.asking;
    ask.disabled = true;
    navigator.geolocation.getCurrentPosition(found, failed, options);
  });
})();
