// A list's filters are fetched when their panel is opened: what unfold does to fields of a page that has loaded is done then.
document.addEventListener("htmx:load", ({ target: filters }) => {
  if (filters.id !== "filters") return;
  const { jQuery } = django;
  jQuery(".unfold-admin-autocomplete", filters).djangoCustomSelect2?.();
  jQuery(".unfold-filter-autocomplete", filters).djangoFilterSelect2?.();
  window.DateTimeShortcuts?.init();
  nameBoxes();
});
for (const failed of ["htmx:responseError", "htmx:sendError"]) {
  document.addEventListener(failed, ({ target: filters }) => {
    if (filters.id === "filters") filters.textContent = filters.dataset.failed;
  });
}
// unfold's way to the panel is a link without an address, which no keyboard reaches.
document.addEventListener("DOMContentLoaded", () => {
  for (const opens of document.querySelectorAll("a[x-on\\:click='filterOpen = true']")) {
    opens.setAttribute("role", "button");
    opens.setAttribute("aria-label", opens.firstChild.textContent.trim());
    opens.tabIndex = 0;
    opens.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      opens.click();
    });
  }
});
