// A field with a list: arrows move, Enter takes or goes to data-url, Escape closes.
const combobox = (box) => {
  const field = document.getElementById(box.dataset.combobox);
  const always = "always" in box.dataset;
  const list = box.children;
  let at = -1;
  const set = (name, value) => field.setAttribute(name, value);
  const mark = (next) => {
    at = list.length ? next : -1;
    [...list].forEach((option, i) => { option.ariaSelected = i === at; });
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
  box.addEventListener("htmx:configRequest", (event) => {
    event.detail.parameters.q = typed();
    if (!asks()) { event.preventDefault(); show(false); }
  });
  box.addEventListener("htmx:afterSwap", () => show(field.matches(":focus") && asks() && !!list.length));
  field.addEventListener("keydown", (event) => {
    const { key } = event;
    if (box.hidden || event.isComposing) return;
    if (key === "ArrowDown") mark((at + 1) % list.length);
    else if (key === "ArrowUp") mark((at || list.length) - 1);
    else if (key === "Enter") take(list[at]);
    else if (key === "Escape" && !always) show(false);
    else return;
    event.preventDefault();
  });
  field.addEventListener("blur", () => always || show(false));
  box.addEventListener("mousedown", (event) => {
    event.preventDefault();
    take(event.target.closest("[role=option]") || list[at]);
  });
};
onload = () => document.querySelectorAll("[data-combobox]").forEach(combobox);
