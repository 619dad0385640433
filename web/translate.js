/* Which language's words, and words with something put in. Pure, no DOM; the words are in strings/. */

/* Words by key, given as lists with one order: keys, and by language what they mean. '' where there is no such language. */
function table(keys, words) {
	return words ? Object.fromEntries(words.split('|').map((text, i) => [keys.split('|')[i], text])) : {};
}

export class Translator {
	#words;
	#plural;
	#number;
	#date;
	#fields;

	/* @tag: a language ('de-AT'); one without words of its own, or none, is English. @own: words in place of ours, by key. */
	constructor(keys, words, tag, own = {}) {
		const language = String(tag || 'en').toLowerCase().split('-')[0];
		this.#words = { ...table(keys, words[language] ?? words.en), ...own };
		try {
			this.#useLocale(tag || 'en');
		} catch {
			this.#useLocale('en');
		}
	}

	#useLocale(tag) {
		this.#plural = new Intl.PluralRules(tag);
		this.#number = new Intl.NumberFormat(tag);
		this.#date = new Intl.DateTimeFormat(tag, { dateStyle: 'medium', timeZone: 'UTC' });
		this.#fields = new Intl.DisplayNames(tag, { type: 'dateTimeField' });
	}

	/* The words of @key with {name} replaced; of a plural, those for `n`. */
	text(key, values = {}) {
		const words = this.#words[key] ?? this.#words[`${key}_${this.#plural.select(values.n ?? 0)}`] ?? this.#words[`${key}_other`] ?? key;
		return words.replace(/\{(\w+)\}/g, (whole, name) =>
			typeof values[name] === 'number' ? this.#number.format(values[name]) : values[name] ?? whole);
	}

	number(n) { return this.#number.format(n); }

	/* An RFC 3339 time as a day; '' for none. */
	day(time) {
		const date = new Date(time ?? NaN);
		return Number.isNaN(date.getTime()) ? '' : this.#date.format(date);
	}

	/* A facet's heading; a site's own taxonomy is called as it is. */
	facet(name) {
		const words = this.#words[`facet_${name}`] ?? (['year', 'month'].includes(name) ? this.#fields.of(name) : name);
		return words[0].toUpperCase() + words.slice(1).replace(/[-_]/g, ' ');
	}
}
