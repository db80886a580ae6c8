// The chat on a partner's site: <script src="https://…/chat/embed.js" async></script>. A button that opens it in a frame;
// where the site is not among those that may show it (CHAT_HOSTS), the button leads to the chat's own page.
(function () {
  "use strict";
  var script = document.currentScript;
  if (!script || window.anLoChat) return;
  window.anLoChat = true;
  var host = new URL(script.src).origin;
  var allowed = ("ORIGINS").split(" ").indexOf(location.origin) >= 0;
  var vi = !/^en/i.test(document.documentElement.lang);
  var words = vi
    ? {ask: "Hỏi đáp An Lộ", title: "Hỏi đáp về đi làm nước ngoài an toàn", close: "Đóng", tab: " (mở trang mới)"}
    : {ask: "Ask An Lộ", title: "Questions about going abroad safely", close: "Close", tab: " (opens a new page)"};
  var page = host + "/chat?lang=" + (vi ? "vi" : "en");

  function make(name, has, looks) {
    var made = document.createElement(name);
    for (var key in has) made[key] = has[key];
    // One property at a time: a site's own policy against inline styles does not forbid that.
    for (var look in looks) made.style.setProperty(look, looks[look]);
    return made;
  }

  var corner = {position: "fixed", right: "16px", bottom: "16px", "z-index": "2147483000"};
  var face = {font: "600 17px/1.4 system-ui, sans-serif", color: "#ffffff", background: "#0b6e5f", border: "2px solid #ffffff", "border-radius": "28px", padding: "12px 20px", "min-height": "48px", cursor: "pointer", "box-shadow": "0 2px 8px rgba(0,0,0,.3)", "text-decoration": "none"};
  for (var side in corner) face[side] = corner[side];

  if (!allowed) {
    var link = make("a", {href: page, target: "_blank", rel: "noopener", textContent: words.ask}, face);
    link.setAttribute("aria-label", words.ask + words.tab);
    document.body.append(link);
    return;
  }

  var button = make("button", {type: "button", textContent: words.ask}, face);
  button.setAttribute("aria-haspopup", "dialog");
  button.setAttribute("aria-expanded", "false");
  var panel, frame;

  function build() {
    panel = make("div", {id: "an-lo-chat"}, {position: "fixed", right: "0", bottom: "0", width: "min(420px, 100%)", height: "min(680px, 100%)", display: "flex", "flex-direction": "column", background: "#ffffff", border: "1px solid #7f8c99", "box-sizing": "border-box", "z-index": "2147483001"});
    panel.setAttribute("role", "dialog");
    panel.setAttribute("aria-label", words.title);
    var shut = make("button", {type: "button", textContent: words.close}, {font: "600 16px/1.4 system-ui, sans-serif", color: "#17212b", background: "#f5f7f9", border: "0", "border-bottom": "1px solid #dde3e9", "min-height": "44px", padding: "8px 16px", "text-align": "right", cursor: "pointer"});
    shut.addEventListener("click", close);
    frame = make("iframe", {src: page + "&embedded=1", title: words.title}, {flex: "1", width: "100%", border: "0"});
    panel.append(shut, frame);
    document.body.append(panel);
  }

  function show(open) {
    panel.style.setProperty("display", open ? "flex" : "none");
    button.style.setProperty("display", open ? "none" : "block");
    button.setAttribute("aria-expanded", String(open));
    (open ? frame : button).focus();
  }
  function close() { show(false); }

  button.addEventListener("click", function () { if (!panel) build(); show(true); });
  document.addEventListener("keydown", function (event) {
    if (event.key === "Escape" && panel && panel.style.display !== "none") close();
  });
  window.addEventListener("message", function (event) {
    if (panel && event.source === frame.contentWindow && event.origin === host && event.data === "an-lo-close") close();
  });
  document.body.append(button);
})();
