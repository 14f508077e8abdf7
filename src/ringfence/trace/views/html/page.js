"use strict";
// Head, numbers, questions and crowded venues; puts the parts together, again in another language.
(() => {
  const { element, say, packed } = Data;

  function caseLine(found) {
    const parts = [element("b", {}, found.case), ` ${Data.term("classification", found.classification)}`];
    if (found.provisional) parts.push(" ", element("span", { class: "mark" }, say("provisional_mark")));
    if (found.start === null) parts.push(` · ${say("no_window")}`);
    else {
      const end = Data.clock(found.end ?? packed.as_of) + (found.open_ended ? ` (${say("still_open")})` : "");
      parts.push(` · ${say("window", { from: Data.clock(found.start), to: end })}`);
      parts.push(element("span", { class: "soft" }, ` · ${say("by_anchor", { anchor: Data.term("anchor", found.anchor) })}`));
    }
    return element("li", {}, parts);
  }

  function header() {
    const cases = Data.listed(packed.cases.map((found) => found.case));
    const title = say("title", { cases });
    document.title = `${title} · Ringfence`;
    const protocol = packed.protocol;
    const other = Data.view.language === "zh" ? "en" : "zh";
    const turn = () => {
      Data.change({ language: other });
      build();
      document.querySelector(".language").focus();
    };
    return element("header", {},
      element("div", {}, element("h1", {}, title),
        element("p", { class: "soft" }, `${Data.either(protocol.title)} · ${protocol.id} ${say("version", { n: protocol.version })} · ${say("as_of")} ${Data.clock(packed.as_of)}`)),
      element("button", { class: "language", type: "button", lang: other === "zh" ? "zh-Hans" : "en", title: say("language_hint"), onclick: turn }, say("language")));
  }

  function banners() {
    const said = [];
    if (packed.protocol.draft) said.push(say("draft"));
    if (packed.cases.some((found) => found.provisional)) said.push(say("provisional"));
    return said.map((words) => element("p", { class: "banner" }, words));
  }

  function warnings() {
    if (!packed.warnings.length) return null;
    return element("ul", { class: "warnings", "aria-label": say("warnings") }, packed.warnings.map((pair) => element("li", {}, Data.either(pair))));
  }

  function figures() {
    const count = (name) => Data.contacts.filter((contact) => contact.class === name).length;
    const figure = (value, label, kind) => element("div", {}, element("dt", {}, label), element("dd", { class: kind }, value.toLocaleString("en")));
    return element("dl", { class: "figures" },
      figure(Data.contacts.length, say("all_contacts")),
      Data.CLASSES.map((name) => figure(count(name), Data.term("class_short", name), name)),
      figure(packed.review.length, say("questions")),
      figure(packed.venues.length, say("venues")));
  }

  function people(names) {
    if (!names.length) return "";
    return element("details", {}, element("summary", {}, say("show_people")), element("span", { class: "people" }, Data.listed(names)));
  }

  function review() {
    const when = (item) => (item.start === null || item.end === null ? "" : Data.span(item.start, item.end));
    const rows = packed.review.map((item) => element("tr", {},
      element("td", { class: "wide" }, Data.either(item.question), people(item.people)),
      element("td", { "data-name": say("settles"), class: "number" }, String(item.people.length)),
      element("td", { class: "when" }, when(item))));
    const names = ["question", "settles", "when"];
    return element("section", { id: "review", "aria-labelledby": "review-head" },
      element("div", { class: "section-head" }, element("h2", { id: "review-head" }, say("review"))),
      rows.length ? element("table", { class: "cards" },
        element("thead", {}, element("tr", {}, names.map((name) => element("th", { scope: "col", class: name === "settles" ? "number" : null }, say(name))))),
        element("tbody", {}, rows)) : element("p", { class: "soft" }, say("empty_review")));
  }

  function venues() {
    if (!packed.venues.length) return null;
    const rows = packed.venues.map((venue) => element("tr", {},
      element("td", { class: "wide" }, `${venue.place}${venue.zone ? ` / ${venue.zone}` : ""} · ${Data.term("setting", venue.setting)}`),
      element("td", { "data-name": say("people"), class: "number" }, venue.people.toLocaleString("en")),
      element("td", { "data-name": say("limit"), class: "number" }, String(venue.limit)),
      element("td", { class: "when" }, `${venue.case}${venue.via ? ` › ${venue.via}` : ""} · ${Data.span(venue.start, venue.end)}`)));
    const names = ["place", "people", "limit", "when"];
    return element("section", { id: "venues", "aria-labelledby": "venues-head" },
      element("div", { class: "section-head" }, element("h2", { id: "venues-head" }, say("crowded"))),
      element("table", { class: "cards" },
        element("thead", {}, element("tr", {}, names.map((name) => element("th", { scope: "col", class: name === "people" || name === "limit" ? "number" : null }, say(name))))),
        element("tbody", {}, rows)));
  }

  function footer() {
    const source = packed.protocol.source ? `${say("source")}: ${packed.protocol.source}. ` : "";
    return element("footer", {}, `${source}${say("times_in", { zone: packed.home_zone })} ${say("sequence")} ${packed.lake_sequence}, ${say("engine")} ${packed.engine}.`);
  }

  function build() {
    document.documentElement.lang = Data.view.language === "zh" ? "zh-Hans" : "en";
    const bar = Contacts.filterBar();
    const parts = [
      element("a", { class: "skip", href: "#contacts" }, say("skip")),
      header(), ...banners(),
      element("main", {},
        element("ul", { class: "case-list", "aria-label": say("cases") }, packed.cases.map(caseLine)),
        warnings(), figures(), bar,
        element("div", { class: "pictures" }, Timeline.build(), Graph.build()),
        Contacts.build(),
        element("div", { class: "below" }, review(), venues())),
      footer(),
    ];
    document.getElementById("page").replaceChildren(...parts.filter(Boolean));
    Timeline.fit();
    Graph.fit();
  }

  build();
})();
