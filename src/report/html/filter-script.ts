/** Filters the table of executions. Without it the page has everything, and no filter. */
export const FILTER_SCRIPT = `
const form = document.getElementById('filter');
if (form) {
  const rows = [...document.querySelectorAll('#all-executions tbody tr')];
  const [text, outcome, state, count] = ['text', 'outcome', 'state', 'count'].map((name) => document.getElementById('filter-' + name));
  const texts = rows.map((row) => row.textContent.toLowerCase());
  const apply = () => {
    const wanted = text.value.trim().toLowerCase();
    let shown = 0;
    rows.forEach((row, index) => {
      const isShown =
        texts[index].includes(wanted) &&
        (outcome.value === '' || row.dataset.outcome === outcome.value) &&
        (state.value === '' || row.dataset.state === state.value);
      row.hidden = !isShown;
      if (isShown) shown += 1;
    });
    count.textContent = shown + ' of ' + rows.length + ' shown';
  };
  form.addEventListener('input', apply);
  form.addEventListener('submit', (event) => event.preventDefault());
  form.hidden = false;
  apply();
}
`;
