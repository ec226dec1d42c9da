// Follows the log: asks every two seconds for what is new and puts it above the other lines. Without script the button
// says "Refresh" and loads the page again.
(() => {
  const EVERY = 2000;
  const MOST = 500;
  // As tenants/console/moments.py has them.
  const STEPS = [[86400, "day"], [3600, "h"], [60, "min"], [1, "s"]];
  const NOW = 10;

  // Empty filters stay out of the address.
  document.querySelector("[data-log-filters]")?.addEventListener("submit", (event) => {
    for (const field of event.target.elements) if (field.name && !field.value.trim()) field.disabled = true;
  });
  addEventListener("pageshow", () => {
    for (const field of document.querySelectorAll("[data-log-filters] [name]:disabled")) field.disabled = false;
  });

  const button = document.querySelector("[data-log-tail]");
  const status = document.querySelector("[data-log-status]");
  const body = document.querySelector(".log tbody");
  if (!button || !status || !body) return;

  let after = button.dataset.after;
  let following = false;
  let asking = false;
  let arrived = 0;
  const seen = new Set(Array.from(body.rows, (row) => row.dataset.event));

  const say = (text) => { if (status.textContent !== text) status.textContent = text; };
  const ago = (date) => {
    const seconds = Math.floor((Date.now() - date) / 1000);
    if (seconds < NOW) return "just now";
    const [size, name] = STEPS.find(([step]) => seconds >= step);
    const number = Math.floor(seconds / size);
    return `${number} ${name}${name === "day" && number > 1 ? "s" : ""} ago`;
  };

  const tellAges = () => {
    for (const row of body.rows) {
      const time = row.querySelector("time");
      const age = row.querySelector(".log-ago");
      if (time && age) age.textContent = ago(new Date(time.dateTime));
    }
  };

  const put = (table) => {
    const fresh = Array.from(table.tBodies[0]?.rows ?? []).filter((row) => !seen.has(row.dataset.event));
    for (const row of fresh) {
      seen.add(row.dataset.event);
      row.classList.add("fresh");
    }
    body.prepend(...fresh);
    while (body.rows.length > MOST) body.lastElementChild.remove();
    if (!fresh.length) return;
    arrived += fresh.length;
    body.closest(".log-card").hidden = false;
    document.querySelector("[data-log-empty]")?.remove();
    say(`Following: ${arrived} new ${arrived === 1 ? "event" : "events"}.`);
  };

  const ask = async () => {
    if (!following || asking || document.hidden) return;
    asking = true;
    try {
      const url = new URL(button.dataset.logTail, location.href);
      url.searchParams.set("after", after);
      const answer = await fetch(url, { headers: { accept: "text/html" }, redirect: "error" });
      if (!answer.ok) throw new Error(String(answer.status));
      const table = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("table[data-after]");
      after = table.dataset.after;
      put(table);
      tellAges();
    } catch {
      stop("The server did not answer, so following stopped. Reload the page to see whether you are still logged in.");
    } finally {
      asking = false;
    }
  };

  const stop = (text) => {
    following = false;
    status.classList.remove("live");
    button.textContent = "Follow";
   
    say(text);
  };

  const start = () => {
    following = true;
    status.classList.add("live");
    button.textContent = "Stop following";
   
    say("Following: new events appear above.");
    ask();
  };

  button.setAttribute("role", "button");
 
  button.textContent = "Follow";
  button.addEventListener("click", (event) => {
    event.preventDefault();
    following ? stop("Stopped.") : start();
  });
  button.addEventListener("keydown", (event) => {
    if (event.key === " ") { event.preventDefault(); button.click(); }
  });
  document.addEventListener("visibilitychange", () => {
    if (following) say(document.hidden ? "Paused while nobody looks." : `Following: ${arrived} new events.`);
    ask();
  });
  setInterval(ask, EVERY);
})();
