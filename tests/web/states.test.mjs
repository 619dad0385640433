/* What the search box says and offers: facets, chips, sorting, sections, corrections, nothing found, errors. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { expectSoon } from './expect.mjs';
import { changeAnswers, checkbox, chips, expectFocus, hasFocus, hits, input, opener, options, status, useSearch, watchQuestions } from './harness.mjs';

const search = useSearch();
const INLINE = '<blog-search endpoint="/" mode="inline"></blog-search>';
const message = (page) => page.locator('blog-search .message');

async function openInline(words, box = INLINE) {
	const page = await search.open({ box });
	await input(page).fill(words);
	await page.locator('blog-search :is(.hit, .message)').first().waitFor();
	return page;
}

async function openFilters(page) {
	await page.getByRole('button', { name: 'Filters' }).click();
}

test('an inline box asks nothing before somebody types, and clears with the words', async () => {
	const page = await search.open({ box: INLINE });
	const questions = watchQuestions(page);
	await input(page).focus();
	await page.waitForTimeout(200);
	assert.deepEqual(questions, []);
	await input(page).fill('zebra');
	await hits(page).first().waitFor();
	await page.getByRole('button', { name: 'Clear', exact: true }).click();
	await expectSoon(() => options(page).count(), (n) => n === 0);
	assert.equal(await hasFocus(page), true);
	assert.equal(await input(page).getAttribute('aria-expanded'), 'false');
});

test('facets show counts; values of one are alternatives, of two must both hold', async () => {
	const page = await openInline('container');
	await openFilters(page);
	assert.equal(await checkbox(page, 'containers, 24 results').isVisible(), true);
	await checkbox(page, /^topic-01,/).click();
	await expectSoon(() => hits(page).count(), (n) => n === 1);
	await checkbox(page, /^topic-03,/).click();
	await expectSoon(() => hits(page).count(), (n) => n === 2);
	await checkbox(page, /^Notes,/).click();
	await expectSoon(() => hits(page).count(), (n) => n === 1);
	assert.equal(await checkbox(page, /^topic-01,/).isChecked(), true);
	assert.deepEqual((await chips(page).allTextContents()).map((text) => text.trim()), ['topic-01 ×', 'topic-03 ×', 'Notes ×']);
});

test('a checkbox keeps the focus when the counts change', async () => {
	const page = await openInline('container');
	await openFilters(page);
	await checkbox(page, /^topic-01,/).focus();
	await page.keyboard.press('Space');
	await expectSoon(() => hits(page).count(), (n) => n === 1);
	await expectFocus(checkbox(page, /^topic-01,/));
});

test('a chip takes its filter away, by mouse and by keyboard; the focus goes to the next one or the input', async () => {
	const page = await openInline('container');
	await openFilters(page);
	for (const name of [/^topic-01,/, /^topic-02,/]) {
		await checkbox(page, name).click();
		await expectSoon(() => checkbox(page, name).isChecked(), Boolean);
	}
	await expectSoon(() => chips(page).count(), (n) => n === 2);
	await page.getByRole('button', { name: 'Remove filter: Tags, topic-01' }).focus();
	await page.keyboard.press('Enter');
	await expectSoon(() => chips(page).count(), (n) => n === 1);
	await expectFocus(chips(page).first());
	await page.keyboard.press('Enter');
	await expectSoon(() => chips(page).count(), (n) => n === 0);
	assert.equal(await hasFocus(page), true);
	await expectSoon(() => hits(page).count(), (n) => n === 10);
});

test('many values are shown on demand, all of them, and can be searched in', async () => {
	const page = await openInline('container');
	await openFilters(page);
	const tags = page.getByRole('group', { name: 'Tags' });
	assert.equal(await tags.getByRole('checkbox').count(), 8);
	await tags.getByRole('button', { name: 'Show more: Tags' }).click();
	await expectSoon(() => tags.getByRole('checkbox').count(), (n) => n === 25);
	await tags.getByRole('searchbox').pressSequentially('TOPIC-2');
	await expectSoon(() => tags.getByRole('checkbox').count(), (n) => n === 5);
	assert.equal(await tags.getByRole('searchbox').inputValue(), 'TOPIC-2');
});

test('results can be sorted; relevance is offered only for words, the order of a series only with one', async () => {
	const page = await openInline('mesh');
	const sort = page.getByLabel('Sort by');
	assert.deepEqual(await sort.locator('option').allTextContents(), ['Relevance', 'Newest', 'Oldest', 'Last updated', 'Title']);
	await sort.selectOption('oldest');
	await expectSoon(() => hits(page).first().locator('.title').textContent(), (title) => title === 'Mesh, part 1');
	await openFilters(page);
	await checkbox(page, /^Service mesh,/).click();
	await expectSoon(() => sort.locator('option').allTextContents(), (labels) => labels.includes('Series'));
	assert.match(await hits(page).first().textContent(), /Service mesh 1\/3/);
});

test('sections of a hit are results of their own that lead to their heading', async () => {
	const page = await openInline('zebra');
	const section = page.getByRole('group', { name: 'A guide to zebras' }).getByRole('option', { name: /Stripes of the zebra/ });
	await section.waitFor();
	await page.keyboard.press('ArrowDown');
	await page.keyboard.press('ArrowDown');
	assert.equal(await section.getAttribute('aria-selected'), 'true');
	await page.keyboard.press('Enter');
	await page.waitForURL('https://blog.test/posts/post-28/**');
	assert.match(new URL(page.url()).hash, /^#stripes-of-the-zebra(:~:|$)/);
});

test('"did you mean" offers the correction with its count, and asks it', async () => {
	const page = await search.open({ box: INLINE });
	await changeAnswers(page, (answer, url) => url.searchParams.get('q') === 'zebar'
		? { ...answer, corrected: 'zebra', corrected_total: 1, is_corrected: false, hits: [], total: 0, match: 'none' } : answer);
	await input(page).fill('zebar');
	await message(page).waitFor();
	assert.match(await page.locator('blog-search .notes').textContent(), /Did you mean zebra\? \(1 result\)/);
	await page.getByRole('button', { name: 'zebra' }).click();
	await hits(page).first().waitFor();
	assert.equal(await input(page).inputValue(), 'zebra');
	assert.equal(await hasFocus(page), true);
});

test('a slip that finds nothing is said to be one, with the results of what was meant', async () => {
	const page = await openInline('zebar');
	assert.equal(await page.locator('blog-search .notes').textContent(), 'Showing results for zebra');
	assert.equal(await hits(page).first().locator('.title').textContent(), 'A guide to zebras');
	await page.getByRole('button', { name: 'zebra', exact: true }).click();
	await expectSoon(() => page.locator('blog-search .notes').textContent(), (text) => text === '');
	assert.equal(await input(page).inputValue(), 'zebra');
});

test('a relaxed search says so', async () => {
	const page = await search.open({ box: INLINE });
	await changeAnswers(page, (answer) => ({ ...answer, match: 'relaxed' }));
	await input(page).fill('zebra');
	await hits(page).first().waitFor();
	assert.match(await page.locator('blog-search .notes').textContent(), /only a part of these words/);
});

test('nothing found says for what, what to try, and lets the filters go', async () => {
	const page = await openInline('qqxyzzyqq');
	assert.match(await message(page).textContent(), /Nothing found for “qqxyzzyqq”.*fewer words/);
	assert.equal(await page.getByRole('button', { name: 'Clear all filters' }).count(), 0);
	await input(page).fill('container');
	await hits(page).first().waitFor();
	await openFilters(page);
	await checkbox(page, /^topic-01,/).click();
	await expectSoon(() => hits(page).count(), (n) => n === 1);
	await input(page).fill('zebra');
	await page.getByRole('button', { name: 'Clear all filters' }).click();
	await expectSoon(() => hits(page).first().locator('.title').textContent(), (title) => title === 'A guide to zebras');
	assert.equal(await input(page).getAttribute('aria-expanded'), 'true');
});

test('a screen reader hears how many were found, and that none were', async () => {
	const page = await openInline('mesh');
	await expectSoon(() => status(page).textContent(), (text) => text === '3 results');
	assert.equal(await input(page).getAttribute('aria-expanded'), 'true');
	await input(page).fill('qqxyzzyqq');
	await expectSoon(() => status(page).textContent(), (text) => text === '0 results');
	assert.equal(await input(page).getAttribute('aria-expanded'), 'false');
	assert.equal(await status(page).getAttribute('role'), 'status');
});

test('while the daemon is away the box says so, and a button asks again', async () => {
	const page = await search.open({ box: INLINE });
	await page.route('**/v1/search*', (route) => route.abort());
	await input(page).fill('zebra');
	await page.getByRole('alert').waitFor();
	assert.match(await page.getByRole('alert').textContent(), /not available right now/);
	assert.equal(await input(page).getAttribute('aria-expanded'), 'false');
	await page.unroute('**/v1/search*');
	await page.getByRole('button', { name: 'Try again' }).click();
	await hits(page).first().waitFor();
	assert.equal(await page.getByRole('alert').count(), 0);
	assert.equal(await hasFocus(page), true);
});

