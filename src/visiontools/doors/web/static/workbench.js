// The workbench: a client of the API. Without it the form works as a plain one.

import { prepareCode } from "./code.js";
import { prepareLists } from "./fields.js";
import { showPartial } from "./partial.js";
import { Session } from "./session.js";
import { Problem, events, problemOf } from "./stream.js";
import { t } from "./texts.js";
import { Tray } from "./tray.js";

const GOOD = ["answered", "partly"];
const LOST = t("The connection to the server was lost. Try again.");
const form = document.getElementById("run");
const byId = (id) => document.getElementById(id);
const answer = byId("answer");
const progress = byId("progress");
const words = JSON.parse(progress.dataset.words);
const session = new Session(byId("session"));
const tray = new Tray(form, () => say(tray.objection));
let stopping = null;

attach();

function attach() {
  tray.attach(byId("chosen"));
  prepareLists(form);
  byId("looks").addEventListener("change", fillSeen);
}

// The form for what is seen is long: it comes when a person wants to fill it in.
async function fillSeen() {
  const seen = form.querySelector(".seen");
  if (byId("looks").value !== "person" || !("later" in seen.dataset)) return;
  await takeSeen(`/tools/${form.dataset.tool}?looks=person`).catch(tell);
}

async function takeSeen(address) {
  const page = await pageAt(address);
  form.querySelector(".seen").replaceWith(page.querySelector(".seen"));
  prepareLists(form);
}

function say(problem) {
  const told = document.createElement("p");
  told.className = "problem";
  if (problem?.signIn && "signIn" in form.dataset) told.append(...signInAgain());
  else told.textContent = problem?.message ?? problem;
  byId("problem").replaceChildren(...(told.textContent ? [told] : []));
}

function tell(error) {
  say(error instanceof Problem ? error : LOST);
}

// In another tab, for what is filled in here would be lost in this one.
function signInAgain() {
  const link = document.createElement("a");
  link.href = `/sign-in?to=${encodeURIComponent(location.pathname + location.search)}`;
  link.target = "_blank";
  link.textContent = t("Sign in again in a new tab");
  return [`${t("Your sign-in has ended.")} `, link, ` ${t("and then come back to this one: what you filled in stays.")}`];
}

function title() {
  return document.querySelector(".tools [aria-current] strong").textContent;
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  if (stopping) return;
  if (event.submitter?.name === "sample") await trySample(event.submitter).catch(tell);
  else await ask();
});

byId("stop").addEventListener("click", () => stopping?.abort());

// A sample: its picture, and where nobody else looks what is seen in it.
async function trySample(chosen) {
  const tool = form.dataset.tool;
  const response = await fetch(`/samples/${tool}/${chosen.value}`);
  if (!response.ok) return say(await problemOf(response, t("The sample could not be loaded (%(status)s).", { status: response.status })));
  if (response.headers.get("Content-Type").startsWith("text/")) form.elements.text.value = await response.text();
  else tray.replace([new File([await response.blob()], `${chosen.textContent.trim()}.png`, { type: "image/png" })]);
  if (byId("looks").value === "person" && "seen" in chosen.dataset) {
    await takeSeen(`/tools/${tool}?sample=${chosen.value}`);
  }
  await ask();
}

async function pageAt(address) {
  const response = await fetch(address);
  if (!response.ok) throw await problemOf(response, t("The page could not be loaded (%(status)s).", { status: response.status }));
  return new DOMParser().parseFromString(await response.text(), "text/html");
}

async function ask(again = false) {
  const written = form.elements.text?.value.trim() ? [new File([form.elements.text.value], "text.txt", { type: "text/plain" })] : [];
  if (!tray.files.length && !written.length) {
    say(t("Nothing is handed in yet. %(what)s is needed.", { what: byId("tray-title").textContent }));
    byId("picture").focus();
    return;
  }
  if (tray.objection) return say(tray.objection);
  await running(async (signal) => {
    const said = await whatIsSaid(signal);
    const sent = new FormData();
    for (const file of [...written, ...tray.files]) sent.append("picture", file, file.name);
    sent.append("options", JSON.stringify(said.options));
    const looks = byId("looks").value;
    if (looks !== "person") sent.append("endpoint", looks);
    if (said.observation) sent.append("observation", JSON.stringify(said.observation));
    const question = form.elements.ask?.value.trim();
    const talks = byId("looks").selectedOptions[0].classList.contains("talks");
    if (question && talks) sent.append("ask", question);
    if (again) sent.append("again", "true");
    await follow(`/api/v1/tools/${form.dataset.tool}/runs`, sent, signal, false);
  });
}

