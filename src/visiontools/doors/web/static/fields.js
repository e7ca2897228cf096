// Lists in forms: adding an entry, and taking one away.

import { t } from "./texts.js";

export function prepareLists(root) {
  for (const list of root.querySelectorAll("[data-list]")) prepareList(list);
}

function prepareList(list) {
  if (list.dataset.ready) return;
  list.dataset.ready = "yes";
  const entries = list.querySelector(":scope > .entries");
  const template = list.querySelector(":scope > template");
  for (const entry of entries.children) addRemove(entry);
  const add = document.createElement("button");
  add.type = "button";
  add.className = "button add";
  const one = called(template.content.firstElementChild);
  add.textContent = t("Add %(one)s", { one });
  let next = entries.children.length;
  add.addEventListener("click", () => {
    const made = document.createElement("template");
    made.innerHTML = template.innerHTML.replaceAll(list.dataset.index, String(next++));
    const entry = made.content.firstElementChild;
    addRemove(entry);
    prepareLists(entry);
    entries.append(entry);
    entry.querySelector("input, select, textarea")?.focus();
  });
  list.append(add);
}

// What an entry is called within a sentence; only English has it in small letters there.
function called(entry) {
  const name = entry.getAttribute("aria-label");
  return document.documentElement.lang === "en" ? name.toLowerCase() : name;
}

function addRemove(entry) {
  const remove = document.createElement("button");
  remove.type = "button";
  remove.className = "remove";
  remove.textContent = "✕";
  remove.setAttribute("aria-label", t("Remove this %(one)s", { one: called(entry) }));
  remove.addEventListener("click", () => {
    const beside = entry.nextElementSibling ?? entry.previousElementSibling;
    const list = entry.closest("[data-list]");
    entry.remove();
    (beside?.querySelector("input, select, textarea") ?? list.querySelector(":scope > .add")).focus();
  });
  entry.append(remove);
}
