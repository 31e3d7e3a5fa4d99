/* The step-up. On a protected page a form that is sent too late, or a part that the server answers with 401, waits while
   a dialog asks who is there; then it is sent as it was, files included. On the page of its own it adds the passkey. */
(() => {
  const dialog = document.getElementById("step-up");
  const form = document.querySelector("[data-step-up-form]");
  let resume = null;

  /* The passkey fills the hidden field; the password goes with it. */
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-passkey]");
    if (!button) return;
    try {
      const answer = await fetch(form.action, { credentials: "same-origin", headers: { Accept: "application/json" } });
      const { request_options: options } = await answer.json();
      form.elements.step_up_credential.value = JSON.stringify(await window.webauthnJSON.get(options));
      form.requestSubmit();
    } catch { form.elements.step_up_credential.value = ""; }
  });

  if (!dialog) return;
  let ends = Date.now() + Number(dialog.dataset.seconds) * 1000;
  const extend = () => { ends = Date.now() + Number(dialog.dataset.seconds) * 1000; };
  const ask = (then) => {
    if (dialog.open || document.documentElement.classList.contains("locked")) return;
    resume = then;
    dialog.showModal();
    form.elements.step_up_password.focus();
  };

  document.addEventListener("submit", (event) => {
    const sent = event.target;
    if (sent === form || sent.method !== "post" || sent.matches("[data-unlock]") || Date.now() < ends) return;
    const submitter = event.submitter;
    event.preventDefault();
    event.stopImmediatePropagation();
    ask(() => { delete sent.dataset.sent; sent.requestSubmit(submitter); });
  }, true);

  document.addEventListener("htmx:responseError", ({ detail: { xhr, elt, target, requestConfig } }) => {
    if (xhr.status !== 401 || requestConfig.headers["X-Refresh"]) return;
    const values = Object.fromEntries(requestConfig.formData);
    ask(() => window.htmx.ajax(requestConfig.verb, requestConfig.path, { source: elt, target, values }));
  });
  document.addEventListener("htmx:afterRequest", ({ detail }) => { if (detail.successful) extend(); });

  /* Whoever works on the page keeps it open: told once a minute at most, and only while there are keys or taps. */
  let told = Date.now();
  const stir = async () => {
    if (Date.now() - told < 60000 || Date.now() >= ends) return;
    told = Date.now();
    const token = document.querySelector('meta[name="csrf-token"]').content;
    const answer = await fetch(dialog.dataset.keepUrl, {
      method: "POST", credentials: "same-origin", headers: { "X-CSRFToken": token, "X-Requested-With": "fetch" },
    }).catch(() => null);
    if (answer?.ok) extend();
  };
  for (const kind of ["keydown", "pointerdown", "touchstart"]) addEventListener(kind, stir, { passive: true });

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const error = form.querySelector("[data-step-up-error]");
    const fail = (text) => {
      error.querySelector("span").textContent = text;
      error.hidden = false;
      form.elements.step_up_credential.value = "";
      form.elements.step_up_password.select();
    };
    try {
      const answer = await fetch(form.action, {
        method: "POST", credentials: "same-origin", body: new FormData(form), headers: { "X-Requested-With": "fetch" },
      });
      if (!answer.ok) {
        const told = await answer.json().catch(() => ({}));
        fail(told.error || document.body.dataset.serverError);
        return;
      }
    } catch { fail(document.body.dataset.networkError); return; }
    error.hidden = true;
    form.reset();
    extend();
    dialog.close();
    const then = resume;
    resume = null;
    then?.();
  });
})();
