// What all pages have beside what works without it: copying, asking once more, waiting.
"use strict";
(() => {
  const all = (selector) => document.querySelectorAll(selector);

  // Buttons that copy something are there only if they can.
  if (navigator.clipboard) {
    for (const button of all("[data-copy]")) {
      button.hidden = false;
      const called = button.textContent;
      button.addEventListener("click", async () => {
        const from = document.getElementById(button.dataset.copy);
        await navigator.clipboard.writeText(from.value ?? from.textContent);
        button.textContent = "Copied";
        setTimeout(() => { button.textContent = called; }, 1500);
      });
    }
  }

  for (const form of all("form[data-confirm]")) {
    form.addEventListener("submit", (event) => {
      if (!confirm(form.dataset.confirm)) event.preventDefault();
    });
  }

  // What takes long says so, and is not sent twice.
  for (const form of all("form[data-busy]")) {
    form.addEventListener("submit", (event) => {
      if (form.dataset.sent) return event.preventDefault();
      form.dataset.sent = "yes";
      const told = document.createElement("p");
      told.className = "note";
      told.setAttribute("role", "status");
      form.append(told);
      told.textContent = form.dataset.busy;
      form.querySelector("button[type=submit]").setAttribute("aria-disabled", "true");
    });
  }
  // Whoever comes back to a page finds it as it was.
  addEventListener("pageshow", () => {
    for (const form of all("form[data-sent]")) {
      delete form.dataset.sent;
      form.querySelector("[role=status]")?.remove();
      form.querySelector("button[type=submit]").removeAttribute("aria-disabled");
    }
  });

  // Records are being read: the page comes as soon as they are.
  const retry = document.querySelector("[data-retry]");
  if (retry) {
    let left = 60;
    const look = async () => {
      const answer = await fetch("/api/v1/health").catch(() => null);
      if (answer?.ok && (await answer.json()).records) return location.reload();
      if (left-- > 0) setTimeout(look, 2000);
    };
    setTimeout(look, 1000);
  }
})();
