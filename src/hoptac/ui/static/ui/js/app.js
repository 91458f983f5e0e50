// Everything here makes pages quicker; every page works without it.
import "./menus.js";
import "./forms.js";
import "./charts.js";

if (document.querySelector("[hx-get], [hx-post]")) {
  const script = document.createElement("script");
  script.src = new URL("../vendor/htmx/htmx.min.js", import.meta.url);
  document.head.append(script);
}
