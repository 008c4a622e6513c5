// Loads the page again when the preview has a newer one, and shows what is wrong.
"use strict";

(() => {
  const own = document.currentScript;
  const shownUpdate = Number(own.dataset.update);
  const words = JSON.parse(own.dataset.words);
  const _ = (text) => words[text] || text;
  const site = new URL("..", own.src).pathname;

  const isOutdated = (pages) => {
    const page = decodeURI(location.pathname.slice(site.length)) || "index.html";
    return pages[page] > shownUpdate;
  };

  const box = document.createElement("aside");
  box.className = "preview-problems";
  box.setAttribute("role", "status");
  box.hidden = true;

  const show = (problems) => {
    const list = document.createElement("ul");
    for (const text of problems) {
      list.append(Object.assign(document.createElement("li"), { textContent: text }));
    }
    const title = document.createElement("strong");
    title.textContent = _("Preview: to be corrected");
    box.replaceChildren(title, list);
    box.hidden = problems.length === 0;
  };

  const listen = () => {
    document.body.append(box);
    const news = new EventSource(new URL("events", own.src));
    news.addEventListener("message", (event) => {
      const { pages, problems } = JSON.parse(event.data);
      if (isOutdated(pages)) location.reload();
      else show(problems);
    });
    addEventListener("pagehide", () => news.close());
  };

  listen();
})();
