// The chat without reloading the page. Without this file the same form posts and the page comes back whole.
"use strict";

const form = document.getElementById("chat");
const turns = document.getElementById("turns");
const box = form.elements.text;
const send = document.getElementById("send");

function said(text, who) {
  const turn = document.createElement("li");
  turn.className = who;
  const words = document.createElement("div");
  words.className = "said";
  for (const piece of text.split(/((?:https?:\/\/|www\.)[^\s<>"]+[^\s<>".,;:!?)\]])/)) {
    if (!/^(https?:\/\/|www\.)./.test(piece)) { words.append(piece); continue; }
    const link = document.createElement("a");
    Object.assign(link, {href: piece.replace(/^www\./, "http://www."), textContent: piece, rel: "noopener noreferrer", target: "_blank"});
    words.append(link);
  }
  turn.append(words);
  turns.append(turn);
  return turn;
}

function source(turn, words) {
  if (!words) return;
  const more = document.createElement("details");
  const head = document.createElement("summary");
  head.textContent = form.dataset.source;
  more.append(head, words);
  turn.append(more);
}

function offer(choices) {
  const place = document.getElementById("choices");
  place.className = "choices";
  place.replaceChildren(...choices.map((choice) => {
    const button = document.createElement("button");
    Object.assign(button, {name: "choice", value: choice.say, textContent: choice.text});
    return button;
  }));
}

async function ask(text, shown) {
  const asked = said(shown, "mine"), wait = said("…", "");
  wait.scrollIntoView({block: "end"});
  send.disabled = true;
  box.value = "";
  document.getElementById("wrong").textContent = "";
  try {
    const answer = await fetch(form.action, {
      method: "POST",
      headers: {"Content-Type": "application/json", Accept: "application/json"},
      body: JSON.stringify({text, key: form.elements.key.value}),
    });
    const told = await answer.json();
    if (!answer.ok) throw new Error(told.sentence);
    form.elements.key.value = told.next_key;
    wait.remove();
    if (told.reply) {
      const turn = said(told.reply, told.danger === "red" ? "red" : "");
      source(turn, told.source);
      offer(told.choices);
      turn.scrollIntoView({block: "nearest"});
    }
  } catch (error) {
    asked.remove();
    wait.remove();
    box.value = text;
    document.getElementById("wrong").textContent = error instanceof TypeError || error instanceof SyntaxError ? form.dataset.offline : error.message;
  }
  send.disabled = false;
  box.focus();
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const choice = event.submitter && event.submitter.name === "choice" ? event.submitter : null;
  const text = choice ? choice.value : box.value.trim();
  if (text && !send.disabled) ask(text, choice ? choice.textContent.trim() : text);
});

box.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) { event.preventDefault(); form.requestSubmit(send); }
});

// Quick exit leaves nothing to go back to.
document.getElementById("leave").addEventListener("click", (event) => {
  event.preventDefault();
  location.replace(event.currentTarget.href);
});

if (turns.lastElementChild) turns.lastElementChild.scrollIntoView({block: "nearest"});
