/* A small blog to search, written into a folder: what the tests look for is said in them. */
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';

const CONFIG = `baseURL = "https://blog.test/"
languageCode = "en"
title = "Notes & <Queries>"
[taxonomies]
tag = "tags"
category = "categories"
series = "series"
mood = "moods"
sort = "sorts"
`;

function post({ title, date, tags = [], categories = ['Notes'], series, order, more = '', body }) {
	const list = (values) => `[${values.map((value) => JSON.stringify(value)).join(', ')}]`;
	return `---
title: ${JSON.stringify(title)}
date: ${date}
tags: ${list(tags)}
categories: ${list(categories)}
${series ? `series: ${list([series])}\nseries_order: ${order}\n` : ''}${more}---
${body}
`;
}

const day = (n) => new Date(Date.UTC(2024, 0, 1 + n)).toISOString().slice(0, 10);

/* 24 posts about containers with a tag each and one in common; three in a series; one with headings; a hostile one. */
function posts() {
	const all = [];
	for (let n = 1; n <= 24; n++)
		all.push({
			title: `Container diary ${n}`, date: day(n), tags: ['containers', `topic-${String(n).padStart(2, '0')}`],
			categories: [n % 3 ? 'Operations' : 'Notes'], body: `What a container did on day ${n}. A shared sentence about kernels and namespaces.`,
		});
	for (let n = 1; n <= 3; n++)
		all.push({
			title: `Mesh, part ${n}`, date: day(40 + n), tags: ['networking'], categories: ['Operations'], series: 'Service mesh', order: n,
			body: `Sidecars and proxies, part ${n} of the story about meshes.`,
		});
	all.push({
		title: 'A guide to zebras', date: day(50), tags: ['animals'], more: 'moods: ["Blue sky"]\nsorts: [weird]\n',
		body: '## Stripes of the zebra\n\nWhy zebra stripes confuse flies.\n\n## Food\n\nWhat a zebra eats, and when.\n',
	});
	all.push({
		title: 'Hostile <img src=x onerror=alert(1)> & "quotes"', date: day(51), tags: ['<script>alert(1)</script>', 'a"b\'c&d'],
		body: 'A hostile text: `<script>alert(1)</script>` and &lt;b&gt;bold&lt;/b&gt; with an unlikelyword in it.',
	});
	all.push({ title: '日本語の記事', date: day(52), tags: ['日本'], body: '東京都の検索について。' });
	all.push({ title: 'مقالة عربية', date: day(53), tags: ['عربي'], body: 'البحث في المدونة' });
	return all;
}

export async function writeSite(folder) {
	await mkdir(path.join(folder, 'content', 'posts'), { recursive: true });
	await writeFile(path.join(folder, 'hugo.toml'), CONFIG);
	await Promise.all(posts().map((one, i) =>
		writeFile(path.join(folder, 'content', 'posts', `post-${String(i + 1).padStart(2, '0')}.md`), post(one))));
}
