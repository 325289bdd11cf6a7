// unfold writes the name of a chosen file into the text field beside it. A field for several files shows them itself
// and has none beside it: the name went into whatever text field the form has, or nowhere with an error.
document.addEventListener(
  "change",
  (event) => {
    if (event.target.matches("input[type=file][multiple]")) event.stopImmediatePropagation();
  },
  true,
);
