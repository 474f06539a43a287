// Only what HTML cannot do: remember the reader's choice of light or dark.
(() => {
  const root = document.documentElement;
  const names = { "": "auto", light: "light", dark: "dark" };
  const chosen = localStorage.getItem("theme") || "";
  if (chosen) root.dataset.theme = chosen;
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
