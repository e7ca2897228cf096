// The events of a run, as the API tells them.

import { t } from "./texts.js";

export class Problem extends Error {
  // Whether nobody is signed in any more.
  signIn = false;
}

// Send the form and yield [name, data] for each event; abort the signal to stop the run.
export async function* events(address, form, signal) {
  const response = await fetch(address, {
    method: "POST",
    body: form,
    headers: { Accept: "text/event-stream" },
    signal,
  });
  if (!response.ok) throw await problemOf(response);
  let text = "";
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    text += value;
    const pieces = text.split("\n\n");
    text = pieces.pop();
    for (const piece of pieces) {
      const event = read(piece);
      if (event) yield event;
    }
  }
}

function read(piece) {
  let name = "";
  const data = [];
  for (const line of piece.split("\n")) {
    if (line.startsWith("event:")) name = line.slice(6).trim();
    if (line.startsWith("data:")) data.push(line.slice(5).trimStart());
  }
  return name && [name, JSON.parse(data.join("\n"))];
}

// What a refusal says, in a sentence for a person; `otherwise` where it says nothing.
export async function problemOf(response, otherwise = t("The server answered %(status)s. Try again in a moment.", { status: response.status })) {
  const told = await response.json().catch(() => null);
  const problem = new Problem(told?.detail ? [told.detail, told.next].filter(Boolean).join(" ") : otherwise);
  problem.signIn = told?.type === "urn:visiontools:problem:sign-in-needed";
  return problem;
}
