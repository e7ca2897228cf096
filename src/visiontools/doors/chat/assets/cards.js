// Shows a record's card in the place of the link to it, in answers only.
//
// The card is the same fragment the workbench shows, made and escaped by the server. It stands in
// a tree of its own, so that the page's styles and the card's leave each other alone.
import { t } from "/static/texts.js";

const RECORD = /^\/records\/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const ANSWERS = '[data-step-type="assistant_message"] a[href^="/records/"]';
const STYLE = document.querySelector('meta[name="visiontools-card-style"]').content;

function place(link) {
  const address = link.getAttribute("href");
  if (!RECORD.test(address) || link.dataset.card) return;
  link.dataset.card = "loading";
  const host = document.createElement("div");
  host.className = "visiontools-card";
  const tree = host.attachShadow({ mode: "open" });
  link.after(host);
  fill(tree, link, `${address}/card`);
}

async function fill(tree, link, address) {
  try {
    const answer = await fetch(address, { headers: { Accept: "text/html" } });
    if (answer.status === 404) {
      tree.append(says(t("This answer was deleted.")));
      link.dataset.card = "gone";
      return;
    }
    if (!answer.ok) throw new Error(String(answer.status));
    const made = new DOMParser().parseFromString(await answer.text(), "text/html");
    const style = document.createElement("link");
    style.rel = "stylesheet";
    style.href = STYLE;
    tree.append(style, ...made.body.childNodes);
    link.dataset.card = "shown";
  } catch {
    link.dataset.card = "failed"; // the link stays: it leads to the record
  }
}

function says(words) {
  const said = document.createElement("p");
  said.textContent = words;
  return said;
}

// A text that was sent leads to its record; saved, it would be that page under the text's name.
const TEXTS = 'a[download][href^="/records/"]';

function look() {
  for (const link of document.querySelectorAll(ANSWERS)) place(link);
  for (const link of document.querySelectorAll(TEXTS)) link.removeAttribute("download");
}

new MutationObserver(look).observe(document.body, { childList: true, subtree: true });
look();

// The address of a conversation that has begun, so that loading the page again comes back to it.
// Chainlit's script does so only where the chat is at the root of a site.
const ROOT = document.querySelector('meta[property="og:root_path"]').content;
const THREAD = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

window.addEventListener("message", (event) => {
  if (event.source !== window || event.origin !== location.origin) return;
  const thread = event.data && event.data["visiontools-thread"];
  if (THREAD.test(thread) && location.pathname === `${ROOT}/`) {
    history.replaceState(history.state, "", `${ROOT}/thread/${thread}`);
  }
});
