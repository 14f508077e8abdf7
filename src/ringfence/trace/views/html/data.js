"use strict";
// The data of the page, its words, its times, and which contacts the filter leaves.
const Data = (() => {
  const packed = JSON.parse(document.getElementById("trace").textContent);
  const text = (place) => (place < 0 ? null : packed.texts[place]);
  const texts = (places) => places.map(text);
  const CLASSES = ["close", "general", "second"];

  const contacts = packed.contacts.map((c, index) => ({
    index,
    person: text(c[0]),
    subjects: texts(c[1]),
    cases: texts(c[2]),
    order: c[3],
    class: CLASSES[c[4]],
    gravity: c[4],
    priority: c[5],
    provisional: c[6] === 1,
    first: c[7],
    last: c[8],
    minutes: c[9],
    settings: texts(c[10]),
    rules: texts(c[11]),
    flags: texts(c[12]),
    packedMeasures: c[13],
    release: text(c[14]),
    packedEvidence: c[15],
  }));
  const byPerson = new Map(contacts.map((contact) => [contact.person, contact]));

  function evidence(contact) {
    contact.evidence ??= contact.packedEvidence.map((e) => ({
      case: text(e[0]),
      via: text(e[1]),
      kind: text(e[2]),
      setting: text(e[3]) ?? "",
      place: text(e[4]),
      zone: text(e[5]),
      start: e[6],
      end: e[7],
      minutes: e[8],
      rule: text(e[9]),
      certainty: text(e[10]),
      rows: e[11].map(([of, source, batch, part, row]) => ({
        of: text(of), source: text(source), batch: text(batch), part, row,
      })),
    }));
    return contact.evidence;
  }

  function measures(contact) {
    return contact.packedMeasures.map(([kind, days, start, until, tests]) => ({
      kind: text(kind), days, start: text(start), until: text(until), tests: texts(tests),
    }));
  }

  const vias = (contact) => [...new Set(evidence(contact).map((e) => e.via).filter(Boolean))];

  // Words: pairs of [English, Chinese].
  const language = () => (view.language === "zh" ? 1 : 0);
  const fill = (form, values) => form.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
  const say = (name, values = {}) => fill(packed.words[name][language()], values);
  const term = (list, word) => packed.terms[list][word]?.[language()] ?? word;
  const either = (pair) => pair[language()];
  const listed = (words) => words.join(language() ? "、" : ", ");

  // Times: the home's own clock, whatever zone this browser is in.
  function local(second) {
    let ahead = packed.offsets[0][1];
    for (const [from, offset] of packed.offsets) if (second >= from) ahead = offset;
    return new Date((second + ahead) * 1000);
  }
  const clock = (second) => local(second).toISOString().slice(0, 16).replace("T", " ");
  const years = new Set(contacts.flatMap((c) => [local(c.first).getUTCFullYear(), local(c.last).getUTCFullYear()]));
  const brief = (second) => (years.size > 1 ? clock(second) : clock(second).slice(5));
  function span(start, end) {
    const [first, last] = [brief(start), brief(end)];
    const sameDay = clock(start).slice(0, 10) === clock(end).slice(0, 10);
    return `${first} – ${sameDay ? last.slice(-5) : last}`;
  }
  const figure = (value) => (value === null ? "–" : value.toLocaleString("en", { maximumFractionDigits: 1 }));

  // What is shown: one state for table, timeline and graph.
  const view = {
    language: packed.language, text: "", class: "", order: "", rule: "",
    sort: "priority", descending: false, page: 0, chosen: null, open: new Set(),
  };
  const listeners = [];
  let shown = contacts;

  function haystack(contact) {
    contact.haystack ??= [
      contact.person, ...contact.subjects, ...contact.cases,
      ...evidence(contact).flatMap((e) => [e.via, e.place, e.zone]),
      ...contact.rules.flatMap((rule) => packed.terms.rule[rule] ?? [rule]),
      ...contact.settings.flatMap((setting) => packed.terms.setting[setting] ?? []),
    ].filter(Boolean).join("\n").toLowerCase();
    return contact.haystack;
  }

  const collator = new Intl.Collator("en", { numeric: true });
  const urgency = (a, b) =>
    a.priority - b.priority || a.gravity - b.gravity || a.order - b.order || a.first - b.first ||
    collator.compare(a.person, b.person);
  const joined = (words) => words.join(" ");
  const KEYS = {
    person: (c) => c.person,
    class: (c) => c.gravity,
    order: (c) => c.order,
    cases: (c) => joined(c.cases),
    via: (c) => joined(vias(c)),
    first: (c) => c.first,
    last: (c) => c.last,
    minutes: (c) => c.minutes ?? -1,
    settings: (c) => joined(c.settings.map((setting) => term("setting", setting))),
    rules: (c) => joined(c.rules.map((rule) => term("rule", rule))),
    flags: (c) => joined(c.flags),
    release: (c) => c.release ?? "",
  };

  function sorted(list) {
    const key = KEYS[view.sort];
    const direction = view.descending ? -1 : 1;
    if (!key) return list.sort((a, b) => direction * urgency(a, b));
    const keyed = list.map((contact) => [key(contact), contact]);
    const compare = typeof keyed[0]?.[0] === "number" ? (a, b) => a - b : collator.compare;
    keyed.sort((a, b) => direction * compare(a[0], b[0]) || urgency(a[1], b[1]));
    return keyed.map(([, contact]) => contact);
  }

  function filtered() {
    const words = view.text.toLowerCase().split(/\s+/).filter(Boolean);
    return contacts.filter((contact) =>
      (!view.class || contact.class === view.class) &&
      (!view.order || contact.order === Number(view.order)) &&
      (!view.rule || contact.rules.includes(view.rule)) &&
      words.every((word) => haystack(contact).includes(word)));
  }

  const RESHAPING = ["text", "class", "order", "rule", "sort", "descending", "language"];
  function change(patch) {
    const reshaping = RESHAPING.some((name) => name in patch);
    if (reshaping && !("page" in patch) && !("language" in patch)) view.page = 0;
    Object.assign(view, patch);
    if (reshaping) shown = sorted(filtered());
    for (const listener of listeners) listener(patch, reshaping);
  }
  const onChange = (listener) => listeners.push(listener);

  // Elements are built, never parsed from text: no record can become markup.
  function element(tag, attributes = {}, ...children) {
    const namespace = attributes.xmlns;
    const made = namespace ? document.createElementNS(namespace, tag) : document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
      if (name === "xmlns" || value === null || value === undefined || value === false) continue;
      if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
      else made.setAttribute(name, value === true ? "" : value);
    }
    made.append(...children.flat().filter((child) => child !== null && child !== undefined));
    return made;
  }

  const key = (contact) => element("span", { class: `key ${contact.class}` }, term("class_short", contact.class));

  // One line that says what a bar or a dot stands for; it leads to the evidence.
  function described(contact, piece) {
    const parts = [element("strong", {}, contact.person), " ", key(contact), " · "];
    if (piece) {
      parts.push(`${span(piece.start, piece.end)} · `);
      if (piece.minutes !== null) parts.push(`${say("minutes_short", { n: figure(piece.minutes) })} · `);
      if (piece.place) parts.push(`${piece.place} · `);
      parts.push(`${term("rule", piece.rule)} · ${piece.via ?? piece.case} `);
    } else {
      parts.push(`${listed(contact.rules.map((rule) => term("rule", rule)))} · `);
      parts.push(`${listed([...contact.cases, ...vias(contact)])} `);
    }
    const open = () => change({ reveal: contact });
    parts.push(element("button", { class: "link", type: "button", onclick: open }, say("show_evidence")));
    return parts;
  }

  shown = sorted(filtered());
  return {
    packed, contacts, byPerson, evidence, measures, vias, say, term, either, listed, local, clock, brief,
    span, figure, view, change, onChange, urgency, element, key, described, CLASSES,
    get shown() { return shown; },
  };
})();
