// Lists: heads that stick, links that follow what is shown, keys that walk through rows.
const watched = new WeakSet();
const sizes = "ResizeObserver" in window ? new ResizeObserver((entries) => entries.forEach((e) => fit(e.target))) : null;

function fit(wrap) {
  const table = wrap.querySelector("table");
  if (!table || wrap.classList.contains("tall")) return;
  wrap.classList.remove("fits");
  const fits = table.scrollWidth <= wrap.clientWidth + 1;
  wrap.classList.toggle("fits", fits);
  // Only a list that scrolls needs a stop of the keyboard.
  if (fits) wrap.removeAttribute("tabindex");
  else wrap.tabIndex = 0;
}

function prepare(root) {
  for (const wrap of root.querySelectorAll(".table-wrap")) {
    if (watched.has(wrap)) continue;
    watched.add(wrap);
    fit(wrap);
    sizes?.observe(wrap);
  }
}
prepare(document);

// After results came in place: links and fields that speak of the list speak of the new one.
function follow() {
  const shown = new URLSearchParams(location.search);
  for (const link of document.querySelectorAll("a[data-follows-list]")) {
    const address = new URL(link.href);
    const kept = new URLSearchParams(shown);
    const format = address.searchParams.get("format");
    if (format) kept.set("format", format);
    kept.delete("page");
    address.search = kept;
    link.href = address;
  }
  for (const field of document.querySelectorAll("input[data-follows-list]")) field.value = shown;
}
document.addEventListener("htmx:after:settle", () => prepare(document));
for (const name of ["htmx:after:history:push", "htmx:after:history:replace", "htmx:after:history:update"]) {
  document.addEventListener(name, follow);
}

// j and k, or the arrows, walk through the rows of a list; Enter opens.
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest("input, textarea, select, summary, [contenteditable], details.menu")) return;
  const step = { j: 1, k: -1 }[event.key];
  if (!step) return;
  const rows = [...document.querySelectorAll("main .table tbody tr")].filter((r) => r.querySelector("a[href]"));
  if (!rows.length) return;
  const here = rows.findIndex((row) => row.contains(document.activeElement));
  const next = rows[Math.min(Math.max(here + step, 0), rows.length - 1)];
  next.querySelector("a[href]").focus();
});

// "All" and "none" above a set of boxes.
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-ticks]");
  if (!button) return;
  for (const box of button.closest("fieldset, form").querySelectorAll("input[type=checkbox]:not(:disabled)")) {
    box.checked = button.dataset.ticks === "all";
  }
});
