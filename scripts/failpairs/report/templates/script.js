"use strict";
(() => {
  const form = document.getElementById("filters");
  const cases = [...document.querySelectorAll("#cases > article")];

  // A link to a problem opens it, also when a filter has hidden it.
  function reveal() {
    const name = decodeURIComponent(location.hash.slice(1));
    const target = name && document.getElementById(name);
    if (!target || !cases.includes(target)) return;
    if (target.hidden) showAll();
    target.querySelector("details").open = true;
    target.scrollIntoView();
  }

  function matches(article, wanted) {
    if (wanted.direction && article.dataset.direction !== wanted.direction) return false;
    for (const key of ["modes", "seeds"]) {
      if (wanted[key] && !JSON.parse(article.dataset[key]).includes(wanted[key])) return false;
    }
    const text = wanted.text.trim().toLowerCase();
    return !text || article.textContent.toLowerCase().includes(text);
  }

  function filter() {
    const wanted = Object.fromEntries(new FormData(form));
    for (const article of cases) article.hidden = !matches(article, wanted);
    const shown = cases.filter((article) => !article.hidden).length;
    form.querySelector("[role=status]").textContent = `${shown} of ${cases.length} problems`;
  }

  function showAll() {
    form.reset();
    filter();
  }

  if (form) {
    form.hidden = false;
    form.addEventListener("input", filter);
    form.addEventListener("change", filter);
    form.addEventListener("submit", (event) => event.preventDefault());
    form.querySelector("button").addEventListener("click", showAll);
    for (const link of document.querySelectorAll("a[data-direction]")) {
      link.addEventListener("click", () => {
        form.reset();
        form.elements.direction.value = link.dataset.direction;
        filter();
      });
    }
    filter();
    addEventListener("hashchange", reveal);
    reveal();
  }
})();
