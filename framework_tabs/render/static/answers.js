// Opens answers where they must be seen: at an address inside one, and on paper.
//
// A browser opens and closes them by itself, without any script. Not every one does so
// for an address, and none prints what is closed.

(() => {
  const CLOSED = "details.answer:not([open])";
  let opened = [];

  function open(answers) {
    for (const answer of answers) answer.open = true;
    return answers;
  }

  function openAddressed() {
    const target = document.getElementById(window.location.hash.slice(1));
    const answer = target && target.closest(CLOSED);
    if (!answer) return;
    open([answer]);
    target.scrollIntoView();
  }

  document.addEventListener("DOMContentLoaded", openAddressed);
  window.addEventListener("hashchange", openAddressed);

  window.addEventListener("beforeprint", () => {
    opened = open([...document.querySelectorAll(CLOSED)]);
  });
  window.addEventListener("afterprint", () => {
    for (const answer of opened) answer.open = false;
  });
})();
