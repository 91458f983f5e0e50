// Proposals by keyboard: j and k walk, a accepts, r rejects, e edits, s splits, x ticks, u undoes; A and R do it to the ticked.
const all = () => [...document.querySelectorAll("article.proposal")];
let here = document.querySelector("article.proposal:target");

function go(to, takesFocus = true) {
  if (!to) return;
  here?.classList.remove("is-here");
  document.querySelectorAll("mark.is-here").forEach((m) => m.classList.remove("is-here"));
  here = to;
  here.classList.add("is-here");
  if (takesFocus) {
    here.focus({ preventScroll: true });
    here.scrollIntoView({ block: "nearest" });
  }
  const marks = document.querySelectorAll(`mark[data-passage="${here.dataset.passage}"]`);
  marks.forEach((m) => m.classList.add("is-here"));
  const box = document.querySelector(".review-text");
  const first = marks[0];
  if (first && box) box.scrollTop += first.getBoundingClientRect().top - box.getBoundingClientRect().top - box.clientHeight / 3;
}

const bar = document.querySelector(".review-bar");
const ticked = () => document.querySelectorAll("article.proposal header input:checked").length;

function count() {
  const n = ticked();
  for (const button of bar?.querySelectorAll("[data-counts]") ?? []) {
    button.disabled = n === 0;
    button.dataset.n = n ? String(n) : "";
  }
}

function all_at_once(what) {
  if (ticked()) bar?.querySelector(`button[value="${what}"]`)?.click();
}

function step(by) {
  const list = all();
  const at = here ? list.indexOf(here) : -1;
  go(list[Math.min(list.length - 1, Math.max(0, at + by))]);
}

function press(what) {
  const form = here?.querySelector("form");
  const button = form?.querySelector(`button[name="do"][value="${what}"]`);
  if (!button) return;
  button.click();
}

// Whichever way a form is sent: the next proposal is where one comes back to.
for (const form of document.querySelectorAll("article.proposal form")) {
  form.addEventListener("submit", () => {
    const list = all();
    const next = list[list.indexOf(form.closest("article")) + 1] ?? form.closest("article");
    form.elements.next.value = next.dataset.passage;
  });
}

addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest("input:not([type=checkbox]), textarea, select, [contenteditable]")) return;
  const acts = {
    A: () => all_at_once("accept"), R: () => all_at_once("reject"),
    j: () => step(1), k: () => step(-1), a: () => press("accept"), r: () => press("reject"), u: () => press("restore"),
    e: () => here?.querySelector("[data-key=e]")?.click(), s: () => here?.querySelector("[data-key=s]")?.click(),
    x: () => here?.querySelector("header input[type=checkbox]")?.click(),
  };
  if (acts[event.key]) {
    event.preventDefault();
    acts[event.key]();
  }
});
document.querySelector(".review-tasks")?.addEventListener("change", count);
bar?.addEventListener("click", () => setTimeout(count));
count();
if (here) go(here);
else go(all()[0], false);
for (const article of all()) article.addEventListener("focusin", () => { if (article !== here) go(article, false); });
addEventListener("hashchange", () => { const to = document.querySelector("article.proposal:target"); if (to) go(to); });
