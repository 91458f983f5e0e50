// Many boxes in groups: found by typing without marks, a group ticked at once, what is chosen counted.
// Without this script the groups are what the browser makes of them, and the server reads a group's own box.
const fold = (text) => text.toLowerCase().normalize("NFD").replace(/\p{M}/gu, "").replaceAll("đ", "d");

class Many {
  constructor(root) {
    this.root = root;
    this.find = root.querySelector("input[type=search]");
    this.status = root.querySelector(".many-count");
    this.groups = [...root.querySelectorAll("details")].map((details) => ({
      details,
      count: details.querySelector("[data-count]"),
      all: details.querySelector(".many-all input"),
      rows: [...details.querySelectorAll(".many-choices label")].map((label) => ({
        label, box: label.querySelector("input"), text: fold(`${label.textContent} ${details.querySelector("summary span").textContent}`),
      })),
    }));
    // From here on the boxes themselves say what is chosen.
    for (const group of this.groups) group.all?.removeAttribute("name");
    this.find.closest(".search-box").hidden = false;
    root.querySelector(`[id="${this.find.getAttribute("aria-describedby")}"]`).hidden = false;
    this.find.addEventListener("input", (event) => { event.stopPropagation(); this.filter(); });
    root.addEventListener("keydown", (event) => this.key(event));
    root.addEventListener("change", (event) => this.change(event.target));
    root.closest("form")?.addEventListener("reset", () => setTimeout(() => this.count()));
    root.closest("form")?.addEventListener("click", (event) => {
      if (event.target.closest("[data-ticks]")) setTimeout(() => this.count());
    });
    addEventListener("pageshow", () => this.count());
    this.count();
  }

  shown(group) { return group.rows.filter((r) => !r.label.hidden && !r.box.disabled); }
  boxes() { return this.groups.filter((g) => !g.details.hidden && g.details.open).flatMap((g) => this.shown(g).map((r) => r.box)); }

  filter() {
    const asked = fold(this.find.value).split(/\s+/).filter(Boolean);
    let found = 0;
    for (const group of this.groups) {
      if (asked.length) group.was ??= group.details.open;
      let here = 0;
      for (const row of group.rows) {
        row.label.hidden = !asked.every((word) => row.text.includes(word));
        here += row.label.hidden ? 0 : 1;
      }
      found += here;
      group.details.hidden = here === 0;
      if (asked.length) group.details.open = true;
      else if (group.was !== undefined) {
        group.details.open = group.was;
        delete group.was;
      }
    }
    this.count(asked.length ? (found ? this.root.dataset.found.replace("{n}", found) : this.root.dataset.none) : "");
  }

  change(box) {
    const group = this.groups.find((g) => g.all && g.all === box);
    if (group) for (const row of this.shown(group)) row.box.checked = box.checked;
    this.count();
  }

  count(found = "") {
    let chosen = 0;
    let all = 0;
    for (const group of this.groups) {
      const ticked = group.rows.filter((r) => r.box.checked).length;
      const shown = this.shown(group);
      const on = shown.filter((r) => r.box.checked).length;
      chosen += ticked;
      all += group.rows.length;
      group.count.textContent = `${ticked}/${group.rows.length}`;
      group.count.classList.toggle("info", ticked > 0);
      if (!group.all) continue;
      group.all.checked = shown.length > 0 && on === shown.length;
      group.all.indeterminate = on > 0 && on < shown.length;
      group.all.disabled = shown.length === 0;
    }
    const said = this.root.dataset.chosen.replace("{n}", chosen).replace("{all}", all);
    this.status.textContent = [found, said].filter(Boolean).join(" · ");
  }

  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const boxes = this.boxes();
    if (event.target === this.find) {
      if (event.key === "Enter") {
        event.preventDefault();
        if (!this.find.value.trim() || !boxes.length) return;
        boxes[0].click();
        this.find.select();
      } else if (event.key === "Escape" && this.find.value) {
        event.preventDefault();
        this.find.value = "";
        this.filter();
      } else if (event.key === "ArrowDown" && boxes.length) {
        event.preventDefault();
        boxes[0].focus();
      }
      return;
    }
    const at = boxes.indexOf(event.target);
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (at < 0 || !step) return;
    event.preventDefault();
    (boxes[at + step] ?? (step < 0 ? this.find : boxes[at])).focus();
  }
}

for (const root of document.querySelectorAll("[data-many]")) new Many(root);
