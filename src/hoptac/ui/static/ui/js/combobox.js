// Long selects that one types into: <select data-combobox> becomes an editable combobox with a list
// (WAI-ARIA Authoring Practices). The select stays, hidden, and is what the form sends; without this
// script it is what people see. Words are compared without marks; the group and the hint count, too.
const MOST = 80;
const fold = (text) => text.toLowerCase().normalize("NFD").replace(/\p{M}/gu, "").replaceAll("đ", "d");

class Combobox {
  constructor(select) {
    this.select = select;
    this.words = select.dataset;
    const id = select.id;
    this.input = document.createElement("input");
    Object.assign(this.input, { id, type: "text", autocomplete: "off", spellcheck: false, autocapitalize: "off" });
    const told = {
      role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": `${id}-list`,
      enterkeyhint: "done",
    };
    for (const [name, value] of Object.entries(told)) this.input.setAttribute(name, value);
    for (const name of ["aria-invalid", "aria-required", "aria-label", "aria-labelledby"]) {
      if (select.hasAttribute(name)) this.input.setAttribute(name, select.getAttribute(name));
    }
    const described = [select.getAttribute("aria-describedby"), `${id}-of`].filter(Boolean).join(" ");
    this.input.setAttribute("aria-describedby", described);

    this.button = make("button", { type: "button", tabIndex: -1, className: "combobox-open" });
    this.button.setAttribute("aria-label", this.words.open);
    this.list = make("ul", { id: `${id}-list`, className: "combobox-list", hidden: true });
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", this.words.label);
    this.of = make("p", { id: `${id}-of`, className: "combobox-of" });
    this.status = make("p", { className: "visually-hidden" });
    this.status.setAttribute("role", "status");
    const box = make("div", { className: "combobox" });
    select.id = `${id}-select`;
    select.hidden = true;
    select.before(box);
    box.append(this.input, this.button, this.list, this.of, this.status, select);
    this.box = box;

    this.read();
    this.show();
    this.input.addEventListener("input", () => this.open(this.input.value));
    this.input.addEventListener("keydown", (event) => this.key(event));
    this.input.addEventListener("click", () => { if (this.list.hidden) this.open(""); });
    this.input.addEventListener("blur", () => this.leave());
    this.button.addEventListener("pointerdown", (event) => event.preventDefault());
    this.button.addEventListener("click", () => {
      this.input.focus();
      if (this.list.hidden) this.open(""); else this.close();
    });
    this.list.addEventListener("pointerdown", (event) => event.preventDefault());
    this.list.addEventListener("click", (event) => {
      const line = event.target.closest("[role=option]");
      if (line) this.choose(this.shown[Number(line.dataset.at)]);
    });
    select.addEventListener("change", () => this.show());  // set by somebody else
    select.form?.addEventListener("reset", () => setTimeout(() => this.show()));
    addEventListener("pageshow", () => this.show());
  }

  read() {
    this.options = [...this.select.options].map((option) => {
      const group = option.parentElement.label ?? "";
      const hint = option.dataset.hint ?? "";
      const name = fold(option.text);
      return { option, group, hint, name, text: fold(`${option.text} ${group} ${hint}`) };
    });
    this.empty = this.options.find((o) => o.option.value === "");
  }

  // What is chosen, in the box; under it where that lies.
  show() {
    const chosen = this.select.selectedOptions[0];
    const known = this.options.find((o) => o.option === chosen);
    this.input.value = chosen && chosen.value ? chosen.text : "";
    this.input.placeholder = this.empty?.option.text ?? "";
    this.of.textContent = chosen?.value ? known?.hint || known?.group || "" : "";
  }

  matching(typed) {
    const asked = fold(typed).split(/\s+/).filter(Boolean);
    const found = this.options.filter((o) => o.option.value && asked.every((word) => o.text.includes(word)));
    if (!asked.length) return found;
    // Names that hold every word before those found by their district; a group stays together.
    const holds = (o) => (asked.every((word) => o.name.split(" ").some((part) => part.startsWith(word))) ? 0 : 1);
    const best = new Map();
    for (const o of found) {
      o.rank = holds(o);
      best.set(o.group, Math.min(o.rank, best.get(o.group) ?? 1));
    }
    const groups = [...best.keys()];
    return found.sort((a, b) => best.get(a.group) - best.get(b.group)
      || groups.indexOf(a.group) - groups.indexOf(b.group) || a.rank - b.rank);
  }

