/*
 * A search client with which InstantSearch.js and its widgets run against the daemon:
 *
 *	import { blogsearchClient } from '…/blogsearch-instantsearch.js';
 *	instantsearch({ indexName: 'posts', searchClient: blogsearchClient({ endpoint: '…' }) });
 *
 * Attributes to refine are the daemon's facets (tag, category, series, author, section, lang,
 * year, month, …). The index name chooses the order: 'posts', 'posts:newest', 'posts:title'.
 */
import { baseOf, SearchClient } from '../client.js';
import { parseMarked } from '../safe.js';
import { parameterOf, SORTS } from '../state.js';

/* InstantSearch escapes what lies between these and puts its own tags in their place. */
const MARKS = ['__ais-highlight__', '__/ais-highlight__'];
/* The daemon answers nothing beyond this hit, and no more hits or values at once. */
const LAST_HIT = 10_000;
const HITS = 100;
const VALUES = 1000;

/* 'tag:docker' → ['tag', 'docker', isExcluded]; the helper writes a - that belongs to a value as \-. */
function readFilter(filter) {
	const at = filter.indexOf(':');
	const value = filter.slice(at + 1);
	const isExcluded = value.startsWith('-');
	return [filter.slice(0, at), value.slice(isExcluded ? 1 : 0).replace(/^\\-/, '-'), isExcluded];
}

/* [['tag:a', 'tag:b'], 'lang:en'] as a flat list; how InstantSearch nests them (or within a facet, and between) is what the daemon does. */
function readFilters(filters) {
	return [filters ?? []].flat(3).map(readFilter);
}

/* A range over years becomes a range of dates; the daemon has no other numbers. */
function addNumbers(params, filters) {
	for (const filter of [filters ?? []].flat(3)) {
		const [, name, sign, number] = /^(\w+)\s*(<=|>=|<|>|=)\s*(-?\d+)$/.exec(filter) ?? [];
		if (name !== 'year')
			continue;
		if (sign !== '<' && sign !== '<=')
			params.set('from', sign === '>' ? +number + 1 : number);
		if (sign !== '>' && sign !== '>=')
			params.set('to', sign === '<' ? number - 1 : number);
	}
}

function list(value) {
	return typeof value === 'string' ? [value] : value ?? [];
}

function sortOf(indexName) {
	const sort = String(indexName ?? '').split(':')[1];
	return SORTS.includes(sort) ? sort : '';
}

/* The daemon's question for one of InstantSearch's. */
function paramsOf({ indexName, params: asked = {} }, scope) {
	const params = new URLSearchParams(scope);
	const perPage = Math.min(asked.hitsPerPage ?? 20, HITS);
	const page = asked.page ?? 0;
	const words = [asked.query ?? ''];
	for (const [name, value, isExcluded] of readFilters(asked.facetFilters))
		if (isExcluded)
			words.push(`-${name}:"${value.replaceAll('"', ' ')}"`);
		else
			params.append(parameterOf(name), value);
	addNumbers(params, asked.numericFilters);
	params.set('q', words.join(' ').trimStart());
	if (sortOf(indexName))
		params.set('sort', sortOf(indexName));
	params.set('per_page', perPage);
	params.set('page', page + 1);
	params.set('facets', list(asked.facets).join());
	params.set('facet_limit', Math.min(asked.maxValuesPerFacet ?? 100, VALUES));
	return params;
}

function highlight(html) {
	return parseMarked(html).map(({ text, marked }) => marked ? MARKS.join(text) : text).join('');
}

function highlighted(html) {
	const isMatched = parseMarked(html).some(({ marked }) => marked);
	return { value: highlight(html), matchLevel: isMatched ? 'full' : 'none', matchedWords: [] };
}

function hitOf(hit) {
	const names = (terms) => (terms ?? []).map(({ name }) => name);
	return {
		...hit,
		objectID: String(hit.id), tag: names(hit.tags), category: names(hit.categories), series: names(hit.series), author: names(hit.authors),
		_highlightResult: { title: highlighted(hit.title_html) },
		_snippetResult: { title: highlighted(hit.title_html), content: highlighted(hit.snippet_html) },
	};
}

