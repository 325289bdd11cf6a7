// A number typed into a list's search box goes to the page that looks numbers up: posted, so that it
// stands in no address and no log. Without JavaScript the link beside the list leads there.
const NUMBER = /^[\d\s+\-]{11,}[xX]?$/;

document.addEventListener("submit", (event) => {
  const form = event.target;
  const box = form.id === "changelist-search" && form.querySelector("#searchbar");
  const link = document.querySelector("a[data-numbers]");
  if (!box || !link || !NUMBER.test(box.value.trim())) return;
  event.preventDefault();
  const post = document.createElement("form");
  post.method = "post";
  post.action = link.href;
  const token = document.querySelector("#changelist-form [name=csrfmiddlewaretoken]").value;
  for (const [name, value] of [["csrfmiddlewaretoken", token], ["number", box.value.trim()]]) {
    const field = document.createElement("input");
    Object.assign(field, { type: "hidden", name, value });
    post.append(field);
  }
  document.body.append(post);
  post.submit();
});
