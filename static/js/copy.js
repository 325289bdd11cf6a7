// A button that copies the address beside it. Without this file, or where nothing may be copied, there is no
// button: the address is selected whole by one press.
(() => {
  if (!navigator.clipboard) return;
  for (const button of document.querySelectorAll("button[data-copy]")) {
    const said = button.parentElement.querySelector("[role=status]");
    button.hidden = false;
    button.addEventListener("click", async () => {
      const address = document.getElementById(button.dataset.copy);
      try {
        await navigator.clipboard.writeText(address.textContent.trim());
        said.textContent = button.dataset.done;
      } catch {
        getSelection().selectAllChildren(address);
        said.textContent = button.dataset.failed;
      }
    });
  }
})();
