// Draws each [data-chart] from the JSON element it names; the same figures stand in a table beside.
// {type: "bar" | "line" | "pie", categories, series: [{name, data}], stacked, horizontal, unit}
const shown = [];
const places = [...document.querySelectorAll("[data-chart]")];
const language = document.documentElement.lang === "en" ? "EN" : "VI";
const number = new Intl.NumberFormat(language === "VI" ? "vi" : "en", { maximumFractionDigits: 2 });
const short = (value) => {
  const vi = language === "VI";
  for (const [size, word] of [[1e9, vi ? " tỷ" : "bn"], [1e6, vi ? " tr" : "m"]]) {
    if (Math.abs(value) >= size) return number.format(value / size) + word;
  }
  return number.format(value);
};

function colours() {
  const style = getComputedStyle(document.documentElement);
  const read = (name) => style.getPropertyValue(name).trim();
  return {
    palette: [1, 2, 3, 4, 5, 6, 7].map((n) => read(`--c${n}`)),
    ink: read("--ink-soft"), strong: read("--ink"), line: read("--line"), surface: read("--raised"),
  };
}

// Long names stand better beside lying bars than under standing ones.
function lies(data) {
  if (data.horizontal !== undefined || (data.type || "bar") !== "bar") return Boolean(data.horizontal);
  return data.categories.length > 4 && Math.max(...data.categories.map((c) => String(c).length)) > 16;
}

function options(data) {
  const horizontal = lies(data);
  const { palette, ink, strong, line, surface } = colours();
  const several = data.series.length > 1;
  const narrow = innerWidth < 600;
  const text = { fontFamily: "Be Vietnam Pro", color: ink, fontSize: 12 };
  const shared = {
    aria: { enabled: true, decal: { show: several && data.type !== "line" } },
    animation: false,
    color: palette,
    textStyle: text,
    legend: several || data.type === "pie" ? { top: 0, type: "scroll", textStyle: text, icon: "roundRect", itemWidth: 12, itemHeight: 12 } : undefined,
    tooltip: {
      trigger: data.type === "pie" ? "item" : "axis", renderMode: "richText", confine: true,
      backgroundColor: surface, borderColor: line, textStyle: { ...text, color: strong },
      axisPointer: { type: data.type === "line" ? "line" : "shadow" },
      valueFormatter: (v) => (v == null ? "–" : number.format(v) + (data.unit ? ` ${data.unit}` : "")),
    },
  };
  if (data.type === "pie") {
    const slices = data.categories.map((name, i) => ({ name, value: data.series[0].data[i] }));
    return { ...shared, series: [{ type: "pie", radius: ["45%", "72%"], top: 24, data: slices, label: { ...text, formatter: "{b}\n{d}%" }, itemStyle: { borderColor: surface, borderWidth: 2 } }] };
  }
  const names = {
    type: "category", data: data.categories, inverse: horizontal,
    axisTick: { show: false }, axisLine: { lineStyle: { color: line } },
    axisLabel: { ...text, lineHeight: 15, hideOverlap: true, width: horizontal ? (narrow ? 110 : 220) : 84, overflow: horizontal ? "truncate" : "break" },
  };
  const values = { type: "value", splitNumber: narrow ? 3 : 5, splitLine: { lineStyle: { color: line } }, axisLabel: { ...text, formatter: short } };
  return {
    ...shared,
    grid: { left: 4, right: 20, top: several ? 40 : 14, bottom: 4, containLabel: true },
    xAxis: horizontal ? values : names,
    yAxis: horizontal ? names : values,
    series: data.series.map((s) => ({
      type: data.type || "bar", barMaxWidth: 34, symbolSize: 7, lineStyle: { width: 2.5 },
      itemStyle: { borderRadius: data.stacked ? 0 : 3 }, stack: data.stacked ? "all" : undefined, ...s,
    })),
  };
}

function draw(place) {
  const source = document.getElementById(place.dataset.chart);
  if (!source) return;
  place.classList.add("drawn");
  const data = JSON.parse(source.textContent);
  if (lies(data)) {
    const rows = data.categories.length * (data.stacked ? 1 : data.series.length);
    place.style.height = `${Math.max(12, rows * 1.6 + data.categories.length * 0.6 + 4)}rem`;
  }
  const chart = window.echarts.init(place, null, { renderer: "svg", locale: language });
  const show = () => chart.setOption(options(data), true);
  show();
  new ResizeObserver(() => chart.resize()).observe(place);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", show);
  shown.push(show);
}

// On paper, charts have the colours of the light theme.
const root = document.documentElement;
addEventListener("beforeprint", () => {
  root.dataset.before = root.dataset.theme;
  root.dataset.theme = "light";
  shown.forEach((show) => show());
});
addEventListener("afterprint", () => {
  root.dataset.theme = root.dataset.before;
  shown.forEach((show) => show());
});

function load(address) {
  return new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = address;
    script.onload = resolve;
    script.onerror = reject;
    document.head.append(script);
  });
}

if (places.length) {
  const { library, language: words } = places[0].dataset;
  await load(library);
  if (language === "VI" && words) await load(words);
  places.forEach(draw);
}