function facetsOf(facets) {
	return Object.fromEntries(Object.entries(facets ?? {}).map(([name, values]) =>
		[name, Object.fromEntries(values.map((value) => [value.name, value.count]))]));
}

/* A slider needs to know where it may begin and end. */
function statsOf(facets) {
	const years = (facets?.year ?? []).map(({ name }) => Number(name));
	return years.length ? { year: { min: Math.min(...years), max: Math.max(...years) } } : {};
}

function resultOf({ indexName, params: asked = {} }, answer) {
	return {
		index: indexName, query: asked.query ?? '', params: new URLSearchParams({ query: asked.query ?? '' }).toString(),
		hits: answer.hits.map(hitOf), nbHits: answer.total,
		page: asked.page ?? 0, hitsPerPage: answer.per_page,
		nbPages: answer.per_page ? Math.min(answer.pages, Math.floor(LAST_HIT / answer.per_page)) : 0,
		facets: facetsOf(answer.facets), facets_stats: statsOf(answer.facets),
		exhaustiveNbHits: true, exhaustiveFacetsCount: true, processingTimeMS: Math.round(answer.took_ms ?? 0),
	};
}

/*
 * For a refined facet InstantSearch asks once more without that filter, to know what the other
 * values would give. The daemon's counts are that already: the first answer holds them.
 */
function isCounting(request, first) {
	const { params: { hitsPerPage, facets, query } = {} } = request;
	return request !== first && hitsPerPage === 0 && typeof facets === 'string' && query === first.params?.query &&
		request.indexName === first.indexName && list(first.params?.facets).includes(facets);
}

class InstantSearchClient {
	#endpoint;
	#options;
	#scope;
	#client;

	constructor({ endpoint = '/', scope = '', ...options } = {}) {
		this.#endpoint = baseOf(new URL(endpoint, globalThis.document?.baseURI ?? 'http://localhost'));
		this.#options = options;
		this.#scope = scope;
		this.clearCache();
	}

	clearCache() {
		this.#client = new SearchClient(this.#endpoint, this.#options);
	}

	/* One answer a request, in their order. */
	async search(requests) {
		const first = requests[0];
		const answers = await Promise.all(requests.map((request) =>
			request.type === 'facet' ? this.#values(request) : isCounting(request, first) ? null : this.#client.search(paramsOf(request, this.#scope))));
		return { results: requests.map((request, i) =>
			request.type === 'facet' ? answers[i] : resultOf(request, answers[i] ?? { ...answers[0], hits: [], per_page: 0 })) };
	}

	async searchForFacetValues(requests) {
		return Promise.all(requests.map((request) => this.#values(request)));
	}

	/* The values of one facet that have @facetQuery in them, where all other filters hold. */
	async #values({ indexName, facet, params }) {
		const { facetName = facet, facetQuery = '', maxFacetHits = 10, ...rest } = params;
		const asked = { ...rest, facets: [facetName], hitsPerPage: 0, page: 0, maxValuesPerFacet: VALUES };
		const { facets } = await this.#client.search(paramsOf({ indexName, params: asked }, this.#scope));
		const word = facetQuery.toLowerCase();
		const found = (facets[facetName] ?? []).filter(({ name }) => name.toLowerCase().includes(word));
		return { exhaustiveFacetsCount: true, facetHits: found.slice(0, maxFacetHits).map(({ name, count }) => {
			const at = name.toLowerCase().indexOf(word);
			const to = at + word.length;
			return { value: name, count, highlighted: word ? name.slice(0, at) + MARKS.join(name.slice(at, to)) + name.slice(to) : name };
		}) };
	}
}

/*
 * options: endpoint (the daemon's address; by default the page's own host), scope (parameters
 * sent with every question, as 'section=blog'), and those of SearchClient.
 */
export function blogsearchClient(options) {
	return new InstantSearchClient(options);
}
