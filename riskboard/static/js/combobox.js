// A field with a list: arrows move, Enter takes, Escape closes.
const on = (what, event, act) => what.addEventListener(event, act);
for (const box of document.querySelectorAll("[data-combobox]")) {
  const field = document.getElementById(box.dataset.combobox);
  const { always } = box.dataset;
  const list = box.children;
  let at, asked;
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
  on(box, "htmx:configRequest", (e) => {
    e.detail.parameters.q = asked = typed();
    if (!asks()) { e.preventDefault(); show(false); }
  });
  on(box, "htmx:afterSwap", () => show(field.matches(":focus") && asks() && asked === typed() && !!list.length));
  on(field, "keydown", (e) => {
    const { key } = e;
    if (box.hidden || e.isComposing) return;
    if (key === "ArrowDown") mark((at + 1) % list.length);
    else if (key === "ArrowUp") mark((at < 1 ? list.length : at) - 1);
    else if (key === "Enter" && list[at]) take(list[at]);
    else if (key === "Escape" && !always) show(false);
    else return;
    e.preventDefault();
  });
  on(field, "input", () => mark(-1));
  on(field, "blur", () => show(false));
  on(box, "mousedown", (e) => {
    e.preventDefault();
    const option = e.target.closest("[role=option]");
    if (option) take(option);
  });
}
