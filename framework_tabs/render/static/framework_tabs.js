// Shows the panels of the frameworks as tabs, all of one choice, or side by side; and in
// a sentence the words for the frameworks that are shown.
//
// The choice is one for the page, its address (?framework=…), other pages, windows and
// visits. Panels that are not shown stay findable: a search in the page, or an address
// inside one, brings its framework to view. Without this script, and on paper, all
// panels stand below each other under their names.

(() => {
  const GROUP = "framework";
  const COLUMNS = "framework-columns";
  const SETS = ".framework-tabs";
  const WORDS = ".framework-choice";
  const root = document.documentElement;
  const known = (document.currentScript.dataset.frameworks || "").split(" ");
  const words = JSON.parse(document.currentScript.dataset.words || "{}");
  const _ = (text) => words[text] || text;
  const wide = window.matchMedia("(min-width: 75em)");
  const roomForAll = window.matchMedia("(min-width: 110em)");

  // What is kept ------------------------------------------------------------------

  const storage = {
    get(name) {
      try {
        return window.localStorage.getItem(name);
      } catch {
        return null; // The browser keeps nothing: every page stands for itself.
      }
    },
    set(name, value) {
      try {
        window.localStorage.setItem(name, value);
      } catch {
        // As above.
      }
    },
  };

  const valid = (key) => (known.includes(key) ? key : null);

  function asked() {
    return new URLSearchParams(window.location.search).get(GROUP);
  }

  /** Put another framework into the address; none if key is null. */
  function changeAddress(key) {
    const url = new URL(window.location.href);
    if (key === null) url.searchParams.delete(GROUP);
    else url.searchParams.set(GROUP, key);
    window.history.replaceState(window.history.state, "", url.href);
  }

  function keptColumns() {
    const keys = (storage.get(COLUMNS) || "").split(" ").filter(valid);
    return keys.length > 1 ? keys : [];
  }

  let choice = valid(asked()) || valid(storage.get(GROUP)) || known[0];
  let columns = keptColumns();

  // What is shown -----------------------------------------------------------------

  const panelsOf = (set) => [...set.querySelectorAll(":scope > .framework-panel")];
  const sets = () => document.querySelectorAll(SETS);
  const inColumns = () => wide.matches && columns.length > 1;

  /** Hide panels while the page is still being read, so that nothing jumps later. */
  function hideEarly() {
    const own = `.framework-panel[data-framework="${choice}"]`;
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(
      `${SETS}:has(> ${own}) > .framework-panel:not(${own}),` +
        `${SETS}:not(:has(> ${own})) > .framework-panel ~ .framework-panel,` +
        `${WORDS} > :not([data-framework="${choice}"]),` +
        `${WORDS} > * > :is(.framework-label, .framework-separator)` +
        "{ display: none }",
    );
    document.adoptedStyleSheets = [sheet];
  }

  /** The panels of a tab set that are to be seen; one at least. */
  function seen(panels) {
    const keys = inColumns() ? columns : [choice];
    const found = panels.filter((panel) => keys.includes(panel.dataset.framework));
    return found.length ? found : panels.slice(0, 1);
  }

  function showSet(set) {
    const panels = panelsOf(set);
    const shown = seen(panels);
    panels.forEach((panel, number) => {
      const visible = shown.includes(panel);
      if (visible) panel.removeAttribute("hidden");
      else panel.setAttribute("hidden", "until-found");
      const tab = set.firstElementChild.children[number];
      tab.setAttribute("aria-selected", String(visible));
      tab.tabIndex = visible ? 0 : -1;
      describe(panel, tab);
    });
  }

  /** In a sentence one needs no name, and several need something between them. */
  function showWords(words) {
    const options = [...words.children];
    const shown = seen(options);
    for (const option of options) {
      option.hidden = !shown.includes(option);
      option.querySelector(":scope > .framework-label").hidden = shown.length < 2;
      const separator = option.querySelector(":scope > .framework-separator");
      if (separator) separator.hidden = option === shown[0];
    }
  }

  /** A panel belongs to its tab, or in columns to the name above it. */
  function describe(panel, tab) {
    const name = panel.querySelector(":scope > .framework-name");
    panel.setAttribute("role", inColumns() ? "group" : "tabpanel");
    panel.setAttribute("aria-labelledby", (inColumns() ? name : tab).id);
  }

  function show() {
    root.toggleAttribute("data-framework-columns", inColumns());
    for (const set of sets()) showSet(set);
    for (const words of document.querySelectorAll(WORDS)) showWords(words);
    showSwitch();
    // The theme lets the keyboard reach what is too wide for its place.
    window.dispatchEvent(new Event("resize"));
  }

  /** Change what is shown, and leave `anchor` where the reader sees it. */
  function showAround(anchor) {
    const top = anchor.getBoundingClientRect().top;
    show();
    const moved = anchor.getBoundingClientRect().top - top;
    window.scrollBy({ top: moved, behavior: "instant" });
  }

  function choose(key, anchor) {
    choice = key;
    storage.set(GROUP, key);
    // A reload must not go back to the framework that the address named first.
    if (asked() !== null) changeAddress(key);
    showAround(anchor);
  }

  /** Show what a search in the page or an address leads to; the choice kept stays. */
  function reveal(key) {
    if (inColumns()) columns = known.filter((k) => k === key || columns.includes(k));
    else choice = key;
    show();
  }

  // The tabs ----------------------------------------------------------------------

  function makeTab(panel, number) {
    const key = panel.dataset.framework;
    const name = panel.querySelector(":scope > .framework-name");
    const tab = document.createElement("button");
    tab.type = "button";
    tab.role = "tab";
    tab.id = `framework-tab-${number}-${key}`;
    tab.textContent = name.textContent;
    tab.dataset.framework = key;
    name.id = `framework-name-${number}-${key}`;
    panel.id ||= `framework-panel-${number}-${key}`;
    tab.setAttribute("aria-controls", panel.id);
    tab.addEventListener("click", () => choose(key, tab));
    panel.addEventListener("beforematch", () => reveal(key));
    return tab;
  }

  function makeTabs(set, number) {
    const list = document.createElement("div");
    list.className = "framework-tablist";
    list.setAttribute("role", "tablist");
    list.setAttribute("aria-label", _("Framework"));
    list.append(...panelsOf(set).map((panel) => makeTab(panel, number)));
    list.addEventListener("keydown", moveFocus);
    set.prepend(list);
  }

  function moveFocus(event) {
    const tabs = [...event.currentTarget.children];
    const last = tabs.length - 1;
    const here = tabs.indexOf(event.target);
    const next = {
      ArrowLeft: here ? here - 1 : last,
      ArrowRight: here < last ? here + 1 : 0,
      Home: 0,
      End: last,
    }[event.key];
    if (next === undefined || here < 0) return;
    event.preventDefault();
    tabs[next].focus();
    tabs[next].click();
  }

  // Side by side ------------------------------------------------------------------

  let switcher = null;

  /** The first columns: all where there is room, else the choice and a neighbour. */
  function firstColumns() {
    if (roomForAll.matches) return [...known];
    const other = known.find((key) => key !== choice);
    return known.filter((key) => key === choice || key === other);
  }

  function changeColumns(keys) {
    columns = keys;
    storage.set(COLUMNS, keys.join(" "));
    showAround(firstVisible());
  }

  /** The element that the reader is looking at, to stay where it is. */
  function firstVisible() {
    const bar = 64; // the theme's, in pixels
    const blocks = [...document.querySelectorAll(`article :is(h1, h2, h3, p, ${SETS})`)];
    return blocks.find((block) => block.getBoundingClientRect().top >= bar) || root;
  }

  function toggleColumns() {
    changeColumns(columns.length ? [] : firstColumns());
  }

  function toggleColumn(key, present) {
    changeColumns(known.filter((k) => (k === key ? present : columns.includes(k))));
  }

  function makeSwitch(labels) {
    const group = document.createElement("div");
    group.className = "framework-view";
    group.setAttribute("role", "group");
    group.setAttribute("aria-label", _("View of the frameworks"));
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = _("Side by side");
    button.addEventListener("click", toggleColumns);
    const present = known.filter((key) => key in labels);
    group.append(button, ...present.map((key) => makeColumnChoice(key, labels[key])));
    return group;
  }

  function makeColumnChoice(key, label) {
    const column = document.createElement("label");
    const box = document.createElement("input");
    box.type = "checkbox";
    box.value = key;
    box.addEventListener("change", () => toggleColumn(key, box.checked));
    column.append(box, ` ${label}`);
    return column;
  }

  function showSwitch() {
    if (!switcher) return;
    const on = columns.length > 1;
    switcher.querySelector("button").setAttribute("aria-pressed", String(on));
    for (const box of switcher.querySelectorAll("input")) {
      box.checked = columns.includes(box.value);
      box.disabled = box.checked && columns.length < 3; // two columns at least
      box.parentElement.hidden = !on;
    }
  }

  function addSwitch() {
    const tabs = document.querySelectorAll(".framework-tablist [role=tab]");
    const labels = {};
    for (const tab of tabs) labels[tab.dataset.framework] ||= tab.textContent;
    if (Object.keys(labels).length < 2) return;
    switcher = makeSwitch(labels);
    const bar = document.querySelector(".article-header-buttons");
    if (bar) bar.prepend(switcher);
    else document.querySelector(SETS).before(switcher);
  }

  // Addresses, other windows and pages that come back ------------------------------

  function showAddressed() {
    const id = decodeURIComponent(window.location.hash.slice(1));
    const target = document.getElementById(id);
    const panel = target && target.closest(".framework-panel[hidden]");
    if (!panel) return;
    reveal(panel.dataset.framework);
    target.scrollIntoView();
  }

  function showKept() {
    choice = valid(storage.get(GROUP)) || choice;
    columns = keptColumns();
    show();
  }

  hideEarly();
  document.addEventListener("DOMContentLoaded", () => {
    // An unknown name would stay in the address, and in the addresses passed on.
    if (asked() !== null && !valid(asked())) changeAddress(null);
    else if (asked() !== null) storage.set(GROUP, choice);
    sets().forEach(makeTabs);
    addSwitch();
    show();
    document.adoptedStyleSheets = [];
    showAddressed();
  });
  window.addEventListener("hashchange", showAddressed);
  wide.addEventListener("change", show);
  window.addEventListener("storage", (event) => {
    if (event.key === GROUP || event.key === COLUMNS) showKept();
  });
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) showKept();
  });
})();
