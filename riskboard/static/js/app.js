// Only what HTML cannot do: remember the reader's choice of light or dark, and answer the keys.
(() => {
  const root = document.documentElement;
  const names = { "": "auto", light: "light", dark: "dark" };
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
  document.addEventListener("DOMContentLoaded", () => {
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
    const show = () => { button.textContent = "Theme: " + names[root.dataset.theme || ""]; };
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
