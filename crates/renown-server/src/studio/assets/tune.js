// Sliders and the file answer at once. One question is under way at a time: what is turned meanwhile is asked for next.
"use strict";
(() => {
  const form = document.getElementById("tune");
  if (!form) return;
  const find = (id) => document.getElementById(id);
  const [text, order, result, diff, slip, pulse, checks] =
    ["toml", "order", "result", "diff", "slip", "pulse", "checks"].map(find);
  const knobs = [...form.querySelectorAll("[data-knob]")];
  const knots = [...form.querySelectorAll("[data-knot]")];
  const PAUSE = 250;
  find("try").hidden = true;

  // What was turned and is not in the text yet.
  const turned = new Map();
  let isAsking = false, isAskedAgain = false, followsChecks = false, timer = 0, checksTimer = 0;

  const show = (input, value) => {
    const slider = input.closest(".slider"), output = slider.querySelector("output");
    // What is as it was is let be: a hundred sliders take longer to lay out than an order.
    if (output.textContent !== String(value)) output.textContent = value;
    slider.classList.toggle("turned", Number(value) !== Number(input.defaultValue));
  };

  // A text is replaced around the place where one writes.
  const put = (value) => {
    if (text.value === value) return;
    const { selectionStart, selectionEnd, scrollTop, scrollLeft } = text;
    text.value = value;
    if (document.activeElement === text) text.setSelectionRange(selectionStart, selectionEnd);
    text.scrollTop = scrollTop;
    text.scrollLeft = scrollLeft;
  };

  // The order comes first, and all else once it is on the screen.
  const take = async (live, sent, sets) => {
    order.innerHTML = live.order;
    await painted();
    for (const [path, value] of sets) if (turned.get(path) === value) turned.delete(path);
    if (text.value === sent) put(live.toml);
    for (const input of knobs) {
      const value = live.knobs[input.dataset.knob];
      if (value === undefined || turned.has(input.dataset.knob)) continue;
      if (document.activeElement !== input && Number(input.value) !== value) input.value = value;
      show(input, value);
    }
    if (!knots.includes(document.activeElement)) {
      live.scale.flat().forEach((value, place) => { if (knots[place]) knots[place].value = value; });
    }
    const last = live.scale.at(-1)[0];
    find("scale-line").setAttribute("points",
      live.scale.map(([x, y]) => `${(x / last) * 100},${60 - y * 58}`).join(" "));
    diff.innerHTML = live.diff;
    find("diff-box").open ||= Boolean(diff.querySelector(".added, .removed"));
  };

  // A page that is not looked at is not painted, and not waited for.
  const painted = () => new Promise((done) => {
    requestAnimationFrame(() => setTimeout(done));
    setTimeout(done, PAUSE);
  });

  const wrong = (why) => {
    slip.textContent = why;
    slip.hidden = !why;
  };

  const send = (address, sets) => {
    const body = new URLSearchParams({ toml: text.value });
    for (const [path, value] of sets) body.append("set", `${path}=${value}`);
    return fetch(address, { method: "POST", body });
  };

  const detail = async (answer) => {
    if (answer.redirected) return "You are signed out: sign in again. The text is still here to copy.";
    return (await answer.json().catch(() => ({}))).detail ?? "The server does not answer as it should.";
  };

  const ask = async () => {
    if (isAsking) { isAskedAgain = true; return; }
    isAsking = true;
    result.setAttribute("aria-busy", "true");
    const sets = [...turned], sent = text.value, started = performance.now();
    try {
      const answer = await send("/tune/live", sets);
      if (answer.ok && !answer.redirected) {
        await take(await answer.json(), sent, sets);
        wrong("");
        pulse.textContent = `${Math.round(performance.now() - started)} ms`;
      } else {
        // What cannot be set is not asked for again.
        for (const [path] of sets) turned.delete(path);
        wrong(await detail(answer));
      }
    } catch {
      wrong("The server cannot be reached. What you wrote is still here.");
    }
    isAsking = false;
    result.setAttribute("aria-busy", "false");
    if (isAskedAgain) { isAskedAgain = false; ask(); } else if (followsChecks) checkSoon();
  };

  const check = async () => {
    checks.setAttribute("aria-busy", "true");
    const answer = await send("/tune/checked", [...turned]).catch(() => null);
    if (answer?.ok && !answer.redirected) checks.innerHTML = await answer.text();
    else if (answer) wrong(await detail(answer));
    checks.setAttribute("aria-busy", "false");
  };
  const checkSoon = () => {
    clearTimeout(checksTimer);
    checksTimer = setTimeout(check, 4 * PAUSE);
  };

  for (const input of knobs) {
    input.addEventListener("input", () => {
      turned.set(input.dataset.knob, input.value);
      show(input, input.value);
      ask();
    });
  }
  for (const input of knots) {
    input.addEventListener("change", () => {
      const values = knots.map((knot) => Number(knot.value));
      const pairs = values.flatMap((value, place) => (place % 2 ? [] : [`[${value}, ${values[place + 1]}]`]));
      turned.set("scale.knots", `[${pairs.join(", ")}]`);
      ask();
    });
  }
  text.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, PAUSE);
  });
  find("check").addEventListener("click", (event) => {
    event.preventDefault();
    followsChecks = true;
    check();
  });
})();
