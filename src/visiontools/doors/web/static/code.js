// Source text: a button to copy it and one to save it.

import { t } from "./texts.js";

const ENDINGS = { python: "py", mermaid: "mmd", json: "json" };

export function prepareCode(root) {
  for (const block of root.querySelectorAll(".vt-code")) {
    if (block.querySelector(".code-tools")) continue;
    const tools = document.createElement("div");
    tools.className = "code-tools";
    const title = block.getAttribute("aria-label");
    tools.append(
      button(t("Copy"), t("Copy %(title)s", { title }), async (pressed) => {
        await navigator.clipboard.writeText(textOf(block));
        pressed.textContent = t("Copied");
        setTimeout(() => { pressed.textContent = t("Copy"); }, 1500);
      }),
      button(t("Save"), t("Save %(title)s", { title }), () => save(block, title)),
    );
    block.append(tools);
  }
}

function textOf(block) {
  return `${block.querySelector("code").textContent}\n`;
}

function button(words, label, act) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "button";
  made.textContent = words;
  made.setAttribute("aria-label", label);
  made.addEventListener("click", () => act(made));
  return made;
}

function save(block, title) {
  const ending = ENDINGS[block.dataset.language] ?? "txt";
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([textOf(block)], { type: "text/plain" }));
  link.download = `${title.toLowerCase().replace(/[^\p{L}\p{M}\p{N}]+/gu, "-")}.${ending}`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
