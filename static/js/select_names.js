// A box that searches (select2) is named by what is chosen, so an empty one has no name to who listens:
// it takes its field's label.
function nameBoxes() {
  for (const select of document.querySelectorAll("select.select2-hidden-accessible")) {
    const label = document.querySelector(`label[for="${select.id}"]`)?.textContent.replace("*", "").trim();
    const box = select.nextElementSibling?.querySelector(".select2-selection");
    for (const part of label && box ? [box, ...box.querySelectorAll("[role=textbox], [role=searchbox]")] : []) {
      part?.removeAttribute("aria-labelledby");
      part?.setAttribute("aria-label", label);
    }
  }
}
// The boxes are built by jQuery's ready, which may come after `load`: asked for there, this comes behind them.
window.addEventListener("load", () => (window.django?.jQuery ?? ((now) => now()))(nameBoxes));
