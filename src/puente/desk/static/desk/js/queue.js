/* The queue is refreshed without reload, and never under the reader's hand: while the focus or the pointer is on it, only
   what changed inside the rows is renewed; rows that came, went or moved wait until the reader asks for them or leaves.
   Alt+T takes the person of the focused row. */
(() => {
  let waiting = null;
  let lastRow = "";
  let stirred = true;

  const queue = () => document.getElementById("queue");
  const isHeld = (section) => section.contains(document.activeElement) || section.querySelector("table:hover, .filter-panel:hover") !== null;
  const rowsOf = (section) => [...section.querySelectorAll("tr[data-row]")];

  const renewRows = (shown, fresh) => {
    const found = new Map(rowsOf(fresh).map((row) => [row.dataset.row, row]));
    for (const row of rowsOf(shown)) {
      const other = found.get(row.dataset.row);
      row.toggleAttribute("data-gone", !other);
      if (!other) continue;
      for (const cell of row.querySelectorAll("[data-live]")) {
        const renewed = other.querySelector(`[data-live="${cell.dataset.live}"]`);
        if (!cell.contains(document.activeElement) && cell.innerHTML !== renewed.innerHTML) {
          cell.replaceChildren(...document.importNode(renewed, true).childNodes);
        }
      }
    }
    shown.querySelector(".pills")?.replaceWith(document.importNode(fresh.querySelector(".pills"), true));
    const order = (section) => rowsOf(section).map((row) => row.dataset.row).join();
    return order(shown) !== order(fresh);
  };

  const show = () => {
    if (!waiting) return;
    const section = queue();
    section.replaceChildren(...waiting.childNodes);
    htmx.process(section);
    waiting = null;
    (document.getElementById(`row-${lastRow}`) || section.querySelector(".record-link"))?.focus();
  };

  document.addEventListener("htmx:oobBeforeSwap", (event) => {
    const { target, fragment } = event.detail;
    if (target.id !== "queue") {
      if (target.contains(document.activeElement)) event.detail.shouldSwap = false;
      return;
    }
    waiting = null;
    if (!isHeld(target)) return;
    event.detail.shouldSwap = false;
    const fresh = fragment.querySelector?.("#queue") || fragment;
    const changed = renewRows(target, fresh);
    document.getElementById("queue-changed").hidden = !changed;
    if (changed) waiting = fresh.cloneNode(true);
  });

  /* A refresh by itself is no activity: a screen that nobody touches locks as any other. */
  for (const kind of ["keydown", "pointerdown", "pointermove", "wheel", "touchstart"]) {
    addEventListener(kind, () => { stirred = true; }, { passive: true, capture: true });
  }
  document.addEventListener("htmx:configRequest", (event) => {
    if (event.target.id !== "refresh") return;
    if (!stirred) event.detail.headers["X-Refresh"] = "1";
    stirred = false;
  });
  document.addEventListener("focusin", (event) => {
    lastRow = event.target.closest("tr[data-row]")?.dataset.row || lastRow;
  });
  document.addEventListener("click", (event) => { if (event.target.closest("[data-show-changes]")) show(); });
  document.addEventListener("keydown", (event) => {
    if (!event.altKey || event.code !== "KeyT") return;
    const take = document.activeElement?.closest("tr[data-row]")?.querySelector("[data-take]");
    if (take) { event.preventDefault(); take.click(); }
  });
})();
