/* The lock screen. After data-idle-minutes without activity in any window, or on the lock button, the page is covered and
   inert; what was typed stays where it was. Unlocking asks the server; other windows follow. */
(() => {
  const dialog = document.getElementById("lock");
  const page = document.documentElement;
  const token = () => document.querySelector('meta[name="csrf-token"]').content;
  const send = (url, body) => fetch(url, {
    method: "POST", credentials: "same-origin", body,
    headers: { "X-CSRFToken": token(), "X-Requested-With": "fetch" },
  });

  /* One form serves the dialog and the full page shown when a locked session asks for anything. */
  document.addEventListener("submit", async (event) => {
    const form = event.target;
    if (!form.matches("[data-unlock]")) return;
    event.preventDefault();
    const error = form.querySelector("[data-unlock-error]");
    const fail = (text) => {
      error.querySelector("span").textContent = text;
      error.hidden = false;
      form.password.closest(".field").classList.add("field-error");
      form.password.setAttribute("aria-invalid", "true");
      form.password.select();
      form.password.focus();
    };
    try {
      const answer = await send(form.action, new FormData(form));
      if (!answer.ok) {
        const told = await answer.json().catch(() => ({}));
        fail(told.error || form.dataset.failed);
        return;
      }
    } catch { fail(document.body.dataset.networkError); return; }
    error.hidden = true;
    form.reset();
    form.querySelector(".field").classList.remove("field-error");
    if (dialog) { unlock(); channel.postMessage("unlock"); } else location.reload();
  });

  if (!dialog) return;
  const limit = Number(document.body.dataset.idleMinutes) * 60000;
  const channel = new BroadcastChannel("puente-session");
  let last = Date.now();
  let spread = 0;
  let returnTo = null;

  const lock = (tellServer) => {
    if (page.classList.contains("locked")) return;
    returnTo = document.activeElement;
    document.querySelectorAll("dialog[open]").forEach((open) => open.close());
    document.querySelectorAll("[popover]:popover-open").forEach((open) => open.hidePopover());
    page.classList.add("locked");
    dialog.querySelector("[data-locked-at]").textContent = new Date().toLocaleTimeString(page.lang, { hour: "2-digit", minute: "2-digit", hour12: false });
    dialog.showModal();
    if (tellServer) {
      send(dialog.dataset.lockUrl).catch(() => {});
      channel.postMessage("lock");
    }
  };
  const unlock = () => {
    page.classList.remove("locked");
    dialog.close();
    last = Date.now();
    returnTo?.focus?.();
  };

  dialog.addEventListener("cancel", (event) => event.preventDefault());
  dialog.addEventListener("close", () => { if (page.classList.contains("locked")) dialog.showModal(); });
  channel.addEventListener("message", ({ data }) => {
    if (data === "lock") lock(false);
    if (data === "unlock" && page.classList.contains("locked")) unlock();
    if (data === "active") last = Date.now();
  });

  const stir = () => {
    last = Date.now();
    if (last - spread > 15000) { spread = last; channel.postMessage("active"); }
  };
  for (const kind of ["keydown", "pointerdown", "pointermove", "wheel", "touchstart", "scroll"]) {
    addEventListener(kind, stir, { passive: true, capture: true });
  }
  setInterval(() => { if (Date.now() - last >= limit) lock(true); }, 1000);
  document.addEventListener("puente:lock", () => lock(false));
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-lock]")) { event.preventDefault(); lock(true); }
  });
})();
