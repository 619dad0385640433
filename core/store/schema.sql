-- The index file of blogsearch, format 4. docs/index-format.md has the figures behind it.
--
-- PRAGMA application_id is 0x626c6f67 ("blog"), PRAGMA user_version the format (STORE_FORMAT).
-- A published file is never written again: it is replaced by rename.

-- What holds for the whole file: see the keys in store/meta.h.
CREATE TABLE meta (
	key   TEXT PRIMARY KEY,
	value ANY
) WITHOUT ROWID;

-- One row a page: what a list of hits shows, and what tells whether its source has changed.
CREATE TABLE page (
	id            INTEGER PRIMARY KEY, -- the page's number: row of page_fts, index into the catalog's arrays; freed ones are used again
	file          TEXT NOT NULL UNIQUE, -- source below the site's root: the page's key
	path          TEXT NOT NULL,        -- source below its content folder
	kind          INTEGER NOT NULL,     -- PageKind (document.h)
	url           TEXT NOT NULL,        -- absolute where the base URL is known
	relurl        TEXT NOT NULL,        -- site-relative
	title         TEXT NOT NULL,
	title_key     TEXT NOT NULL,        -- folded, for sorting
	lang          TEXT NOT NULL,
	section       TEXT NOT NULL,        -- first folder; '' in the root
	image         TEXT NOT NULL,        -- '' for none
	published     INTEGER,              -- seconds since 1970, UTC; NULL for unknown
	updated       INTEGER,
	expires       INTEGER,
	words         INTEGER NOT NULL,
	series_order  INTEGER,              -- NULL for none
	is_evergreen  INTEGER NOT NULL,
	boost         REAL NOT NULL,
	file_size     INTEGER NOT NULL,     -- of the source, in bytes
	file_mtime_ns INTEGER NOT NULL,
	fingerprint   INTEGER NOT NULL      -- of all that decided how the source was read
);

-- The page's text with its structure, and what only few questions need of it: a record that
-- store/page_text.c packs and compresses. The term streams of page_fts are made from it.
CREATE TABLE page_text (
	page_id INTEGER PRIMARY KEY,
	record  BLOB NOT NULL
);

-- What pages can be filtered and counted by: the site's taxonomies, and `series` and `author`.
CREATE TABLE facet (
	id     INTEGER PRIMARY KEY,
	name   TEXT NOT NULL UNIQUE, -- singular: the parameter's name
	plural TEXT NOT NULL         -- the front matter's name
);

CREATE TABLE term (
	id       INTEGER PRIMARY KEY,
	facet_id INTEGER NOT NULL,
	slug     TEXT NOT NULL,
	UNIQUE (facet_id, slug)
);

-- What a term is called in a language, and where its page is; only languages in which a page has it.
CREATE TABLE term_lang (
	term_id INTEGER NOT NULL,
	lang    TEXT NOT NULL,
	name    TEXT NOT NULL, -- as the page that comes first by its file writes it
	url     TEXT NOT NULL, -- site-relative; '' where the site has no page for it
	PRIMARY KEY (term_id, lang)
) WITHOUT ROWID;

-- What terms' own pages say instead (content/tags/x/_index.md): it holds over term_lang.
CREATE TABLE term_own (
	facet TEXT NOT NULL, -- singular
	slug  TEXT NOT NULL,
	lang  TEXT NOT NULL,
	name  TEXT NOT NULL, -- '' for none of its own
	url   TEXT NOT NULL, -- '' likewise
	PRIMARY KEY (facet, slug, lang)
) WITHOUT ROWID;

-- A page's terms in the order of its front matter, each as the page writes it.
CREATE TABLE page_term (
	page_id INTEGER NOT NULL,
	place   INTEGER NOT NULL,
	term_id INTEGER NOT NULL,
	name    TEXT NOT NULL,
	url     TEXT,          -- where the name's spelling decides about the term's URL; else NULL
	PRIMARY KEY (page_id, place)
) WITHOUT ROWID;

-- Derived, ready to load (store/catalog_format.h, store/vocabulary.c): what the engine keeps in
-- memory, so that opening an index does not read it all.
--   'pages'      arrays by page number: lengths by field, dates, language, section, ranks, terms
--   'terms'      facets and terms by number
--   'vocabulary' the site's words in order, each with the number of pages that have it
CREATE TABLE catalog (
	part  TEXT PRIMARY KEY,
	hash  INTEGER NOT NULL, -- of the bytes: a damaged part is noticed when it is loaded
	bytes BLOB NOT NULL
);

-- Postings. A column receives a finished stream of terms (store/term_stream.c), which the
-- tokenizer `blogsearch` only splits: exact form and stem stand at one place. Contentless:
-- the texts are in page_text; a 'delete' is given the identical stream, made anew from there.
-- No %_docsize: lengths are in the catalog.
CREATE VIRTUAL TABLE page_fts USING fts5 (
	prose, title, headings, code, captions, terms, -- in the order of TextField (store.h)
	content = '', columnsize = 0, detail = full, tokenize = 'blogsearch'
);
