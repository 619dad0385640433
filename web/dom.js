/* Makes nodes. The only way in which the search box adds to a page: no HTML is parsed. */
import { parseMarked } from './safe.js';

/*
 * el('a.hit', …): an <a> whose class and part are `hit`. Attributes that are functions listen
 * to the event of that name; false and null are left out. Children: nodes, texts, lists of them, null.
 */
export function el(kind, attributes = {}, ...children) {
	const [tag, name] = kind.split('.');
	const node = document.createElement(tag);
	if (name)
		node.className = node.part = name;
	for (const [key, value] of Object.entries(attributes))
		if (typeof value === 'function')
			node.addEventListener(key, value);
		else if (value !== false && value != null)
			node.setAttribute(key, value === true ? '' : value);
	node.append(...children.flat(2).filter((child) => child || child === 0));
	return node;
}

/* The API's *_html as nodes. */
export function marked(html) {
	return parseMarked(html).map((piece) => piece.marked ? el('mark.mark', {}, piece.text) : piece.text);
}

/* A magnifying glass in the colour of the text around it, of which a screen reader says nothing. */
export function glass() {
	const [svg, path] = ['svg', 'path'].map((tag) => document.createElementNS('http://www.w3.org/2000/svg', tag));
	svg.setAttribute('viewBox', '0 0 24 24');
	svg.setAttribute('class', 'glass');
	svg.setAttribute('aria-hidden', 'true');
	path.setAttribute('d', 'M11 4a7 7 0 1 0 0 14 7 7 0 0 0 0-14zm5 12 4.5 4.5');
	svg.append(path);
	return svg;
}
