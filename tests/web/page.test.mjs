/* The daemon's search page: without JavaScript, and with it, where the element takes its place. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { expectSoon } from './expect.mjs';
import { changeAnswers, checkbox, chips, hasFocus, hits, input, options, useSearch, watchQuestions } from './harness.mjs';

const search = useSearch();
const openPlain = (at) => search.open({ at, javaScriptEnabled: false });
const titles = (page) => page.locator('.hit .title').allTextContents();
const count = (page) => page.locator('.count').first().textContent();

async function openPage(at = '/') {
	const page = await search.open({ at });
	await options(page).first().waitFor();
	return page;
}

test('a link may filter by any taxonomy of the site, shown or not, with JavaScript as without', async () => {
	for (const at of ['/?mood=blue-sky', '/?taxonomy.mood=Blue+sky', '/?taxonomy.sort=weird&sort=oldest'])
		for (const page of [await openPlain(at), await openPage(at)]) {
			assert.deepEqual([...new Set(await titles(page))], ['A guide to zebras'], at);
			assert.equal(await count(page), '1 result', at);
		}
});

/* ---- without JavaScript ---- */

test('without JavaScript the form asks and the answer is a page of results', async () => {
	const page = await openPlain('/');
	assert.equal((await titles(page)).length, 10);
	await page.locator('input[name=q]').fill('zebra');
	await page.getByRole('button', { name: 'Search' }).click();
	assert.deepEqual(await titles(page), ['A guide to zebras']);
	assert.equal(await page.locator('input[name=q]').inputValue(), 'zebra');
	assert.equal(await count(page), '1 result');
	assert.ok(await page.locator('mark').count() > 0);
	assert.equal(await page.title(), 'zebra – Notes & <Queries>');
});

test('without JavaScript facets are links that choose and take back, with counts and chips', async () => {
	const page = await openPlain('/?q=container');
	await page.getByRole('link', { name: 'topic-01 1' }).click();
	assert.match(page.url(), /\?q=container&tag=topic-01$/);
	assert.equal(await count(page), '1 result');
	await page.getByRole('link', { name: 'topic-02 1' }).click();
	assert.equal(await count(page), '2 results');
	assert.equal(await page.locator('.value[aria-current=true]').count(), 2);
	await page.getByRole('link', { name: /Remove filter: tag: topic-01/ }).click();
	assert.match(page.url(), /\?q=container&tag=topic-02$/);
	await page.locator('.value[aria-current=true]').click();
	assert.equal(await count(page), '24 results');
});

test('a value in the address may be a name in any case: its link still takes it back', async () => {
	const page = await openPlain('/?tag=Topic-01&category=OPERATIONS');
	assert.equal(await page.locator('.value[aria-current=true]').count(), 2);
	for (let n = 0; n < 2; n++)
		await page.locator('.value[aria-current=true]').first().click();
	assert.equal(new URL(page.url()).search, '');
});

test('without JavaScript results are sorted and turned by pages', async () => {
	const page = await openPlain('/?q=container');
	await page.getByLabel('Sort by').selectOption({ label: 'Oldest' });
	await page.getByRole('button', { name: 'Search' }).click();
	assert.equal((await titles(page))[0], 'Container diary 1');
	await page.getByRole('link', { name: 'Next' }).click();
	assert.equal((await titles(page))[0], 'Container diary 11');
	assert.match(await page.locator('.pages').textContent(), /Page 2 of 3/);
	await page.getByRole('link', { name: 'Previous' }).click();
	assert.equal((await titles(page))[0], 'Container diary 1');
});

test('without JavaScript nothing found says what to do, and filters can be cleared', async () => {
	const page = await openPlain('/?q=zebra&tag=containers');
	assert.match(await page.locator('.message').textContent(), /Nothing found for “zebra”/);
	await page.getByRole('link', { name: 'Clear all filters' }).click();
	assert.deepEqual(await titles(page), ['A guide to zebras']);
});

