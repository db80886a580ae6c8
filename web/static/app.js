// Progressive only: every page works without this file. Two things: parts of a page that keep themselves fresh
// (data-poll="address"), and forms whose figures follow the typing (data-follow="address", shown in data-follows).
"use strict";

const EVERY = 2000;

document.querySelectorAll("[data-poll]").forEach((part) => {
  let seen = null;
  const look = async () => {
    const busy = [...part.querySelectorAll("input:not([type=hidden]), textarea")].some((box) => box.value || box === document.activeElement);
    if (document.hidden || busy) return;
    const answer = await fetch(part.dataset.poll, {headers: {"X-Fragment": "1"}}).catch(() => null);
    if (!answer) return;
    if (answer.redirected || answer.headers.has("X-Finished")) { clearInterval(timer); location.reload(); return; }
    const words = await answer.text();
    const mark = answer.headers.get("X-Mark") || words;
    if (answer.ok && mark !== seen) part.innerHTML = words, seen = mark;
  };
  const timer = setInterval(look, EVERY);
});

document.querySelectorAll("form[data-follow]").forEach((form) => {
  let waiting, asked = 0;
  form.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(async () => {
      const mine = ++asked;
      const answer = await fetch(form.dataset.follow, {method: "POST", body: new FormData(form), headers: {"X-Fragment": "1"}}).catch(() => null);
      if (!answer || !answer.ok || mine !== asked) return;
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
      fresh.querySelectorAll("[data-part]").forEach((part) => {
        const old = document.querySelector(`[data-part="${part.dataset.part}"]`);
        if (old) old.replaceWith(document.adoptNode(part));
      });
    }, 250);
  });
});
