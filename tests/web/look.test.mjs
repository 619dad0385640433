/* How it looks and is read: themes, right to left, phones, and what axe finds wrong. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { checkbox, chips, dialog, hits, input, opener, useSearch } from './harness.mjs';

const search = useSearch();
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/* What axe finds, one line each. */
async function faults(page) {
	await page.evaluate(AXE);
	const { violations } = await page.evaluate(() => window.axe.run({ resultTypes: ['violations'] }));
	return violations.flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) => `${id}: ${target.flat().join(' ')}: ${failureSummary}`));
}

async function openModal(options) {
	const page = await search.open({ policy: null, ...options });
	await opener(page).click();
	await input(page).fill('container');
	await hits(page).first().waitFor();
	await page.locator('blog-search button.toggle').click();
	await checkbox(page, /^topic-01,/).click();
	await chips(page).first().waitFor();
	return page;
}

const LOOKS = {
	'in light': { colorScheme: 'light' },
	'in dark': { colorScheme: 'dark' },
	'from right to left': { attributes: 'lang="en" dir="rtl"' },
	'in dark on a phone': { colorScheme: 'dark', viewport: { width: 390, height: 700 } },
};

for (const [name, options] of Object.entries(LOOKS)) {
	test(`axe finds nothing wrong in the dialog ${name}`, async () => {
		assert.deepEqual(await faults(await openModal(options)), []);
	});
	test(`axe finds nothing wrong on the search page ${name}`, async () => {
		const page = await search.open({ at: '/?q=container&tag=topic-01', ...options });
		await hits(page).first().waitFor();
		assert.deepEqual(await faults(page), []);
	});
}

test('axe finds nothing wrong with nothing found, and with an error', async () => {
	const page = await search.open({ policy: null, box: '<blog-search endpoint="/" mode="inline"></blog-search>' });
	await input(page).fill('qqxyzzyqq');
	await page.locator('blog-search .message').waitFor();
	assert.deepEqual(await faults(page), []);
	await page.route('**/v1/search*', (route) => route.abort());
	await input(page).fill('other');
	await page.getByRole('alert').waitFor();
	assert.deepEqual(await faults(page), []);
});

/* Evaluation is not for pages without JavaScript; the same HTML is looked at before the element is defined. */
test('axe finds nothing wrong on the page as the daemon writes it', async () => {
	const page = await search.open({ policy: null });
	await page.route('**/blogsearch.js', (route) => route.fulfill({ contentType: 'text/javascript', body: '' }));
	for (const at of ['/?q=container&tag=topic-01&page=1', '/?q=qqxyzzyqq', '/?page=0']) {
		await page.goto(search.url + at);
		assert.deepEqual(await faults(page), [], at);
	}
});

const back = (page) => page.locator('blog-search .panel').evaluate((node) => getComputedStyle(node).backgroundColor);

test('the theme follows the system, an attribute overrides it, and "page" takes what the page has', async () => {
	const colours = {};
	for (const [name, theme, options] of [
		['light', '', { colorScheme: 'light' }], ['dark', '', { colorScheme: 'dark' }],
		['forced dark', ' theme="dark"', { colorScheme: 'light' }], ['forced light', ' theme="light"', { colorScheme: 'dark' }],
		['page', ' theme="page"', { colorScheme: 'light', head: '<style>:root { color-scheme: dark }</style>' }],
	]) {
		const page = await search.open({ policy: null, box: `<blog-search endpoint="/"${theme}></blog-search>`, ...options });
		await opener(page).click();
		colours[name] = await back(page);
	}
	assert.equal(colours.light, 'rgb(255, 255, 255)');
	assert.notEqual(colours.dark, colours.light);
	assert.deepEqual([colours['forced dark'], colours['forced light'], colours.page], [colours.dark, colours.light, colours.dark]);
});

test('custom properties and parts dress it as the site is dressed', async () => {
	const page = await search.open({ policy: null, head: '<style>blog-search { --blogsearch-background: rgb(1, 2, 3); } blog-search::part(opener) { border-radius: 7px; }</style>' });
	await opener(page).click();
	assert.equal(await back(page), 'rgb(1, 2, 3)');
	assert.equal(await opener(page).evaluate((node) => getComputedStyle(node).borderTopLeftRadius), '7px');
});

test('from right to left the input begins at the right', async () => {
	const page = await openModal({ attributes: 'lang="ar" dir="rtl"' });
	const [glass, close] = await Promise.all(['.head .glass', 'button.close'].map((part) => page.locator(`blog-search ${part}`).boundingBox()));
	assert.ok(glass.x > close.x);
});

test('on a phone the dialog fills the screen, and the input is large enough that it is not zoomed', async () => {
	const page = await openModal({ viewport: { width: 390, height: 700 }, hasTouch: true, isMobile: true });
	const box = await dialog(page).boundingBox();
	assert.deepEqual([box.x, box.y, box.width, box.height], [0, 0, 390, 700]);
	assert.ok(await input(page).evaluate((node) => parseFloat(getComputedStyle(node).fontSize)) >= 16);
	assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 390);
});

test('who wants less motion gets none', async () => {
	const duration = async (reducedMotion) => {
		const page = await search.open({ reducedMotion });
		await opener(page).click();
		return dialog(page).evaluate((node) => parseFloat(getComputedStyle(node).animationDuration));
	};
	assert.ok(await duration('no-preference') > 0.1);
	assert.ok(await duration('reduce') <= 0.001);
});
