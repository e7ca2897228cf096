// What has been seen so far, while it streams in.

export function showPartial(list, observation) {
  const rows = Object.entries(observation)
    .filter(([, value]) => value !== null && value !== "" && !(Array.isArray(value) && !value.length))
    .map(([name, value]) => [words(name), said(value)]);
  list.replaceChildren(...rows.map(([name, value]) => {
    const row = document.createElement("div");
    const term = document.createElement("dt");
    const told = document.createElement("dd");
    term.textContent = name;
    told.textContent = value;
    row.append(term, told);
    return row;
  }));
  list.hidden = !rows.length;
}

function words(name) {
  const text = String(name).replaceAll("_", " ");
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function said(value) {
  if (Array.isArray(value)) return value.map(said).filter(Boolean).join("; ");
  if (value && typeof value === "object") {
    return Object.values(value).map(said).filter(Boolean).join(", ");
  }
  return value === null || value === undefined ? "" : String(value).replaceAll("_", " ");
}
