// Judges the addresses of an application while somebody types: the server's rules, asked, never written again.
// Without this script they are judged when the form is saved.
const WAIT = 400; // milliseconds of silence before the server is asked

for (const place of document.querySelectorAll("[data-judge]")) {
  const { judge, field } = place.dataset;
  const form = place.closest("form");
  const lines = form?.elements[field];
  if (!judge || !lines) continue;
  let waiting;
  let asked = 0;

  async function ask() {
    const mine = ++asked;
    const sent = new URLSearchParams({ field, [field]: lines.value });
    for (const name of ["csrfmiddlewaretoken", "app_type"]) sent.set(name, form.elements[name]?.value ?? "");
    if (form.elements.is_first_party?.checked) sent.set("is_first_party", "on");
    const answer = await fetch(judge, { method: "POST", body: sent }).catch(() => null);
    // Logged out, or away: the form says it when it is saved. An older answer must not replace a newer one.
    if (!answer?.ok || answer.redirected || mine !== asked) return;
    place.innerHTML = await answer.text();
    const row = place.closest(".form-row");
    row.querySelector(".errorlist")?.remove();
    row.classList.toggle("errors", Boolean(place.querySelector(".bad")));
  }

  const soon = () => {
    clearTimeout(waiting);
    waiting = setTimeout(ask, WAIT);
  };
  lines.addEventListener("input", soon);
  for (const name of ["app_type", "is_first_party"]) form.elements[name]?.addEventListener("change", soon);
}
