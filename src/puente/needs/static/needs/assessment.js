// "None of these" stands alone. In the capture phase, so that htmx sends what is left.
document.addEventListener(
  "change",
  (event) => {
    const chosen = event.target;
    if (!chosen.matches(".tiles input[type=checkbox]") || !chosen.checked) return;
    const stands_alone = "exclusive" in chosen.dataset;
    for (const other of chosen.closest(".tiles").querySelectorAll("input:checked")) {
      if (other !== chosen && (stands_alone || "exclusive" in other.dataset)) other.checked = false;
    }
  },
  true,
);