test('it asks again by itself once the browser is on line', async () => {
	const page = await search.open({ box: INLINE });
	await page.route('**/v1/search*', (route) => route.abort());
	await input(page).fill('zebra');
	await page.getByRole('alert').waitFor();
	await page.unroute('**/v1/search*');
	await page.evaluate(() => window.dispatchEvent(new Event('online')));
	await hits(page).first().waitFor();
});

test('a question that the daemon refuses is answered with its reason, and no retry', async () => {
	const page = await search.open({ box: INLINE });
	await input(page).fill(Array.from({ length: 140 }, (_, n) => `word${n}`).join(' '));
	await page.getByRole('alert').waitFor();
	assert.match(await page.getByRole('alert').textContent(), /128/);
	assert.equal(await page.getByRole('button', { name: 'Try again' }).count(), 0);
});

test('an overloaded daemon is worth another try', async () => {
	const page = await search.open({ box: INLINE });
	await page.route('**/v1/search*', (route) => route.fulfill({ status: 503, contentType: 'application/problem+json', body: '{"title":"Service Unavailable","status":503}' }));
	await input(page).fill('zebra');
	await page.getByRole('button', { name: 'Try again' }).waitFor();
});

test('an endpoint that is none is an error that is shown', async () => {
	const page = await search.open({ box: '<blog-search endpoint="http://" mode="inline" stylesheet="/blogsearch.css"></blog-search>' });
	await input(page).fill('zebra');
	await page.getByRole('alert').waitFor();
});

