// Marks on a page what its reader searched for, in all the forms that the search knows.
//
// The query comes from the page of results, or is ?highlight=… in the address. It is
// taken before Sphinx's own script sees it, which would look for the letters only.
// What finds words is loaded when there are some to find.

(() => {
  const STORED = "search_query";
  const IN_ADDRESS = "highlight";

  function stored() {
    try {
      const query = window.localStorage.getItem(STORED);
      window.localStorage.removeItem(STORED);
      return query;
    } catch {
      // The browser keeps nothing for this site.
      return null;
    }
  }

  function inAddress() {
    const url = new URL(window.location.href);
    const query = url.searchParams.get(IN_ADDRESS);
    url.searchParams.delete(IN_ADDRESS);
    if (query !== null) window.history.replaceState(window.history.state, "", url);
    return query;
  }

  const query = [stored(), inAddress()].find(Boolean);
  if (!query) return;

  /** Call back when there is what finds words; a theme may load it on every page. */
  function whenLoaded(proceed) {
    if (typeof Turkish !== "undefined") return proceed();
    const script = document.createElement("script");
    const root = document.documentElement.dataset.content_root;
    script.src = `${root}_static/language_data.js`;
    script.addEventListener("load", proceed);
    document.head.append(script);
  }

  document.addEventListener("DOMContentLoaded", () => {
    // The page of results marks by itself what it shows.
    if (document.getElementById("search-results")) return;
    whenLoaded(() => Turkish.markOnPage(query));
  });
})();
