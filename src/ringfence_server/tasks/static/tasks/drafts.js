// A report that is being written stays on this phone through a lost network, for this account and
// this task only, until it was sent, the account signs out, or a day is over. Nothing here is
// needed to send a report.
"use strict";

const KEPT = "ringfence draft ";
const A_DAY = 24 * 3600 * 1000;

function kept(key) {
  try {
    const draft = JSON.parse(localStorage.getItem(KEPT + key));
    return draft && Date.now() - draft.at < A_DAY ? draft : null;
  } catch { return null; }
}

function keep(form) {
  const fields = [...new FormData(form)].filter(([name]) => name !== "csrfmiddlewaretoken");
  try { localStorage.setItem(KEPT + form.dataset.draft, JSON.stringify({ at: Date.now(), fields })); }
  catch { /* no room: the form works without */ }
}

function fill(form, fields) {
  for (const one of form.elements) {
    const told = fields.filter(([name]) => name === one.name).map(([, value]) => value);
    if (one.name === "csrfmiddlewaretoken" || !one.name) continue;
    if (one.type === "checkbox" || one.type === "radio") one.checked = told.includes(one.value);
    else if (told.length) one.value = told[0];
  }
}

for (const key of Object.keys(localStorage)) {
  if (key.startsWith(KEPT) && !kept(key.slice(KEPT.length))) localStorage.removeItem(key);
}
for (const done of document.querySelectorAll("[data-draft-done]")) {
  localStorage.removeItem(KEPT + done.dataset.draftDone);
}
for (const form of document.querySelectorAll("form[data-draft]")) {
  const draft = kept(form.dataset.draft);
  // What the server sends back with its faults is newer than the draft.
  if (draft && !form.querySelector(".faults")) {
    fill(form, draft.fields);
    document.getElementById("draft-kept").hidden = false;
  }
  form.addEventListener("input", () => keep(form));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (form.classList.contains("sending")) return;
    form.classList.add("sending");
    keep(form);
    const offline = document.getElementById("draft-offline");
    try {
      const alive = await fetch(form.dataset.alive, { cache: "no-store", signal: AbortSignal.timeout(8000) });
      if (!alive.ok) throw new Error(alive.status);
      offline.hidden = true;
      form.submit();
    } catch {
      form.classList.remove("sending");
      offline.hidden = false;
      offline.scrollIntoView({ block: "center" });
    }
  });
}
