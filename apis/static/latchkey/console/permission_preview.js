// While a permission is typed, asks the server how the consent page would say it. Without script the stored text stands there.
for (const form of document.querySelectorAll("form[data-preview-url]")) {
  const shown = document.querySelector("[data-preview]");
  let waiting = 0;
  let asked = 0;
  form.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(async () => {
      const typed = new FormData(form);
      const value = typed.get("value") ?? form.dataset.previewValue;
      const query = new URLSearchParams({ value, description: typed.get("description") });
      const turn = ++asked;
      const answer = await fetch(`${form.dataset.previewUrl}?${query}`).catch(() => null);
      // An older answer may come after a newer one, and the login page instead of one.
      if (answer?.ok && !answer.redirected && turn === asked) shown.innerHTML = await answer.text();
    }, 150);
  });
}
