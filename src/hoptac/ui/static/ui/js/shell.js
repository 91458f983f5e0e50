// The shell: menus, drawer, dialogs, messages, copying, printing, short cuts. Pages work without it.
const openMenus = () => document.querySelectorAll("details.menu[open]");

function setDrawer(toggle, shown) {
  const drawer = document.getElementById(toggle.dataset.toggles);
  drawer.classList.toggle("open", shown);
  toggle.setAttribute("aria-expanded", String(shown));
  if (shown) drawer.querySelector('a[aria-current], a[href]:not(.side-close)')?.focus();
  else toggle.focus();
}

async function copy(button) {
  const source = button.dataset.copy;
  const text = source.startsWith("#") ? document.querySelector(source)?.textContent.trim() : source;
  try {
    await navigator.clipboard.writeText(text || location.href);
    const label = button.querySelector("[data-done]") ?? button;
    const before = label.textContent;
    label.textContent = button.dataset.copied || "✓";
    setTimeout(() => { label.textContent = before; }, 2000);
  } catch { /* the browser does not allow it: the text can still be marked by hand */ }
}

document.addEventListener("click", (event) => {
  const target = event.target;
  for (const menu of openMenus()) if (!menu.contains(target)) menu.open = false;

  const toggle = target.closest("[data-toggles]");
  if (toggle) {
    event.preventDefault();
    const drawer = document.getElementById(toggle.dataset.toggles);
    const main = document.querySelector(`[aria-controls="${toggle.dataset.toggles}"]`) ?? toggle;
    setDrawer(main, !drawer.classList.contains("open"));
  } else {
    const drawer = document.querySelector(".side.open");
    if (drawer && !drawer.contains(target)) {
      drawer.classList.remove("open");
      document.querySelector(`[aria-controls="${drawer.id}"]`)?.setAttribute("aria-expanded", "false");
    }
  }

  const opener = target.closest("[data-opens]");
  if (opener) {
    const dialog = document.getElementById(opener.dataset.opens);
    if (dialog?.showModal) {
      event.preventDefault();
      dialog.showModal();
    }
  }
  if (target.closest("[data-closes]")) {
    event.preventDefault();
    target.closest("dialog")?.close();
  }
  if (target.tagName === "DIALOG") target.close(); // the backdrop

  target.closest("[data-dismiss]")?.closest(".findings")?.remove();
  const copier = target.closest("[data-copy]");
  if (copier) copy(copier);
  if (target.closest("[data-print]")) window.print();
  const back = target.closest("[data-back]");
  if (back && history.length > 1) {
    event.preventDefault();
    history.back();
  }
});

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") {
    for (const menu of openMenus()) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
    const drawer = document.querySelector(".side.open");
    if (drawer) setDrawer(document.querySelector(`[aria-controls="${drawer.id}"]`), false);
  }
  // A link that acts as a button answers to the space bar, as buttons do.
  if (event.key === " " && event.target.matches?.('a[role="button"]')) {
    event.preventDefault();
    event.target.click();
  }
  // Arrows walk through an open menu.
  const menu = event.target.closest?.("details.menu[open]");
  if (menu && ["ArrowDown", "ArrowUp"].includes(event.key)) {
    const items = [...menu.querySelectorAll(".menu-body :is(a[href], button)")];
    const step = event.key === "ArrowDown" ? 1 : -1;
    const next = items[(items.indexOf(document.activeElement) + step + items.length) % items.length];
    if (next) {
      event.preventDefault();
      next.focus();
    }
  }
  // "/" leads to the search box: that of the page, or that of the head.
  const typing = event.target.closest?.("input, textarea, select, [contenteditable]");
  if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
    const box = document.getElementById("q") ?? document.getElementById("top-q");
    if (box) {
      event.preventDefault();
      box.focus();
      box.select();
    }
  }
});

// One menu at a time.
document.addEventListener("toggle", (event) => {
  if (!event.target.matches?.("details.menu[open]")) return;
  for (const menu of openMenus()) if (menu !== event.target && !menu.contains(event.target)) menu.open = false;
}, true);

// The choice of language and appearance is sent at once where it is a list.
document.addEventListener("change", (event) => {
  if (event.target.matches?.("[data-submit]")) event.target.form.requestSubmit();
});

// Details stand open on paper.
addEventListener("beforeprint", () => {
  for (const more of document.querySelectorAll("main details:not(.menu, .panel-toggle, [open])")) {
    more.open = true;
    more.dataset.printed = "";
  }
});
addEventListener("afterprint", () => {
  for (const more of document.querySelectorAll("details[data-printed]")) {
    more.open = false;
    delete more.dataset.printed;
  }
});

// Without a network a page to be sent stays as it is, rather than giving way to the browser's error page.
let offline = null;
document.addEventListener("submit", (event) => {
  const told = document.getElementById("offline");
  if (navigator.onLine || !told) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  offline ??= told.content.firstElementChild.cloneNode(true);
  told.before(offline);
  offline.scrollIntoView({ block: "center" });
}, true);
addEventListener("online", () => offline?.remove());
