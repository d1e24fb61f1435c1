// Runs before the first paint, so that a dark page never flashes white.
(function () {
  var scheme = 'auto';
  try {
    scheme = window.localStorage.getItem('fivestrand-colour-scheme') || 'auto';
  } catch (error) {
    // Storage may be switched off: the system's choice is used.
  }
  var dark = scheme === 'dark' || (scheme === 'auto' && window.matchMedia('(prefers-color-scheme: dark)').matches);
  document.documentElement.setAttribute('data-mantine-color-scheme', dark ? 'dark' : 'light');
})();
