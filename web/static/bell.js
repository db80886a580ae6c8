// The desk's bell: asks every 2 seconds (5 while the page is hidden) who is in danger and taken by nobody; says so in the
// strip and in the title, and rings until somebody takes the case, once the officer has switched the sound on.
"use strict";

const RING_EVERY = 6000;

// The same file as a worker is only a clock: browsers slow the timers of hidden pages down to a minute, not those of workers.
if (typeof document === "undefined") setInterval(() => postMessage(0), 1000);
else {
  const strip = document.querySelector("[data-bell]"), buttons = document.querySelectorAll("[data-ring]");
  const title = document.title;
  let sound = null, seen = "", rung = 0, beats = 0, over = false;

  const wanted = () => localStorage.getItem("bell") === "on";
  const ready = () => wanted() && sound?.state === "running";
  const label = () => buttons.forEach((button) => {
    button.hidden = false;
    button.setAttribute("aria-pressed", ready());
    button.lastElementChild.textContent = ready() ? button.dataset.off : button.dataset.on;
  });
  const begin = () => {
    sound ||= Object.assign(new AudioContext(), {onstatechange: label});
    sound.resume().catch(() => null);
  };
  const ring = () => {
    if (!ready()) return;
    rung = Date.now();
    [880, 660, 880].forEach((pitch, n) => {
      const at = sound.currentTime + n * 0.3, tone = sound.createOscillator(), loud = sound.createGain();
      tone.frequency.value = pitch;
      loud.gain.setValueAtTime(0.001, at);
      loud.gain.exponentialRampToValueAtTime(0.5, at + 0.03);
      loud.gain.exponentialRampToValueAtTime(0.001, at + 0.28);
      tone.connect(loud).connect(sound.destination);
      tone.start(at);
      tone.stop(at + 0.3);
    });
  };
  const look = async () => {
    const answer = await fetch(strip.dataset.bell, {headers: {Accept: "application/json"}}).catch(() => null);
    if (!answer || answer.status >= 500) return; // what was known still holds
    over = answer.redirected || !answer.ok; // signed out
    const told = over ? {red: 0, words: "", mark: ""} : await answer.json();
    strip.hidden = !told.red;
    strip.querySelector("[data-words]").textContent = told.words;
    document.title = told.red ? `(${told.red}) ${title}` : title;
    if (told.red && (told.mark !== seen || Date.now() - rung > RING_EVERY)) ring();
    seen = told.mark;
  };
  const beat = () => { if (!over && ++beats % (document.hidden ? 5 : 2) === 0) look(); };

  buttons.forEach((button) => button.addEventListener("click", () => {
    localStorage.setItem("bell", ready() ? "off" : "on");
    begin();
    label();
    if (wanted()) setTimeout(ring, 100); // so it is heard once what it sounds like
  }));
  // A browser lets a page sound only after a touch: any one will do; one on the button is its own.
  document.addEventListener("pointerdown", (event) => { if (wanted() && !ready() && !event.target.closest("[data-ring]")) begin(); });
  if (wanted()) begin();
  label();
  look();
  try { new Worker(document.currentScript.src).onmessage = beat; } catch { setInterval(beat, 1000); }
}
