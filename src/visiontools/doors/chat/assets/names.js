// Names and roles for what Chainlit's page leaves to be seen only.
const NAMES = {
  "#sidebar-trigger-button": "Conversations",
  "#search-chats-button": "Search conversations",
  "#new-chat-button": "New conversation",
  "#upload-button, #upload-button-loading": "Attach a picture",
  "#chat-submit": "Send",
  "#stop-button": "Stop",
  "#thread-options": "Rename or delete",
  ".positive-feedback-off, .positive-feedback-on": "Helpful",
  ".negative-feedback-off, .negative-feedback-on": "Not helpful",
};
const ROLES = {
  "#upload-button[role=presentation]": "button",
  "#thread-options": "button",
  'ul[data-sidebar="menu"]': "group",
  'li[data-sidebar="menu-item"]': "none",
};
const COPY = "button:has(> svg.lucide-copy)";

function say() {
  for (const [selector, name] of Object.entries({ ...NAMES, [COPY]: "Copy" })) {
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
