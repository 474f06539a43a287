// Only what HTML cannot do: remember the reader's choice of light or dark, and lead "/" to the page's search.
(() => {
  const root = document.documentElement;
  const names = { "": "auto", light: "light", dark: "dark" };
  const chosen = localStorage.getItem("theme") || "";
  if (chosen) root.dataset.theme = chosen;
  document.addEventListener("keydown", (event) => {
    const field = document.querySelector("[data-search]");
    const typing = event.target.closest("input, textarea, select, [contenteditable]");
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || typing || !field) return;
    event.preventDefault();
    field.focus();
  });
  document.addEventListener("DOMContentLoaded", () => {
    const button = document.getElementById("theme");
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
