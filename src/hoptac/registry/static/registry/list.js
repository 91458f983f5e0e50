// After a search without reloading, what else the page offers follows the list: exports, kept views,
// and the words searched for in the forms of filters and columns.
const follow = () => {
  const results = document.getElementById("results");
  const query = results?.dataset.query ?? "";
  for (const link of document.querySelectorAll("[data-export]")) {
    link.search = `?format=${link.dataset.export}&${query}`;
  }
  for (const field of document.querySelectorAll("input[data-query]")) field.value = query;
};

document.addEventListener("htmx:afterSettle", follow);
document.addEventListener("htmx:after:swap", follow);

for (const form of document.querySelectorAll("form.tool-body")) {
  form.addEventListener("submit", () => {
    let field = form.querySelector("input[name=q]");
    if (!field) {
      field = Object.assign(document.createElement("input"), { type: "hidden", name: "q" });
      form.append(field);
    }
    field.value = document.getElementById("q").value;
    if (!field.value) field.remove();
    // Empty fields would only make the address longer.
    for (const input of form.querySelectorAll("input:not([type=checkbox]), select")) {
      if (!input.value) input.disabled = true;
    }
  });
}