  open(typed) {
    const found = this.matching(typed);
    this.shown = found.slice(0, MOST);
    this.typed = Boolean(typed.trim());
    this.list.replaceChildren();
    let group = null;
    let part = null;
    this.shown.forEach((o, at) => {
      if (part === null || o.group !== group) {
        group = o.group;
        part = this.list;
        if (group) {
          const head = make("li", { className: "combobox-group", textContent: group, id: `${this.list.id}-g${at}` });
          head.setAttribute("role", "presentation");
          part = make("ul", {});
          part.setAttribute("role", "group");
          part.setAttribute("aria-labelledby", head.id);
          part.append(head);
          const item = make("li", {});
          item.setAttribute("role", "presentation");
          item.append(part);
          this.list.append(item);
        }
      }
      const line = make("li", { id: `${this.list.id}-${at}`, textContent: o.option.text });
      line.setAttribute("role", "option");
      line.setAttribute("aria-selected", "false");
      line.dataset.at = at;
      if (o.option.selected) line.classList.add("is-chosen");
      if (o.hint) line.append(" ", make("small", { textContent: o.hint }));
      part.append(line);
    });
    const left = found.length - this.shown.length;
    const said = found.length ? this.words.found.replace("{n}", found.length) : this.words.none;
    if (!found.length || left > 0) {
      const text = found.length ? this.words.more.replace("{n}", left) : this.words.none;
      const line = make("li", { className: "combobox-none", textContent: text });
      line.setAttribute("role", "presentation");
      this.list.append(line);
    }
    this.status.textContent = said;
    this.list.hidden = false;
    this.input.setAttribute("aria-expanded", "true");
    this.at(this.typed && this.shown.length ? 0 : this.shown.findIndex((o) => o.option.selected));
  }

  close() {
    this.list.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
    this.here = -1;
    this.status.textContent = "";
  }

  at(index) {
    this.list.querySelector("[aria-selected=true]")?.setAttribute("aria-selected", "false");
    this.here = index;
    const line = index < 0 ? null : document.getElementById(`${this.list.id}-${index}`);
    if (!line) {
      this.input.removeAttribute("aria-activedescendant");
      return;
    }
    line.setAttribute("aria-selected", "true");
    line.scrollIntoView({ block: "nearest" });
    this.input.setAttribute("aria-activedescendant", line.id);
  }

  choose(o) {
    const before = this.select.value;
    if (o && this.adds(o)) return;
    if (o) this.select.value = o.option.value;
    this.show();
    this.close();
    if (this.select.value === before) return;
    for (const name of ["input", "change"]) this.select.dispatchEvent(new Event(name, { bubbles: true }));
  }

  // Some choices join a list of codes in another field instead of standing here.
  adds(o) {
    const list = document.getElementById(this.words.addsTo ?? "");
    if (!list || !o.option.value) return false;
    const held = list.value.split(/[\s,;]+/).filter(Boolean);
    if (!held.includes(o.option.value)) held.push(o.option.value);
    list.value = held.join(", ");
    list.dispatchEvent(new Event("input", { bubbles: true }));
    this.show();
    this.close();
    return true;
  }

  // Left with words in the box: nothing clears it, one answer is taken, anything else goes back.
  leave() {
    if (this.list.hidden) {
      if (!this.input.value.trim() && this.empty) this.choose(this.empty);
      else this.show();
      return;
    }
    const found = this.input.value.trim() ? this.matching(this.input.value) : [];
    if (!this.input.value.trim() && this.empty) this.choose(this.empty);
    else if (this.typed && found.length === 1) this.choose(found[0]);
    else this.choose(null);
  }

  key(event) {
    const last = this.list.hidden ? -1 : this.shown.length - 1;
    switch (event.key) {
      case "ArrowDown":
      case "ArrowUp":
        event.preventDefault();
        if (this.list.hidden) {
          this.open("");
          if (this.here < 0 && this.shown.length) this.at(event.key === "ArrowDown" ? 0 : this.shown.length - 1);
        } else if (event.altKey && event.key === "ArrowUp") this.close();
        else if (last >= 0) {
          const step = event.key === "ArrowDown" ? 1 : -1;
          const next = this.here + step;
          this.at(next < 0 ? last : next > last ? 0 : next);
        }
        break;
      case "Enter":
        if (this.list.hidden) return;
        event.preventDefault();
        if (this.here >= 0) this.choose(this.shown[this.here]);
        break;
      case "Escape":
        if (this.list.hidden) {
          if (this.input.value && this.empty) this.choose(this.empty);
        } else {
          event.preventDefault();
          event.stopPropagation();
          this.show();
          this.close();
        }
        break;
      case "Tab":
        if (!this.list.hidden && this.typed && this.here >= 0) this.choose(this.shown[this.here]);
        break;
    }
  }
}

function make(name, told) {
  return Object.assign(document.createElement(name), told);
}

function prepare(root) {
  for (const select of root.querySelectorAll("select[data-combobox]:not([hidden])")) {
    if (select.id && !select.multiple) new Combobox(select);
  }
}
prepare(document);
document.addEventListener("htmx:after:settle", () => prepare(document));
