// Names and roles for what Chainlit's page leaves to be seen only.
const NAMES = {
  "#sidebar-trigger-button": "Conversations",
  "#search-chats-button": "Search conversations",
  "#new-chat-button": "New conversation",
  "#upload-button, #upload-button-loading": "Attach a file",
  "#chat-submit": "Send",
  "#stop-button": "Stop",
  "#thread-options": "Rename or delete",
  ".positive-feedback-off, .positive-feedback-on": "Helpful",
  ".negative-feedback-off, .negative-feedback-on": "Not helpful",
  "button:has(> svg.lucide-copy)": "Copy",
  "button:has(> svg.lucide-check):not([role])": "Copied",
  "button.rounded-full:has(> svg.lucide-arrow-down)": "To the end",
  "button.rounded-full:has(> svg.lucide-x)": "Remove this file",
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
