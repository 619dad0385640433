/*
 * Takes the place of the search of the themes Blowfish and Congo: a site's own assets/js/search.js
 * goes before the theme's in its one bundle, so no template is edited and the theme stays as it is.
 *
 * Where the daemon is says a <meta name="blogsearch-endpoint" content="…"> in the page's head
 * (layouts/partials/extend-head.html), or else the line below.
 */
(() => {
	const ENDPOINT = '/search/';

	const meta = document.querySelector('meta[name="blogsearch-endpoint"]');
	const endpoint = new URL(meta ? meta.content : ENDPOINT, document.baseURI).href.replace(/\/+$/, '');
	const root = document.documentElement;
	const openers = '[id^="search-button"]';
	let box = null;
	let loading = null;

	/* The script of the search box; once it could not be had it is asked for anew with the next click. */
	function load() {
		loading = loading ?? new Promise((resolve, reject) => {
			const script = document.createElement('script');
			script.src = `${endpoint}/blogsearch.js`;
			script.onload = resolve;
			script.onerror = () => {
				script.remove();
				loading = null;
				reject(new Error(`blogsearch: ${script.src} cannot be loaded`));
			};
			document.head.append(script);
		});
		return loading;
	}

	/* The theme's colours: triples of numbers in variables, and a class for dark. */
	function dress() {
		const colour = (name) => `rgb(var(--color-${name}))`;
		const isDark = root.classList.contains('dark');
		box.setAttribute('theme', isDark ? 'dark' : 'light');
		for (const [name, value] of Object.entries({
			accent: colour(isDark ? 'primary-400' : 'primary-600'), background: colour(isDark ? 'neutral-800' : 'neutral'),
			surface: colour(isDark ? 'neutral-700' : 'neutral-100'), border: colour(isDark ? 'neutral-600' : 'neutral-200'),
		}))
			box.style.setProperty(`--blogsearch-${name}`, value);
	}

	function add() {
		box = document.createElement('blog-search');
		box.setAttribute('endpoint', `${endpoint}/`);
		box.setAttribute('results-page', `${endpoint}/`);
		/* The theme's own buttons open it. */
		const none = document.createElement('span');
		none.slot = 'button';
		box.append(none);
		dress();
		document.body.append(box);
		new MutationObserver(dress).observe(root, { attributes: true, attributeFilter: ['class'] });
	}

	/* Where the daemon is away the theme's dialog says so: it has no results of its own any more. */
	function sayAway(error) {
		const wrapper = document.getElementById('search-wrapper');
		const list = document.getElementById('search-results');
		console.error(error.message);
		if (!wrapper || !list)
			return;
		const says = document.createElement('li');
		says.setAttribute('role', 'alert');
		says.textContent = 'The search is not available right now. Please try again in a moment.';
		list.replaceChildren(says);
		wrapper.style.visibility = 'visible';
	}

	function hideAway() {
		const wrapper = document.getElementById('search-wrapper');
		if (wrapper)
			wrapper.style.visibility = '';
	}

	async function open(event) {
		event.preventDefault();
		try {
			await load();
			await customElements.whenDefined('blog-search');
			box.show();
		} catch (error) {
			sayAway(error);
		}
	}

	function start() {
		add();
		for (const opener of document.querySelectorAll(openers))
			opener.addEventListener('click', open);
		document.getElementById('close-search-button')?.addEventListener('click', hideAway);
		document.getElementById('search-wrapper')?.addEventListener('click', ({ target, currentTarget }) => target === currentTarget && hideAway());
		document.addEventListener('keydown', ({ key }) => key === 'Escape' && hideAway());
		load().catch((error) => console.error(error.message));
	}

	if (document.readyState === 'loading')
		document.addEventListener('DOMContentLoaded', start);
	else
		start();
})();
