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

  function change(before, after) {
    if (before === "PASS") return after === "PASS" ? "still passes" : "broken";
    if (after === "PASS") return "fixed";
    return after === before ? "still fails" : "fails otherwise";
  }

  // Of a model that is chosen, its own change and ending count; otherwise those of any model.
  function matches(article, wanted) {
    const { before } = article.dataset;
    const endings = JSON.parse(article.dataset.endings);
    const after = wanted.seeds ? [endings[wanted.seeds]] : Object.values(endings);
    const direction = wanted.seeds ? change(before, after[0]) : article.dataset.direction;
    if (wanted.direction === "moved" ? !["fixed", "broken"].includes(direction) : wanted.direction && direction !== wanted.direction) return false;
    if (wanted.before && wanted.before !== before) return false;
    if (wanted.after && !after.includes(wanted.after)) return false;
    return holds(article, wanted.text);
  }

  function holds(article, words) {
    const text = words.trim().toLowerCase();
    if (!text) return true;
    if (!texts.has(article)) texts.set(article, article.textContent.toLowerCase());
    return texts.get(article).includes(text);
  }

  function filter() {
    const wanted = Object.fromEntries(new FormData(form));
    for (const article of cases) article.hidden = !matches(article, wanted);
    const shown = cases.filter((article) => !article.hidden).length;
    const others = shown || !wanted.text.trim() ? 0 : cases.filter((article) => holds(article, wanted.text)).length;
    const hint = others ? `; the other filters hide ${others} with this text` : "";
    form.querySelector("[role=status]").textContent = `${shown} of ${cases.length} problems${hint}`;
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
    document.getElementById("cases").addEventListener("click", (event) => {
      const step = Number(event.target.dataset.step);
      const shown = cases.filter((article) => !article.hidden);
      const found = step && shown[shown.indexOf(event.target.closest("article")) + step];
      if (found) location.hash = found.id;
    });
    filter();
    addEventListener("hashchange", reveal);
    reveal();
  }
})();
