/*
 * What the browser tests share: a blog indexed by the real program and served by the real
 * daemon on a free port, a headless Chromium, and pages of a site around the search box that
 * are put at the daemon's own address. One set a file of tests; what fails to start fails the file.
 */
import { spawn, spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { after, afterEach, before } from 'node:test';
import { chromium } from 'playwright-core';
import { expectSoon } from './expect.mjs';
import { writeSite } from './site.mjs';

const PROGRAM = process.env.BLOGSEARCH ?? 'blogsearch';
const SLOW = Number(process.env.BLOGSEARCH_TEST_SLOW ?? 1);
/* Only what fails waits so long; a loaded machine is no failure. */
const PATIENCE_MS = 30_000 * SLOW;
const ARGUMENTS = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
	'--disable-component-update', '--disable-sync', '--disable-extensions'];

/* As strict as a site can be and still load the search box from where it is. */
export const STRICT = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; require-trusted-types-for 'script'; trusted-types 'none'";

/* A page of a site; {{box}} is the search box, {{attributes}} those of <html>. */
const PAGE = `<!doctype html>
<html {{attributes}}>
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>A post</title>{{head}}</head>
<body>
<header>{{box}}</header>
<main><h1>A post</h1><p>Some text. <a href="/elsewhere">A link</a></p>
<label>Mail <input id="mail"></label><textarea aria-label="Comment" id="comment"></textarea>
<div contenteditable="true" role="textbox" aria-label="Note" id="note">x</div></main>
<script src="/blogsearch.js"></script>{{foot}}
</body></html>`;

async function startDaemon(folder) {
	const asRoot = process.getuid?.() === 0 ? ['--user', 'root'] : [];
	const daemon = spawn(PROGRAM, ['serve', folder, '--listen', '127.0.0.1:0', ...asRoot], { stdio: ['ignore', 'pipe', 'pipe'] });
	let said = '';
	const url = await new Promise((resolve, reject) => {
		const timer = setTimeout(() => reject(new Error(`the daemon does not come up: ${said}`)), PATIENCE_MS);
		const listen = (chunk) => {
			said += chunk;
			const match = /listening on (http:\S+)/.exec(said);
			if (match) {
				clearTimeout(timer);
				resolve(match[1].replace(/\/$/, ''));
			}
		};
		daemon.stdout.on('data', listen);
		daemon.stderr.on('data', listen);
		daemon.on('exit', (code) => reject(new Error(`the daemon ended with ${code}: ${said}`)));
	});
	return { daemon, url };
}

/*
 * Starts all of it before the tests of this file and ends it after them. Returns an object
 * whose `url` and open() can be used in tests.
 */
export function useSearch() {
	const search = { url: '', open };
	let folder, daemon, browser;
	/* One for each set of options: pages of one are quick to open. */
	const contexts = new Map();
	const pages = new Set();

	before(async () => {
		folder = await mkdtemp(path.join(os.tmpdir(), 'blogsearch-web-'));
		await writeSite(folder);
		const index = spawnSync(PROGRAM, ['index', '--quiet', folder], { encoding: 'utf8' });
		if (index.status !== 0)
			throw new Error(`blogsearch index: ${index.error ?? index.stderr}`);
		({ daemon, url: search.url } = await startDaemon(folder));
		browser = await chromium.launch({ executablePath: process.env.CHROMIUM, args: ARGUMENTS });
	});

	afterEach(async () => {
		await Promise.all([...pages].map((page) => page.close()));
		pages.clear();
	});

	after(async () => {
		await browser?.close();
		daemon?.removeAllListeners('exit');
		daemon?.kill();
		if (folder)
			await rm(folder, { recursive: true, force: true });
	});

	async function contextFor(options) {
		const key = JSON.stringify(options);
		if (!contexts.has(key)) {
			const context = await browser.newContext({ reducedMotion: 'reduce', ...options });
			await context.route('https://blog.test/**', (route) => route.fulfill({ contentType: 'text/html', body: '<title>there</title><h1>there</h1>' }));
			context.on('page', (page) => pages.add(page));
			contexts.set(key, context);
		}
		return contexts.get(key);
	}

	/*
	 * A page: `at` a path of the daemon's ('/?q=x'), or where that is left out a post with `box`
	 * in it, under a strict policy. Errors in it, and what the policy refused, are in page.problems.
	 */
	async function open({ at, box = '<blog-search endpoint="/"></blog-search>', head = '', foot = '', attributes = 'lang="en"', policy = STRICT, ...options } = {}) {
		const page = await (await contextFor(options)).newPage();
		page.setDefaultTimeout(PATIENCE_MS);
		page.problems = [];
		page.on('pageerror', (error) => page.problems.push(String(error)));
		page.on('console', (message) => {
			if (message.type() === 'error' && !/favicon|Failed to load resource/.test(message.text() + message.location().url))
				page.problems.push(message.text());
		});
		const html = PAGE.replace('{{attributes}}', attributes).replace('{{head}}', head).replace('{{box}}', box).replace('{{foot}}', foot);
		await page.route((url) => url.pathname.startsWith('/post'), (route) =>
			route.fulfill({ contentType: 'text/html; charset=utf-8', body: html, headers: policy ? { 'content-security-policy': policy } : {} }));
		await page.goto(search.url + (at ?? '/post'));
		if (options.javaScriptEnabled !== false)
			await page.locator('blog-search').first().evaluate((element) => customElements.whenDefined(element.localName));
		return page;
	}

	return search;
}

/* The requests for answers that @page makes from now on, as URLs. */
export function watchQuestions(page) {
	const questions = [];
	page.on('request', (request) => {
		const url = new URL(request.url());
		if (url.pathname === '/v1/search')
			questions.push(url);
	});
	return questions;
}

/* Answers to questions become what @change (answer, url) returns; where that is nothing, they stay as @change left them. */
export function changeAnswers(page, change) {
	return page.route('**/v1/search*', async (route) => {
		const response = await route.fetch();
		const answer = await response.json();
		await route.fulfill({ response, json: await change(answer, new URL(route.request().url())) ?? answer });
	});
}

/* Parts of the search box; Playwright looks into open shadow trees by itself. */
export const input = (page) => page.locator('blog-search input[role=combobox]');
export const options = (page) => page.locator('blog-search [role=option]');
export const hits = (page) => page.locator('blog-search a.hit[role=option]');
export const dialog = (page) => page.locator('blog-search dialog');
export const opener = (page) => page.getByRole('button', { name: 'Search', exact: true });
export const status = (page) => page.locator('blog-search [role=status]');
export const chips = (page) => page.locator('blog-search button.chip');
export const checkbox = (page, name) => page.getByRole('checkbox', { name });

/* The option that aria-activedescendant names; null where it names none. */
export function activeOption(page) {
	return input(page).evaluate((node) => {
		const id = node.getAttribute('aria-activedescendant');
		return id ? node.getRootNode().getElementById(id)?.querySelector('.title').textContent : null;
	});
}

/* Whether the input of the search box has the focus, wherever it is. */
export function hasFocus(page) {
	return input(page).evaluate((node) => node.getRootNode().activeElement === node && document.activeElement === node.getRootNode().host);
}

/* Waits until what @locator finds has the focus: a new answer may put a new node in its place at any time. */
export function expectFocus(locator) {
	return expectSoon(() => locator.evaluate((node) => node.getRootNode().activeElement === node), Boolean);
}
