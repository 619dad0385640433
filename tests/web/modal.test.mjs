/* The search box as a button with a dialog: opening, closing, keys. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { expectSoon } from './expect.mjs';
import { activeOption, chips, dialog, expectFocus, hasFocus, hits, input, opener, options, status, useSearch, watchQuestions } from './harness.mjs';

const search = useSearch();

async function openDialog(page) {
	await opener(page).click();
	await hits(page).first().waitFor();
}

async function searchFor(page, words) {
	await openDialog(page);
	await input(page).fill(words);
	await expectSoon(() => status(page).textContent(), (text) => text !== '' && !text.startsWith('31 '));
	await page.waitForFunction(() => !document.querySelector('blog-search').shadowRoot.querySelector('.busy'));
}

test('the button opens the dialog with the focus in its input, and shows the newest posts', async () => {
	const page = await search.open();
	await openDialog(page);
	assert.equal(await dialog(page).evaluate((node) => node.matches(':modal')), true);
	assert.equal(await hasFocus(page), true);
	assert.match(await hits(page).first().textContent(), /مقالة عربية/);
	assert.deepEqual(page.problems, []);
});

test('nothing is asked before the dialog is opened', async () => {
	const page = await search.open();
	const questions = watchQuestions(page);
	await page.waitForTimeout(300);
	assert.deepEqual(questions, []);
});

for (const key of ['Control+k', '/'])
	test(`${key} opens the dialog`, async () => {
		const page = await search.open();
		await opener(page).waitFor();
		await page.keyboard.press(key);
		await hits(page).first().waitFor();
		assert.equal(await input(page).inputValue(), '');
	});

test('on an Apple machine ⌘K opens the dialog, Ctrl-K does not, and the button says ⌘', async () => {
	const page = await search.open({ head: '<script src="/apple.js"></script>', policy: null });
	await page.route('**/apple.js', (route) => route.fulfill({ contentType: 'text/javascript', body: "Object.defineProperty(Navigator.prototype, 'platform', { get: () => 'MacIntel' });" }));
	await page.reload();
	await opener(page).waitFor();
	assert.equal(await opener(page).getAttribute('aria-keyshortcuts'), 'Meta+K /');
	assert.match(await opener(page).textContent(), /⌘K/);
	await page.keyboard.press('Control+k');
	assert.equal(await dialog(page).isVisible(), false);
	await page.keyboard.press('Meta+k');
	assert.equal(await dialog(page).isVisible(), true);
});

