// The page works without this script; it saves clicks and keeps parts of a page fresh.
"use strict";

// The table of rows: filters work as they are changed, pages come without a new page.
for (const table of document.querySelectorAll("[data-rows]")) {
  const form = document.querySelector("form.filter");
  let asked = 0;
  async function show(query, push) {
    const mine = ++asked;
    const answer = await fetch(`${table.dataset.rows}?${query}`);
    if (mine !== asked || !answer.ok) return;
    table.innerHTML = await answer.text();
    if (push) history.replaceState(null, "", `${location.pathname}?${query}`);
  }
  const query = () => new URLSearchParams([...new FormData(form)].filter(([, value]) => value !== "")).toString();
  let timer;
  form?.addEventListener("input", (event) => {
    clearTimeout(timer);
    timer = setTimeout(() => show(query(), true), event.target.type === "search" ? 200 : 0);
  });
  form?.addEventListener("submit", (event) => {
    event.preventDefault();
    show(query(), true);
  });
  table.addEventListener("click", async (event) => {
    const link = event.target.closest("nav.pages a");
    if (!link) return;
    event.preventDefault();
    await show(new URL(link.href).searchParams.toString(), true);
    table.querySelector(".found")?.scrollIntoView({ block: "nearest" });
  });
}
