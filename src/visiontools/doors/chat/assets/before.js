// What Chainlit's script looks for before it begins.
const global = globalThis; // eslint-disable-line no-unused-vars
window.transports = ["websocket"];
// Light or dark is the system's choice here, as on all our pages, cards included.
localStorage.removeItem("vite-ui-theme");
window.theme = {
  light: {
    "--background": "60 9% 96.5%", "--foreground": "195 6% 12%", "--card": "0 0% 100%",
    "--primary": "171 83% 23%", "--primary-foreground": "0 0% 100%", "--ring": "171 83% 23%",
    "--accent": "75 7% 91%", "--muted": "75 7% 91%", "--muted-foreground": "195 4% 37%",
    "--border": "90 5% 86%", "--input": "90 5% 86%", "--sidebar-background": "60 9% 94%",
  },
  dark: {
    "--background": "195 9% 9%", "--foreground": "100 5% 90%", "--card": "192 8% 12%",
    "--primary": "167 46% 61%", "--primary-foreground": "195 9% 9%", "--ring": "167 46% 61%",
    "--accent": "192 8% 15%", "--muted": "192 8% 15%", "--muted-foreground": "165 4% 64%",
    "--border": "189 6% 22%", "--input": "189 6% 22%", "--sidebar-background": "192 8% 11%",
  },
};