for (const id of ['mail', 'comment', 'note'])
	test(`shortcuts are left alone while somebody types in #${id}`, async () => {
		const page = await search.open();
		await opener(page).waitFor();
		await page.locator(`#${id}`).focus();
		await page.keyboard.press('/');
		await page.keyboard.press('Control+k');
		assert.equal(await dialog(page).isVisible(), false);
		assert.match(await page.locator(`#${id}`).evaluate((node) => node.value ?? node.textContent), /\//);
	});

test('shortcuts are left alone while somebody types in an input of another component', async () => {
	const page = await search.open({ foot: '<other-box id="other"></other-box><script src="/post-other.js"></script>' });
	await page.route('**/post-other.js', (route) => route.fulfill({ contentType: 'text/javascript',
		body: "customElements.define('other-box', class extends HTMLElement { connectedCallback() { this.attachShadow({ mode: 'open' }).append(document.createElement('input')); } });" }));
	await page.reload();
	await opener(page).waitFor();
	await page.locator('#other input').focus();
	await page.keyboard.press('/');
	assert.equal(await dialog(page).isVisible(), false);
	assert.equal(await page.locator('#other input').inputValue(), '/');
});

test('a slash typed in the open dialog is a slash, and Ctrl-K there closes it', async () => {
	const page = await search.open();
	await openDialog(page);
	await page.keyboard.press('/');
	assert.equal(await input(page).inputValue(), '/');
	await page.keyboard.press('Control+k');
	assert.equal(await dialog(page).isVisible(), false);
});

test('shortcuts can be other ones, or none', async () => {
	const page = await search.open({ box: '<blog-search endpoint="/" shortcuts="s"></blog-search>' });
	await opener(page).waitFor();
	await page.keyboard.press('/');
	assert.equal(await dialog(page).isVisible(), false);
	await page.keyboard.press('s');
	assert.equal(await dialog(page).isVisible(), true);
	const none = await search.open({ box: '<blog-search endpoint="/" shortcuts=""></blog-search>' });
	await opener(none).waitFor();
	await none.keyboard.press('/');
	assert.equal(await dialog(none).isVisible(), false);
	assert.equal(await opener(none).getAttribute('aria-keyshortcuts'), null);
});

test('Escape closes the dialog and the focus returns to the button', async () => {
	const page = await search.open();
	await openDialog(page);
	await input(page).fill('container');
	await page.keyboard.press('Escape');
	assert.equal(await dialog(page).isVisible(), false);
	await expectFocus(opener(page));
});

test('a click beside the dialog closes it, one in it does not', async () => {
	const page = await search.open();
	await openDialog(page);
	await page.locator('blog-search .count').click();
	assert.equal(await dialog(page).isVisible(), true);
	await page.mouse.click(5, 5);
	assert.equal(await dialog(page).isVisible(), false);
});

test('the page behind keeps still while the dialog is open, and moves again afterwards', async () => {
	const page = await search.open();
	await openDialog(page);
	assert.equal(await page.evaluate(() => document.documentElement.style.overflow), 'hidden');
	await page.keyboard.press('Escape');
	await expectSoon(() => page.evaluate(() => document.documentElement.style.overflow), (overflow) => overflow === '');
});

test('results come while one types, with the first one active', async () => {
	const page = await search.open();
	await searchFor(page, 'zebra');
	assert.equal(await hits(page).count(), 1);
	assert.equal(await activeOption(page), 'A guide to zebras');
	assert.equal(await hasFocus(page), true);
	assert.equal(await input(page).getAttribute('aria-expanded'), 'true');
});

test('arrow keys go through hits and sections; the focus stays in the input', async () => {
	const page = await search.open();
	await openDialog(page);
	assert.equal(await activeOption(page), null);
	await page.keyboard.press('ArrowDown');
	await page.keyboard.press('ArrowDown');
	const titles = await options(page).locator('.title').allTextContents();
	assert.equal(await activeOption(page), titles[1]);
	await page.keyboard.press('ArrowUp');
	await page.keyboard.press('ArrowUp');
	assert.equal(await activeOption(page), null);
	await page.keyboard.press('ArrowUp');
	assert.equal(await activeOption(page), titles.at(-1));
	assert.equal(await hasFocus(page), true);
	assert.equal(await page.locator('blog-search [aria-selected=true]').count(), 1);
});

test('down from the last result loads more and goes on to the first new one', async () => {
	const page = await search.open();
	await openDialog(page);
	await page.keyboard.press('ArrowUp');
	await page.keyboard.press('ArrowDown');
	await expectSoon(() => hits(page).count(), (count) => count === 20);
	const titles = await hits(page).locator('.title').allTextContents();
	await expectSoon(() => activeOption(page), (title) => title === titles[10]);
});

test('down from the very last result begins again at the first', async () => {
	const page = await search.open();
	await searchFor(page, 'mesh');
	const titles = await options(page).locator('.title').allTextContents();
	await page.keyboard.press('ArrowUp');
	await page.keyboard.press('ArrowUp');
	assert.equal(await activeOption(page), titles.at(-1));
	await page.keyboard.press('ArrowDown');
	assert.equal(await activeOption(page), titles[0]);
});

test('Home, End and the arrows to the sides move the caret and leave the list', async () => {
	const page = await search.open();
	await searchFor(page, 'mesh');
	assert.notEqual(await activeOption(page), null);
	await page.keyboard.press('Home');
	assert.equal(await activeOption(page), null);
	assert.equal(await input(page).evaluate((node) => node.selectionStart), 0);
	await page.keyboard.press('ArrowDown');
	await page.keyboard.press('End');
	assert.equal(await activeOption(page), null);
	assert.equal(await input(page).evaluate((node) => node.selectionStart), 4);
});

test('Enter opens the active result', async () => {
	const page = await search.open();
	await searchFor(page, 'zebra');
	await page.keyboard.press('Enter');
	await page.waitForURL('https://blog.test/**');
});

test('Enter pressed before the answer is there opens the first result of that answer', async () => {
	const page = await search.open();
	await openDialog(page);
	await page.keyboard.type('zebra');
	await page.keyboard.press('Enter');
	await page.waitForURL('https://blog.test/posts/post-28/');
});

test('Enter on nothing found does nothing', async () => {
	const page = await search.open();
	await searchFor(page, 'qqxyzzyqq');
	await page.keyboard.press('Enter');
	await page.waitForTimeout(100);
	assert.equal(await dialog(page).isVisible(), true);
});

for (const key of ['Control+Enter', 'Shift+Enter', 'Meta+Enter'])
	test(`${key} opens the result in a new tab and the dialog stays`, async () => {
		const page = await search.open();
		await searchFor(page, 'zebra');
		const [other] = await Promise.all([page.context().waitForEvent('page'), page.keyboard.press(key)]);
		await other.waitForURL('https://blog.test/**');
		assert.equal(await dialog(page).isVisible(), true);
	});

test('keys of an input method are not ours: Enter that ends a composition opens nothing', async () => {
	const page = await search.open();
	await searchFor(page, 'zebra');
	await input(page).evaluate((node) => node.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', isComposing: true, bubbles: true, cancelable: true })));
	await page.waitForTimeout(100);
	assert.match(page.url(), /\/post$/);
});

test('a click opens a result and closes the dialog; the focus was never taken from the input', async () => {
	const page = await search.open();
	await searchFor(page, 'zebra');
	await page.locator('blog-search').evaluate((element) => element.addEventListener('blogsearch-select', (event) => event.preventDefault(), { once: true }));
	await hits(page).first().click();
	assert.equal(await dialog(page).isVisible(), false);
	assert.match(page.url(), /\/post$/);
});

test('a listener is told which hit was chosen, and can prevent that it is opened', async () => {
	const page = await search.open();
	await searchFor(page, 'zebra');
	await page.locator('blog-search').evaluate((element) => document.addEventListener('blogsearch-select', (event) => {
		event.preventDefault();
		window.told = [event.detail.hit.title, event.detail.url, event.target === element];
	}));
	await page.keyboard.press('Enter');
	assert.deepEqual(await page.evaluate(() => window.told), ['A guide to zebras', 'https://blog.test/posts/post-28/', true]);
	assert.match(page.url(), /\/post$/);
});

test('events tell of opening, results and closing', async () => {
	const page = await search.open();
	await page.locator('blog-search').evaluate((element) => {
		window.told = [];
		for (const type of ['open', 'result', 'close'])
			element.addEventListener(`blogsearch-${type}`, ({ detail }) => window.told.push([type, detail.result?.total ?? null]));
	});
	await openDialog(page);
	await page.keyboard.press('Escape');
	await expectSoon(() => page.evaluate(() => window.told), (told) => JSON.stringify(told) === '[["open",null],["result",31],["close",null]]');
});

test('show() with words opens the dialog and searches; close() closes it', async () => {
	const page = await search.open();
	await opener(page).waitFor();
	await page.locator('blog-search').evaluate((element) => element.show('zebra'));
	await expectSoon(() => activeOption(page), (title) => title === 'A guide to zebras');
	assert.equal(await input(page).inputValue(), 'zebra');
	assert.equal(await page.locator('blog-search').evaluate((element) => element.isOpen), true);
	await page.locator('blog-search').evaluate((element) => element.close());
	assert.equal(await page.locator('blog-search').evaluate((element) => element.isOpen), false);
});

test('a button of the page in the slot opens the dialog in place of ours', async () => {
	const page = await search.open({ box: '<blog-search endpoint="/"><button slot="button">Find</button></blog-search>' });
	await page.getByRole('button', { name: 'Find' }).click();
	await hits(page).first().waitFor();
	assert.equal(await page.locator('blog-search .opener').isVisible(), false);
});

test('what was asked is still there when the dialog is opened again', async () => {
	const page = await search.open();
	await searchFor(page, 'zebra');
	await page.keyboard.press('Escape');
	await opener(page).click();
	await hits(page).first().waitFor();
	assert.equal(await input(page).inputValue(), 'zebra');
	assert.equal(await hits(page).count(), 1);
	assert.equal(await chips(page).count(), 0);
});

test('the link to all results leads to the search page with the same question', async () => {
	const page = await search.open({ box: '<blog-search endpoint="/" results-page="/"></blog-search>' });
	await searchFor(page, 'container');
	await page.getByRole('button', { name: 'Filters' }).click();
	await page.getByRole('checkbox', { name: /^topic-01,/ }).click();
	await expectSoon(() => page.getByRole('link', { name: 'All results' }).getAttribute('href'), (href) => href === '/?q=container&tag=topic-01');
});

test('an element that is taken out leaves nothing behind, and works again where it is put back', async () => {
	const page = await search.open();
	await openDialog(page);
	await page.locator('blog-search').evaluate((element) => {
		window.box = element;
		element.remove();
	});
	await page.keyboard.press('/');
	assert.equal(await page.evaluate(() => window.box.shadowRoot.childElementCount), 0);
	await expectSoon(() => page.evaluate(() => document.documentElement.style.overflow), (overflow) => overflow === '');
	await page.evaluate(() => document.querySelector('header').append(window.box));
	await openDialog(page);
	assert.deepEqual(page.problems, []);
});
