// What was answered in this session of the browser, for the way back.

const KEY = "visiontools-session";
const MOST = 20;

export class Session {
  constructor(section) {
    this.section = section;
    this.runs = JSON.parse(sessionStorage.getItem(KEY) ?? "[]");
    this.show();
  }

  add(record, title) {
    const words = record.request.ask ?? record.message;
    this.runs = [{ id: record.id, title, words }, ...this.runs.filter((run) => run.id !== record.id)].slice(0, MOST);
    sessionStorage.setItem(KEY, JSON.stringify(this.runs));
    this.show();
  }

  // All but what is on the page already.
  show() {
    const shown = new Set([...document.querySelectorAll("#answer [data-record]")].map((card) => card.dataset.record));
    const earlier = this.runs.filter((run) => !shown.has(run.id));
    this.section.querySelector("ol").replaceChildren(...earlier.map((run) => {
      const item = document.createElement("li");
      const link = document.createElement("a");
      link.href = `/records/${run.id}`;
      link.textContent = `${run.title}: ${run.words}`;
      item.append(link);
      return item;
    }));
    this.section.hidden = !earlier.length;
  }
}
