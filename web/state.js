/*
 * What is being asked, as a plain value, and its two written forms: the page's address and
 * the request's parameters (the same names, so that a link means the same with and without
 * JavaScript). Pure, no DOM.
 *
 * { q, filters: { tag: ['docker', …], … }, sort, page, first }: pages first to page are shown. Filters are called as
 * their parameters are.
 */

export const DEFAULT_FACETS = ['tag', 'category', 'series'];
const FILTERS = ['author', 'section', 'lang', 'year', 'month', 'from', 'to'];
/* Kept from a link and sent on, but nothing to show a chip for. */
const SETTINGS = ['match', 'typo', 'per_page'];
export const SORTS = ['relevance', 'newest', 'oldest', 'updated', 'title', 'series'];
/* All parameters that are no filters by a facet: a taxonomy that is called so is asked for as taxonomy.NAME. */
const TAKEN = ['q', 'from', 'to', 'sort', 'page', 'per_page', 'facets', 'facet_limit', 'snippet', 'sections', 'match', 'typo',
	'fields', 'explain', '_'];
const OF_TAXONOMY = 'taxonomy.';
/* Pages asked for at once when a long list is restored; earlier ones can be loaded by hand. */
const RESTORED_PAGES = 10;

function positive(text) {
	const n = parseInt(text, 10);
	return n > 0 ? n : 1;
}

export function emptyState() {
	return { q: '', filters: {}, sort: '', page: 1, first: 1 };
}

/* The parameter that filters by a facet, and the facet that a parameter filters by. */
export const parameterOf = (facet) => TAKEN.includes(facet) ? OF_TAXONOMY + facet : facet;
export const facetOf = (parameter) => parameter.startsWith(OF_TAXONOMY) ? parameter.slice(OF_TAXONOMY.length) : parameter;

function filterNames(facets) {
	return [...new Set([...facets.map(parameterOf), ...FILTERS, ...SETTINGS])];
}

/* A facet's parameter may be written out where it need not be. */
const spellings = (name) => TAKEN.includes(name) || name.startsWith(OF_TAXONOMY) ? [name] : [name, OF_TAXONOMY + name];

/* Reads only names it knows: a page's address may carry others (utm_source) that are not ours. */
export function stateFromParams(params, facets = DEFAULT_FACETS, first = 0) {
	const state = emptyState();
	state.q = params.get('q') ?? '';
	for (const name of filterNames(facets)) {
		const values = [...new Set(spellings(name).flatMap((spelling) => params.getAll(spelling)))].filter(Boolean);
		if (values.length)
			state.filters[name] = values;
	}
	state.sort = SORTS.includes(params.get('sort')) ? params.get('sort') : '';
	state.page = positive(params.get('page'));
	state.first = Math.max(Math.min(first || state.page, state.page), state.page - RESTORED_PAGES + 1);
	return state;
}

/* Writes @state into @params (what else is in there stays), defaults left out. */
export function stateToParams(state, facets = DEFAULT_FACETS, params = new URLSearchParams()) {
	for (const name of ['q', ...filterNames(facets).flatMap(spellings), 'sort', 'page'])
		params.delete(name);
	if (state.q.trim())
		params.set('q', state.q);
	for (const [name, values] of Object.entries(state.filters))
		for (const value of values)
			params.append(name, value);
	if (state.sort)
		params.set('sort', state.sort);
	if (state.page > 1)
		params.set('page', state.page);
	return params;
}

export function fold(text) {
	return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
}

/* The chosen values that a reader sees, as [{ facet, value }]. */
export function chosen(state) {
	return Object.entries(state.filters).flatMap(([facet, values]) =>
		SETTINGS.includes(facet) ? [] : values.map((value) => ({ facet, value })));
}

/* The state without filters; settings stay. */
export function withoutFilters(state) {
	const kept = Object.entries(state.filters).filter(([name]) => SETTINGS.includes(name));
	return { ...state, filters: Object.fromEntries(kept), page: 1, first: 1 };
}

/* The value @chosen if it is there, taken out; else put in. */
export function toggled(state, facet, value) {
	const { [facet]: before = [], ...filters } = state.filters;
	const after = before.includes(value) ? before.filter((other) => other !== value) : [...before, value];
	if (after.length)
		filters[facet] = after;
	return { ...state, filters, page: 1, first: 1 };
}

/*
 * A link may name a term by its name ("Machine Learning"); the answer knows its slug. With
 * slugs in the state, choosing the same value in the list takes it away again.
 */
export function withSlugs(state, facets) {
	const filters = {};
	for (const [facet, values] of Object.entries(state.filters)) {
		const known = (facets?.[facetOf(facet)] ?? []).filter((term) => term.selected);
		filters[facet] = [...new Set(values.map((value) =>
			known.find(({ slug, name }) => [slug, fold(slug), fold(name)].includes(fold(value)))?.slug ?? value))];
	}
	return { ...state, filters };
}
