// Completes sphinx-design's tabs for the choice of a framework.
//
// sphinx-design switches all tab sets together, keeps the choice, and takes it from
// ?framework=… in the address. What it leaves open is done here: an address that names
// no framework of this book, an address that contradicts a later choice, other windows
// and pages that the browser brings back, and the reader's place on the page.
// Without this script, and without any, the tabs still work one by one.

(() => {
  const GROUP = "framework";
  const LABELS = `.sd-tab-label[data-sync-group="${GROUP}"]`;
  const known = (document.currentScript.dataset.frameworks || "").split(" ");

  /** The address with another framework in it; without any if key is null. */
  function addressWith(href, key) {
    const url = new URL(href);
    if (key === null) url.searchParams.delete(GROUP);
    else url.searchParams.set(GROUP, key);
    return url.href;
  }

  function askedFor() {
    return new URLSearchParams(window.location.search).get(GROUP);
  }

  function changeAddress(key) {
    const href = addressWith(window.location.href, key);
    window.history.replaceState(window.history.state, "", href);
  }

  function labelOf(input) {
    const label = input.nextElementSibling;
    return label && label.matches(LABELS) ? label : null;
  }

  /** Where sphinx-design keeps the choice, or null if it keeps none. */
  function storageKey() {
    const script = document.querySelector("script[data-sd-tabs-storage-prefix]");
    const prefix = script && script.dataset.sdTabsStoragePrefix;
    return prefix ? prefix + GROUP : null;
  }

  function show(key) {
    for (const label of document.querySelectorAll(LABELS)) {
      if (label.dataset.syncId === key) label.previousElementSibling.checked = true;
    }
  }

  function showStored() {
    try {
      show(window.localStorage.getItem(storageKey()));
    } catch {
      // The browser keeps nothing for this site: every page stands for itself.
    }
  }

  /** Tell what the radio buttons of a tab set choose between. */
  function nameGroups() {
    for (const label of document.querySelectorAll(LABELS)) {
      label.parentElement.setAttribute("role", "group");
      label.parentElement.setAttribute("aria-label", "Çerçeve seçimi");
    }
  }

  document.addEventListener("DOMContentLoaded", () => {
    nameGroups();
    // An unknown name would replace the reader's choice by one that no tab has.
    const key = askedFor();
    if (key !== null && !known.includes(key)) changeAddress(null);
  });

  // Tab sets above change their height too: hold the clicked one where it was.
  let top = 0;
  document.addEventListener(
    "change",
    (event) => {
      const label = labelOf(event.target);
      if (label) top = label.getBoundingClientRect().top;
    },
    true, // before sphinx-design switches the other tab sets
  );
  document.addEventListener("change", (event) => {
    const label = labelOf(event.target);
    if (!label) return;
    // A reload must not go back to the framework that the address named first.
    if (askedFor() !== null) changeAddress(label.dataset.syncId);
    const moved = label.getBoundingClientRect().top - top;
    window.scrollBy({ top: moved, behavior: "instant" });
  });

  window.addEventListener("storage", (event) => {
    if (event.key === storageKey()) show(event.newValue);
  });
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) showStored();
  });
})();
