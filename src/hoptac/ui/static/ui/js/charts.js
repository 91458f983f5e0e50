// Draws each [data-chart] from the JSON element it names: {type, categories, series: [{name, data}], unit}.
const places = document.querySelectorAll("[data-chart]");

function colours() {
  const style = getComputedStyle(document.documentElement);
  const read = (name) => style.getPropertyValue(name).trim();
  return { palette: [1, 2, 3, 4, 5, 6, 7].map((n) => read(`--c${n}`)), ink: read("--ink-soft"), line: read("--line") };
}

function draw(place) {
  const source = document.getElementById(place.dataset.chart);
  if (!source) return;
  const data = JSON.parse(source.textContent);
  const { palette, ink, line } = colours();
  const format = new Intl.NumberFormat(document.documentElement.lang === "en" ? "en" : "vi");
  const chart = window.echarts.init(place, null, { renderer: "svg" });
  chart.setOption({
    aria: { enabled: true },
    animation: false,
    color: palette,
    textStyle: { fontFamily: "Be Vietnam Pro", color: ink },
    grid: { left: 8, right: 16, top: data.series.length > 1 ? 40 : 16, bottom: 8, containLabel: true },
    legend: data.series.length > 1 ? { top: 0, textStyle: { color: ink } } : undefined,
    tooltip: { trigger: "axis", valueFormatter: (v) => (v == null ? "–" : format.format(v)), className: "chart-tip" },
    xAxis: { type: "category", data: data.categories, axisLabel: { color: ink, interval: 0, rotate: data.categories.length > 8 ? 35 : 0, hideOverlap: true }, axisLine: { lineStyle: { color: line } } },
    yAxis: { type: "value", axisLabel: { color: ink, formatter: (v) => format.format(v) }, splitLine: { lineStyle: { color: line } } },
    series: data.series.map((s) => ({ ...s, type: data.type || "bar", stack: data.stacked ? "all" : undefined })),
  });
  new ResizeObserver(() => chart.resize()).observe(place);
}

if (places.length) {
  const script = document.createElement("script");
  script.src = places[0].dataset.library;
  script.onload = () => places.forEach(draw);
  document.head.append(script);
}
