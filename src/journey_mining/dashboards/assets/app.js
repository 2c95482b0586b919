// Behaviour of the pages. Every word and number comes from the page; nothing is computed or fetched here.
(function () {
  'use strict';
  var root = document.documentElement;
  var CONFIG = { displayModeBar: false, responsive: true, staticPlot: false, doubleClick: false, scrollZoom: false };

  function all(selector, from) { return Array.prototype.slice.call((from || document).querySelectorAll(selector)); }

  // ---- colours: "@neg/0.3" becomes the rgba of the current theme
  function colour(token) {
    var match = /^@([\w-]+)(?:\/([\d.]+))?$/.exec(token);
    if (!match) return token;
    var hex = getComputedStyle(root).getPropertyValue('--' + match[1]).trim() || '#888888';
    if (!match[2]) return hex;
    var n = parseInt(hex.slice(1), 16);
    return 'rgba(' + (n >> 16) + ',' + ((n >> 8) & 255) + ',' + (n & 255) + ',' + match[2] + ')';
  }

  function resolved(value) {
    if (typeof value === 'string') return value.charAt(0) === '@' ? colour(value) : value;
    if (Array.isArray(value)) return value.map(resolved);
    if (value && typeof value === 'object') {
      var copy = {};
      Object.keys(value).forEach(function (key) { copy[key] = resolved(value[key]); });
      return copy;
    }
    return value;
  }

  function figure(element) {
    var made = resolved(JSON.parse(document.getElementById(element.dataset.fig).textContent));
    var family = getComputedStyle(document.body).fontFamily;
    made.layout.font = Object.assign({ family: family, size: 12.5, color: colour('@ink') }, made.layout.font || {});
    if (made.layout.hoverlabel) made.layout.hoverlabel.font.family = family;
    return made;
  }

  function hideInner(element) {
    all('svg', element).forEach(function (svg) { svg.setAttribute('aria-hidden', 'true'); svg.setAttribute('focusable', 'false'); });
  }

  function draw(element) {
    var made = figure(element);
    return window.Plotly.react(element, made.data, made.layout, CONFIG).then(function () {
      element.dataset.done = '1';
      hideInner(element);
    });
  }

  // ---- drawing when a chart comes near the viewport
  var plots = all('.plot[data-fig]');
  function drawn() { return plots.filter(function (element) { return element.dataset.done; }); }
  function watch() {
    if (!window.Plotly) return;
    if (!('IntersectionObserver' in window)) { plots.forEach(draw); return; }
    var observer = new IntersectionObserver(function (entries) {
      entries.forEach(function (entry) {
        if (!entry.isIntersecting) return;
        observer.unobserve(entry.target);
        draw(entry.target);
      });
    }, { rootMargin: '600px 0px' });
    plots.forEach(function (element) { observer.observe(element); });
  }

  // ---- theme
  function theme() {
    var button = document.getElementById('theme');
    if (button) button.addEventListener('click', function () {
      var dark = root.getAttribute('data-theme') === 'dark';
      if (dark) root.removeAttribute('data-theme'); else root.setAttribute('data-theme', 'dark');
      try { localStorage.setItem('journey-theme', dark ? 'light' : 'dark'); } catch (blocked) { return drawn().forEach(draw); }
      drawn().forEach(draw);
    });
    var print = document.getElementById('print');
    if (print) print.addEventListener('click', function () { window.print(); });
  }

  // ---- printing: light colours, the width of the sheet, no animation; a relayout would leave Sankey links faded
  var wasDark = false;
  function beforePrint() {
    wasDark = root.getAttribute('data-theme') === 'dark';
    root.removeAttribute('data-theme');
    if (!window.Plotly) return;
    // the sheet has another width than the window, and is laid out only after this: its width is tried on first
    root.classList.add('paper');
    plots.forEach(function (element) {
      var made = figure(element), box = element.parentNode;
      made.layout.width = box.clientWidth;
      made.layout.height = box.clientHeight;
      window.Plotly.newPlot(element, made.data, made.layout, { displayModeBar: false, staticPlot: true });
      element.dataset.done = '1';
      fitPaper(element, made.layout.width, made.layout.height);
    });
    root.classList.remove('paper');
  }

  // what still differs by a pixel or two is made up for by stretching the picture to its box
  function fitPaper(element, width, height) {
    element.classList.add('onpaper');
    all('.main-svg', element).forEach(function (svg) {
      svg.setAttribute('viewBox', '0 0 ' + width + ' ' + height);
      svg.setAttribute('preserveAspectRatio', 'none');
    });
  }
  function afterPrint() {
    if (wasDark) root.setAttribute('data-theme', 'dark');
    if (!window.Plotly) return;
    plots.forEach(function (element) {
      element.classList.remove('onpaper');
      window.Plotly.purge(element);
      draw(element);
    });
  }

  // ---- rows of the map that can be switched off
  function rows() {
    all('[data-row]').forEach(function (button) {
      button.addEventListener('click', function () {
        var on = button.getAttribute('aria-pressed') !== 'true';
        button.setAttribute('aria-pressed', String(on));
        all('tr.' + button.dataset.row).forEach(function (row) { row.hidden = !on; });
      });
    });
  }

  // ---- two ways to colour one chart
  function tabs() {
    all('[data-plot]').forEach(function (button) {
      button.addEventListener('click', function () {
        all('[data-plot="' + button.dataset.plot + '"]').forEach(function (other) {
          other.setAttribute('aria-pressed', String(other === button));
        });
        var element = document.getElementById(button.dataset.plot);
        element.dataset.fig = button.dataset.src;
        if (window.Plotly) draw(element);
      });
    });
  }

  // ---- tables
  function sorting() {
    all('table[data-sort] th button').forEach(function (button) {
      button.addEventListener('click', function () {
        var head = button.closest('th'), body = button.closest('table').tBodies[0], key = Number(button.dataset.key);
        var up = head.getAttribute('aria-sort') === 'descending';
        all('th', head.parentNode).forEach(function (other) { other.removeAttribute('aria-sort'); });
        head.setAttribute('aria-sort', up ? 'ascending' : 'descending');
        var value = function (row) { return Number(row.dataset.values.split(' ')[key]); };
        all('tr', body).sort(function (a, b) { return up ? value(a) - value(b) : value(b) - value(a); })
          .forEach(function (row) { body.appendChild(row); });
      });
    });
  }

  // ---- the process map
  function process() {
    var slider = document.getElementById('detail'), out = document.getElementById('detail-out');
    var drawing = document.querySelector('.dfg');
    if (!slider || !drawing) return;
    var readouts = JSON.parse(out.dataset.readouts);
    slider.addEventListener('input', function () {
      var level = Number(slider.value);
      all('[data-level]', drawing).forEach(function (part) { part.classList.toggle('off', Number(part.dataset.level) > level); });
      out.textContent = readouts[level - 1];
    });
    all('.nd', drawing).forEach(function (node) {
      function focus() {
        drawing.classList.add('focus');
        all('path.e', drawing).forEach(function (edge) {
          edge.classList.toggle('on', edge.dataset.a === node.dataset.key || edge.dataset.b === node.dataset.key);
        });
      }
      function blur() { drawing.classList.remove('focus'); }
      node.addEventListener('mouseenter', focus);
      node.addEventListener('focus', focus);
      node.addEventListener('mouseleave', blur);
      node.addEventListener('blur', blur);
    });
  }

  // ---- charts by keyboard: left and right move along what a chart shows and read it
  function reading() { all('[data-points], [data-rows]').forEach(readable); }

  // words of the points of a curve, or else the rows of the table behind the chart
  function spoken(element) {
    if (element.dataset.points) return JSON.parse(document.getElementById(element.dataset.points).textContent);
    var table = document.getElementById(element.dataset.rows), column = Number(element.dataset.column || 0);
    return table ? all('tr', table.tBodies[0]).map(function (row) {
      var cells = column ? [row.cells[0], row.cells[column]] : Array.prototype.slice.call(row.cells);
      return cells.map(function (cell) { return cell.textContent.trim().replace(/\s+/g, ' '); }).join(', ');
    }) : [];
  }

  function voiceOf(element) {
    var live = document.getElementById(element.id + '-reading');
    if (live) return live;
    live = document.createElement('p');
    live.className = 'vh reading';
    live.setAttribute('aria-live', 'polite');
    element.parentNode.insertBefore(live, element.nextSibling);
    return live;
  }

  function readable(element) {
    var live = voiceOf(element), words = spoken(element), place = -1, isCurve = !!element.dataset.points;
    element.addEventListener('keydown', function (event) {
      var step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
      if (!step || !words.length) return;
      event.preventDefault();
      place = Math.max(0, Math.min(words.length - 1, place + step));
      live.textContent = words[place];
      if (isCurve && element.dataset.done) window.Plotly.Fx.hover(element, [{ curveNumber: element.data.length - 1, pointNumber: place }]);
    });
    element.addEventListener('blur', function () {
      place = -1;
      if (isCurve && element.dataset.done) window.Plotly.Fx.unhover(element);
    });
  }

  // ---- what scrolls sideways can be reached by keyboard; what does not scroll is no stop
  function scrolling() {
    var boxes = all('.wide');
    function mark() {
      boxes.forEach(function (box) {
        var card = box.closest('.card'), title = card && card.querySelector('h2');
        if (box.scrollWidth <= box.clientWidth) { ['tabindex', 'role', 'aria-label'].forEach(function (name) { box.removeAttribute(name); }); return; }
        box.tabIndex = 0;
        box.setAttribute('role', 'group');
        box.setAttribute('aria-label', title ? title.textContent : document.title);
      });
    }
    all('details').forEach(function (part) { part.addEventListener('toggle', mark); });
    window.addEventListener('resize', mark);
    mark();
  }

  // ---- a row of links that is wider than the window shows where one is
  function whereabouts() {
    all('nav').forEach(function (row) {
      var here = row.querySelector('[aria-current]');
      if (here && row.scrollWidth > row.clientWidth) row.scrollLeft = here.offsetLeft - row.offsetLeft - 60;
    });
  }

  // ---- the menu of segments closes like a menu
  function menus() {
    all('details.menu').forEach(function (menu) {
      document.addEventListener('click', function (event) { if (!menu.contains(event.target)) menu.open = false; });
      menu.addEventListener('keydown', function (event) {
        if (event.key !== 'Escape') return;
        menu.open = false;
        menu.querySelector('summary').focus();
      });
    });
  }

  // ---- what if: a slider looks up a position that was computed beforehand; the address remembers all of them
  function whatIf() {
    var box = document.getElementById('what-if');
    if (!box) return;
    var positions = JSON.parse(document.getElementById(box.dataset.positions).textContent), rows = all('.wrow[data-stage]', box);
    var reset = document.getElementById('what-if-reset');
    function show(row) {
      var slider = row.querySelector('input'), place = Number(slider.value), at = positions[row.dataset.stage][place];
      all('[data-part]', row).forEach(function (part) {
        var words = at[part.dataset.part];
        part.textContent = part.dataset.part === 'fewer' ? words && '−' + words : words || (/^(won|days)$/.test(part.dataset.part) ? '—' : '');
      });
      var span = row.querySelector('.ci'), point = row.querySelector('.pt');
      span.style.left = at.left + '%';
      span.style.width = at.width + '%';
      point.style.left = at.at + '%';
      row.classList.toggle('set', place > 0);
      slider.setAttribute('aria-valuetext', at.says);
    }
    function remember() {
      var parts = rows.filter(function (row) { return Number(row.querySelector('input').value) > 0; })
        .map(function (row) { return encodeURIComponent(row.dataset.stage) + '=' + row.querySelector('input').value; });
      history.replaceState(null, '', location.pathname + location.search + (parts.length ? '#' + parts.join('&') : ''));
    }
    function recall() {
      var known = new URLSearchParams(location.hash.slice(1));
      rows.forEach(function (row) {
        var slider = row.querySelector('input'), wanted = Number(known.get(row.dataset.stage) || 0);
        slider.value = wanted >= 0 && wanted <= Number(slider.max) ? Math.round(wanted) : 0;
        show(row);
      });
    }
    rows.forEach(function (row) {
      row.querySelector('input').addEventListener('input', function () { show(row); remember(); });
    });
    reset.addEventListener('click', function () {
      rows.forEach(function (row) { row.querySelector('input').value = 0; show(row); });
      remember();
    });
    window.addEventListener('hashchange', recall);
    recall();
  }

  // ---- outcome of the last run, written beside the pages
  function status() {
    var state = window.JOURNEY_STATUS, place = document.getElementById('status');
    if (!state || !place) return;
    var isStatic = !!document.querySelector('[data-static="rejected"]');
    (state.banners[root.lang] || []).forEach(function (banner) {
      if (banner.kind === 'rejected' && isStatic) return;
      var box = document.createElement('div'), sign = document.createElement('span'), words = document.createElement('span');
      box.className = 'banner err';
      sign.className = 'x';
      sign.setAttribute('aria-hidden', 'true');
      sign.textContent = '×';
      words.textContent = banner.text;
      box.appendChild(sign);
      box.appendChild(words);
      place.appendChild(box);
    });
    var dot = document.querySelector('.run .dot');
    if (dot && (state.banners[root.lang] || []).length) dot.classList.add(state.outcome === 'failed' ? 'err' : 'warn');
  }

  [theme, rows, tabs, sorting, process, reading, scrolling, whereabouts, menus, whatIf, status, watch].forEach(function (part) { part(); });
  window.addEventListener('beforeprint', beforePrint);
  window.addEventListener('afterprint', afterPrint);
  if (/[?&]paper=a4/.test(location.search)) root.classList.add('a4');
})();
