/* Keyboard paths. data-shortcut="Alt+L" presses or focuses its element; F1 lists them; arrows walk table rows.
   A single character ("/") works only while nothing is typed into. */
(() => {
  const isTyping = (element) => element.isContentEditable
    || element.matches("textarea, select, input:not([type=checkbox], [type=radio], [type=button], [type=submit])");

  const nameOf = (event) => {
    const letter = /^Key[A-Z]$/.test(event.code) ? event.code.slice(3) : event.key;
    const keys = [];
    if (event.ctrlKey || event.metaKey) keys.push("Ctrl");
    if (event.altKey) keys.push("Alt");
    if (event.shiftKey && letter.length > 1) keys.push("Shift");
    keys.push(event.ctrlKey || event.altKey ? letter : event.key);
    return keys.join("+");
  };

  const visible = (element) => element.checkVisibility ? element.checkVisibility() : element.offsetParent !== null;

  const press = (element) => {
    if (element.matches("input:not([type=submit], [type=button], [type=checkbox], [type=radio]), select, textarea")) {
      element.focus();
      element.select?.();
    } else {
      element.click();
    }
  };

  const listShortcuts = () => {
    const dialog = document.getElementById("shortcuts");
    const list = dialog.querySelector("[data-list]");
    list.replaceChildren();
    for (const element of document.querySelectorAll("[data-shortcut]")) {
      if (!visible(element)) continue;
      const key = document.createElement("dt");
      key.append(Object.assign(document.createElement("kbd"), { textContent: element.dataset.shortcut }));
      const copy = element.cloneNode(true);
      copy.querySelectorAll("kbd").forEach((frame) => frame.remove());
      const label = element.dataset.shortcutLabel || element.getAttribute("aria-label") || copy.textContent.trim();
      list.append(key, Object.assign(document.createElement("dd"), { textContent: label }));
    }
    dialog.showModal();
  };

  const walkRows = (event) => {
    const row = event.target.closest("table[data-rows] tbody tr");
    if (!row || isTyping(event.target)) return false;
    const next = event.key === "ArrowDown" ? row.nextElementSibling : row.previousElementSibling;
    next?.querySelector("a, button, input")?.focus();
    return Boolean(next);
  };

  /* An input with data-arrow-list="selector" chooses among role=option without losing the focus. */
  const walkOptions = (event) => {
    const selector = event.target.dataset?.arrowList;
    if (!selector) return false;
    const options = [...document.querySelectorAll(`${selector} [role=option]`)];
    if (!options.length) return false;
    const at = options.findIndex((option) => option.getAttribute("aria-selected") === "true");
    const to = Math.min(Math.max(at + (event.key === "ArrowDown" ? 1 : -1), 0), options.length - 1);
    options.forEach((option, index) => option.setAttribute("aria-selected", String(index === to)));
    event.target.setAttribute("aria-activedescendant", options[to].id);
    options[to].scrollIntoView({ block: "nearest" });
    options[to].dispatchEvent(new CustomEvent("choose", { bubbles: true }));
    return true;
  };

  document.addEventListener("keydown", (event) => {
    if (document.documentElement.classList.contains("locked")) return;
    if (event.key === "F1") { event.preventDefault(); listShortcuts(); return; }
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (walkOptions(event) || walkRows(event)) event.preventDefault();
      return;
    }
    const name = nameOf(event);
    if (name.length === 1 && (isTyping(event.target) || localStorage.getItem("single-keys") === "off")) return;
    const modal = document.querySelector("dialog[open]");
    for (const element of (modal || document).querySelectorAll("[data-shortcut]")) {
      if (element.dataset.shortcut === name && visible(element)) { event.preventDefault(); press(element); return; }
    }
  });

  const single = document.getElementById("single-keys");
  if (single) {
    single.checked = localStorage.getItem("single-keys") !== "off";
    single.addEventListener("change", () => localStorage.setItem("single-keys", single.checked ? "on" : "off"));
  }
  document.addEventListener("click", (event) => { if (event.target.closest("[data-shortcut-list]")) listShortcuts(); });
})();
