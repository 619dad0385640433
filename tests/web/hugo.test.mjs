/* The parts for Hugo sites, through the real hugo and in the browser: the partial, and the drop-in for Blowfish. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { expectSoon } from './expect.mjs';
import { dialog, hits, input, opener, useSearch } from './harness.mjs';

const search = useSearch();
const PARTS = fileURLToPath(new URL('../../web/hugo', import.meta.url));
const hasHugo = spawnSync('hugo', ['version']).status === 0;
const options = { skip: hasHugo ? false : 'hugo is not installed (Debian: hugo)' };

/* Builds a site of @files (path: text) with the component in themes/; returns a reader of what is published. */
async function build(files, copy = []) {
	const root = await mkdtemp(path.join(os.tmpdir(), 'blogsearch-hugo-'));
	try {
		for (const [file, text] of Object.entries(files)) {
			await mkdir(path.dirname(path.join(root, file)), { recursive: true });
			await writeFile(path.join(root, file), text);
		}
		await cp(PARTS, path.join(root, 'themes', 'blogsearch'), { recursive: true });
		for (const [from, to] of copy)
			await cp(path.join(PARTS, from), path.join(root, to), { recursive: true });
		const run = spawnSync('hugo', ['--source', root, '--quiet'], { encoding: 'utf8' });
		assert.equal(run.status, 0, run.stdout + run.stderr);
		const names = (await readdir(path.join(root, 'public'), { recursive: true })).filter((name) => /\.(html|js)$/.test(name));
		return Object.fromEntries(await Promise.all(names.map(async (name) => [name, await readFile(path.join(root, 'public', name), 'utf8')])));
	} finally {
		await rm(root, { recursive: true, force: true });
	}
}

/* Puts what was published at the daemon's address, below /post. */
async function openPublished(published, { away = false } = {}) {
	const page = await search.open({ policy: null });
	if (away)
		await page.route('**/blogsearch.js', (route) => route.abort());
	await page.route((url) => url.pathname.startsWith('/post'), (route) => {
		const name = new URL(route.request().url()).pathname.replace(/^\/post\/?/, '') || 'index.html';
		return route.fulfill({ contentType: name.endsWith('.js') ? 'text/javascript' : 'text/html; charset=utf-8', body: published[name] ?? '' });
	});
	await page.goto(`${search.url}/post/`);
	return page;
}

test('the partial puts the box where it is called, with the settings of the site', options, async () => {
	const published = await build({
		'hugo.toml': `baseURL = "https://blog.test/"\nlanguageCode = "de"\ntheme = ["blogsearch"]\n[params.blogsearch]\nendpoint = "/"\nresultspage = "/"\nfacets = ["tag", "year"]\nlabel = 'A "label" & more'\n`,
		'layouts/index.html': '<!doctype html><html lang="de"><title>x</title><header>{{ partial "blogsearch.html" . }}</header>',
	});
	const page = await openPublished(published);
	await page.getByRole('button', { name: 'A "label" & more' }).click();
	await hits(page).first().waitFor();
	assert.equal(await page.locator('blog-search').getAttribute('facets'), 'tag,year');
	assert.match(await page.locator('blog-search .count').textContent(), /Ergebnisse/);
	assert.deepEqual(page.problems, []);
});

test('the partial can be told otherwise in one place, and works without any setting', options, async () => {
	const published = await build({
		'hugo.toml': 'baseURL = "https://blog.test/"\ntheme = ["blogsearch"]\n',
		'layouts/index.html': '{{ partial "blogsearch.html" (dict "page" . "mode" "inline" "endpoint" "https://s.example") }}',
		'layouts/404.html': '{{ partial "blogsearch.html" . }}',
	});
	assert.match(published['index.html'], /<blog-search endpoint="https:\/\/s\.example\/" mode="inline"/);
	assert.match(published['index.html'], /src="https:\/\/s\.example\/blogsearch\.js"/);
	assert.match(published['404.html'], /<blog-search endpoint="\/search\/" mode="modal"/);
	assert.match(published['404.html'], /<form action="\/search\/"/);
});

/* How the theme does it, in our words: one bundle of its scripts, a dialog with these ids, a class for dark. */
const THEME = {
	'hugo.toml': 'baseURL = "https://blog.test/"\ntheme = ["like-blowfish"]\n',
	'themes/like-blowfish/assets/js/search.js': 'throw new Error("the search of the theme");',
	'themes/like-blowfish/assets/lib/fuse/fuse.min.js': 'throw new Error("the library of the theme");',
	'themes/like-blowfish/layouts/index.html': `<!doctype html>
<html lang="en" class=""><head><title>x</title><meta name="blogsearch-endpoint" content="/">
{{ $scripts := slice (resources.Get "lib/fuse/fuse.min.js") (resources.Get "js/search.js") }}
{{ $bundle := $scripts | resources.Concat "main.bundle.js" | minify }}
<script defer src="/post/{{ $bundle.RelPermalink | strings.TrimPrefix "/" }}"></script></head>
<body><button id="search-button">open</button><button id="search-button-mobile">open too</button>
<label>Mail <input id="mail"></label>
<div id="search-wrapper" data-url="https://blog.test/" style="visibility: hidden"><div id="search-modal">
<form><input id="search-query" type="search"><button type="button" id="close-search-button">x</button></form>
<ul id="search-results"></ul></div></div></body></html>`,
};

const buildThemed = () => build(THEME, [['blowfish/assets', 'assets']]);

test('in Blowfish the two files replace the search and its library, and both buttons open the box', options, async () => {
	const published = await buildThemed();
	assert.doesNotMatch(published['main.bundle.min.js'] ?? published['main.bundle.js'], /of the theme/);
	const page = await openPublished(published);
	await page.locator('#search-button').click();
	await hits(page).first().waitFor();
	assert.equal(await opener(page).count(), 0);
	await page.keyboard.press('Escape');
	await page.locator('#search-button-mobile').click();
	await expectSoon(() => dialog(page).isVisible(), Boolean);
	await page.keyboard.type('zebra');
	await expectSoon(() => hits(page).count(), (n) => n === 1);
	assert.deepEqual(page.problems, []);
});

test('in Blowfish a slash opens it, not while somebody types, and it follows the dark class', options, async () => {
	const page = await openPublished(await buildThemed());
	await page.locator('blog-search dialog').waitFor({ state: 'attached' });
	await page.locator('#mail').focus();
	await page.keyboard.press('/');
	assert.equal(await page.locator('#mail').inputValue(), '/');
	assert.equal(await dialog(page).isVisible(), false);
	await page.locator('#mail').evaluate((node) => node.blur());
	await page.keyboard.press('/');
	await hits(page).first().waitFor();
	await page.evaluate(() => document.documentElement.classList.add('dark'));
	await expectSoon(() => page.locator('blog-search').getAttribute('theme'), (theme) => theme === 'dark');
	assert.equal(await input(page).inputValue(), '');
});

test('in Blowfish, while the daemon is away, the theme\'s dialog says so; the next click tries again', options, async () => {
	const published = await buildThemed();
	const page = await openPublished(published, { away: true });
	await page.locator('#search-button').click();
	await page.getByRole('alert').waitFor();
	assert.match(await page.getByRole('alert').textContent(), /not available/);
	await page.keyboard.press('Escape');
	await expectSoon(() => page.locator('#search-wrapper').evaluate((node) => node.style.visibility), (value) => value === '');
	await page.unroute('**/blogsearch.js');
	await page.locator('#search-button').click({ force: true });
	await hits(page).first().waitFor();
});
