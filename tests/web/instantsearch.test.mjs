/* InstantSearch.js, the real one, against the daemon through our client: its widgets do what they do elsewhere. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { expectSoon } from './expect.mjs';
import { useSearch, watchQuestions } from './harness.mjs';

const search = useSearch();
const LIBRARY = readFileSync(createRequire(import.meta.url).resolve('instantsearch.js/dist/instantsearch.production.min.js'), 'utf8');

const WIDGETS = `
import { blogsearchClient } from '/blogsearch-instantsearch.js';
const { widgets } = window.instantsearch;
const at = (id) => '#' + id;
const search = window.instantsearch({ indexName: 'posts', searchClient: blogsearchClient({ endpoint: '/' }) });
search.addWidgets([
	widgets.configure({ hitsPerPage: 8 }),
	widgets.searchBox({ container: at('box') }),
	widgets.stats({ container: at('stats') }),
	widgets.hits({ container: at('hits'), templates: { item: (hit, { html, components }) =>
		html\`<b>\${components.Highlight({ attribute: 'title', hit })}</b> \${components.Snippet({ attribute: 'content', hit })}\` } }),
	widgets.refinementList({ container: at('tags'), attribute: 'tag', searchable: true, limit: 30 }),
	widgets.refinementList({ container: at('categories'), attribute: 'category' }),
	widgets.rangeInput({ container: at('years'), attribute: 'year' }),
	widgets.currentRefinements({ container: at('now') }),
	widgets.sortBy({ container: at('sort'), items: [{ label: 'Best', value: 'posts' }, { label: 'Oldest', value: 'posts:oldest' }] }),
	widgets.pagination({ container: at('pages') }),
]);
search.start();
window.search = search;`;

async function open() {
	const foot = ['box', 'stats', 'tags', 'categories', 'years', 'now', 'sort', 'hits', 'pages'].map((id) => `<div id="${id}"></div>`).join('') +
		'<script src="/library.js"></script><script type="module" src="/widgets.js"></script>';
	const page = await search.open({ box: '<blog-search endpoint="/"></blog-search>', foot, policy: null });
	await page.route('**/library.js', (route) => route.fulfill({ contentType: 'text/javascript', body: LIBRARY }));
	await page.route('**/widgets.js', (route) => route.fulfill({ contentType: 'text/javascript', body: WIDGETS }));
	page.problems.length = 0;
	await page.reload();
	await page.locator('#hits li').first().waitFor();
	return page;
}

const hits = (page) => page.locator('#hits li');
const titles = (page) => page.locator('#hits b').allTextContents();
const value = (page, list, name) => page.locator(`#${list} li`).filter({ hasText: name });
const type = (page, words) => page.locator('#box input').fill(words);

test('hits, highlights, snippets and their number', async () => {
	const page = await open();
	await type(page, 'zebra');
	await expectSoon(() => titles(page), (all) => all.join() === 'A guide to zebras');
	assert.equal(await page.locator('#hits b mark').textContent(), 'zebras');
	assert.ok(await page.locator('#hits mark').count() > 1);
	assert.match(await page.locator('#stats').textContent(), /1 result/);
	assert.deepEqual(page.problems, []);
});

test('what is hostile in a title is shown, not run', async () => {
	const page = await open();
	await type(page, 'unlikelyword');
	await expectSoon(() => titles(page), (all) => all.join() === 'Hostile <img src=x onerror=alert(1)> & "quotes"');
	assert.equal(await page.locator('#hits img, #hits script').count(), 0);
});

test('values of a facet are alternatives with counts that stay, in one request', async () => {
	const page = await open();
	await type(page, 'container');
	await value(page, 'tags', /^topic-01/).waitFor();
	const questions = watchQuestions(page);
	await value(page, 'tags', /^topic-01/).locator('input').click();
	await expectSoon(() => hits(page).count(), (n) => n === 1);
	assert.equal(questions.length, 1);
	assert.equal(await value(page, 'tags', /^topic-02/).locator('[class*=count]').textContent(), '1');
	await value(page, 'tags', /^topic-02/).locator('input').click();
	await expectSoon(() => hits(page).count(), (n) => n === 2);
	assert.match(await page.locator('#now').textContent(), /topic-01.*topic-02/s);
	await value(page, 'tags', /^topic-03/).locator('input').click();
	await expectSoon(() => hits(page).count(), (n) => n === 3);
	await value(page, 'categories', /^Notes/).locator('input').click();
	await expectSoon(() => titles(page), (all) => all.join() === 'Container diary 3');
});

test('the values of a facet can be searched', async () => {
	const page = await open();
	await page.locator('#tags input[type=search]').fill('topic-2');
	await expectSoon(() => page.locator('#tags li').count(), (n) => n === 5);
	assert.equal(await page.locator('#tags li mark').first().textContent(), 'topic-2');
});

test('a range of years, the order and pages', async () => {
	const page = await open();
	await page.evaluate(() => window.search.helper.addNumericRefinement('year', '>=', 2025).search());
	await expectSoon(() => hits(page).count(), (n) => n === 0);
	await page.evaluate(() => window.search.helper.clearRefinements('year').search());
	await page.locator('#sort select').selectOption('posts:oldest');
	await expectSoon(() => titles(page), (all) => all[0] === 'Container diary 1');
	await page.locator('#pages').getByRole('link', { name: /page 2/i }).click();
	await expectSoon(() => titles(page), (all) => all[0] === 'Container diary 9');
});

test('without a browser it answers as the helper of InstantSearch expects: same number, same order', async () => {
	const page = await open();
	const results = await page.evaluate(async () => {
		const { blogsearchClient } = await import('/blogsearch-instantsearch.js');
		const { results: all } = await blogsearchClient({ endpoint: '/' }).search([
			{ indexName: 'posts', params: { query: 'container', page: 1, hitsPerPage: 5, facets: ['*'] } },
			{ indexName: 'posts', params: { query: 'zebra', facetFilters: ['tag:-containers'] } },
			{ indexName: 'posts', type: 'facet', facet: 'category', params: { query: 'container', facetQuery: 'note' } },
		]);
		return all.map(({ nbHits, nbPages, page: at, hits: list, facetHits, facets }) => ({ nbHits, nbPages, at, n: list?.length, ids: new Set(list?.map(({ objectID }) => objectID)).size, facetHits, years: facets?.year }));
	});
	assert.deepEqual(results[0], { nbHits: 24, nbPages: 5, at: 1, n: 5, ids: 5, facetHits: undefined, years: { 2024: 24 } });
	assert.equal(results[1].nbHits, 1);
	assert.deepEqual(results[2].facetHits.map(({ value: name, count }) => [name, count]), [['Notes', 8]]);
});
