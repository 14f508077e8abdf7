"use strict";
// One line per contact on a shared time axis in the home's zone, nights shaded.
const Timeline = (() => {
  const { element, say } = Data;
  const DAY = 86400;
  const BATCH = 60;
  const MOST_NIGHTS = 62;
  let lines = BATCH;
  let box, axis, lanes, more, detail;

  const ends = Data.packed.cases.flatMap((c) => (c.start === null ? [] : [c.start, c.end ?? Data.packed.as_of]));
  let first = ends.length ? Math.min(...ends) : Infinity;
  let last = ends.length ? Math.max(...ends) : -Infinity;
  for (const contact of Data.contacts) {
    first = Math.min(first, contact.first);
    last = Math.max(last, contact.last);
  }
  if (first >= last) [first, last] = [Data.packed.as_of - DAY, Data.packed.as_of];
  const share = (second) => `${(100 * (second - first)) / (last - first)}%`;

  // The clock may change within the span, so each midnight is looked for, not counted.
  function midnights() {
    const found = [];
    let at = first;
    while (at <= last + DAY) {
      const there = Data.local(at);
      const into = there.getUTCHours() * 3600 + there.getUTCMinutes() * 60 + there.getUTCSeconds();
      const candidate = at - into;
      const turned = Data.local(candidate).getUTCHours();
      const midnight = turned === 0 ? candidate : candidate + (turned > 12 ? 24 - turned : -turned) * 3600;
      if (found.at(-1) !== midnight) found.push(midnight);
      at = midnight + 1.5 * DAY;
    }
    return found;
  }

  function place(piece, start, end) {
    const from = Math.max(start, first);
    const to = Math.min(Math.max(end, from), last);
    piece.style.left = share(from);
    piece.style.width = `${(100 * (to - from)) / (last - first)}%`;
    return piece;
  }

  function bands() {
    const days = midnights();
    const layer = element("div", { class: "bands", "aria-hidden": "true" });
    if (days.length <= MOST_NIGHTS) {
      for (const day of days) {
        const [from, to] = [Math.max(day - 4 * 3600, first), Math.min(day + 6 * 3600, last)];
        if (to > from) layer.append(place(element("i"), from, to));
      }
    }
    const every = Math.max(1, Math.ceil(days.length / 40));
    for (const [number, day] of days.entries()) {
      if (number % every || day < first || day > last) continue;
      const line = element("b");
      line.style.left = share(day);
      layer.append(line);
    }
    return layer;
  }

  function drawAxis() {
    const marks = element("div");
    axis.replaceChildren(marks);
    const days = midnights().filter((day) => day < last);
    const room = Math.max(2, Math.floor((marks.clientWidth || 600) / 52));
    const every = Math.max(1, Math.ceil(days.length / room));
    for (const [number, day] of days.entries()) {
      if (number % every || day < first) continue;
      const label = element("span", {}, Data.clock(day).slice(5, 10));
      label.style.left = share(day);
      marks.append(label);
    }
  }

  function windowLane(found) {
    const track = element("div", { class: "track" });
    if (found.start !== null) {
      const end = found.end ?? Data.packed.as_of;
      const title = say("window", { from: Data.clock(found.start), to: Data.clock(end) });
      track.append(place(element("div", { class: "bar window", title }), found.start, end));
    }
    const name = element("span", { class: "name", title: found.case }, `${say("case")} ${found.case}`);
    return element("div", { class: "lane window-lane" }, name, track);
  }

  function lane(contact) {
    const track = element("div", { class: "track" });
    for (const piece of Data.evidence(contact)) {
      const kind = piece.minutes === null ? "relation" : piece.certainty === "assumed" ? "assumed" : "";
      const explain = () => choose(contact, piece);
      const title = `${contact.person} · ${Data.span(piece.start, piece.end)} · ${Data.term("rule", piece.rule)}`;
      const bar = element("div", { class: `bar ${contact.class} ${kind}`, title, onclick: explain, onmouseenter: () => tell(contact, piece) });
      track.append(place(bar, piece.start, piece.end));
    }
    const name = element(
      "button", { class: "plain", type: "button", title: contact.person, onclick: () => choose(contact), onfocus: () => tell(contact) },
      contact.person,
    );
    return element("div", { class: "lane", "data-person": contact.person }, name, track);
  }

  function tell(contact, piece) {
    detail.replaceChildren(...Data.described(contact, piece));
  }

  function choose(contact, piece) {
    Data.change({ chosen: contact });
    tell(contact, piece);
  }

  function draw() {
    const drawn = Data.shown.slice(0, lines);
    lanes.replaceChildren(bands(), ...Data.packed.cases.map(windowLane), ...drawn.map(lane));
    const left = Data.shown.length - drawn.length;
    more.hidden = left <= 0;
    more.textContent = say("more_lines", { n: Math.min(BATCH, left), of: Data.shown.length });
    mark();
  }

  function mark() {
    for (const line of lanes.querySelectorAll(".lane[data-person]")) {
      line.classList.toggle("chosen", line.dataset.person === Data.view.chosen?.person);
    }
  }

  function build() {
    axis = element("div", { class: "axis", "aria-hidden": "true" });
    lanes = element("div", { class: "lanes" });
    more = element("button", { class: "more", type: "button", onclick: () => { lines += BATCH; draw(); } });
    detail = element("p", { class: "detail", "aria-live": "polite" }, say("timeline_hint"));
    const scroll = element("div", { class: "scroll", tabindex: "0", role: "group", "aria-label": say("timeline") }, axis, lanes);
    box = element("section", { id: "timeline", "aria-labelledby": "timeline-head" },
      element("div", { class: "section-head" }, element("h2", { id: "timeline-head" }, say("timeline"))),
      element("div", { class: "pane timeline" }, scroll, more),
      detail);
    draw();
    return box;
  }

  Data.onChange((patch, reshaping) => {
    if ("language" in patch || !box) return;
    if (reshaping) { lines = BATCH; draw(); }
    else if ("chosen" in patch) mark();
  });
  window.addEventListener("resize", () => axis && drawAxis());
  return { build, fit: drawAxis };
})();
