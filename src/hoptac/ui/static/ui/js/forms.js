// A form is sent once; leaving with unsent changes is asked about; the error summary takes the focus.
document.querySelector("[data-focus]")?.focus();

for (const form of document.querySelectorAll("form[data-guard]")) {
  let changed = false;
  form.addEventListener("input", () => { changed = true; });
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "1";
    changed = false;
    window.setTimeout(() => { delete form.dataset.sent; }, 8000);
  });
  window.addEventListener("beforeunload", (event) => { if (changed) event.preventDefault(); });
}

for (const box of document.querySelectorAll("select[data-submit], input[data-submit]")) {
  box.addEventListener("change", () => box.form.requestSubmit());
}

for (const zone of document.querySelectorAll(".drop")) {
  const input = zone.querySelector("input[type=file]");
  for (const name of ["dragenter", "dragover"]) {
    zone.addEventListener(name, (event) => { event.preventDefault(); zone.classList.add("over"); });
  }
  for (const name of ["dragleave", "drop"]) zone.addEventListener(name, () => zone.classList.remove("over"));
  zone.addEventListener("drop", (event) => {
    event.preventDefault();
    input.files = event.dataTransfer.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  });
}
