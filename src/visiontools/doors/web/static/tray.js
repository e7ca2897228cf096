// The pictures that are handed in: chosen, dropped, pasted or photographed.

import { t } from "./texts.js";

export class Tray {
  files = [];

  constructor(form, changed) {
    this.form = form;
    this.changed = changed;
    this.mostBytes = Number(form.dataset.mostBytes);
    this.mostPictures = Number(form.dataset.mostPictures);
    document.addEventListener("paste", (event) => this.#take(event.clipboardData, event));
    document.addEventListener("dragover", (event) => this.#drag(event, true));
    document.addEventListener("dragleave", (event) => { if (!event.relatedTarget) this.#drag(event, false); });
    document.addEventListener("drop", (event) => {
      this.#drag(event, false);
      this.#take(event.dataTransfer, event);
    });
  }

  // The part of the page that is exchanged when another tool is chosen.
  attach(root) {
    this.root = root;
    root.querySelector(".hint").hidden = false;
    for (const input of root.querySelectorAll("input[type=file]")) {
      input.addEventListener("change", () => {
        this.add([...input.files]);
        input.value = "";
      });
    }
    this.#show();
  }

  add(files) {
    if (!files.length) return;
    this.files.push(...files);
    this.#show();
    this.changed();
  }

  replace(files) {
    this.files = files;
    this.#show();
  }

  // Why these cannot be sent, or nothing.
  get objection() {
    const bytes = this.files.reduce((sum, file) => sum + file.size, 0);
    if (this.files.length > this.mostPictures) return t("At most %(most)s pictures fit one request. Take some away.", { most: this.mostPictures });
    if (bytes > this.mostBytes) return t("The pictures have %(size)s MB together, and at most %(most)s MB are taken. Choose fewer or smaller ones.", { size: megabytes(bytes), most: megabytes(this.mostBytes) });
    return "";
  }

  #take(data, event) {
    const files = [...(data?.files ?? [])];
    if (!files.length) return;
    event.preventDefault();
    this.add(files);
  }

  #drag(event, over) {
    if (![...(event.dataTransfer?.types ?? [])].includes("Files")) return;
    event.preventDefault();
    this.root.querySelector(".tray").classList.toggle("over", over);
  }

  #show() {
    const list = this.root.querySelector(".previews");
    for (const image of list.querySelectorAll("img")) URL.revokeObjectURL(image.src);
    list.replaceChildren(...this.files.map((file) => this.#preview(file)));
    list.hidden = !this.files.length;
  }

  #preview(file) {
    const item = document.createElement("li");
    const image = new Image();
    image.alt = file.name;
    image.src = URL.createObjectURL(file);
    image.addEventListener("error", () => {
      const name = document.createElement("span");
      name.className = "name";
      name.textContent = file.name;
      image.replaceWith(name);
    });
    const remove = document.createElement("button");
    remove.type = "button";
    remove.textContent = "✕";
    remove.setAttribute("aria-label", t("Take %(name)s away", { name: file.name }));
    remove.addEventListener("click", () => {
      this.replace(this.files.filter((each) => each !== file));
      this.root.querySelector(".previews button, input[type=file]").focus();
    });
    item.append(image, remove);
    return item;
  }
}

function megabytes(bytes) {
  return (bytes / 1e6).toLocaleString(document.documentElement.lang, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
}
