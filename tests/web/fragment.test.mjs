/*
 * Links to sections of a hit lead to the passage: the browser finds their text directive and highlights
 * it, below the heading that the link names.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { chromium } from 'playwright-core';

const PROGRAM = process.env.BLOGSEARCH ?? 'blogsearch';
const ARGUMENTS = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
	'--disable-component-update', '--disable-sync', '--disable-extensions'];

/* Sections of one post: heading, anchor, paragraphs. What one says others begin to say as well. */
const SECTIONS = [
	['Getting started', 'getting-started', [
		'Before anything else, a lantern has to be filled with oil. Most people forget that.',
		'The wick is trimmed with scissors, and the glass is cleaned with a dry cloth until nothing can be seen on it.',
	]],
	['The wick', 'the-wick', [
		'The wick is trimmed with scissors every evening, since a long wick blackens the glass within an hour or so.',
		'A “round” wick (they’re rare) burns for longer — nobody knows why; see the table of 1,234 wicks & burners.',
	]],
	['Keeping the glass whole', 'keeping-the-glass-whole', [
		'Hot glass breaks when a drop of cold water falls on it. Carry the lantern slowly, and never set it down in snow.',
		'Most people forget that. Then they buy another lantern, of brass, with a handle that folds away neatly.',
	]],
];
const FILLER = 'Lines that are not asked for make the page long enough to be scrolled. '.repeat(12);
const QUESTIONS = ['trimmed scissors', 'round wick', 'cold water glass', 'forget lantern', 'brass handle', 'filled oil', 'blackens'];

const html = (text) => text.replace(/&/g, '&amp;').replace(/</g, '&lt;');
const PAGE = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Lanterns</title></head><body><h1>Lanterns</h1>
${SECTIONS.map(([title, anchor, paragraphs]) => `<h2 id="${anchor}">${title}</h2>${paragraphs.map((text) => `<p>${html(text)}</p>`).join('')}<p>${FILLER}</p>`).join('\n')}
</body></html>`;
const POST = `---\ntitle: Lanterns\ndate: 2024-05-01\n---\n${SECTIONS.map(([title, , paragraphs]) =>
	`## ${title}\n\n${paragraphs.join('\n\n')}\n\n${FILLER}\n`).join('\n')}`;

let folder, browser, context;

before(async () => {
	folder = await mkdtemp(path.join(os.tmpdir(), 'blogsearch-fragment-'));
	await mkdir(path.join(folder, 'content', 'posts'), { recursive: true });
	await writeFile(path.join(folder, 'hugo.toml'), 'baseURL = "https://blog.test/"\n');
	await writeFile(path.join(folder, 'content', 'posts', 'lanterns.md'), POST);
	const index = spawnSync(PROGRAM, ['index', '--quiet', folder], { encoding: 'utf8' });
	assert.equal(index.status, 0, index.stderr);
	browser = await chromium.launch({ executablePath: process.env.CHROMIUM, args: ARGUMENTS });
	context = await browser.newContext({ viewport: { width: 700, height: 500 } });
	await context.route('https://blog.test/**', (route) => route.fulfill({ contentType: 'text/html; charset=utf-8', body: PAGE }));
});

after(async () => {
	await browser?.close();
	await rm(folder, { recursive: true, force: true });
});

function sectionsOf(question) {
	const asked = spawnSync(PROGRAM, ['query', `${question} `, '--json', '--facets', '', '--index', path.join(folder, '.blogsearch', 'index.db')], { encoding: 'utf8' });
	assert.equal(asked.status, 0, asked.stderr);
	return JSON.parse(asked.stdout).hits[0].sections;
}

/* Rows of the screen that the highlighted text is on. */
async function highlighted(page) {
	const shot = (await page.screenshot()).toString('base64');
	return page.evaluate(async (png) => {
		const image = new Image();
		image.src = `data:image/png;base64,${png}`;
		await image.decode();
		const canvas = Object.assign(document.createElement('canvas'), { width: image.width, height: image.height });
		const paint = canvas.getContext('2d');
		paint.drawImage(image, 0, 0);
		const { data } = paint.getImageData(0, 0, image.width, image.height);
		const rows = new Set();
		for (let i = 0; i < data.length; i += 4)
			if (data[i] > 240 && data[i + 1] < 20 && data[i + 2] < 20)
				rows.add(Math.floor(i / 4 / image.width));
		return [...rows];
	}, shot);
}

/* Where a section begins on the screen, and where the next one does. */
function extentOf(page, anchor) {
	return page.evaluate((id) => {
		const headings = [...document.querySelectorAll('h2')], at = headings.findIndex((heading) => heading.id === id);
		return { top: headings[at].getBoundingClientRect().top, bottom: headings[at + 1]?.getBoundingClientRect().top ?? Infinity };
	}, anchor);
}

for (const question of QUESTIONS)
	test(`the links for "${question}" lead to what was found`, async () => {
		const sections = sectionsOf(question);
		assert.ok(sections.length > 0);
		for (const { url, anchor } of sections) {
			assert.match(url, /#[a-z-]+:~:text=/);
			const page = await context.newPage();
			await page.goto(url);
			await page.addStyleTag({ content: '::target-text { background: rgb(255, 0, 0); color: rgb(255, 0, 0); }' });
			let rows = [];
			for (let tries = 0; !rows.length && tries < 20; tries++) {
				await page.waitForTimeout(100);
				rows = await highlighted(page);
			}
			const { top, bottom } = await extentOf(page, anchor);
			assert.ok(rows.length > 5, `${url}: nothing is highlighted`);
			assert.ok(Math.min(...rows) >= top && Math.max(...rows) <= bottom, `${url}: rows ${rows[0]} to ${rows.at(-1)} are not within ${top} to ${bottom}`);
			await page.close();
		}
	});
