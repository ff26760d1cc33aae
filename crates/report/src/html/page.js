"use strict";
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const word = data.words;
  const main = document.getElementById("main");
  const overview = document.getElementById("overview");
  const pages = new Map();
  for (const part of document.querySelectorAll("script[data-page]")) pages.set(part.dataset.page, part);
  const placeOf = (things) => new Map(things.map((thing, place) => [thing[0], place]));
  const sellers = placeOf(data.sellers);
  const teams = placeOf(data.teams);
  const rules = new Map(data.rules.map((id, place) => [id, place]));
  const changed = new Set(data.changed);
  const byName = new Intl.Collator(data.language, { numeric: true });
  const count = new Intl.NumberFormat(data.language === "da" ? "da-DK" : "en");
  const [year, month, first] = data.day.split("-").map(Number);
  const longDay = new Intl.DateTimeFormat("da-DK", { timeZone: "UTC", day: "numeric", month: "short", year: "numeric" });
  const signs = ["●", "◐", "▲", "✕", "–", "?"];
  const shownAtOnce = 100;

  function day(after) {
    const date = new Date(Date.UTC(year, month - 1, first + after));
    return data.language === "da" ? longDay.format(date) : date.toISOString().slice(0, 10);
  }

  // Elements are made, never written as text: what a name holds stays a name.
  function make(tag, attributes, ...children) {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes ?? {})) {
      if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
      else if (value === true) made.setAttribute(name, "");
      else if (value !== false && value != null) made.setAttribute(name, value);
    }
    made.append(...children.filter((child) => child != null));
    return made;
  }

  function chip(status) {
    const sign = make("span", { "aria-hidden": "true" }, signs[status]);
    return make("span", { class: `chip s${status}` }, sign, " ", data.statuses[status]);
  }

  const nameOf = (verdict) => verdict.n ?? verdict.i;
  const sellerOf = (verdict) => (verdict.o == null ? "" : data.sellers[verdict.o][1]);
  const link = (href, text) => make("a", { href }, make("bdi", {}, text));
  const sellerLink = (place) => link(`#/seller/${encodeURIComponent(data.sellers[place][0])}`, data.sellers[place][1]);
  const ruleLink = (place) => link(`#/rule/${encodeURIComponent(data.rules[place])}`, data.rules[place]);

  // Whether a verdict is of a team, or of one below it.
  function isOfTeam(verdict, team) {
    let place = verdict.o != null ? data.sellers[verdict.o][2] : verdict.t;
    for (let depth = 0; place != null && depth <= data.teams.length; depth += 1) {
      if (place === team) return true;
      place = data.teams[place][2];
    }
    return false;
  }

  function measured(verdict) {
    if (verdict.m == null) return "";
    const planned = verdict.p == null ? "" : ` (+${verdict.p})`;
    return verdict.g == null ? verdict.m : `${verdict.m} / ${verdict.g}${planned}`;
  }

  // Without a value comes last, whichever way it is sorted.
  const byNumber = (of) => (a, b, way) => {
    const [x, y] = [of(a), of(b)];
    if (x == null || y == null) return (x == null) - (y == null);
    return (x - y) * way;
  };
  const byText = (of) => (a, b, way) => byName.compare(of(a), of(b)) * way;
  const columns = [
    { name: "status", order: byNumber((v) => [3, 2, 1, 0, 5, 4][v.s]), show: (v) => [chip(v.s)] },
    {
      name: "subject", order: byText(nameOf), class: "what",
      show: (v) => [make("bdi", {}, nameOf(v)), make("span", { class: "kind" }, ` ${v.k} ${v.n == null ? "" : v.i}`)],
    },
    { name: "rule", order: byNumber((v) => v.r), show: (v) => [ruleLink(v.r)], hidden: (view) => view.rule != null },
    {
      name: "seller", order: byText(sellerOf), hidden: (view) => view.seller != null,
      show: (v) => [v.o == null ? make("span", { class: "kind" }, word.nobody) : sellerLink(v.o)],
    },
    { name: "measured", order: byNumber((v) => v.a), class: "num", show: (v) => [measured(v)] },
    { name: "due", order: byNumber((v) => v.d), class: "when", show: (v) => [v.d == null ? "" : day(v.d)] },
    {
      name: "changes", order: byNumber((v) => v.c?.[0]), class: "when", hidden: (view) => view.of !== "lapsing",
      show: (v) => (v.c == null ? [""] : [day(v.c[0]), " ", chip(v.c[1])]),
    },
    {
      name: "was", order: byNumber((v) => v.b), hidden: (view) => view.of !== "changed",
      show: (v) => [v.b == null ? "" : v.b < 0 ? make("span", { class: "chip s4" }, word.new) : chip(v.b)],
    },
    { name: "why", class: "says", show: (v) => [v.w] },
  ];

  function events(verdict) {
    const found = [];
    for (const [places, name] of [[verdict.e, word.counted], [verdict.x, word.planned]]) {
      for (const place of places ?? []) {
        const [when, kind, id, called, seller, value] = data.things[place];
        found.push({ when, kind, id, called, seller, value, name, counted: name === word.counted });
      }
    }
    return found;
  }

  // What a verdict rests on: as a line for the eye, and as a list for everybody.
  function explained(verdict) {
    const all = events(verdict);
    const days = all.filter((one) => one.when != null).map((one) => one.when);
    const [from, to] = verdict.l ?? [null, null];
    const ends = [0, from, to, verdict.d, verdict.c?.[0], ...days].filter((one) => one != null);
    const least = ends.reduce((a, b) => Math.min(a, b));
    const most = Math.max(ends.reduce((a, b) => Math.max(a, b)), least + 1);
    const at = (when) => `${((when - least) * 100) / (most - least)}%`;
    const line = make("div", { class: "line", "aria-hidden": "true" });
    const put = (name, left, title, right) => {
      const mark = make("span", { class: name, title });
      mark.style.left = left;
      if (right != null) mark.style.right = `calc(100% - ${right})`;
      line.append(mark);
    };
    if (to != null) put("window", at(from ?? least), word.window, at(to));
    for (const one of all) if (one.when != null) put(`mark ${one.counted ? "counted" : ""}`, at(one.when), `${day(one.when)} ${one.kind} ${one.id}`);
    put("now", at(0), `${word.today} ${day(0)}`);
    if (verdict.d != null) put("limit", at(verdict.d), `${word.due} ${day(verdict.d)}`);
    const told = [];
    const add = (when, ...said) => told.push([when, make("li", {}, ...(when == null ? [] : [make("time", {}, day(when)), " "]), ...said)]);
    if (to != null) add(null, `${word.window}: ${from == null ? "…" : day(from)} – ${day(to)}`);
    for (const one of all) {
      const about = [one.called, one.seller == null ? null : data.sellers[one.seller][1], one.value].filter((part) => part != null);
      add(one.when, `${one.kind} `, make("bdi", {}, one.id), about.length ? " " : null, about.length ? make("bdi", {}, about.join(", ")) : null, ` – ${one.name}`);
    }
    if (!all.length) add(null, word.nothing);
    add(0, `– ${word.today}`);
    if (verdict.d != null) add(verdict.d, `– ${word.due}`);
    if (verdict.c != null) add(verdict.c[0], `– ${word.changes} `, chip(verdict.c[1]));
    told.sort(([a], [b]) => (a ?? -Infinity) - (b ?? -Infinity) || 0);
    const list = make("ul", { class: "events" }, ...told.map(([, item]) => item));
    const missing = verdict.z == null ? null : make("p", {}, `${word.missing}: ${verdict.z}`);
    return make("div", {}, make("p", {}, verdict.w), missing, line, list);
  }

  // A table of verdicts with its filters.
  function table(place) {
    const view = JSON.parse(place.dataset.view);
    const of = view.of == null ? data.verdicts.map((_, verdict) => verdict) : data[view.of];
    const unfiltered = { q: "", status: "", rule: "", seller: "", team: "", change: "", ...view };
    const state = { ...unfiltered, way: 1, ...JSON.parse(place.dataset.start ?? "{}") };
    const seen = columns.filter((column) => !column.hidden?.(view));
    const label = place.dataset.label;

    const counter = make("p", { class: "note", "aria-live": "polite" });
    const body = make("tbody");
    const more = make("button", { type: "button", class: "more", onclick: () => grow() }, word.more);
    let rows = [];
    let shown = 0;

    function matching() {
      const seller = state.seller === "" ? null : sellers.get(state.seller) ?? -1;
      const rule = state.rule === "" ? null : rules.get(state.rule) ?? -1;
      const team = state.team === "" ? null : teams.get(state.team) ?? -1;
      const wanted = state.q.toLocaleLowerCase().split(/\s+/).filter((part) => part);
      const has = (text, part) => text != null && text.toLocaleLowerCase().includes(part);
      return of.filter((place) => {
        const v = data.verdicts[place];
        if (state.status !== "" && v.s !== Number(state.status)) return false;
        if (seller != null && v.o !== seller) return false;
        if (rule != null && v.r !== rule) return false;
        if (team != null && !isOfTeam(v, team)) return false;
        if (state.change !== "" && !changed.has(place)) return false;
        return wanted.every((part) => has(v.n, part) || has(v.i, part) || has(v.w, part) || has(data.rules[v.r], part) || has(sellerOf(v), part));
      });
    }

    function grow() {
      const next = rows.slice(shown, shown + shownAtOnce);
      body.append(...next.map((place) => row(data.verdicts[place])));
      shown += next.length;
      more.hidden = shown >= rows.length;
      counter.textContent = rows.length === 0 ? word.none
        : word.shown.replace("{0}", count.format(shown)).replace("{1}", count.format(rows.length));
    }

    function row(verdict) {
      const cells = seen.map((column) => make("td", { class: column.class }, ...column.show(verdict)));
      const button = make("button", { type: "button", class: "explain", "aria-expanded": "false" },
        word.explain, make("span", { class: "unread" }, ` ${nameOf(verdict)}, ${data.rules[verdict.r]}`));
      const made = make("tr", {}, ...cells, make("td", {}, button));
      button.addEventListener("click", () => {
        const isOpen = button.getAttribute("aria-expanded") === "true";
        button.setAttribute("aria-expanded", String(!isOpen));
        if (isOpen) made.nextElementSibling.remove();
        else made.after(make("tr", { class: "detail" }, make("td", { colspan: seen.length + 1 }, explained(verdict))));
      });
      return made;
    }

    function refresh() {
      rows = matching();
      const column = seen.find((one) => one.name === state.sort);
      if (column) rows.sort((a, b) => column.order(data.verdicts[a], data.verdicts[b], state.way) || a - b);
      for (const [name, head] of heads) {
        if (name === state.sort) head.setAttribute("aria-sort", state.way > 0 ? "ascending" : "descending");
        else head.removeAttribute("aria-sort");
      }
      body.replaceChildren();
      shown = 0;
      grow();
    }

    const heads = seen.map((column) => {
      if (!column.order) return [column.name, make("th", { scope: "col" }, word[column.name])];
      const sort = () => {
        state.way = state.sort === column.name ? -state.way : 1;
        state.sort = column.name;
        refresh();
      };
      return [column.name, make("th", { scope: "col" }, make("button", { type: "button", onclick: sort }, word[column.name]))];
    });

    const fields = [];
    let typing;
    const search = make("input", { type: "search", value: state.q, oninput: () => {
      clearTimeout(typing);
      typing = setTimeout(() => { state.q = search.value; refresh(); }, 120);
    } });
    fields.push(["q", make("label", {}, word.search, search)]);
    const choose = (name, options) => {
      const select = make("select", { onchange: () => { state[name] = select.value; refresh(); } },
        make("option", { value: "" }, word.any),
        ...options.map(([value, text]) => make("option", { value, selected: String(value) === String(state[name]) }, text)));
      fields.push([name, make("label", {}, word[name], select)]);
    };
    const used = (value) => new Set(of.map((place) => value(data.verdicts[place])));
    if (of.length > 1) {
      const statuses = used((v) => v.s);
      choose("status", data.statuses.map((name, s) => [s, name]).filter(([s]) => statuses.has(s)));
      if (view.rule == null) {
        const all = used((v) => v.r);
        choose("rule", data.rules.filter((_, r) => all.has(r)).map((id) => [id, id]));
      }
      if (view.seller == null) {
        const all = used((v) => v.o);
        choose("seller", data.sellers.filter((_, o) => all.has(o)).map(([id, name]) => [id, name]));
      }
      if (view.seller == null && data.teams.length) choose("team", data.teams.map(([id, name]) => [id, name]));
      if (view.of == null && data.changed.length) choose("change", [["1", word.change]]);
      fields.push(["", make("button", { type: "button", onclick: () => {
        Object.assign(state, unfiltered);
        for (const [name, field] of fields) {
          const input = field.querySelector("select, input");
          if (input) input.value = state[name] ?? "";
        }
        refresh();
      } }, word.clear)]);
    }
    const filters = make("div", { class: "filters", role: "group", "aria-label": `${word.search}: ${label}` }, ...(of.length > 1 ? fields.map(([, field]) => field) : []));
    const head = make("tr", {}, ...heads.map(([, head]) => head), make("th", { scope: "col" }, make("span", { class: "unread" }, word.explain)));
    const rowsTable = make("table", { class: "rows" }, make("caption", { class: "unread" }, label), make("thead", {}, head), body);
    place.replaceChildren(filters, counter, make("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": label }, rowsTable), more);
    refresh();
  }

  function fill(part) {
    for (const place of part.querySelectorAll(".table")) table(place);
  }

  function show() {
    const [path, query] = decodePath();
    for (const select of document.querySelectorAll(".go")) {
      const here = [...select.options].find((one) => one.value && decodeURIComponent(one.value) === `#${path}`);
      select.value = here ? here.value : "";
    }
    for (const link of document.querySelectorAll(".bar nav a")) {
      const isHere = link.getAttribute("href") === `#${path}`;
      if (isHere) link.setAttribute("aria-current", "page"); else link.removeAttribute("aria-current");
    }
    if (path === "/") {
      main.replaceChildren(overview);
      if (!overview.dataset.filled) { overview.dataset.filled = "1"; fill(overview); }
      return;
    }
    const page = make("div", {});
    const source = pages.get(path);
    if (source) page.innerHTML = source.textContent;
    else page.append(make("h1", {}, word.noPage), make("p", {}, link("#/", document.title)));
    if (path === "/verdicts") {
      const place = page.querySelector(".table");
      // Filters of a link are where the table starts; they can be taken off again.
      place.dataset.start = JSON.stringify(Object.fromEntries(query));
    }
    main.replaceChildren(page);
    fill(page);
    window.scrollTo(0, 0);
  }

  function decodePath() {
    const [path, query] = location.hash.replace(/^#/, "").split("?");
    let decoded = path || "/";
    try { decoded = decodeURIComponent(decoded); } catch { /* a path that nobody made: no such page */ }
    return [decoded, new URLSearchParams(query ?? "")];
  }

  document.addEventListener("change", (event) => {
    if (event.target.matches(".go") && event.target.value) location.hash = event.target.value;
  });
  document.addEventListener("click", (event) => {
    const unfold = event.target.closest(".unfold");
    if (!unfold) return;
    for (const rows of document.querySelectorAll(".folded")) rows.hidden = false;
    unfold.remove();
  });
  document.querySelector(".skip").addEventListener("click", (event) => { event.preventDefault(); main.focus(); });
  document.getElementById("print").addEventListener("click", () => window.print());
  document.getElementById("theme").addEventListener("click", () => {
    const root = document.documentElement;
    const isDark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
    root.dataset.theme = isDark ? "light" : "dark";
  });
  window.addEventListener("hashchange", () => { show(); main.focus({ preventScroll: true }); });
  show();
})();
