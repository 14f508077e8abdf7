"use strict";
// The table of contacts: sorted by any column, filtered, a page at a time, evidence beneath each.
const Contacts = (() => {
  const { element, say, view } = Data;
  const PAGE = 50;
  const MOST_PRINTED = 2000;
  const COLUMNS = ["person", "class", "order", "cases", "via", "first", "last", "minutes", "settings", "rules", "flags", "release"];
  let box, head, body, pager, count, sortBy, size = PAGE;

  const LOOKS = {
    order: "number only-wide", first: "when first", last: "when only-wide", minutes: "number",
    cases: Data.packed.cases.length === 1 ? "only-wide" : null, settings: "only-wide", rules: "wide", release: "when",
  };

  const title = (column) => say(column);
  // A number of a person is not broken at its hyphen unless it is long.
  const whole = (names) => names.flatMap((name, at) => [at ? ", " : "", element("span", { class: name.length < 18 ? "whole" : null }, name)]);

  function cell(contact, column) {
    const words = {
      order: () => String(contact.order),
      cases: () => whole(contact.cases),
      via: () => whole(Data.vias(contact)),
      first: () => Data.brief(contact.first),
      last: () => Data.brief(contact.last),
      minutes: () => Data.figure(contact.minutes),
      settings: () => Data.listed(contact.settings.map((word) => Data.term("setting", word))),
      rules: () => Data.listed(contact.rules.map((word) => Data.term("rule", word))),
      release: () => contact.release ?? "",
    }[column];
    const about = { "data-name": title(column === "first" ? "first_short" : column), class: LOOKS[column] };
    if (column === "class") return element("td", {}, Data.key(contact));
    if (column !== "flags") return element("td", about, words());
    const marks = contact.flags.map((word) => Data.term("flag", word));
    if (contact.provisional) marks.push(say("provisional_mark"));
    return element("td", { class: "wide" }, marks.flatMap((word) => [element("span", { class: "mark" }, word), " "]));
  }

  function line(contact) {
    const open = view.open.has(contact.person);
    const name = element("button", {
      class: "plain person", type: "button", "aria-expanded": String(open),
      "aria-controls": `evidence-${contact.index}`, onclick: () => toggle(contact),
    }, contact.person);
    const row = element("tr", { id: `contact-${contact.index}`, class: view.chosen === contact ? "chosen" : null },
      element("td", {}, name), COLUMNS.slice(1).map((column) => cell(contact, column)));
    return open ? [row, evidenceLine(contact)] : [row];
  }

  function source(row) {
    const file = Data.packed.files[row.batch]?.[row.part] ?? row.source;
    const short = element("code", { title: row.batch }, say("batch", { batch: row.batch.slice(0, 8) }));
    const told = file === row.source ? "" : ` (${row.source})`;
    return element("li", {}, `${Data.term("of", row.of)}: ${say("row", { source: file, row: row.row })}${told}, `, short);
  }

  function evidenceLine(contact) {
    const names = ["kind", "place", "when", "minutes", "rule", "certainty", "rows"];
    const pieces = Data.evidence(contact).map((piece) => element("tr", {},
      element("td", {}, `${Data.term("kind", piece.kind)} · ${piece.case}${piece.via ? ` › ${piece.via}` : ""}`),
      element("td", { "data-name": say("place"), class: "wide" }, [piece.place, piece.zone && say("zone", { n: piece.zone }), Data.term("setting", piece.setting)].filter(Boolean).join(" · ")),
      element("td", { "data-name": say("when"), class: "when wide" }, Data.span(piece.start, piece.end)),
      element("td", { "data-name": say("minutes"), class: "number" }, Data.figure(piece.minutes)),
      element("td", { "data-name": say("rule"), class: "wide" }, `${Data.term("rule", piece.rule)} (${piece.rule})`),
      element("td", { "data-name": say("certainty") }, Data.term("certainty", piece.certainty)),
      element("td", { class: "wide" }, element("ul", { class: "rows" }, piece.rows.map(source)))));
    const told = [];
    if (contact.subjects.length > 1) told.push(`${say("also_known_as")}: ${Data.listed(contact.subjects)}`);
    for (const ordered of Data.measures(contact)) {
      const tests = ordered.tests.length ? `, ${say("tests")} ${Data.listed(ordered.tests.map((day) => day.slice(5)))}` : "";
      told.push(`${Data.term("measure", ordered.kind)}: ${say("days", { n: ordered.days })}, ${ordered.start} – ${ordered.until}${tests}`);
    }
    return element("tr", { class: "evidence", id: `evidence-${contact.index}` },
      element("td", { colspan: COLUMNS.length },
        element("div", {}, element("table", { class: "cards", "aria-label": say("evidence_of", { person: contact.person }) },
          element("thead", {}, element("tr", {}, names.map((name) => element("th", { scope: "col", class: name === "minutes" ? "number" : null }, say(name))))),
          element("tbody", {}, pieces)),
          told.map((words) => element("p", { class: "hint" }, words)))));
  }

  function toggle(contact) {
    if (!view.open.delete(contact.person)) view.open.add(contact.person);
    Data.change({ chosen: contact, opened: contact });
  }

  function sortOn(column) {
    Data.change({ sort: column, descending: view.sort === column ? !view.descending : false });
  }

  function drawHead() {
    head.replaceChildren(...COLUMNS.map((column) => {
      const state = view.sort === column ? (view.descending ? "descending" : "ascending") : "none";
      const button = element("button", { class: "plain", type: "button", "data-sort": column, onclick: () => sortOn(column) }, title(column));
      return element("th", { scope: "col", "aria-sort": state, class: column === "minutes" || column === "order" ? "number" : null }, button);
    }));
  }

  function drawBody() {
    const pages = Math.max(1, Math.ceil(Data.shown.length / size));
    view.page = Math.min(view.page, pages - 1);
    const part = Data.shown.slice(view.page * size, (view.page + 1) * size);
    const nothing = Data.contacts.length ? "none_left" : "no_contacts";
    body.replaceChildren(...(part.length ? part.flatMap(line) : [element("tr", {}, element("td", { colspan: COLUMNS.length }, say(nothing)))]));
    const turn = (by) => {
      Data.change({ page: view.page + by });
      box.scrollIntoView({ block: "start" });
    };
    pager.hidden = pages === 1;
    pager.replaceChildren(
      element("button", { type: "button", disabled: view.page === 0, onclick: () => turn(-1) }, say("previous")),
      element("span", {}, say("page", { n: view.page + 1, of: pages })),
      element("button", { type: "button", disabled: view.page >= pages - 1, onclick: () => turn(1) }, say("next")));
    count.textContent = say("shown", { n: Data.shown.length.toLocaleString("en"), of: Data.contacts.length.toLocaleString("en") });
  }

  // Keeps the focus on the header or name that was pressed although the row is made anew.
  function draw() {
    const held = document.activeElement;
    const again = held?.dataset?.sort ? `[data-sort="${held.dataset.sort}"]` : held?.getAttribute?.("aria-controls") ? `[aria-controls="${held.getAttribute("aria-controls")}"]` : null;
    drawHead();
    drawBody();
    if (again) box.querySelector(again)?.focus();
  }

  function reveal(contact) {
    let at = Data.shown.indexOf(contact);
    if (at < 0) {
      Data.change({ text: "", class: "", order: "", rule: "", cleared: true });
      at = Data.shown.indexOf(contact);
    }
    view.open.add(contact.person);
    Data.change({ page: Math.floor(at / size), chosen: contact });
    const row = document.getElementById(`contact-${contact.index}`);
    row.scrollIntoView({ block: "center" });
    row.querySelector("button").focus({ preventScroll: true });
  }

  function showState() {
    for (const name of ["text", "class", "order", "rule"]) document.getElementById(`filter-${name}`).value = view[name];
    sortBy.value = `${view.sort} ${view.descending ? "down" : "up"}`;
  }

  function filterBar() {
    const choice = (name, every, options) => element("select", {
      "aria-label": say(name), id: `filter-${name}`, onchange: (event) => Data.change({ [name]: event.target.value }),
    }, element("option", { value: "" }, say(every)), options.map(([value, label]) => element("option", { value, selected: view[name] === value }, label)));
    let waiting = 0;
    const search = element("input", {
      type: "search", id: "filter-text", placeholder: say("search"), "aria-label": say("search_label"), value: view.text, autocomplete: "off",
      oninput: (event) => {
        clearTimeout(waiting);
        waiting = setTimeout(() => Data.change({ text: event.target.value }), 120);
      },
    });
    const used = new Set(Data.contacts.flatMap((contact) => contact.rules));
    const orders = [...new Set(Data.contacts.map((contact) => contact.order))].sort();
    sortBy = element("select", { class: "only-narrow", "aria-label": say("sort_by"), id: "sort-by", onchange: (event) => {
      const [column, way] = event.target.value.split(" ");
      Data.change({ sort: column, descending: way === "down" });
    } }, ["priority", ...COLUMNS].flatMap((column) => [
      element("option", { value: `${column} up`, selected: view.sort === column && !view.descending }, `${say("sort_by")}: ${title(column)} ↑`),
      element("option", { value: `${column} down`, selected: view.sort === column && view.descending }, `${say("sort_by")}: ${title(column)} ↓`),
    ]));
    count = element("span", { class: "count", role: "status" });
    return element("div", { class: "filter", role: "search", "aria-label": say("filter") }, search,
      choice("class", "every_class", Data.CLASSES.map((name) => [name, Data.term("class", name)])),
      choice("order", "every_order", orders.map((order) => [String(order), say("ring", { n: order })])),
      choice("rule", "every_rule", Object.keys(Data.packed.terms.rule).filter((rule) => used.has(rule)).map((rule) => [rule, Data.term("rule", rule)])),
      sortBy,
      element("button", { type: "button", onclick: () => Data.change({ text: "", class: "", order: "", rule: "", sort: "priority", descending: false, cleared: true }) }, say("clear")),
      count);
  }

  function build() {
    head = element("tr");
    body = element("tbody");
    pager = element("nav", { class: "pager", "aria-label": say("page", { n: "", of: "" }) });
    box = element("section", { id: "contacts", tabindex: "-1", "aria-labelledby": "contacts-head" },
      element("div", { class: "section-head" }, element("h2", { id: "contacts-head" }, say("contacts"))),
      element("table", { class: "contacts cards" }, element("thead", {}, head), body), pager);
    draw();
    return box;
  }

  Data.onChange((patch) => {
    if ("language" in patch || !box) return;
    if (patch.reveal) return reveal(patch.reveal);
    if (patch.cleared || patch.sort) showState();
    return draw();
  });
  window.addEventListener("beforeprint", () => { size = MOST_PRINTED; view.page = 0; drawBody(); });
  window.addEventListener("afterprint", () => { size = PAGE; drawBody(); });
  return { build, filterBar };
})();
