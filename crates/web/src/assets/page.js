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
    tick();
    if (push) history.replaceState(null, "", `${location.pathname}?${query}`);
  }
  // Rows to be taken back: the field has them all, the boxes those of this page of the table.
  const taken = document.querySelector("[data-taken]");
  function chosen() {
    const rows = new Set();
    for (const part of taken.value.split(/[,;]/)) {
      const [from, to = from] = part.split(/[-–]/).map((text) => parseInt(text, 10));
      for (let row = from; row <= to && rows.size < 1e6; row++) rows.add(row);
    }
    return rows;
  }
  function written(rows) {
    const ranges = [];
    for (const row of [...rows].sort((one, other) => one - other)) {
      const last = ranges.at(-1);
      if (last?.[1] === row - 1) last[1] = row;
      else ranges.push([row, row]);
    }
    return ranges.map(([from, to]) => (from === to ? from : `${from}-${to}`)).join(", ");
  }
  function tick() {
    if (!taken) return;
    const rows = chosen();
    for (const box of table.querySelectorAll("[data-take]")) box.checked = rows.has(Number(box.value));
    offer(rows.size);
  }
  // What the buttons say is what they do: all, where none is chosen; else those alone.
  function offer(many) {
    for (const button of document.querySelectorAll("[data-some]")) {
      button.hidden = many === 0;
      const { some, one, several } = button.dataset;
      button.textContent = `${some.replace("#", many.toLocaleString("en"))} ${many === 1 ? one : several}`;
    }
    for (const button of document.querySelectorAll("[data-all]")) button.hidden = many > 0;
    clearTimeout(naming);
    if (taken.form.dataset.who) naming = setTimeout(name, 200);
  }
  let naming;
  let named = "";
  async function name() {
    const wanted = taken.value.trim();
    if (wanted === named) return;
    named = wanted;
    const answer = await fetch(`${taken.form.dataset.who}?${new URLSearchParams({ rows: wanted })}`);
    if (answer.ok && wanted === named) document.getElementById("undo_who").innerHTML = await answer.text();
  }
  if (taken) {
    taken.addEventListener("input", tick);
    table.addEventListener("change", (event) => {
      if (!event.target.matches("[data-take]")) return;
      const rows = chosen();
      const row = Number(event.target.value);
      if (event.target.checked) rows.add(row);
      else rows.delete(row);
      taken.value = written(rows);
      offer(rows.size);
    });
    tick();
  }
  // While a run goes on its rows change, and the table with them.
  if (document.querySelector("[data-live]")) {
    setInterval(() => {
      if (!document.hidden && !table.contains(document.activeElement)) {
        show(location.search.slice(1), false);
      }
    }, 3000);
  }
  const query = () => new URLSearchParams([...new FormData(form)].filter(([, value]) => value !== "")).toString();
  let timer;
  for (const kind of ["input", "change"]) {
    form?.addEventListener(kind, (event) => {
      clearTimeout(timer);
      timer = setTimeout(() => show(query(), true), event.target.type === "search" ? 200 : 0);
    });
  }
  form?.addEventListener("submit", (event) => {
    event.preventDefault();
    show(query(), true);
  });
  table.addEventListener("click", async (event) => {
    const link = event.target.closest("nav.pages a, th.sortable a");
    if (!link) return;
    event.preventDefault();
    const wanted = new URL(link.href).searchParams;
    const heading = link.closest("th")?.cellIndex;
    await show(wanted.toString(), true);
    if (form?.elements.sort) form.elements.sort.value = wanted.get("sort") ?? "";
    if (heading === undefined) table.querySelector(".found")?.scrollIntoView({ block: "nearest" });
    else table.querySelectorAll("thead th")[heading]?.querySelector("a")?.focus({ preventScroll: true });
  });
}

document.documentElement.classList.add("scripted");

// A sheet is dropped, or cells are pasted anywhere on its page.
for (const drop of document.querySelectorAll("[data-drop]")) {
  const form = drop.closest("form");
  const input = drop.querySelector("input[type=file]");
  const over = (event) => {
    event.preventDefault();
    drop.classList.add("over");
  };
  addEventListener("dragover", over);
  addEventListener("dragleave", () => drop.classList.remove("over"));
  addEventListener("drop", (event) => {
    event.preventDefault();
    drop.classList.remove("over");
    if (event.dataTransfer.files.length === 0) return;
    input.files = event.dataTransfer.files;
    form.requestSubmit();
  });
  input.addEventListener("change", () => input.files.length > 0 && form.requestSubmit());
  const text = form.querySelector("textarea");
  if (!text) continue;
  addEventListener("paste", (event) => {
    const pasted = event.clipboardData.getData("text/plain");
    if (event.target === text || pasted === "") return;
    event.preventDefault();
    text.value = pasted;
    text.focus();
  });
}

