/* The arrival desk by keyboard: arrows choose a candidate while typing goes on, Enter takes it, Alt+X sets it aside. */
(() => {
  const form = document.getElementById("desk-search");

  if (form) {
    const input = document.getElementById("search-text");
    const list = document.getElementById("candidates");
    const chosen = () => list.querySelector('[role=option][aria-selected="true"]');

    const show = (option) => {
      for (const other of list.querySelectorAll("[role=option]")) other.setAttribute("aria-selected", String(other === option));
      for (const panel of list.querySelectorAll("[data-panel]")) panel.hidden = panel.id !== option?.dataset.shows;
      if (option) input.setAttribute("aria-activedescendant", option.id); else input.removeAttribute("aria-activedescendant");
    };

    list.addEventListener("choose", (event) => show(event.target));
    list.addEventListener("click", (event) => {
      const option = event.target.closest("[role=option]");
      if (option) { show(option); input.focus(); }
      const aside = event.target.closest("[data-aside]");
      if (!aside) return;
      form.append(Object.assign(document.createElement("input"), { type: "hidden", name: "is_not", value: aside.dataset.aside }));
      input.focus();
      input.dispatchEvent(new Event("search-again"));
    });
    document.body.addEventListener("htmx:afterSwap", (event) => { if (event.target === list) show(chosen()); });

    form.addEventListener("keydown", (event) => {
      if (event.target !== input) return;
      if (event.key === "Escape") { input.value = ""; input.dispatchEvent(new Event("search-again")); }
      if (event.key !== "Enter" || event.ctrlKey) return;
      // Enter takes the candidate that is marked; without one it does nothing, so that nobody is made twice.
      event.preventDefault();
      const option = chosen();
      if (option) document.getElementById(option.dataset.shows).querySelector("[name=person]").click();
    });
  }

  /* One key marks what the office gives to everybody; each mark can be taken back by hand. */
  document.addEventListener("click", (event) => {
    const usual = event.target.closest("[data-mark]");
    if (!usual) return;
    for (const value of usual.dataset.mark.split(" ")) {
      const box = document.querySelector(`input[name="${usual.dataset.marks}"][value="${value}"]`);
      if (box) box.checked = true;
    }
    document.getElementById(usual.dataset.thenFocus)?.focus();
  });
  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-all-given]")) return;
    for (const radio of document.querySelectorAll('input[name^="consent_"][value="given"]')) radio.checked = true;
  });

  /* The first field that is still empty gets the focus: what the office knows is there already. */
  const sheet = document.getElementById("desk-form");
  if (sheet && !document.querySelector(".error-summary")) {
    const start = sheet.querySelector("[data-start] :is(input:not([type=hidden]), select)") || sheet.querySelector("select, input:not([type=hidden])");
    start?.focus();
  }
})();
