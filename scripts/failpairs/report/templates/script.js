"use strict";
(() => {
  const form = document.getElementById("filters");
  const texts = new Map();
  const cases = [...document.querySelectorAll("#cases > article")];

  // A link to a problem opens it, also when a filter has hidden it; one to a pair opens the pair.
  function reveal() {
    const name = decodeURIComponent(location.hash.slice(1));
    const target = name && document.getElementById(name);
    if (target && target.matches("details.example")) target.open = true;
    if (!target || !cases.includes(target)) return;
    if (target.hidden) show({});
    target.querySelector("details").open = true;
    target.scrollIntoView();
  }

  function matches(article, wanted) {
    const { direction } = article.dataset;
    if (wanted.direction === "moved" ? !["fixed", "broken"].includes(direction) : wanted.direction && direction !== wanted.direction) return false;
    for (const key of ["before", "after", "seeds"]) {
      if (wanted[key] && !JSON.parse(article.dataset[key]).includes(wanted[key])) return false;
    }
    const text = wanted.text.trim().toLowerCase();
    if (!text) return true;
    if (!texts.has(article)) texts.set(article, article.textContent.toLowerCase());
    return texts.get(article).includes(text);
  }

  function filter() {
    const wanted = Object.fromEntries(new FormData(form));
    for (const article of cases) article.hidden = !matches(article, wanted);
    const shown = cases.filter((article) => !article.hidden).length;
    form.querySelector("[role=status]").textContent = `${shown} of ${cases.length} problems`;
  }

  // Sets the filters that are given, and all others to "all".
  function show(wanted) {
    form.reset();
    form.elements.direction.value = "";
    for (const [name, value] of Object.entries(wanted)) form.elements[name].value = value;
    filter();
  }

  if (form) {
    form.hidden = false;
    form.addEventListener("input", filter);
    form.addEventListener("change", filter);
    form.addEventListener("submit", (event) => event.preventDefault());
    form.querySelector("button").addEventListener("click", () => show({}));
    for (const link of document.querySelectorAll("a[data-direction]")) {
      link.addEventListener("click", () => show({ ...link.dataset }));
    }
    for (const link of document.querySelectorAll(".drawing a")) {
      link.addEventListener("click", (event) => {
        event.preventDefault();
        show(Object.fromEntries(new URLSearchParams(link.getAttribute("xlink:href").split("?")[1])));
        location.hash = "programs";
      });
    }
    filter();
    addEventListener("hashchange", reveal);
    reveal();
  }
})();
