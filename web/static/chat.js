// The chat without reloading the page. Without this file, or in a browser that lacks what it needs, the same form posts
// and the page comes back whole.
"use strict";

(() => {
  if (!window.fetch || !window.AbortController || !window.URLSearchParams) return;
  const by = (id) => document.getElementById(id);
  const form = by("chat"), turns = by("turns"), box = form.elements.text, send = by("send"), wait = by("wait"), words = form.dataset;
  const make = (name, has, ...inside) => { const made = Object.assign(document.createElement(name), has); made.append(...inside); return made; };
  const links = new RegExp(words.links, "g");
  const shown = new Set([...turns.children].map((turn) => turn.id));
  // A page in a frame carries the conversation itself; this tab remembers it when the frame is drawn anew.
  const who = form.elements.who;
  const store = (what) => { try { return what === undefined ? sessionStorage.getItem("chat") : sessionStorage.setItem("chat", what); } catch (refused) { return ""; } };
  let last = +words.last, awaited = "awaited" in words, busy = false, timer, pause, looking = 0;

  // On a weak line nothing may ever come: after so many seconds that is an answer too.
  async function fetched(address, sent) {
    const ends = new AbortController(), end = setTimeout(() => ends.abort(), 40000);
    const headers = {Accept: "application/json"};
    if (who) headers["X-Chat"] = who.value;
    if (sent) headers["Content-Type"] = "application/json";
    try {
      const answer = await fetch(address, {method: sent ? "POST" : "GET", headers, credentials: "same-origin", body: sent && JSON.stringify({...sent, who: who && who.value}), signal: ends.signal});
      const told = await answer.json();
      if (!answer.ok) throw Object.assign(new Error(), {sentence: told.sentence});
      return told;
    } finally { clearTimeout(end); }
  }

  function linked(text, numbers) {
    const pieces = [];
    let at = 0;
    for (let found; (found = links.exec(text));) {
      const [all, address, number] = found;
      if (!address && !(number && numbers)) continue;
      const link = make("a", {href: number ? "tel:" + number.replace(/ /g, "") : address.replace(/^www\./, "http://www."), textContent: all});
      if (address) Object.assign(link, {rel: "noopener noreferrer", target: "_blank"});
      pieces.push(text.slice(at, found.index), link);
      at = found.index + all.length;
    }
    return [...pieces, text.slice(at)];
  }

  function say(text, told) {
    const mine = !told;
    if (told && told.id) { if (shown.has("t" + told.id)) return null; shown.add("t" + told.id); }
    const turn = make("li", {className: mine ? "mine" : told.who ? "staff" : told.danger === "red" ? "red" : "", tabIndex: -1});
    turn.append(make("b", {className: told && told.who ? "" : "away", textContent: mine ? words.you : told.who || words.machine}), make("div", {className: "said"}, ...linked(text, !mine)));
    if (told && (told.source || told.judge)) {
      const foot = make("div", {className: "foot"}), [asked, yes, no] = words.helpful.split("|");
      if (told.source) foot.append(make("details", {}, make("summary", {textContent: words.source}), told.source));
      if (told.judge) foot.append(make("p", {}, asked, ...[[yes, 1], [no, 0]].map(([word, n]) => make("button", {name: "judge", value: told.id + ":" + n, textContent: word}))));
      turn.append(foot);
    }
    turns.append(turn);
    return turn;
  }

  function offer(choices) {
    const place = by("choices");
    place.className = "choices";
    place.textContent = "";
    place.append(...choices.map((choice) => make("button", {name: "choice", value: choice.say, textContent: choice.text})));
  }

  function take(told) {
    for (const each of told.messages) {
      const turn = say(each.text, each);
      if (turn) { turn.scrollIntoView({block: "nearest"}); pause = 0; }
    }
    last = Math.max(last, told.last);
    awaited = told.awaited;
    follow();
  }

  // News of a person: every 5 seconds, seldomer while nothing comes, never while nobody looks.
  function follow() {
    clearTimeout(timer);
    pause = Math.min(Math.max(5000, (pause || 0) * 1.3), 30000);
    if (awaited && !document.hidden) timer = setTimeout(look, pause);
  }

  async function look() {
    const mine = ++looking;
    const told = await fetched(`${words.news}&after=${last}`).catch(() => null);
    if (mine !== looking) return;
    if (told) take(told); else follow();
  }

  async function ask(text, typed) {
    busy = send.disabled = true;
    const asked = say(text);
    box.value = by("wrong").textContent = "";
    wait.hidden = false;
    wait.scrollIntoView({block: "nearest"});
    try {
      const told = await fetched(form.action, {text, key: form.elements.key.value, after: last});
      form.elements.key.value = told.next_key;
      if (who) { who.value = told.token; store(told.token); }
      pause = 0;
      take(told);
      const turn = told.reply && say(told.reply, told);
      if (turn) {
        offer(told.choices);
        asked.scrollIntoView();
        if (!typed) turn.focus({preventScroll: true});
      }
    } catch (failed) {
      asked.remove();
      box.value = text;
      by("wrong").textContent = failed.sentence || words.offline;
    }
    wait.hidden = true;
    busy = send.disabled = false;
    if (typed) box.focus();
  }

  async function judge(button) {
    const place = button.parentNode;
    try {
      await fetched(words.judge, {judge: button.value});
      place.textContent = words.helpful.split("|")[3];
    } catch (failed) { by("wrong").textContent = words.offline; }
  }

  form.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button || button.classList.contains("plain")) return;
    event.preventDefault();
    if (button.name === "judge") { judge(button); return; }
    const text = button.name === "choice" ? button.value : box.value.trim();
    if (text && !busy) ask(text, button.name !== "choice");
  });

  box.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) { event.preventDefault(); send.click(); }
  });

  // Quick exit, also by Esc twice, leaves nothing to go back to; in a frame it is the partner's page that goes, and Esc
  // once closes the frame.
  function leave() {
    if (who) store("");
    (who ? top : window).location.replace(by("leave").href);
  }
  by("leave").addEventListener("click", (event) => { event.preventDefault(); leave(); });
  let escaped = 0;
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.isComposing) return;
    if (who) parent.postMessage("an-lo-close", "*");
    else if (Date.now() - escaped < 1000) leave();
    escaped = Date.now();
  });

  // Larger words at once, so that nothing typed is lost.
  const size = by("size");
  size.addEventListener("click", (event) => {
    event.preventDefault();
    const address = new URL(location), big = document.documentElement.classList.toggle("big");
    size.textContent = big ? "A−" : "A+";
    size.title = words.size.split("|")[+big];
    size.setAttribute("aria-label", size.title);
    if (big) address.searchParams.set("big", 1); else address.searchParams.delete("big");
    history.replaceState(null, "", address);
  });

  document.addEventListener("visibilitychange", () => { if (document.hidden) clearTimeout(timer); else if (awaited) look(); });
  const kept = who && !who.value && store();
  if (who) store(who.value);
  if (kept) { who.value = kept; form.action = location.href; form.submit(); return; }
  if (by("look")) by("look").hidden = true;
  follow();
  if (turns.lastElementChild) turns.lastElementChild.scrollIntoView({block: "nearest"});
})();
