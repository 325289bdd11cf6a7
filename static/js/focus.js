// Browsers lose `autofocus` on the admin's pages now and then, where scripts build the page meanwhile.
window.addEventListener("load", () => document.querySelector("[autofocus]")?.focus());
