// Runs before anything is painted, so that a dark page never flashes white.
(function () {
  'use strict';
  var stored = null;
  try { stored = localStorage.getItem('journey-theme'); } catch (blocked) { stored = null; }
  var asked = /[?&]theme=(dark|light)/.exec(location.search);
  var wanted = asked ? asked[1] : stored;
  var dark = wanted ? wanted === 'dark' : window.matchMedia('(prefers-color-scheme: dark)').matches;
  document.documentElement.classList.add('js');
  if (dark) document.documentElement.setAttribute('data-theme', 'dark');
})();