test('without JavaScript a slip is said to be one, with the results of what was meant', async () => {
	const page = await openPlain('/?q=zebar');
	assert.match(await page.locator('.notes').textContent(), /^Showing results for zebra$/);
	assert.deepEqual(await titles(page), ['A guide to zebras']);
	await page.getByRole('link', { name: 'zebra', exact: true }).click();
	assert.equal(await page.locator('input[name=q]').inputValue(), 'zebra');
	assert.equal((await page.locator('.notes').textContent()).trim(), '');
});

test('a question that is refused is a page that says why, with what was typed', async () => {
	const page = await openPlain('/?q=zebra&page=0');
	assert.match(await page.getByRole('alert').textContent(), /page must be a whole number/);
	assert.equal(await page.locator('input[name=q]').inputValue(), 'zebra');
});

test('parameters of others and empty ones do no harm', async () => {
	const page = await openPlain('/?utm_source=mail&q=zebra&sort=&tag=');
	assert.deepEqual(await titles(page), ['A guide to zebras']);
});

test('what is hostile in titles, terms and questions stays text', async () => {
	const page = await openPlain('/?q=%22%3E%3Cscript%3Ealert(1)%3C/script%3E%20unlikelyword&tag=%3Cb%3Ex%3C/b%3E');
	assert.equal(await page.locator('main script, main b, main img').count(), 0);
	await page.goto(`${search.url}/?q=unlikelyword`);
	assert.deepEqual(await titles(page), ['Hostile <img src=x onerror=alert(1)> & "quotes"']);
	assert.equal(await page.locator('main script, main img').count(), 0);
	assert.equal(await page.locator('.value').filter({ hasText: '<script>alert(1)</script>' }).count(), 1);
	await page.locator('.value').filter({ hasText: 'a"b\'c&d' }).click();
	assert.equal(await count(page), '1 result');
	assert.equal(await page.locator('.chip').count(), 1);
});

test('the page sends a strict policy, and nothing on it breaks that', async () => {
	const page = await search.open({ at: '/?q=container' });
	await options(page).first().waitFor();
	assert.deepEqual(page.problems, []);
	const response = await page.request.get(`${search.url}/`);
	assert.match(response.headers()['content-security-policy'], /default-src 'none'; script-src 'self'; style-src 'self'/);
});

/* ---- with it ---- */

test('with JavaScript the element shows the same results for the same address', async () => {
	const at = '/?q=container&category=notes&sort=oldest';
	const plain = await openPlain(at);
	const page = await openPage(at);
	assert.deepEqual(await hits(page).locator('.title').allTextContents(), await titles(plain));
	assert.equal(await input(page).inputValue(), 'container');
	assert.equal(await page.locator('.static').isVisible(), false);
	assert.equal(await chips(page).count(), 1);
});

test('what the daemon has put there stays until the element has an answer', async () => {
	const page = await search.open({ at: '/?q=zebra' });
	await options(page).first().waitFor();
	let answer;
	await page.route('**/v1/search*', async (route) => {
		await new Promise((resolve) => {
			answer = resolve;
		});
		await route.continue();
	});
	await page.reload();
	await expectSoon(() => answer, Boolean);
	assert.equal(await page.locator('.static .hit').isVisible(), true);
	answer();
	await options(page).first().waitFor();
	assert.equal(await page.locator('.static .hit').isVisible(), false);
});

test('words that somebody types before the element is there are taken along', async () => {
	const page = await search.open({ at: '/?q=container' });
	await options(page).first().waitFor();
	let answer;
	await page.route('**/v1/search?q=container', async (route) => {
		await new Promise((resolve) => {
			answer = resolve;
		});
		await route.continue();
	});
	await page.reload();
	await expectSoon(() => answer, Boolean);
	await page.locator('.static input[name=q]').fill('zebra');
	answer();
	await expectSoon(() => hits(page).locator('.title').allTextContents(), (all) => all.join() === 'A guide to zebras');
	assert.equal(await hasFocus(page), true);
	assert.equal(await input(page).inputValue(), 'zebra');
});

