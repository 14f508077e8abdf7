// What makes the pages handier where scripts run. Nothing here is needed to use them.
"use strict";

// A form is sent once: a second press while the first is on its way does nothing.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.classList.contains("sending")) { event.preventDefault(); return; }
  if (event.defaultPrevented || form.method !== "post") return;
  form.classList.add("sending");
});
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form.sending")) form.classList.remove("sending");
});

// The menu closes by Escape and by a press beside it.
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
  const close = event.target.closest("[data-close]");
  if (close) close.closest(".notice").remove();
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});
for (const button of document.querySelectorAll("[data-close], [data-print]")) button.hidden = false;
for (const button of document.querySelectorAll("[data-print]")) {
  button.addEventListener("click", () => window.print());
}

// What was being written by whoever signs out does not stay on the machine.
document.addEventListener("submit", (event) => {
  if (!event.target.action.endsWith("/account/sign-out/")) return;
  for (const key of Object.keys(localStorage)) {
    if (key.startsWith("ringfence draft ")) localStorage.removeItem(key);
  }
});