// Options and observation as the server reads them from the form.
async function whatIsSaid(signal) {
  const fields = new FormData(form);
  fields.delete("picture");
  const response = await fetch(`/tools/${form.dataset.tool}/said`, { method: "POST", body: fields, signal });
  if (!response.ok) throw await problemOf(response);
  return response.json();
}

async function running(work) {
  stopping = new AbortController();
  say("");
  progress.textContent = t("Sending");
  form.classList.add("running");
  byId("go").disabled = true;
  byId("stop").hidden = false;
  try {
    await work(stopping.signal);
  } catch (error) {
    if (error.name === "AbortError") progress.textContent = t("Stopped.");
    else {
      progress.textContent = "";
      tell(error);
    }
  } finally {
    stopping = null;
    byId("go").disabled = false;
    byId("stop").hidden = true;
    byId("partial").hidden = true;
    if (document.activeElement === document.body) byId("go").focus();
  }
}

async function follow(address, sent, signal, further) {
  let record = null;
  let reused = false;
  for await (const [name, data] of events(address, sent, signal)) {
    if (name === "step") progress.textContent = stepWords(data);
    else if (name === "partial") showPartial(byId("partial"), data.observation);
    else if (name === "reused") reused = true;
    else if (name === "problem") throw new Problem([data.detail, data.next].filter(Boolean).join(" "));
    else if (name === "finished") record = data;
  }
  if (!record) throw new Error("cut off");
  await show(record, further);
  progress.textContent = "";
  if (reused && !["reader", "person"].includes(record.observer?.profile)) tellReused();
}

function stepWords({ name, detail }) {
  const who = !detail || name === "repair" ? "" : `, ${detail === "reader" ? t("the built-in reader") : detail}`;
  return `${words[name] ?? name}${who} …`;
}

async function show(record, further) {
  const response = await fetch(`/records/${record.id}/card`);
  if (!response.ok) throw new Problem(t("The answer is kept, but could not be shown (%(status)s). It is among the records.", { status: response.status }));
  const made = document.createElement("template");
  made.innerHTML = await response.text();
  const card = made.content.firstElementChild;
  if (further) answer.append(card);
  else answer.replaceChildren(card);
  prepareCode(card);
  session.add(record, title());
  const seen = form.querySelector(".seen");
  if (GOOD.includes(record.outcome)) seen.open = false;
  byId("on").hidden = !GOOD.includes(record.outcome) || !document.querySelector("#looks option.talks");
  answer.focus({ preventScroll: true });
  card.scrollIntoView({ behavior: calm() ? "auto" : "smooth", block: "nearest" });
  if (card.getBoundingClientRect().top > innerHeight / 2) card.scrollIntoView({ block: "start" });
}

function calm() {
  return matchMedia("(prefers-reduced-motion: reduce)").matches;
}

function tellReused() {
  const anew = document.createElement("button");
  anew.type = "button";
  anew.className = "button";
  anew.textContent = t("Ask anew");
  anew.addEventListener("click", () => ask(true));
  progress.replaceChildren(`${t("Answered from an earlier record.")} `, anew);
}

byId("on").addEventListener("submit", async (event) => {
  event.preventDefault();
  if (stopping) return;
  const field = byId("further");
  const latest = [...answer.querySelectorAll("[data-record]")].at(-1).dataset.record;
  await running(async (signal) => {
    const sent = new FormData();
    sent.append("ask", field.value.trim());
    const chosen = byId("looks").selectedOptions[0];
    const talks = chosen.classList.contains("talks") ? chosen : document.querySelector("#looks option.talks");
    if (talks.value !== "person") sent.append("endpoint", talks.value);
    await follow(`/api/v1/records/${latest}/runs`, sent, signal, true);
    field.value = "";
  });
});

// Another tool: its forms are exchanged, the pictures and the question stay.
for (const link of document.querySelectorAll(".tools a")) {
  link.addEventListener("click", async (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    await choose(link.getAttribute("href"), true);
  });
}
addEventListener("popstate", () => choose(location.pathname, false));

async function choose(address, remember) {
  if (stopping) return;
  let page;
  try {
    page = await pageAt(address);
  } catch {
    location.href = address;
    return;
  }
  const question = form.elements.ask?.value;
  const chosen = page.getElementById("run");
  form.action = chosen.getAttribute("action");
  form.dataset.tool = chosen.dataset.tool;
  byId("chosen").replaceWith(page.getElementById("chosen"));
  if (question && form.elements.ask) form.elements.ask.value = question;
  for (const link of document.querySelectorAll(".tools a")) {
    if (link.dataset.tool === chosen.dataset.tool) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  }
  document.title = page.title;
  if (remember) history.pushState(null, "", address);
  byId("on").hidden = true; // it is about an answer of the tool before
  say("");
  progress.textContent = "";
  attach();
}
