/* The nodes of a search panel as they stand before anything is asked; what they do is panel.js's. */
import { el, glass } from './dom.js';

const closed = { hidden: true };

function hint(keys, label) {
	return el('span', {}, keys.split(' ').map((key) => el('kbd', {}, key)), label);
}

/*
 * By name: panel (all of it), input, clear, close, bar, toggle, count, sort, chips, body, notes,
 * earlier, more, message, all, status. @facets and @list are put in their places.
 */
export function panelNodes(strings, { mode, label, placeholder }, facets, list) {
	const text = (key) => strings.text(key);
	const at = {
		input: el('input.input', {
			type: 'search', name: 'q', placeholder, maxlength: 2000, dir: 'auto', autocomplete: 'off', autocapitalize: 'off', spellcheck: 'false', enterkeyhint: 'search',
			role: 'combobox', 'aria-label': label, 'aria-expanded': 'false', 'aria-controls': 'list', 'aria-autocomplete': 'list',
		}),
		clear: el('button.clear', { type: 'button', 'aria-label': text('clear'), ...closed }, '×'),
		close: mode === 'modal' && el('button.close', { type: 'button' }, el('kbd', { 'aria-hidden': 'true' }, 'Esc'), el('span', {}, text('close'))),
		toggle: el('button.toggle', { 'aria-expanded': 'false', 'aria-controls': 'facets', ...closed }, text('filters')),
		count: el('p.count'),
		sort: el('select.sort', { 'aria-label': text('sort') }),
		chips: el('div.chips'),
		notes: el('div.notes'),
		earlier: el('button.action', closed, text('earlier')),
		more: el('button.action', closed, text('more')),
		message: el('div'),
		status: el('p.unseen', { role: 'status' }),
		all: el('a.all', closed, text('all_results')),
	};
	at.form = el('form.head', { role: 'search' }, glass(), at.input, at.clear, at.close);
	at.bar = el('div.bar', closed, at.toggle, at.count, at.sort, at.chips);
	at.body = el('div.body', {}, at.notes, at.earlier, list, at.more, at.message);
	at.panel = el('div.panel', {}, at.form, at.bar, facets, at.body, mode === 'modal' && el('div.foot', {},
		el('div.keys', { 'aria-hidden': 'true' }, hint('↑ ↓', text('key_move')), hint('↵', text('key_open')), hint('⇧ ↵', text('key_tab'))), at.all), at.status);
	at.panel.classList.add(mode);
	return at;
}
