// Forms: the error summary takes the focus, a form is sent once, leaving with changes is asked about.
document.querySelector("[data-focus]")?.focus();

for (const form of document.querySelectorAll("form[data-guard]")) {
  let changed = form.hasAttribute("data-changed");
  form.addEventListener("input", () => { changed = true; });
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "1";
    changed = false;
    const button = event.submitter;
    button?.classList.add("is-busy");
    button?.setAttribute("aria-busy", "true");
    // A page that comes back from the browser's memory may be sent again.
    setTimeout(() => release(form), 15000);
  });
  addEventListener("beforeunload", (event) => { if (changed) event.preventDefault(); });
}

function release(form) {
  delete form.dataset.sent;
  for (const button of form.querySelectorAll(".is-busy")) {
    button.classList.remove("is-busy");
    button.removeAttribute("aria-busy");
  }
}
addEventListener("pageshow", (event) => {
  if (event.persisted) document.querySelectorAll("form[data-guard]").forEach(release);
});

// A day is typed as 31/12/2019; 31122019 and 31-12-2019 become it; a calendar may be used beside.
const pad = (text) => text.padStart(2, "0");
function tidyDay(text) {
  const found = text.trim().match(/^(\d{1,2})[\s./-]+(\d{1,2})[\s./-]+(\d{4})$/) ?? text.trim().match(/^(\d{2})(\d{2})(\d{4})$/);
  return found ? `${pad(found[1])}/${pad(found[2])}/${found[3]}` : text.trim();
}
for (const box of document.querySelectorAll("[data-day]")) {
  box.addEventListener("change", () => { box.value = tidyDay(box.value); });
  const calendar = box.parentElement.querySelector("input[type=date]");
  const button = box.parentElement.querySelector("[data-calendar]");
  if (!calendar?.showPicker || !button) continue;
  button.hidden = false;
  button.addEventListener("click", () => {
    calendar.value = tidyDay(box.value).split("/").reverse().join("-");
    calendar.showPicker();
  });
  calendar.addEventListener("change", () => {
    if (!calendar.value) return;
    box.value = calendar.value.split("-").reverse().join("/");
    box.dispatchEvent(new Event("input", { bubbles: true }));
    box.focus();
  });
}

// Figures are grouped as they are read: 1.234.567,8 or 1,234,567.8.
const [group, point] = document.documentElement.lang === "en" ? [",", "."] : [".", ","];
for (const box of document.querySelectorAll("[data-figure]")) {
  box.addEventListener("change", () => {
    const plain = box.value.replace(/\s/g, "");
    const ungrouped = plain.replaceAll(group, "");
    if (!new RegExp(`^-?\\d+(\\${point}\\d*)?$`).test(ungrouped)) return;
    const [whole, rest] = ungrouped.split(point);
    box.value = whole.replace(/\B(?=(\d{3})+$)/g, group) + (rest ? point + rest : "");
  });
}

// Letters left in a long text.
for (const box of document.querySelectorAll("textarea[maxlength][data-left]")) {
  const told = document.getElementById(box.dataset.left);
  const tell = () => { told.textContent = `${box.value.length} / ${box.maxLength}`; };
  box.addEventListener("input", tell);
  tell();
}

for (const zone of document.querySelectorAll(".drop")) {
  const input = zone.querySelector("input[type=file]");
  const chosen = zone.querySelector(".chosen");
  for (const name of ["dragenter", "dragover"]) {
    zone.addEventListener(name, (event) => { event.preventDefault(); zone.classList.add("over"); });
  }
  for (const name of ["dragleave", "drop"]) zone.addEventListener(name, () => zone.classList.remove("over"));
  zone.addEventListener("drop", (event) => {
    event.preventDefault();
    input.files = event.dataTransfer.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  });
  input.addEventListener("change", () => {
    if (!chosen) return;
    const sizes = new Intl.NumberFormat(document.documentElement.lang, { maximumFractionDigits: 1 });
    chosen.textContent = [...input.files].map((f) => `${f.name} (${sizes.format(f.size / 1048576)} MB)`).join(", ");
  });
}
