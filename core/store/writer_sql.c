/* All statements of the writer, by number; user text is only ever bound. */
#include "writer.h"

const char *const writer_sql[N_WRITER_STATEMENTS] = {
	[WRITE_PAGE_PUT] =
		"INSERT OR REPLACE INTO page (id, file, path, kind, url, relurl, title, title_key, lang, section, image,"
		" published, updated, expires, words, series_order, is_evergreen, boost, file_size, file_mtime_ns, fingerprint)"
		" VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21)",
	[WRITE_PAGE_REMOVE] = "DELETE FROM page WHERE id = ?1",
	[WRITE_TEXT_GET] = "SELECT record FROM page_text WHERE page_id = ?1",
	[WRITE_TEXT_PUT] = "INSERT OR REPLACE INTO page_text (page_id, record) VALUES (?1, ?2)",
	[WRITE_TEXT_REMOVE] = "DELETE FROM page_text WHERE page_id = ?1",
	[WRITE_FTS_ADD] =
		"INSERT INTO page_fts (rowid, prose, title, headings, code, captions, terms)"
		" VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
	[WRITE_FTS_DELETE] =
		"INSERT INTO page_fts (page_fts, rowid, prose, title, headings, code, captions, terms)"
		" VALUES ('delete', ?1, ?2, ?3, ?4, ?5, ?6, ?7)",
	[WRITE_META_PUT] = "INSERT OR REPLACE INTO meta (key, value) VALUES (?1, ?2)",

	[WRITE_FACET_PUT] =
		"INSERT INTO facet (name, plural) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET plural = ?2",
	[WRITE_FACET_FIND] = "SELECT id FROM facet WHERE name = ?1",
	[WRITE_TERM_FIND] =
		"SELECT id, term_lang.url FROM term LEFT JOIN term_lang ON term_id = id AND lang = ?3"
		" WHERE facet_id = ?1 AND slug = ?2",
	[WRITE_TERM_ADD] = "INSERT INTO term (facet_id, slug) VALUES (?1, ?2)",
	[WRITE_TERM_REMOVE] =
		"DELETE FROM term WHERE id = ?1 AND NOT EXISTS (SELECT 1 FROM term_lang WHERE term_id = ?1)",
	[WRITE_TERM_LANG_PUT] =
		"INSERT INTO term_lang (term_id, lang, name, url) VALUES (?1, ?2, ?3, ?4)"
		" ON CONFLICT (term_id, lang) DO UPDATE SET url = ?4",
	[WRITE_TERM_LANG_NAME] =
		"UPDATE term_lang SET name = ?3, url = coalesce(?4, url) WHERE term_id = ?1 AND lang = ?2",
	[WRITE_TERM_OWN_ADD] = "INSERT OR REPLACE INTO term_own (facet, slug, lang, name, url) VALUES (?1, ?2, ?3, ?4, ?5)",
	[WRITE_TERM_LANG_REMOVE] = "DELETE FROM term_lang WHERE term_id = ?1 AND lang = ?2",
	[WRITE_PAGE_TERM_ADD] = "INSERT INTO page_term (page_id, place, term_id, name, url) VALUES (?1, ?2, ?3, ?4, ?5)",
	[WRITE_PAGE_TERM_REMOVE] = "DELETE FROM page_term WHERE page_id = ?1",
	[WRITE_PAGE_TERM_NAME] = "SELECT name, url FROM page_term WHERE page_id = ?1 AND term_id = ?2 ORDER BY place LIMIT 1",

	[WRITE_CATALOG_PUT] = "INSERT OR REPLACE INTO catalog (part, hash, bytes) VALUES (?1, ?2, ?3)",
	[WRITE_CATALOG_GET] = "SELECT bytes FROM catalog WHERE part = ?1",
	[WRITE_IDS_BY_FILE] = "SELECT id FROM page ORDER BY file",
	[WRITE_IDS_BY_TITLE] = "SELECT id FROM page ORDER BY title_key, file",
	[WRITE_TERMS] =
		/* A term's languages follow one another, the site's own first: that one's name is the term's. */
		"SELECT term.id, facet.id, term.slug, term_lang.lang, coalesce(nullif(term_own.name, ''), term_lang.name),"
		" coalesce(nullif(term_own.url, ''), term_lang.url)"
		" FROM term JOIN facet ON facet.id = facet_id JOIN term_lang ON term_id = term.id"
		" LEFT JOIN term_own ON term_own.facet = facet.name AND term_own.slug = term.slug"
		" AND term_own.lang = term_lang.lang"
		" ORDER BY facet.name, term.slug, term_lang.lang <> (SELECT value FROM meta WHERE key = 'default_lang'),"
		" term_lang.lang",
	[WRITE_FACETS] = "SELECT id, name, plural FROM facet ORDER BY name",
};
