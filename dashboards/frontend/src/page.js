// Small comforts for every page; each page is complete without them.
for (const input of document.querySelectorAll("[data-filter]")) {
  const rows = [...document.querySelectorAll(input.dataset.filter)];
  const groups = [...document.querySelectorAll("[data-filter-group]")];
  input.closest("[hidden]")?.removeAttribute("hidden");
  input.addEventListener("input", () => {
    const wanted = input.value.trim().toLowerCase();
    for (const row of rows) row.hidden = !row.textContent.toLowerCase().includes(wanted);
    for (const group of groups) group.hidden = rows.every((row) => row.hidden || !group.contains(row));
  });
}

// Browsers have a clipboard only where the address is safe: https, or this machine.
for (const button of navigator.clipboard ? document.querySelectorAll("[data-copy]") : []) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(button.dataset.copy);
    button.textContent = "Copied";
  });
}

document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.target.closest("input, textarea, select")) return;
  const search = document.querySelector("[data-search]");
  if (search) { event.preventDefault(); search.focus(); }
});
