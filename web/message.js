/* What is said when there is nothing to list: why, and what to do about it. */
import { el, glass } from './dom.js';

function message(role, title, hint, label, act) {
	return el('div.message', { role }, glass(), el('p.title', {}, title), hint && el('p', {}, hint),
		act && el('button.action', { click: act }, label));
}

/* clearFilters: null where there are none. */
export function emptyMessage(strings, q, clearFilters) {
	return message(null, q ? strings.text('none', { q }) : strings.text('count', { n: 0 }), q && strings.text('none_hint'),
		strings.text('clear_filters'), clearFilters);
}

/* A SearchError. A question that the daemon refuses is not worth asking again: it says itself why. */
export function errorMessage(strings, { status, message: says }, retry) {
	const isRefused = status >= 400 && status < 500 && status !== 429;
	return message('alert', isRefused ? says : strings.text('unavailable'), '', strings.text('retry'), isRefused ? null : retry);
}
