(() => {
  "use strict";
  const table = document.getElementById("all"), body = table.tBodies[0];
  const rows = Array.from(body.rows), tools = document.getElementById("tools");
  const find = document.getElementById("find"), shown = document.getElementById("shown");
  const boxes = Array.from(tools.querySelectorAll("input[type=checkbox]"));
  const number = n => n.toLocaleString("en");
  tools.hidden = false;

  const filter = () => {
    const words = find.value.toLowerCase().split(/\s+/).filter(Boolean);
    const on = new Set(boxes.filter(box => box.checked).map(box => box.value));
    let seen = 0;
    for (const row of rows) {
      const text = words.length ? row.textContent.toLowerCase() : "";
      const fits = on.has(row.className) && words.every(word => text.includes(word));
      row.hidden = !fits;
      if (fits) seen += 1;
    }
    shown.textContent = seen === rows.length ? "" : `${number(seen)} of ${number(rows.length)} rows`;
  };
  let later;
  find.addEventListener("input", () => { clearTimeout(later); later = setTimeout(filter, 120); });
  boxes.forEach(box => box.addEventListener("change", filter));

  const heads = Array.from(table.tHead.rows[0].cells);
  heads.forEach((head, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => {
      const down = head.getAttribute("aria-sort") === "ascending";
      heads.forEach(other => other.removeAttribute("aria-sort"));
      head.setAttribute("aria-sort", down ? "descending" : "ascending");
      const keyed = rows.map((row, place) => [row.cells[column].textContent, row, place]);
      const numeric = keyed.every(([text]) => text === "" || !Number.isNaN(Number(text)));
      const order = new Intl.Collator("en", { numeric: true });
      const compare = numeric ? (a, b) => Number(a) - Number(b) : order.compare;
      keyed.sort((a, b) => (down ? compare(b[0], a[0]) : compare(a[0], b[0])) || a[2] - b[2]);
      for (const [, row] of keyed) body.append(row);
    });
  });
})();
