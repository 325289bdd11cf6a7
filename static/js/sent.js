// What was refused is said no longer once the form goes out again: where a file answers, the page stays as it is.
const REFUSED = "[role=alert]:has(a[href^='#id_']), .portal-errors, .field-error";

document.addEventListener("submit", () => {
  for (const said of document.querySelectorAll(REFUSED)) said.remove();
  for (const field of document.querySelectorAll("[aria-invalid]")) field.removeAttribute("aria-invalid");
});