test('where the next page does not come the results stay, and it can be asked for again', async () => {
	const page = await openInline('container');
	await page.route('**/v1/search*', (route) => route.abort());
	await page.getByRole('button', { name: 'More results' }).click();
	await page.getByRole('alert').waitFor();
	assert.equal(await hits(page).count(), 10);
	await page.unroute('**/v1/search*');
	await page.getByRole('button', { name: 'Try again' }).click();
	await expectSoon(() => hits(page).count(), (n) => n === 20);
});

test('the daemon cannot script the page: markup stays text, other addresses lead nowhere', async () => {
	const page = await search.open({ box: INLINE });
	await changeAnswers(page, (answer) => {
		Object.assign(answer.hits[0], { url: 'javascript:alert(1)', title_html: '<img src=x onerror=alert(1)><mark>x</mark>', snippet_html: '<script>alert(1)</script>' });
	});
	await input(page).fill('zebra');
	await hits(page).first().waitFor();
	assert.equal(await hits(page).first().getAttribute('href'), null);
	assert.equal(await hits(page).first().locator('img, script').count(), 0);
	assert.match(await hits(page).first().textContent(), /<img src=x onerror=alert\(1\)>x/);
	assert.deepEqual(page.problems, []);
});

test('scope, facets and page size of the element are asked with every question', async () => {
	const page = await search.open({ box: '<blog-search endpoint="/" mode="inline" scope="category=notes&lang=en" facets="tag, year" per-page="3"></blog-search>' });
	const questions = watchQuestions(page);
	await input(page).fill('container');
	await hits(page).first().waitFor();
	assert.equal(await hits(page).count(), 3);
	assert.equal(questions[0].search, '?q=container&category=notes&lang=en&per_page=3&facets=tag%2Cyear');
	await openFilters(page);
	assert.equal(await page.getByRole('group', { name: 'Year' }).isVisible(), true);
	assert.equal(await page.getByRole('group', { name: 'Categories' }).count(), 0);
});