// A form some of whose choices are followed at once.
for (const form of document.querySelectorAll("[data-changes]")) {
  form.addEventListener("change", (event) => {
    const choice = event.target.dataset.atOnce;
    if (choice !== undefined) form.requestSubmit(document.getElementById(choice));
  });
}

// A form that leads back to its own page: that shows what it showed, and what had the focus has it.
const PLACE = "place";
for (const form of document.querySelectorAll("[data-keep]")) {
  form.addEventListener("submit", (event) => {
    const name = event.submitter?.name || document.activeElement?.name;
    sessionStorage.setItem(PLACE, JSON.stringify({ path: location.pathname, at: scrollY, name }));
  });
}
const place = JSON.parse(sessionStorage.getItem(PLACE) ?? "{}");
sessionStorage.removeItem(PLACE);
if (place.path === location.pathname && !location.hash) {
  if (place.name) document.getElementsByName(place.name)[0]?.focus({ preventScroll: true });
  scrollTo(0, place.at);
}

// What a form still wants is next to the field, in the page's own words.
addEventListener("invalid", (event) => {
  event.preventDefault();
  const field = event.target;
  if (field.form.querySelector(":invalid") !== field) return;
  const label = field.labels[0]?.cloneNode(true);
  label?.querySelectorAll(".faint").forEach((part) => part.remove());
  const words = label?.innerText.trim().replace(/\s+/g, " ") ?? "";
  document.querySelectorAll(".wrong").forEach((other) => other.remove());
  const said = document.createElement("p");
  said.className = "wrong";
  said.id = `${field.id || field.name}-wrong`;
  said.setAttribute("role", "alert");
  (field.closest(".switch") ?? field).after(said);
  field.closest("details")?.setAttribute("open", "");
  field.setAttribute("aria-invalid", "true");
  const isEmpty = field.validity.valueMissing || !(field.title || field.type === "url" || field.type === "email");
  if (field.type === "checkbox") said.textContent = `First select: “${words}”`;
  else if (isEmpty) said.textContent = `Still missing: ${words}`;
  else said.textContent = `Check ${words}: ${field.title || field.validationMessage}`;
  field.focus();
}, true);
// What was wrong is being corrected.
addEventListener("input", (event) => {
  if (event.target.getAttribute("aria-invalid") !== "true") return;
  event.target.removeAttribute("aria-invalid");
  document.getElementById(`${event.target.id || event.target.name}-wrong`)?.remove();
});

// What is sent once is not sent twice by a second click. A choice that is followed at once may be
// overtaken by a button.
addEventListener("submit", (event) => {
  if (event.target.method !== "post" || event.defaultPrevented) return;
  if (event.target.dataset.sent) {
    event.preventDefault();
    return;
  }
  if (event.submitter || !event.target.matches("[data-changes]")) event.target.dataset.sent = "yes";
});
// A page that comes back from the browser's memory may send again.
addEventListener("pageshow", (event) => event.persisted && location.reload());

// Who asked for it is told by the browser when a run ends or waits for an answer.
const NOTIFY = "notify";
function notify() {
  if (sessionStorage.getItem(NOTIFY) !== location.pathname || Notification.permission !== "granted") return;
  const title = document.querySelector("h1")?.firstChild?.textContent.trim() ?? "headcount";
  new Notification("headcount", { body: `${title}: this run has ended or waits for you.`, tag: location.pathname });
}
for (const button of document.querySelectorAll("[data-notify]")) {
  const chosen = () => {
    button.textContent = "You will be notified when it ends";
    button.disabled = true;
  };
  button.hidden = !("Notification" in window) || Notification.permission === "denied";
  if (sessionStorage.getItem(NOTIFY) === location.pathname) chosen();
  button.addEventListener("click", async () => {
    if ((await Notification.requestPermission()) !== "granted") return;
    sessionStorage.setItem(NOTIFY, location.pathname);
    chosen();
  });
}

// What goes on: parts of the page as they change; a new page where there is another thing to do.
for (const live of document.querySelectorAll("[data-live]")) {
  const source = new EventSource(live.dataset.live);
  const gone = document.createElement("div");
  gone.className = "note bad gone";
  gone.setAttribute("role", "alert");
  gone.textContent = "headcount does not answer. If its window was closed, start it again: nothing is lost, and the run can be resumed.";
  source.addEventListener("part", (event) => {
    gone.remove();
    const { id, html } = JSON.parse(event.data);
    const part = document.getElementById(id);
    if (part && !part.contains(document.activeElement)) part.innerHTML = html;
  });
  source.addEventListener("reload", () => {
    source.close();
    notify();
    location.reload();
  });
  source.addEventListener("open", () => gone.remove());
  source.addEventListener("error", () => live.append(gone));
  addEventListener("pagehide", () => source.close());
}

// A question below the edge of the window would not be seen.
for (const question of document.querySelectorAll("details.confirm")) {
  question.addEventListener("toggle", () => question.open && question.scrollIntoView({ block: "nearest" }));
}

document.querySelector("[data-focus]")?.focus();
