// What our scripts say, in the page's language: the English text is the key.

const texts = JSON.parse(document.documentElement.dataset.texts || "{}");

// The text, with the values put in for %(name)s.
export function t(text, values = {}) {
  return (texts[text] ?? text).replace(/%\((\w+)\)s/g, (whole, name) => values[name] ?? whole);
}
