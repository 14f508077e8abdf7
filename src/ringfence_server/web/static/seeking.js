// The key / goes to the search; fields of units and accounts suggest what may be meant.
// Without scripts they are plain fields: a code or a user name is typed.
"use strict";

document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (event.target.closest("input, textarea, select, [contenteditable]")) return;
  const box = [...document.querySelectorAll("[data-seek]")].find((one) => one.checkVisibility());
  if (!box) return;
  event.preventDefault();
  box.focus();
  box.select();
});

const WAIT = 150; // milliseconds after the last key

class Picker {
  constructor(input) {
    this.input = input;
    this.asked = 0;
    this.active = -1;
    this.list = document.createElement("ul");
    this.list.id = `${input.id}-found`;
    this.list.className = "picks";
    this.list.setAttribute("role", "listbox");
    const label = document.querySelector(`label[for="${input.id}"]`);
    if (label) this.list.setAttribute("aria-label", label.firstChild.textContent.trim());
    this.list.hidden = true;
    const around = document.createElement("div");
    around.className = "picking";
    input.replaceWith(around);
    around.append(input, this.list);
    for (const [name, value] of Object.entries({
      role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false",
      "aria-controls": this.list.id, autocomplete: "off", autocapitalize: "off", spellcheck: "false",
    })) input.setAttribute(name, value);
    input.addEventListener("input", (event) => { if (!event.isComposing) this.later(); });
    input.addEventListener("compositionend", () => this.later());
    input.addEventListener("keydown", (event) => this.key(event));
    input.addEventListener("blur", () => this.close());
    this.list.addEventListener("mousedown", (event) => {
      event.preventDefault();
      const option = event.target.closest("[role=option]");
      if (option) this.pick(option);
    });
  }

  later() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.ask(), WAIT);
  }

  async ask() {
    const mine = ++this.asked;
    const text = this.input.value.trim();
    const token = this.input.form && this.input.form.elements.csrfmiddlewaretoken;
    if (!text || !token) { this.close(); return; }
    const sent = new URLSearchParams({ text, what: this.input.dataset.pick, csrfmiddlewaretoken: token.value });
    let found = [];
    try {
      const answer = await fetch("/search/suggest/", { method: "POST", body: sent, credentials: "same-origin" });
      if (answer.ok) found = (await answer.json()).found;
    } catch { found = []; } // without network it is a plain field
    if (mine === this.asked && document.activeElement === this.input) this.show(found);
  }

  show(found) {
    this.list.replaceChildren(...found.map((one, n) => {
      const option = document.createElement("li");
      option.id = `${this.list.id}-${n}`;
      option.setAttribute("role", "option");
      option.setAttribute("aria-selected", "false");
      option.dataset.value = one.value;
      const name = document.createElement("span");
      name.textContent = one.text;
      const about = document.createElement("span");
      about.className = "soft";
      about.textContent = one.about;
      option.append(name, " ", about);
      return option;
    }));
    this.active = -1;
    this.list.hidden = !found.length;
    this.input.setAttribute("aria-expanded", String(found.length > 0));
    this.input.removeAttribute("aria-activedescendant");
  }

  key(event) {
    if (event.isComposing || this.list.hidden) return;
    const options = [...this.list.children];
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      const step = event.key === "ArrowDown" ? 1 : -1;
      const from = this.active < 0 && step < 0 ? 0 : this.active;
      this.mark(options, (from + step + options.length) % options.length);
    } else if (event.key === "Enter" && this.active >= 0) {
      this.pick(options[this.active]);
    } else if (event.key === "Escape") {
      this.close();
    } else return;
    event.preventDefault();
  }

  mark(options, active) {
    this.active = active;
    options.forEach((one, n) => one.setAttribute("aria-selected", String(n === active)));
    this.input.setAttribute("aria-activedescendant", options[active].id);
    options[active].scrollIntoView({ block: "nearest" });
  }

  pick(option) {
    this.input.value = option.dataset.value;
    this.close();
  }

  close() {
    this.asked++;
    clearTimeout(this.timer);
    this.show([]);
  }
}

for (const input of document.querySelectorAll("input[data-pick]")) new Picker(input);
