// A field with a list: arrows move, Enter takes, Escape closes.
const combobox = (box) => {
  const field = document.getElementById(box.dataset.combobox);
  const { always } = box.dataset;
  const list = box.children;
  let at;
  const set = (name, value) => field.setAttribute(name, value);
  const mark = (next) => {
    at = list.length ? next : -1;
    for (const option of list) option.ariaSelected = option === list[at];
    set("aria-activedescendant", list[at]?.id ?? "");
    list[at]?.scrollIntoView({ block: "nearest" });
  };
  const show = (open) => {
    box.hidden = !open;
    set("aria-expanded", open);
    mark(open ? 0 : -1);
  };
  const take = ({ dataset }) => {
    if (dataset.url) return location.assign(dataset.url);
    field.value = dataset.value;
    show(false);
  };
  const typed = () => /\//.test(field.value) ? "" : field.value.trim();
  const asks = () => always || !!typed();
  field.removeAttribute("list");
  set("role", "combobox");
  set("aria-autocomplete", "list");
  set("aria-controls", box.id);
  show(false);
  let asked;
  box.addEventListener("htmx:configRequest", (e) => {
    e.detail.parameters.q = asked = typed();
    if (!asks()) { e.preventDefault(); show(false); }
  });
  // What was found for a text that has changed meanwhile is never offered: Enter would open it.
  box.addEventListener("htmx:beforeSwap", (e) => { if (asked !== typed()) e.detail.shouldSwap = false; });
  box.addEventListener("htmx:afterSwap", () => show(field.matches(":focus") && asks() && !!list.length));
  field.addEventListener("keydown", (e) => {
    const { key } = e;
    if (box.hidden || e.isComposing) return;
    if (key === "ArrowDown") mark((at + 1) % list.length);
    else if (key === "ArrowUp") mark((at < 1 ? list.length : at) - 1);
    else if (key === "Enter" && list[at]) take(list[at]);
    else if (key === "Escape" && !always) show(false);
    else return;
    e.preventDefault();
  });
  field.addEventListener("input", () => mark(-1));
  field.addEventListener("blur", () => show(false));
  box.addEventListener("mousedown", (e) => {
    e.preventDefault();
    const option = e.target.closest("[role=option]");
    if (option) take(option);
  });
};
document.querySelectorAll("[data-combobox]").forEach(combobox);
