/* Flame graphs and differences of them. Symbols come from outside: they are set
   as text and attributes, never as markup. Widths go through the style object,
   which a content policy without inline styles allows. */
'use strict';
(() => {
const ROW = 20;

function make(tag, attrs, ...kids) {
  const e = document.createElement(tag);
  for (const k in attrs) e.setAttribute(k, attrs[k]);
  e.append(...kids);
  return e;
}

/* Three digits, no exponent. */
function fig(x) {
  const a = Math.abs(x);
  return a >= 99.95 ? x.toFixed(0) : a >= 9.995 ? x.toFixed(1) : a >= .9995 ? x.toFixed(2) : a === 0 ? '0' : x.toFixed(3);
}
const signed = x => (x < 0 ? '\u2212' : '+') + fig(Math.abs(x));
const percent = (x, of) => of > 0 ? ' (' + (100 * x / of).toFixed(1) + ' %)' : '';

/* "example.org/mod/pkg.(*T).F[go.shape.int]" is shown as "pkg.(*T).F[…]". */
function short(name) {
  let cut = name, at = name.indexOf('[');
  if (at > 0) cut = name.slice(0, at) + '[…]' + name.slice(name.lastIndexOf(']') + 1);
  const end = cut.search(/[([]/);
  const slash = (end < 0 ? cut : cut.slice(0, end)).lastIndexOf('/');
  return cut.slice(slash + 1);
}

const newNode = (name, up) => ({name, up, v: 0, b: 0, sv: 0, sb: 0, kids: new Map(), list: []});

/* Adds one side's tree to the common one, in field "v" or "b". */
function join(names, side, field, root) {
  const t = side.tree;
  let at = 0;
  const walk = node => {
    const own = t[at + 1] * side.grain;
    let kids = t[at + 2], sum = own;
    at += 3;
    node['s' + field] += own;
    for (; kids > 0; kids--) {
      const name = names[t[at]];
      let k = node.kids.get(name);
      if (!k) node.kids.set(name, k = newNode(name, node));
      sum += walk(k);
    }
    node[field] += sum;
    return sum;
  };
  walk(root);
}

/* The largest first; frames of the same parent only. */
function order(node) {
  node.list = [...node.kids.values()].sort((x, y) => y.v + y.b - x.v - x.b || (x.name < y.name ? -1 : 1));
  node.list.forEach(order);
}

/* Callers common to every sample say nothing: start below them. */
function trim(root) {
  let cut = 0;
  while (root.list.length === 1 && root.sv === 0 && root.sb === 0 && root.list[0].list.length > 0) {
    root = root.list[0];
    cut++;
  }
  root.up = null;
  return [root, cut];
}

/* Where the callers part: what all but a few samples have in common is where
   the view starts. */
function start(root) {
  for (;;) {
    const k = root.list[0];
    if (!k || !k.list.length || k.v < .97 * root.v || k.b < .97 * root.b) return root;
    root = k;
  }
}

const heightOf = n => n.list.reduce((h, k) => Math.max(h, 1 + heightOf(k)), 1);

class Flame {
  constructor(el, data) {
    this.el = el;
    this.data = data;
    this.by = 'both';
    this.query = '';
    el.classList.add('flame');
    this.build();
    this.pick(0);
    let wide = 0;
    new ResizeObserver(() => {
      if (this.tree.clientWidth !== wide) { wide = this.tree.clientWidth; this.draw(); }
    }).observe(this.tree);
  }

  build() {
    const select = (label, change) => {
      const s = make('select');
      s.addEventListener('change', () => change(+s.value));
      return [s, make('label', {}, label, s)];
    };
    const bar = make('div', {class: 'flame-bar'});
    [this.setBox, this.setLabel] = select('operation', n => this.pick(n));
    [this.vBox, this.vLabel] = select('variant', n => this.pick(this.at, n, this.b));
    [this.bBox, this.bLabel] = select('against', n => this.pick(this.at, this.v, n));
    [this.byBox, this.byLabel] = select('width', n => { this.by = ['both', 'v', 'b'][n]; this.draw(); });
    this.find = make('input', {type: 'search', size: 18, autocomplete: 'off', spellcheck: 'false'});
    this.find.addEventListener('input', () => { this.query = this.find.value.trim().toLowerCase(); this.draw(); });
    this.reset = make('button', {type: 'button'}, 'Whole graph');
    this.reset.addEventListener('click', () => this.zoom(this.root));
    bar.append(this.setLabel, this.vLabel, this.bLabel, this.byLabel, make('label', {}, 'search functions', this.find), this.reset);
    this.found = make('p', {class: 'flame-say flame-found', role: 'status'});
    this.say = make('p', {class: 'flame-say'});
    this.key = make('p', {class: 'flame-key'});
    this.tree = make('div', {class: 'flame-tree', role: 'tree'});
    this.tree.addEventListener('click', e => { const n = this.nodeOf(e.target); if (n) this.zoom(n); });
    this.tree.addEventListener('mouseover', e => { const n = this.nodeOf(e.target); if (n) this.tell(n); });
    this.tree.addEventListener('focusin', e => { const n = this.nodeOf(e.target); if (n) { this.focus = n; this.tell(n); } });
    this.tree.addEventListener('keydown', e => this.press(e));
    this.el.replaceChildren(bar, this.found, this.key, this.tree, this.say);
    this.data.sets.forEach((s, i) => this.setBox.append(make('option', {value: i}, s.title)));
    this.setLabel.hidden = this.data.sets.length < 2;
  }

  /* Shows one set; v and b are the numbers of its sides, b -1 for none. */
  pick(at, v, b) {
    const set = this.data.sets[at], sides = set.sides, n = sides.length;
    if (at !== this.at) { this.vBox.replaceChildren(); this.bBox.replaceChildren(make('option', {value: -1}, 'nothing')); }
    if (v === undefined) { v = n - 1; b = n > 1 ? 0 : -1; }
    if (at !== this.at) sides.forEach((s, i) => { this.vBox.append(make('option', {value: i}, s.name)); this.bBox.append(make('option', {value: i}, s.name)); });
    Object.assign(this, {at, v, b, unit: set.unit, one: sides[v], two: b < 0 ? null : sides[b]});
    this.setBox.value = at; this.vBox.value = v; this.bBox.value = b;
    this.vLabel.hidden = this.bLabel.hidden = n < 2 || n === 2 && this.data.sets.length < 2;
    this.byLabel.hidden = !this.two;
    if (this.two) this.byBox.replaceChildren(make('option', {value: 0}, 'both added'), make('option', {value: 1}, this.one.name), make('option', {value: 2}, this.two.name));
    this.by = this.two ? 'both' : 'v';
    const root = newNode('all samples', null);
    join(this.data.names, this.one, 'v', root);
    if (this.two) join(this.data.names, this.two, 'b', root);
    order(root);
    [this.root, this.cut] = trim(root);
    this.legend();
    this.tree.setAttribute('aria-label', 'flame graph: ' + (set.title ? set.title + ', ' : '') + this.one.name + (this.two ? ' against ' + this.two.name : ''));
    this.zoom(start(this.root), true);
  }

  legend() {
    const box = (c, text) => make('span', {}, make('i', {class: c}), text);
    this.key.replaceChildren();
    if (this.two) this.key.append(box('m4', this.one.name + ' alone'), box('m2', 'costs more'), box('c0', 'no change beyond chance'), box('l2', 'costs less'), box('l4', this.two.name + ' alone'));
    const n = s => s.one > 0 ? Math.round(s.tree.reduce((sum, x, i) => i % 3 === 1 ? sum + x : sum, 0) * s.grain / s.one) : 0;
    const count = [this.one, this.two].filter(s => s && n(s)).map(s => s.name + ' ' + n(s)).join(', ');
    this.key.append(make('span', {}, 'Per operation' + (count ? '; samples: ' + count : '') + (this.cut ? '; ' + this.cut + ' callers common to all samples left out' : '') + '.'),
      make('span', {class: 'flame-hint'}, 'Enter or click zooms, arrows move, Escape shows the whole.'));
  }

  width(n) { return this.by === 'both' ? n.v + n.b : n[this.by]; }

  zoom(node, quiet) {
    this.top = this.focus = node;
    this.reset.disabled = node === this.root;
    this.draw();
    this.tell(node);
    if (!quiet) { const e = this.boxes.get(node); if (e) e.focus({preventScroll: true}); }
  }

  draw() {
    const px = this.tree.clientWidth || 1000, whole = this.width(this.top);
    let up = [];
    for (let n = this.top.up; n; n = n.up) up.unshift(n);
    if (up.length > 3) up = [up[0], ...up.slice(-2)]; /* the whole and the two nearest callers */
    const base = up.length;
    this.boxes = new Map(); this.rows = [];
    const out = document.createDocumentFragment();
    const put = (n, depth, left, wide, above) => {
      const e = this.box(n, depth, wide * px, above);
      e.style.top = depth * ROW + 'px';
      e.style.left = 100 * left + '%';
      e.style.width = 100 * wide + '%';
      out.append(e);
      this.boxes.set(n, e);
      (this.rows[depth] ||= []).push(n);
    };
    const walk = (n, depth, left) => {
      put(n, depth, left, whole > 0 ? this.width(n) / whole : 1, false);
      for (const k of n.list) {
        const w = whole > 0 ? this.width(k) / whole : 0;
        if (w * px >= .7) walk(k, depth + 1, left);
        left += w;
      }
    };
    up.forEach((n, i) => put(n, i, 0, 1, true));
    walk(this.top, base, 0);
    this.tree.replaceChildren(out);
    this.tree.style.height = (base + heightOf(this.top)) * ROW + 'px';
    if (!this.boxes.has(this.focus)) this.focus = this.top;
    this.boxes.get(this.focus).tabIndex = 0;
    this.tally();
  }

  box(n, depth, px, above) {
    const e = make('div', {class: 'flame-box ' + this.tint(n) + (above ? ' above' : '') + (this.hit(n) ? ' hit' : ''), role: 'treeitem', tabindex: -1, 'aria-level': depth + 1, 'aria-label': this.words(n)});
    if (n.list.length) e.setAttribute('aria-expanded', 'true');
    if (px > 24) e.textContent = short(n.name) + (this.two && px > 90 && this.beyond(n) ? '  ' + signed(n.v - n.b) : '');
    e.frame = n;
    return e;
  }

  /* Whether a change is more than twice what counting samples leaves to chance. */
  beyond(n) {
    const noise = Math.sqrt(n.v * (this.one.one || 0) + n.b * (this.two.one || 0));
    return Math.abs(n.v - n.b) > 2 * noise && Math.abs(n.v - n.b) > 1e-6 * (this.root.v + this.root.b);
  }

  tint(n) {
    if (!this.two) {
      const pkg = short(n.name).split('.')[0];
      let h = 0;
      for (const c of pkg) h = (h * 31 + c.charCodeAt(0)) % 6007;
      return pkg === 'runtime' || n.name[0] === '(' || !n.up ? 'pr' : 'p' + h % 6;
    }
    if (!this.beyond(n)) return 'c0';
    const s = (n.v - n.b) / (n.v + n.b), step = Math.max(1, Math.round(4 * Math.sqrt(Math.abs(s))));
    return (s > 0 ? 'm' : 'l') + step;
  }

  hit(n) { return this.query !== '' && n.name.toLowerCase().includes(this.query); }

  words(n) {
    const v = this.one.name + ' ' + fig(n.v) + ' ' + this.unit + percent(n.v, this.root.v);
    if (!this.two) return n.name + ': ' + v + ', itself ' + fig(n.sv);
    return n.name + ': ' + v + ', ' + this.two.name + ' ' + fig(n.b) + percent(n.b, this.root.b) + ', change ' + signed(n.v - n.b) +
      (this.beyond(n) ? '' : ', too few samples to tell') + '; itself ' + fig(n.sv) + ' against ' + fig(n.sb);
  }

  tell(n) { this.say.textContent = this.words(n); }

  /* Matches inside a match are part of it. */
  tally() {
    let count = 0, v = 0, b = 0;
    const walk = (n, inside) => {
      const hit = this.hit(n);
      if (hit) count++;
      if (hit && !inside) { v += n.v; b += n.b; }
      n.list.forEach(k => walk(k, inside || hit));
    };
    if (this.query) walk(this.root, false);
    this.found.textContent = !this.query ? '' : count + (count === 1 ? ' frame matches: ' : ' frames match: ') + this.one.name + ' ' + fig(v) + ' ' + this.unit + percent(v, this.root.v) +
      (this.two ? ', ' + this.two.name + ' ' + fig(b) + percent(b, this.root.b) + ', change ' + signed(v - b) : '');
  }

  nodeOf(target) { const e = target.closest && target.closest('.flame-box'); return e && e.frame; }

  press(e) {
    const n = this.focus, row = this.rows.find(r => r.includes(n)) || [], at = row.indexOf(n);
    const next = {
      ArrowDown: () => n.list.find(k => this.boxes.has(k)) || n, ArrowUp: () => { let u = n.up; while (u && !this.boxes.has(u)) u = u.up; return u || n; },
      ArrowLeft: () => row[at - 1] || n, ArrowRight: () => row[at + 1] || n, Home: () => this.root,
    }[e.key];
    if (e.ctrlKey || e.altKey || e.metaKey) return;
    if (next) this.go(next());
    else if (e.key === 'Enter' || e.key === ' ') this.zoom(n);
    else if (e.key === 'Escape') this.zoom(this.root);
    else return;
    e.preventDefault();
  }

  go(n) {
    const old = this.boxes.get(this.focus), e = this.boxes.get(n);
    if (!e) return;
    if (old) old.tabIndex = -1;
    e.tabIndex = 0;
    e.focus();
  }
}

/* The data of a large page is packed: base64 of a raw deflate stream. */
async function load(id) {
  const e = document.getElementById(id);
  if (e.dataset.packed === undefined) return JSON.parse(e.textContent);
  const bytes = Uint8Array.from(atob(e.textContent), c => c.charCodeAt(0));
  return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate-raw'))).json();
}

for (const el of document.querySelectorAll('[data-flame]')) load(el.dataset.flame).then(data => {
  const flame = new Flame(el, data);
  /* A link elsewhere on the page opens one comparison: "set,variant,base". */
  document.addEventListener('click', e => {
    const link = e.target.closest && e.target.closest('[data-flame-show]');
    if (!link) return;
    const [at, v, b] = link.dataset.flameShow.split(',').map(Number);
    if (data.sets[at]) flame.pick(at, v, b);
  });
});
})();
