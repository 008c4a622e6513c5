// Sets light or dark before the page is painted; the theme's script does the rest.

(() => {
  const page = document.documentElement;
  let kept = null;
  try {
    kept = window.localStorage.getItem("mode");
  } catch {
    // The browser keeps nothing: the system's setting holds.
  }
  const dark = window.matchMedia("(prefers-color-scheme: dark)").matches;
  page.dataset.mode = kept || "auto";
  page.dataset.theme = kept === "light" || kept === "dark" ? kept : dark ? "dark" : "light";
})();
