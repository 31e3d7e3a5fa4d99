/* A refresh never moves the row under the pointer or the focus: while one is there, it waits; a swap keeps the focus. */
(() => {
  document.addEventListener("htmx:beforeRequest", (event) => {
    const list = event.target.closest?.("[data-calm]");
    if (!list || event.target !== list) return;
    if (list.matches(":focus-within") || list.querySelector("tbody:hover") || document.hidden) event.preventDefault();
  });
  let focused = "";
  document.addEventListener("htmx:beforeSwap", () => { focused = document.activeElement?.id || ""; });
  document.addEventListener("htmx:afterSwap", () => { if (focused) document.getElementById(focused)?.focus({ preventScroll: true }); });
})();
