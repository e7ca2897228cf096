const print = document.getElementById("print");
print.hidden = false;
print.addEventListener("click", () => window.print());
for (const folded of document.querySelectorAll("details")) folded.open = true;
