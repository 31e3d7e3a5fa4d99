/* What every page needs: htmx's errors in words, the sign of the network, theme, dialogs, error summary, form sending. */
(() => {
  const page = document.documentElement;
  const words = document.body.dataset;

  const say = (text) => {
    const region = document.getElementById("messages");
    const notice = document.createElement("div");
    notice.className = "notice notice-error";
    notice.textContent = text;
    region.replaceChildren(notice);
  };

  const showConnection = (online) => {
    page.dataset.connection = online ? "online" : "offline";
    for (const sign of document.querySelectorAll(".connection")) {
      sign.textContent = online ? sign.dataset.online : sign.dataset.offline;
    }
  };
  addEventListener("online", () => showConnection(true));
  addEventListener("offline", () => showConnection(false));
  if (!navigator.onLine) showConnection(false);

  document.addEventListener("htmx:configRequest", (event) => {
    event.detail.headers["X-CSRFToken"] = document.querySelector('meta[name="csrf-token"]').content;
  });
  document.addEventListener("htmx:sendError", () => { showConnection(false); say(words.networkError); });
  document.addEventListener("htmx:afterRequest", (event) => { if (event.detail.successful) showConnection(true); });
  document.addEventListener("htmx:responseError", (event) => {
    if (event.detail.xhr.status === 423) document.dispatchEvent(new Event("puente:lock"));
    else say(words.serverError);
  });

  /* Theme: kept in a cookie, so that the server draws the next page in it from the first byte. */
  const showTheme = () => {
    for (const button of document.querySelectorAll("[data-set-theme]")) {
      button.setAttribute("aria-pressed", String(button.dataset.setTheme === (page.dataset.theme || "")));
    }
  };
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-set-theme]");
    if (!button) return;
    const theme = button.dataset.setTheme;
    if (theme) page.dataset.theme = theme; else delete page.dataset.theme;
    document.cookie = `theme=${theme}; path=/; max-age=${theme ? 31536000 : 0}; samesite=lax`;
    showTheme();
  });
  showTheme();

  /* Dialogs: data-open="id" opens, data-close closes. */
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-open]");
    if (opener) { event.preventDefault(); document.getElementById(opener.dataset.open).showModal(); }
    const closer = event.target.closest("[data-close]");
    if (closer) closer.closest("dialog").close();
    if (event.target.closest("[data-print]")) print();
    const reveal = event.target.closest("[data-reveal]");
    if (reveal) {
      const field = document.getElementById(reveal.dataset.reveal);
      const shown = field.type === "text";
      field.type = shown ? "password" : "text";
      reveal.setAttribute("aria-pressed", String(!shown));
    }
  });

  /* Error summary: focus it; its links go to the field itself, not only near it. */
  const focusSummary = (root) => root.querySelector(".error-summary")?.focus();
  focusSummary(document);
  document.addEventListener("htmx:afterSwap", (event) => focusSummary(event.target));
  document.addEventListener("click", (event) => {
    const link = event.target.closest(".error-summary a");
    if (!link) return;
    const field = document.getElementById(link.hash.slice(1));
    if (!field) return;
    event.preventDefault();
    field.focus();
    (field.closest(".field") || field).scrollIntoView({ block: "center" });
  });

  /* data-autosubmit sends its form on change; a sent form is not sent twice. */
  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-autosubmit]")) event.target.form.requestSubmit();
  });
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method !== "post") return;
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "yes";
    setTimeout(() => delete form.dataset.sent, 4000);
  });
  // What is changed after sending, such as the kind of file of a download, may be sent at once.
  document.addEventListener("input", (event) => { if (event.target.form) delete event.target.form.dataset.sent; });
  addEventListener("pageshow", () => { for (const form of document.forms) delete form.dataset.sent; });
})();
