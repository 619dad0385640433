-- The index file of blogsearch, format 7. docs/index-format.md has the figures behind it.
--
-- PRAGMA application_id is 0x626c6f67 ("blog"), PRAGMA user_version the format (STORE_FORMAT).
-- A published file is never written again: it is replaced by rename.

-- What holds for the whole file: see the keys in store/meta.h.
CREATE TABLE meta (
	key   TEXT PRIMARY KEY,
	value ANY
) WITHOUT ROWID;

-- One row a source file: what tells whether it has to be read again.
CREATE TABLE source (
	file          TEXT PRIMARY KEY,  -- below the site's root: the page's key
	page_id       INTEGER NOT NULL,  -- 0: it is left out (a draft, not yet due, expired, opted out)
	size          INTEGER NOT NULL,  -- bytes
	mtime_ns      INTEGER,           -- NULL: it was read in the tick in which it had changed
	content_hash  INTEGER NOT NULL,  -- of its bytes: decides where size and time cannot
	fingerprint   INTEGER NOT NULL,  -- of what decided how it was read beside its content and the site
	document_hash INTEGER NOT NULL,  -- of all that is kept of it; where page_id is 0, why (indexer.h, PageFate)
	changes_at    INTEGER            -- seconds since 1970: when it is due or expires; NULL for never
) WITHOUT ROWID;

-- One row a page: what a list of hits shows.
CREATE TABLE page (
	id           INTEGER PRIMARY KEY, -- the page's number: row of page_fts, index into the catalog's arrays; freed ones are used again
	file         TEXT NOT NULL,       -- as in source
	path         TEXT NOT NULL,       -- source below its content folder
	place        TEXT NOT NULL,       -- by it, byte for byte, the site orders its pages: see term_lang
	kind         INTEGER NOT NULL,    -- PageKind (document.h)
	url_start    TEXT NOT NULL,       -- scheme and host: what stands before relurl; '' where they are unknown
	relurl       TEXT NOT NULL,       -- site-relative
	title        TEXT NOT NULL,
	lang         TEXT NOT NULL,
	section      TEXT NOT NULL,       -- first folder; '' in the root
	image        TEXT NOT NULL,       -- '' for none
	published    INTEGER,             -- seconds since 1970, UTC; NULL for unknown
	updated      INTEGER,
	expires      INTEGER,
	words        INTEGER NOT NULL,
	series_order INTEGER,             -- NULL for none
	is_evergreen INTEGER NOT NULL,
	boost        REAL NOT NULL,
	terms        BLOB NOT NULL        -- in the order of its front matter: store/write_terms.c
);

-- The pages' texts with their structure, and what only few questions need of them: a record a
-- page, packed and compressed (store/page_text.c), in pieces small enough to fill SQLite's pages.
-- The term streams of page_fts are made from it.
CREATE TABLE page_text (
	id    INTEGER PRIMARY KEY, -- number of the page * 64 + number of the piece
	piece BLOB NOT NULL
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
	name    TEXT NOT NULL, -- as the page that comes first by its place writes it
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

-- Derived, ready to load (store/catalog_format.h, store/vocabulary.c): what the engine keeps in
-- memory, so that opening an index does not read it all.
--   'pages'      arrays by page number: lengths by field, dates, language, section, ranks, terms
--   'terms'      facets and terms by number
--   'vocabulary' the site's words in order, each with the number of pages that have it
--   'titles'     the words of titles with their pages, and phrases that titles share (store/title_index.h)
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