test('typing changes the address without filling the history, and the back button goes back a step', async () => {
	const page = await openPage('/');
	await input(page).pressSequentially('zebra', { delay: 200 });
	await expectSoon(() => hits(page).count(), (n) => n === 1);
	await expectSoon(() => new URL(page.url()).search, (text) => text === '?q=zebra');
	await page.goBack();
	await expectSoon(() => new URL(page.url()).search, (text) => text === '');
	await expectSoon(() => hits(page).count(), (n) => n === 10);
	assert.equal(await input(page).inputValue(), '');
	await page.goForward();
	await expectSoon(() => input(page).inputValue(), (text) => text === 'zebra');
	await expectSoon(() => hits(page).count(), (n) => n === 1);
});

test('each choice is a step back, and the page can be loaded anew at any of them', async () => {
	const page = await openPage('/?q=container');
	await checkbox(page, /^topic-01,/).click();
	await expectSoon(() => hits(page).count(), (n) => n === 1);
	await checkbox(page, /^topic-02,/).click();
	await expectSoon(() => hits(page).count(), (n) => n === 2);
	assert.equal(new URL(page.url()).search, '?q=container&tag=topic-01&tag=topic-02');
	await page.reload();
	await expectSoon(() => hits(page).count(), (n) => n === 2);
	await page.goBack();
	await expectSoon(() => hits(page).count(), (n) => n === 1);
	await page.goBack();
	await expectSoon(() => hits(page).count(), (n) => n === 10);
});

test('parameters of others stay in the address', async () => {
	const page = await openPage('/?ref=mail&q=container');
	await checkbox(page, /^topic-01,/).click();
	await expectSoon(() => new URL(page.url()).search, (text) => text === '?ref=mail&q=container&tag=topic-01');
});

test('the way back from a result leads to the same results at the same place', async () => {
	const page = await openPage('/?q=container');
	await page.getByRole('button', { name: 'More results' }).click();
	await expectSoon(() => hits(page).count(), (n) => n === 20);
	await hits(page).nth(17).scrollIntoViewIfNeeded();
	const y = await page.evaluate(() => window.scrollY);
	assert.ok(y > 300, `scrolled to ${y}`);
	await hits(page).nth(17).click();
	await page.waitForURL('https://blog.test/**');
	await page.goBack();
	await expectSoon(() => hits(page).count(), (n) => n === 20);
	await expectSoon(() => page.evaluate(() => window.scrollY), (now) => Math.abs(now - y) < 60);
});

test('Enter with no active result asks at once and stays on the page', async () => {
	const page = await openPage('/');
	await input(page).fill('zebra');
	await page.keyboard.press('Enter');
	await expectSoon(() => hits(page).count(), (n) => n === 1);
	assert.equal(new URL(page.url()).search, '?q=zebra');
});

test('Escape takes back the active result first, then the words', async () => {
	const page = await openPage('/?q=mesh');
	await input(page).focus();
	await page.keyboard.press('ArrowDown');
	await page.keyboard.press('Escape');
	assert.equal(await page.locator('blog-search [aria-selected=true]').count(), 0);
	assert.equal(await input(page).inputValue(), 'mesh');
	await page.keyboard.press('Escape');
	assert.equal(await input(page).inputValue(), '');
});

test('the same question is not asked twice, and only the last of what is typed at once', async () => {
	const page = await openPage('/');
	const questions = watchQuestions(page);
	await input(page).pressSequentially('zebra', { delay: 5 });
	await expectSoon(() => hits(page).count(), (n) => n === 1);
	assert.deepEqual(questions.map(({ search: text }) => text), ['?q=zebra']);
	await input(page).fill('');
	await expectSoon(() => hits(page).count(), (n) => n === 10);
	await input(page).fill('zebra');
	await expectSoon(() => hits(page).count(), (n) => n === 1);
	assert.equal(questions.length, 1);
});

test('an answer that is overtaken is not shown', async () => {
	const page = await openPage('/');
	await changeAnswers(page, async (answer, url) => {
		if (url.searchParams.get('q') === 'zebra')
			await new Promise((resolve) => {
				setTimeout(resolve, 1500);
			});
	});
	await input(page).fill('zebra');
	await page.keyboard.press('Enter');
	await input(page).fill('mesh');
	await expectSoon(() => hits(page).first().locator('.title').textContent(), (text) => text.startsWith('Mesh'));
	await page.waitForTimeout(1800);
	assert.match(await hits(page).first().locator('.title').textContent(), /^Mesh/);
});