test('attributes that change change the box, and what was asked stays', async () => {
	const page = await openInline('zebra');
	await page.locator('blog-search').evaluate((element) => {
		element.setAttribute('placeholder', 'Find');
		element.setAttribute('lang', 'de');
	});
	await expectSoon(() => input(page).getAttribute('placeholder'), (text) => text === 'Find');
	assert.equal(await input(page).inputValue(), 'zebra');
	assert.equal(await input(page).getAttribute('aria-label'), 'Suchen');
});

for (const [lang, word] of [['de', 'Suchen'], ['fr', 'Rechercher'], ['es', 'Buscar'], ['ja', '検索'], ['tlh', 'Search']])
	test(`on a page in ${lang} the box says ${word}`, async () => {
		const page = await search.open({ attributes: `lang="${lang}"` });
		await page.getByRole('button', { name: word, exact: true }).waitFor();
	});

test('words of the page take the place of ours, by attribute and by property, also one set early', async () => {
	const page = await search.open({ box: `<blog-search endpoint="/" strings='{"search": "Find it"}'></blog-search>` });
	await page.getByRole('button', { name: 'Find it' }).waitFor();
	await page.locator('blog-search').evaluate((element) => {
		element.strings = { search: 'Look up' };
	});
	await page.getByRole('button', { name: 'Look up' }).waitFor();
	const early = await search.open({ policy: null, head: '<script>window.addEventListener("DOMContentLoaded", () => {}); document.addEventListener("readystatechange", () => {});</script>',
		box: '<blog-search endpoint="/"></blog-search><script>document.querySelector("blog-search").strings = { search: "Early" }</script>' });
	await early.getByRole('button', { name: 'Early' }).waitFor();
});

test('a page can draw the hits itself', async () => {
	const page = await search.open({ box: INLINE });
	await page.locator('blog-search').evaluate((element) => {
		element.renderHit = (hit) => document.createTextNode(`Own: ${hit.title}`);
	});
	await input(page).fill('zebra');
	await expectSoon(() => hits(page).allTextContents(), (texts) => texts[0] === 'Own: A guide to zebras');
});

test('without JavaScript the form in the element goes to the search page', async () => {
	const page = await search.open({ javaScriptEnabled: false,
		box: '<blog-search endpoint="/"><form action="/"><input name="q" aria-label="Search"><button>Search</button></form></blog-search>' });
	await page.getByLabel('Search').fill('zebra');
	await page.keyboard.press('Enter');
	await page.waitForURL('**/?q=zebra');
	assert.equal(await page.locator('.hit').count(), 1);
});

test('two boxes on a page do not disturb each other; a shortcut opens one', async () => {
	const page = await search.open({ box: '<blog-search endpoint="/"></blog-search><blog-search endpoint="/"></blog-search>' });
	await opener(page).nth(1).waitFor();
	await page.keyboard.press('/');
	assert.equal(await page.locator('blog-search dialog[open]').count(), 1);
});
