// Progressive only: every page works without this file. Parts of a page that keep themselves fresh (data-poll="address",
// every data-every seconds; with data-parts other parts of the page do), words put into a box (data-insert), forms whose figures follow the typing (data-follow="address", with data-at-once also before
// it; not what stands in data-still), links that select characters in a box (data-spot).
"use strict";

const EVERY = 2000;

// Puts each [data-part] of an answer where it stands in the page; what one opened stays open, focus stays where it was.
const place = (words) => {
  const fresh = new DOMParser().parseFromString(words, "text/html");
  fresh.querySelectorAll("[data-part]").forEach((part) => {
    const old = document.querySelector(`[data-part="${part.dataset.part}"]`);
    if (!old) return;
    old.querySelectorAll("details").forEach((one, n) => { const same = part.querySelectorAll("details")[n]; if (same) same.open = one.open; });
    if (old.innerHTML === part.innerHTML) return;
    const held = old.contains(document.activeElement) && document.activeElement.id;
    old.replaceWith(document.adoptNode(part));
    if (held) document.getElementById(held)?.focus();
  });
};

document.querySelectorAll("[data-poll]").forEach((part) => {
  let seen = part.dataset.mark || "";
  const look = async () => {
    const busy = [...part.querySelectorAll("input:not([type=hidden]), textarea")].some((box) => box.value || box === document.activeElement);
    if (document.hidden || busy) return;
    const answer = await fetch(part.dataset.poll, {headers: {"X-Fragment": "1", "X-Mark": seen}}).catch(() => null);
    if (!answer) return;
    if (answer.redirected || answer.headers.has("X-Finished")) { clearInterval(timer); location.reload(); return; }
    const words = await answer.text();
    const mark = answer.headers.get("X-Mark") || words;
    if (!answer.ok || mark === seen) return;
    "parts" in part.dataset ? place(words) : part.innerHTML = words;
    seen = mark;
  };
  const timer = setInterval(look, part.dataset.every * 1000 || EVERY);
});

document.querySelectorAll("form[data-follow]").forEach((form) => {
  let waiting, asked = 0;
  form.addEventListener("input", (event) => {
    if (event.target.closest("[data-still]")) return;
    const mine = ++asked; // whatever is still on its way answers an older question
    clearTimeout(waiting);
    waiting = setTimeout(async () => {
      const answer = await fetch(form.dataset.follow, {method: "POST", body: new FormData(form), headers: {"X-Fragment": "1"}}).catch(() => null);
      if (answer && answer.ok && mine === asked) place(await answer.text());
    }, 250);
  });
  if ("atOnce" in form.dataset) form.dispatchEvent(new Event("input"));
});

// Composed as it will be sent, once the typing is over: an input method must not lose its letters half-way.
const compose = (box) => { const text = box.value.normalize("NFC"); if (text !== box.value) box.value = text; return text; };
document.querySelectorAll("textarea").forEach((box) => box.addEventListener("change", () => compose(box)));

document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-spot]");
  const box = link && document.getElementById(link.dataset.spot);
  if (!box) return;
  event.preventDefault();
  const text = compose(box), lead = text.length - text.trimStart().length;
  const letters = [...text.slice(lead)], at = +link.dataset.at;
  const from = lead + letters.slice(0, at).join("").length;
  box.focus();
  box.setSelectionRange(from, from + letters.slice(at, at + +link.dataset.long).join("").length);
});

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-insert]");
  const box = button && document.getElementById(button.dataset.into);
  if (!box) return;
  event.preventDefault();
  box.value = [box.value.trimEnd(), button.dataset.insert].filter(Boolean).join("\n\n");
  box.focus();
  box.dispatchEvent(new Event("input", {bubbles: true}));
});
