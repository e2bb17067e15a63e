/* The slices of a run over time, drawn by uPlot: drag or press a button to
   zoom. Names come from outside and are set as text only. */
'use strict';
(() => {
const HUES = [['#0072b2', '#4db3f0'], ['#d55e00', '#f5893d'], ['#009e73', '#2fcb9c'], ['#b8578c', '#e096c2'], ['#a86f00', '#ffc24d'], ['#2a8cc4', '#8ccff5'],
  ['#6a51a3', '#b3a2e6'], ['#7a7a00', '#c9c94a'], ['#b3003c', '#ff7a9c'], ['#4d6470', '#a8bcc7']];
const dark = matchMedia('(prefers-color-scheme: dark)');
let paper = false; /* being printed: light whatever the reader's scheme */
const hue = i => HUES[i % HUES.length][dark.matches && !paper ? 1 : 0];

function make(tag, attrs, ...kids) {
  const e = document.createElement(tag);
  for (const k in attrs) e.setAttribute(k, attrs[k]);
  e.append(...kids);
  return e;
}

const median = xs => { const s = [...xs].sort((a, b) => a - b); return s.length ? (s[s.length >> 1] + s[(s.length - 1) >> 1]) / 2 : NaN; };
const fig = x => { const a = Math.abs(x); return a >= 1e4 ? x.toPrecision(3) * 1 + '' : a >= 99.95 ? x.toFixed(0) : a >= 9.995 ? x.toFixed(1) : x.toFixed(2); };
const percent = x => (x < 0 ? '\u2212' : '+') + Math.abs(100 * x).toFixed(1) + ' %';

/* Times come in grains and as steps from one slice to the next. */
function unpack(set) {
  const out = [];
  set.restarts.forEach((r, n) => {
    let at = r.at / 1e3;
    for (let i = 0; i < r.p.length; i += 3) {
      at += r.p[i + 1] / 1e4;
      out.push({restart: n, arm: r.p[i], x: at, y: r.p[i + 2] * set.grain});
    }
  });
  return out;
}

class Timeline {
  constructor(el, data) {
    this.el = el;
    this.data = data;
    this.over = this.whole = false;
    this.hidden = new Set();
    el.classList.add('timeline');
    this.build();
    this.pick(0);
    new ResizeObserver(() => { if (this.plot && this.box.clientWidth !== this.plot.width) this.plot.setSize(this.size()); }).observe(this.box);
    dark.addEventListener('change', () => this.draw());
    addEventListener('beforeprint', () => { paper = true; this.draw(); });
    addEventListener('afterprint', () => { paper = false; this.draw(); });
  }

  build() {
    const select = (label, names, change) => {
      const s = make('select', {}, ...names.map((n, i) => make('option', {value: i}, n)));
      s.addEventListener('change', () => change(+s.value));
      return make('label', {}, label, s);
    };
    const button = (text, act) => { const b = make('button', {type: 'button'}, text); b.addEventListener('click', act); return b; };
    this.legend = make('div', {class: 'timeline-legend', role: 'group', 'aria-label': 'variants shown'});
    this.box = make('div', {class: 'timeline-plot', role: 'img'});
    this.say = make('p', {class: 'notes', role: 'status'});
    this.table = make('div', {class: 'scroll', role: 'region', tabindex: 0, 'aria-label': 'drift and noise in figures, scrolls sideways'});
    this.el.replaceChildren(
      make('div', {class: 'flame-bar'},
        select('operation', this.data.sets.map(s => s.title), n => this.pick(n)),
        select('show', ['time per operation', 'over the base of the same restart'], n => { this.over = n === 1; this.draw(); }),
        select('height', ['the usual', 'every slice'], n => { this.whole = n === 1; this.draw(); }),
        button('Zoom in', () => this.zoom(.5)), button('Zoom out', () => this.zoom(2)),
        button('Earlier', () => this.move(-.5)), button('Later', () => this.move(.5)), button('Whole run', () => this.show(this.lo, this.hi))),
      this.legend, this.box, this.say, this.table);
  }

  pick(n) {
    this.set = this.data.sets[n];
    this.points = unpack(this.set);
    this.base = this.set.restarts.map((_, r) => median(this.points.filter(p => p.restart === r && p.arm === 0).map(p => p.y)));
    const xs = this.points.map(p => p.x);
    const lo = Math.min(...xs), hi = Math.max(...xs), pad = Math.max(1e-3, .01 * (hi - lo));
    [this.lo, this.hi] = [lo - pad, hi + pad];
    [this.from, this.to] = [this.lo, this.hi];
    this.hidden.clear();
    this.legend.replaceChildren(...this.set.arms.map((a, i) => {
      const box = make('input', {type: 'checkbox'}), mark = make('i', {});
      box.checked = true;
      box.addEventListener('change', () => { box.checked ? this.hidden.delete(i) : this.hidden.add(i); this.draw(); });
      mark.style.background = hue(i);
      return make('label', {}, box, mark, a.name);
    }));
    this.facts();
    this.draw();
  }

  /* One line per variant: all slices count here, not only those drawn. */
  facts() {
    const row = (cells, head) => make('tr', {}, ...cells.map((c, i) => make(head || i === 0 ? 'th' : 'td', {...(head ? {scope: 'col'} : i === 0 ? {scope: 'row'} : {}), ...(i ? {class: 'n'} : {})}, c)));
    this.table.replaceChildren(make('table', {},
      make('caption', {}, this.set.title + ': all ' + this.set.slices + ' slices, ' + this.set.clock + ' time in ns/op'),
      make('thead', {}, row(['variant', 'median', 'middle 90 % of slices', 'last third of the run against the first'], true)),
      make('tbody', {}, ...this.set.arms.map(a => row([a.name, fig(a.median), fig(a.p5) + ' to ' + fig(a.p95), a.drift > 0 ? percent(a.drift - 1) : '\u2013'])))));
  }

  value(p) { return this.over ? p.y / this.base[p.restart] : p.y; }

  /* uPlot wants one axis of x for all series: points of each variant, then a
     line through its restarts' medians. */
  columns() {
    const arms = this.set.arms.length, rows = this.points.map(p => ({x: p.x, at: p.arm, y: this.value(p)}));
    const groups = new Map();
    for (const p of this.points) {
      const k = p.restart + ' ' + p.arm;
      if (!groups.has(k)) groups.set(k, {arm: p.arm, xs: [], ys: []});
      groups.get(k).xs.push(p.x);
      groups.get(k).ys.push(this.value(p));
    }
    for (const g of groups.values()) rows.push({x: median(g.xs), at: arms + g.arm, y: median(g.ys)});
    rows.sort((a, b) => a.x - b.x);
    const cols = [rows.map(r => r.x)];
    for (let i = 0; i < 2 * arms; i++) cols.push(rows.map(r => r.at === i && Number.isFinite(r.y) ? r.y : null));
    return cols;
  }

  size() { return {width: Math.max(260, this.box.clientWidth), height: 320}; }

  /* The usual height leaves out the slowest half percent of what is in view. */
  range(u) {
    const [xs, ...cols] = u.data, ys = [];
    cols.forEach((c, i) => { if (u.series[i + 1].show) xs.forEach((x, j) => { if (c[j] !== null && x >= this.from && x <= this.to) ys.push(c[j]); }); });
    if (!ys.length) return [0, 1];
    ys.sort((a, b) => a - b);
    const top = this.whole ? ys[ys.length - 1] : ys[Math.floor(.995 * (ys.length - 1))], lo = ys[0], pad = .05 * (top - lo) || .05 * top || 1;
    return [lo - pad, top + pad];
  }

  draw() {
    if (this.plot) this.plot.destroy();
    const css = getComputedStyle(this.el), soft = paper ? '#444' : css.getPropertyValue('--soft').trim(), line = paper ? '#bbb' : css.getPropertyValue('--line').trim();
    const axis = {stroke: soft, grid: {stroke: line, width: 1}, ticks: {stroke: line, width: 1}, font: '11px system-ui, sans-serif', labelFont: '11px system-ui, sans-serif', labelSize: 18};
    const series = this.set.arms.map((a, i) => ({label: a.name, show: !this.hidden.has(i), paths: () => null, stroke: hue(i), points: {show: true, size: 3.5, width: 0, space: 0, fill: hue(i) + '99'}}));
    const lines = this.set.arms.map((a, i) => ({label: a.name, show: !this.hidden.has(i), stroke: hue(i), width: 1.5, spanGaps: true, points: {show: false}}));
    const unit = this.over ? 'over ' + this.set.arms[0].name : 'ns/op, ' + this.set.clock + ' time';
    this.box.setAttribute('aria-label', this.set.title + ', ' + unit + ', over seconds since the start of the run: a dot per slice and a line through the medians of the restarts. The table below sums it up.');
    this.plot = new uPlot({
      ...this.size(), legend: {show: false}, cursor: {drag: {x: true, y: false, setScale: false}, points: {show: false}},
      scales: {x: {time: false, min: this.from, max: this.to}, y: {range: u => this.range(u)}},
      axes: [{...axis, label: 'seconds since the start of the run'}, {...axis, label: unit, size: 62, values: (u, vs) => vs.map(v => fig(v))}],
      series: [{}, ...series, ...lines],
      hooks: {
        setSelect: [u => { if (u.select.width > 2) this.show(u.posToVal(u.select.left, 'x'), u.posToVal(u.select.left + u.select.width, 'x')); u.setSelect({left: 0, top: 0, width: 0, height: 0}, false); }],
        init: [u => u.over.addEventListener('dblclick', () => this.show(this.lo, this.hi))],
      },
    }, this.columns(), this.box);
    this.show(this.from, this.to);
  }

  tell() {
    const [min, max] = [this.from, this.to];
    const seen = this.points.filter(p => p.x >= min && p.x <= max).length;
    this.say.textContent = 'Seconds ' + fig(Math.max(0, min)) + ' to ' + fig(max) + ': ' + seen + ' of ' + this.points.length + ' dots (of each part of a restart its fastest and slowest slice, ' + this.set.slices + ' were measured). Drag to zoom, double click for all.';
  }

  show(lo, hi) {
    const least = 1e-4 * (this.hi - this.lo), wide = Math.min(this.hi - this.lo, Math.max(least, hi - lo));
    lo = Math.max(this.lo, Math.min(lo, this.hi - wide));
    [this.from, this.to] = [lo, lo + wide];
    this.plot.setScale('x', {min: this.from, max: this.to});
    this.tell();
  }

  zoom(by) { const mid = (this.from + this.to) / 2, half = by * (this.to - this.from) / 2; this.show(mid - half, mid + half); }

  move(by) { const d = by * (this.to - this.from); this.show(this.from + d, this.to + d); }
}

/* As in the script of the flame graphs; a page may have either without the other. */
async function load(id) {
  const bytes = Uint8Array.from(atob(document.getElementById(id).textContent), c => c.charCodeAt(0));
  return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate-raw'))).json();
}

for (const el of document.querySelectorAll('[data-timeline]')) load(el.dataset.timeline).then(data => new Timeline(el, data));
})();
