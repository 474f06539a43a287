// The target field as a combobox: arrows move, Enter takes, Escape closes.
document.addEventListener("DOMContentLoaded", () => {
  const box = document.querySelector("[data-combobox]");
  const field = box && document.getElementById(box.dataset.combobox);
  if (!field) return;
  let at = -1;
  const set = (name, value) => field.setAttribute("aria-" + name, value);
  const mark = (next) => {
    const all = [...box.children];
    at = all.length ? next : -1;
    all.forEach((option, i) => option.setAttribute("aria-selected", i === at));
    set("activedescendant", at < 0 ? "" : all[at].id);
    if (at >= 0) all[at].scrollIntoView({ block: "nearest" });
  };
  const show = (open) => {
    box.hidden = !open;
    set("expanded", open);
    mark(open ? 0 : -1);
  };
  const take = (option) => { field.value = option.dataset.value; show(false); };
  const typed = () => field.value.includes("/") ? "" : field.value.trim();
  field.removeAttribute("list");
  field.setAttribute("role", "combobox");
  set("autocomplete", "list");
  set("controls", box.id);
  show(false);
  box.addEventListener("htmx:configRequest", (event) => {
    if (typed()) event.detail.parameters.q = typed();
    else { event.preventDefault(); show(false); }
  });
  box.addEventListener("htmx:afterSwap", () =>
    show(document.activeElement === field && !!typed() && !!box.children.length));
  field.addEventListener("keydown", (event) => {
    if (box.hidden || event.isComposing) return;
    const count = box.children.length;
    if (event.key === "ArrowDown") mark((at + 1) % count);
    else if (event.key === "ArrowUp") mark((at + count - 1) % count);
    else if (event.key === "Enter") take(box.children[at]);
    else if (event.key === "Escape") show(false);
    else return;
    event.preventDefault();
  });
  field.addEventListener("blur", () => show(false));
  box.addEventListener("mousedown", (event) => {
    event.preventDefault();
    const option = event.target.closest("[role=option]");
    if (option) take(option);
  });
});
