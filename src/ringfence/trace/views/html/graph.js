"use strict";
// Who met whom: cases in the middle, ring 1 around them, ring 2 outside, each beside its via.
const Graph = (() => {
  const { element, say } = Data;
  const SVG = "http://www.w3.org/2000/svg";
  const MOST = 1000;
  const MOST_LABELS = 60;
  let box, picture, world, detail, count, nodes, edges, order, frame, whole;

  const svg = (tag, attributes, ...children) => element(tag, { xmlns: SVG, ...attributes }, ...children);

  // Which people are drawn, and through whom. A via that the filter hides is drawn as a ghost.
  function gather() {
    nodes = new Map();
    edges = new Map();
    for (const found of Data.packed.cases) nodes.set(`case ${found.case}`, { id: `case ${found.case}`, name: found.case, ring: 0, below: [] });
    const drawn = [...Data.shown].sort(Data.urgency).slice(0, MOST);
    const add = (contact, ghost) => {
      const known = nodes.get(contact.person);
      if (known) { known.ghost &&= ghost; return known; }
      const node = { id: contact.person, name: contact.person, contact, ring: contact.order, ghost, below: [] };
      nodes.set(node.id, node);
      for (const piece of Data.evidence(contact)) {
        let above = `case ${piece.case}`;
        if (piece.via) {
          const via = Data.byPerson.get(piece.via);
          if (via) above = add(via, true).id;
        }
        if (!nodes.has(above) || above === node.id) continue;
        const main = !node.above && (contact.order === 1) === !piece.via;
        if (main) { node.above = nodes.get(above); node.above.below.push(node); }
        const name = `${above}\n${node.id}`;
        if (!edges.has(name)) edges.set(name, { from: nodes.get(above), to: node, main });
      }
      return node;
    };
    for (const contact of drawn) add(contact, false);
    return drawn.length;
  }

  // Every node gets a share of the circle by the leaves outside of it; crowded rings get tiers.
  function arrange() {
    const leaves = (node) => (node.weight = node.below.length ? node.below.reduce((sum, n) => sum + leaves(n), 0) : 1);
    const roots = [...nodes.values()].filter((node) => node.ring === 0);
    const total = roots.reduce((sum, node) => sum + leaves(node), 0);
    const dense = total > MOST_LABELS;
    const gap = dense ? 9 : 15;
    const outer = [...nodes.values()].some((node) => node.ring === 2);
    const tiers = Math.max(1, Math.ceil((total * gap) / (2 * Math.PI * 260)));
    const thick = tiers * gap;
    const middle = roots.length > 1 ? 34 + 7 * roots.length : 0;
    const inner = Math.max(middle + 60, (total * gap) / tiers / (2 * Math.PI) * (outer ? 0.75 : 1));
    const far = inner + thick + Math.max(dense ? 50 : 78, inner * 0.45);
    const seen = [0, 0, 0];
    const settle = (node, from, to) => {
      const radius = node.ring === 0 ? middle : (node.ring === 1 ? inner : far) + (seen[node.ring]++ % tiers) * gap;
      node.angle = (from + to) / 2;
      node.x = radius * Math.cos(node.angle);
      node.y = radius * Math.sin(node.angle);
      let at = from;
      for (const child of node.below.sort((a, b) => a.ring - b.ring)) {
        const upTo = at + ((to - from) * child.weight) / node.weight;
        settle(child, at, upTo);
        at = upTo;
      }
    };
    let at = -Math.PI / 2;
    for (const root of roots) {
      const upTo = at + (2 * Math.PI * root.weight) / total;
      settle(root, at, upTo);
      at = upTo;
    }
    const margin = dense ? 14 : 60;
    const [xs, ys] = [[...nodes.values()].map((node) => node.x), [...nodes.values()].map((node) => node.y)];
    const reach = (values) => [Math.min(...values) - margin, Math.max(...values) + margin];
    const [[left, right], [top, bottom]] = [reach(xs), reach(ys)];
    const size = Math.max(right - left, bottom - top);
    whole = { x: (left + right - size) / 2, y: (top + bottom - size) / 2, size };
    return dense;
  }

  function shape(node, radius) {
    if (node.ring === 0) return svg("rect", { class: "shape", x: -1.5 * radius, y: -1.5 * radius, width: 3 * radius, height: 3 * radius, rx: 1 });
    if (node.contact.class === "second") return svg("rect", { class: "shape", x: -radius, y: -radius, width: 2 * radius, height: 2 * radius, transform: "rotate(45) scale(.85)" });
    return svg("circle", { class: "shape", r: radius });
  }

  function drawNode(node, radius) {
    const kind = node.ring === 0 ? "case" : node.contact.class;
    const group = svg("g", { class: `node ${kind}${node.ghost ? " ghost" : ""}`, transform: `translate(${node.x.toFixed(1)} ${node.y.toFixed(1)})` });
    group.append(svg("title", {}, node.ring === 0 ? `${say("case")} ${node.name}` : `${node.name} · ${Data.term("class", kind)}`));
    group.append(svg("g", { class: "body" }, svg("circle", { class: "hit", r: 2.2 * radius }), shape(node, radius)));
    group.addEventListener("click", () => choose(node));
    node.drawn = group;
    return group;
  }

  function drawEdge(edge) {
    const { from, to } = edge;
    const bend = 0.35;
    const x = from.x + (to.x - from.x) * 0.5 + (to.x * 0.5 - from.x * 0.5) * bend * (from.ring ? 0 : 0.4);
    const y = from.y + (to.y - from.y) * 0.5 + (to.y * 0.5 - from.y * 0.5) * bend * (from.ring ? 0 : 0.4);
    edge.drawn = svg("path", {
      class: `edge${edge.main ? "" : " other"}`,
      d: `M${from.x.toFixed(1)} ${from.y.toFixed(1)}Q${x.toFixed(1)} ${y.toFixed(1)} ${to.x.toFixed(1)} ${to.y.toFixed(1)}`,
    });
    return edge.drawn;
  }

  function draw() {
    const drawn = gather();
    const dense = arrange();
    const radius = dense ? 3.2 : 5;
    order = [...nodes.values()].sort((a, b) => a.ring - b.ring || a.angle - b.angle);
    world = svg("g", { class: dense ? "many" : "" });
    world.append(...[...edges.values()].map(drawEdge), ...order.map((node) => drawNode(node, radius)));
    picture.replaceChildren(world);
    const form = drawn < Data.shown.length ? "drawn_most_urgent" : "drawn";
    count.textContent = say(form, { n: drawn.toLocaleString("en"), of: Data.shown.length.toLocaleString("en") });
    look({ ...whole });
    mark();
  }

  function look(next) {
    frame = next;
    // Dots grow slower than the distances between them, so zooming in makes room.
    world.style.setProperty("--grow", ((frame.size / whole.size) ** 0.6).toFixed(3));
    picture.setAttribute("viewBox", `${frame.x} ${frame.y} ${frame.size} ${frame.size}`);
    box?.querySelector(".graph").classList.toggle("near", frame.size < whole.size * 0.98);
    labels();
  }

  // Names where there is room for them: all at forty people, those in sight when zoomed in.
  function labels() {
    const inside = order.filter((n) => n.x > frame.x && n.x < frame.x + frame.size && n.y > frame.y && n.y < frame.y + frame.size);
    const named = new Set(inside.length <= MOST_LABELS ? inside : order.filter((n) => n.ring === 0));
    const chosen = Data.view.chosen && nodes.get(Data.view.chosen.person);
    if (chosen) named.add(chosen);
    const size = frame.size / Math.max(1, Math.min(picture.clientWidth || 460, picture.clientHeight || 460)) * 11;
    const most = order.length <= MOST_LABELS ? whole.size * 0.026 : size;
    for (const node of order) {
      node.drawn.querySelector("text")?.remove();
      if (!named.has(node)) continue;
      const turned = Math.cos(node.angle) < 0;
      const crowded = order.length > MOST_LABELS;
      const degrees = crowded ? 0 : (node.angle * 180) / Math.PI + (turned ? 180 : 0);
      const upright = node.ring === 0;
      const away = (turned ? -1 : 1) * (crowded ? size * 0.9 : 10);
      const name = node.name.length > 12 ? `${node.name.slice(0, 11)}…` : node.name;
      node.drawn.append(svg("text", {
        "font-size": Math.min(size, Math.max(most, 5)).toFixed(2),
        "stroke-width": (size / 4).toFixed(2),
        "text-anchor": upright ? "middle" : turned ? "end" : "start",
        transform: upright ? `translate(0 ${crowded ? -size : -14})` : `rotate(${degrees.toFixed(1)}) translate(${away} 0)`,
      }, name));
    }
  }

  function mark() {
    const chosen = Data.view.chosen ? nodes.get(Data.view.chosen.person) : null;
    for (const node of order) node.drawn.classList.toggle("chosen", node === chosen);
    for (const edge of edges.values()) {
      const touches = chosen && (edge.to === chosen || edge.from === chosen || (edge.main && edge.to === chosen.above));
      edge.drawn.classList.toggle("chosen", Boolean(touches));
    }
    labels();
  }

  function choose(node) {
    if (!node.contact) return;
    Data.change({ chosen: node.contact });
    detail.replaceChildren(...Data.described(node.contact));
  }

  function zoom(factor) {
    const size = Math.min(whole.size, Math.max(whole.size / 24, frame.size * factor));
    if (size === whole.size) return look({ ...whole });
    const chosen = factor < 1 && Data.view.chosen && nodes.get(Data.view.chosen.person);
    const middle = chosen || { x: frame.x + frame.size / 2, y: frame.y + frame.size / 2 };
    return look({ x: middle.x - size / 2, y: middle.y - size / 2, size });
  }

  function step(event) {
    const by = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (event.key === "+" || event.key === "=") zoom(0.7);
    else if (event.key === "-") zoom(1.4);
    else if (event.key === "Enter" && Data.view.chosen) Data.change({ reveal: Data.view.chosen });
    else if (by) {
      const people = order.filter((node) => node.contact);
      if (!people.length) return;
      const at = people.findIndex((node) => node.contact === Data.view.chosen);
      choose(people[(at < 0 ? (by > 0 ? 0 : people.length - 1) : at + by + people.length) % people.length]);
    } else return;
    event.preventDefault();
  }

  function drag() {
    let held = null;
    picture.addEventListener("pointerdown", (event) => { held = { x: event.clientX, y: event.clientY, frame, moved: false }; });
    picture.addEventListener("pointermove", (event) => {
      if (!held) return;
      const [dx, dy] = [event.clientX - held.x, event.clientY - held.y];
      if (!held.moved && Math.hypot(dx, dy) < 5) return;
      if (!held.moved) picture.setPointerCapture(event.pointerId); // not before: it would swallow clicks
      held.moved = true;
      picture.classList.add("dragged");
      const unit = held.frame.size / Math.min(picture.clientWidth, picture.clientHeight);
      look({ ...held.frame, x: held.frame.x - dx * unit, y: held.frame.y - dy * unit });
    });
    for (const end of ["pointerup", "pointercancel"]) {
      picture.addEventListener(end, () => { held = null; picture.classList.remove("dragged"); });
    }
    picture.addEventListener("wheel", (event) => {
      if (!event.ctrlKey) return; // the page scrolls otherwise
      event.preventDefault();
      zoom(event.deltaY > 0 ? 1.15 : 0.87);
    }, { passive: false });
  }

  function build() {
    const button = (label, name, act) => element("button", { type: "button", "aria-label": say(name), title: say(name), onclick: act }, label);
    count = element("span", { class: "hint", role: "status" });
    picture = svg("svg", { tabindex: "0", role: "application", "aria-label": `${say("graph")}. ${say("graph_hint")}`, preserveAspectRatio: "xMidYMid meet" });
    picture.addEventListener("keydown", step);
    detail = element("p", { class: "detail", "aria-live": "polite" }, say("graph_hint"));
    const legend = element("div", { class: "legend" },
      element("span", { class: "key case" }, say("case")),
      Data.CLASSES.map((name) => element("span", { class: `key ${name}` }, Data.term("class_short", name))));
    box = null;
    draw();
    box = element("section", { id: "graph", "aria-labelledby": "graph-head" },
      element("div", { class: "section-head" },
        element("h2", { id: "graph-head" }, say("graph")), count,
        element("div", { class: "tools" },
          button("+", "zoom_in", () => zoom(0.6)), button("−", "zoom_out", () => zoom(1.6)), button("○", "zoom_all", () => look({ ...whole })))),
      element("div", { class: "pane graph" }, picture, legend),
      detail);
    drag();
    return box;
  }

  Data.onChange((patch, reshaping) => {
    if ("language" in patch || !box) return;
    if (reshaping && !("sort" in patch) && !("descending" in patch)) draw();
    else if ("chosen" in patch) mark();
  });
  return { build, fit: () => picture && labels() };
})();
