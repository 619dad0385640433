/*
 * The two gates through which the daemon's answer must pass before it becomes part of a
 * page: marked text and links. Pure, no DOM. A daemon is trusted to search, not to script.
 */

const NAMED = { __proto__: null, amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: '\u00a0' };

function decodeEntity(entity, name) {
	if (name[0] !== '#')
		return NAMED[name] ?? entity;
	const code = name[1] === 'x' || name[1] === 'X' ? parseInt(name.slice(2), 16) : parseInt(name.slice(1), 10);
	return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : '\ufffd';
}

/*
 * Escaped text with <mark> (the API's *_html) as a list of { text, marked }. Whatever else
 * looks like markup stays text, so nothing in it can become an element.
 */
export function parseMarked(html) {
	const pieces = [];
	let marked = false;
	for (const part of String(html ?? '').split(/(<\/?mark>)/)) {
		if (part === '<mark>' || part === '</mark>')
			marked = part === '<mark>';
		else if (part)
			pieces.push({ text: part.replace(/&(#x?[\da-f]{1,6}|[a-z]+);/gi, decodeEntity), marked });
	}
	return pieces;
}

/*
 * An http(s) or site-relative address as it is, null for any other (javascript:, data:, //host, and what browsers read
 * as that: a backslash is a slash to them, and some blanks are nothing).
 */
export function safeUrl(url) {
	return /^(https?:\/\/|\/(?!\/))[^\s\\]*$/i.test(url) ? url : null;
}
