// Names and roles for what Chainlit's page leaves to be seen only.
import { t } from "/static/texts.js";

const NAMES = {
  "#sidebar-trigger-button": t("Conversations"),
  "#search-chats-button": t("Search conversations"),
  "#new-chat-button": t("New conversation"),
  "#upload-button, #upload-button-loading": t("Attach a file"),
  "#chat-submit": t("Send"),
  "#stop-button": t("Stop"),
  "#thread-options": t("Rename or delete"),
  ".positive-feedback-off, .positive-feedback-on": t("Helpful"),
  ".negative-feedback-off, .negative-feedback-on": t("Not helpful"),
  "button:has(> svg.lucide-copy)": t("Copy"),
  "button:has(> svg.lucide-check):not([role])": t("Copied"),
  "button.rounded-full:has(> svg.lucide-arrow-down)": t("To the end"),
  "button.rounded-full:has(> svg.lucide-x)": t("Remove this file"),
};
const ROLES = {
  "#upload-button[role=presentation]": "button",
  "#thread-options": "button",
  'ul[data-sidebar="menu"]': "group",
  'li[data-sidebar="menu-item"]': "none",
};

function say() {
  for (const [selector, name] of Object.entries(NAMES)) {
    for (const each of document.querySelectorAll(selector)) {
      if (each.getAttribute("aria-label") !== name) each.setAttribute("aria-label", name);
    }
  }
  for (const [selector, role] of Object.entries(ROLES)) {
    for (const each of document.querySelectorAll(selector)) {
      if (each.getAttribute("role") !== role) each.setAttribute("role", role);
    }
  }
}

new MutationObserver(say).observe(document.body, { childList: true, subtree: true });
say();
