// Only what HTML cannot do: remember the reader's choice of light or dark, and answer the keys.
(() => {
  const root = document.documentElement;
  const chosen = localStorage.getItem("theme") || "";
  if (chosen) root.dataset.theme = chosen;
  const at = (id) => document.getElementById(id);
  const open = (dialog) => { if (dialog && !dialog.open) dialog.showModal(); };

  const find = () => {
    const dialog = at("palette");
    if (!dialog) return;
    open(dialog);
    at("palette-q").select();
    htmx.trigger("#palette-q", "input");
  };
  // Single keys can be switched off: somebody who speaks to the machine would press them by talking (WCAG 2.1.4).
  const single = {
    "/": () => { const field = document.querySelector("[data-search]"); field ? field.focus() : find(); },
    "?": () => open(at("keys")),
  };
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === "k" && at("palette")) {
      event.preventDefault();
      find();
      return;
    }
    const typing = event.target.closest("input, textarea, select, [contenteditable], dialog");
    const act = single[event.key];
    if (!act || typing || event.ctrlKey || event.metaKey || event.altKey || localStorage.getItem("keys") === "off") return;
    event.preventDefault();
    act();
  });
  // A form sent without a connection would be lost to the browser's own error page: it stays, with what was typed.
  // One sent twice within two seconds was pressed twice.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    const again = form.method === "post" && !(event.submitter || form).closest("[hx-get], [hx-post]") && Date.now() - (form.sentAt || 0) < 2000;
    if (navigator.onLine && !again) { form.sentAt = Date.now(); return; }
    event.preventDefault();
    event.stopImmediatePropagation();
    if (!navigator.onLine) at("offline").hidden = false;
  }, true);
  addEventListener("online", () => { if (at("offline")) at("offline").hidden = true; });
  addEventListener("pageshow", () => { for (const form of document.forms) form.sentAt = 0; });
  // Every time says what it is in UTC, too.
  const spoken = document.documentElement.lang, two = "2-digit";
  const written = (moment) =>
    spoken.startsWith("en")
      ? moment.toISOString().slice(0, 16).replace("T", " ")
      : moment.toLocaleString(spoken, { timeZone: "UTC", day: two, month: two, year: "numeric", hour: two, minute: two });
  const utc = () => {
    for (const time of document.querySelectorAll("time[datetime]:not([title])")) {
      const moment = new Date(time.dateTime);
      if (moment.getTime()) time.title = written(moment) + " UTC";
    }
  };
  document.addEventListener("htmx:afterSettle", utc);
  document.addEventListener("DOMContentLoaded", () => {
    utc();
    const link = at("find");
    if (link) link.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      find();
    });
    const keys = at("single-keys");
    if (keys) {
      keys.checked = localStorage.getItem("keys") !== "off";
      keys.addEventListener("change", () =>
        keys.checked ? localStorage.removeItem("keys") : localStorage.setItem("keys", "off"));
    }
    const button = at("theme");
    if (!button) return;
    const show = () => { button.textContent = button.dataset[root.dataset.theme || "auto"]; };
    button.hidden = false;
    show();
    button.addEventListener("click", () => {
      const order = ["", "light", "dark"];
      const next = order[(order.indexOf(root.dataset.theme || "") + 1) % order.length];
      if (next) { root.dataset.theme = next; localStorage.setItem("theme", next); }
      else { delete root.dataset.theme; localStorage.removeItem("theme"); }
      show();
    });
  });
})();
