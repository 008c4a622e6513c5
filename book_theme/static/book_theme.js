// Small things that the theme's own scripts leave open: menus, printing, Turkish words.

(() => {
  /** Close a menu when the reader turns to something else. */
  function closeMenus(event) {
    for (const menu of document.querySelectorAll(".header-menu[open]")) {
      if (!menu.contains(event.target)) menu.open = false;
    }
  }

  function closeByKey(event) {
    const menu = event.target.closest && event.target.closest(".header-menu[open]");
    if (event.key !== "Escape" || !menu) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  }

  function act(event) {
    if (event.target.closest("[data-action=download-pdf-button]")) window.print();
  }

  // sphinx-copybutton has no Turkish. It changes its words after every click.
  const WORDS = {
    Copy: "Kopyala",
    "Copied!": "Kopyalandı",
    "Failed to copy": "Kopyalanamadı",
  };

  function translate(button) {
    const said = button.dataset.tooltip;
    if (said in WORDS) button.dataset.tooltip = WORDS[said];
    if (said in WORDS) button.setAttribute("aria-label", WORDS[said]);
    button.querySelector("title")?.remove(); // of its picture, in English as well
  }

  function translateCopyButtons() {
    const observer = new MutationObserver((changes) => {
      for (const change of changes) translate(change.target.closest("button"));
    });
    for (const button of document.querySelectorAll("button.copybtn")) {
      translate(button);
      observer.observe(button, { attributeFilter: ["data-tooltip"], childList: true });
    }
  }

  document.addEventListener("click", closeMenus);
  document.addEventListener("focusin", closeMenus);
  document.addEventListener("keydown", closeByKey);
  document.addEventListener("click", act);
  // After DOMContentLoaded, when sphinx-copybutton adds its buttons.
  window.addEventListener("load", translateCopyButtons);
})();
