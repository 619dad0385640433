/* All statements of the writer, by number; user text is only ever bound. */
#include "writer.h"

const char *const writer_sql[N_WRITER_STATEMENTS] = {
	[WRITE_PAGE_ADD] =
		"INSERT INTO page (id, file, path, place, kind, url_start, relurl, title, lang, section, image, published, updated,"
		" expires, words, series_order, is_evergreen, boost, terms)"
		" VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19)",
	[WRITE_PAGE_PLACE] = "SELECT place FROM page WHERE id = ?1",
	[WRITE_PAGE_IS_LISTED] =
		"SELECT 1 FROM page WHERE id = ?1 AND title = ?2 AND relurl = ?3 AND lang = ?4 AND published IS ?5",
	[WRITE_PAGE_HAS_TERMS] = "SELECT 1 FROM page WHERE id = ?1 AND place = ?2 AND lang = ?3 AND terms = ?4",
	[WRITE_PAGE_REMOVE] = "DELETE FROM page WHERE id = ?1",
	[WRITE_TEXT_GET] = "SELECT piece FROM page_text WHERE id BETWEEN ?1 AND ?2 ORDER BY id",
	[WRITE_TEXT_ADD] = "INSERT INTO page_text (id, piece) VALUES (?1, ?2)",
	[WRITE_TEXT_REMOVE] = "DELETE FROM page_text WHERE id BETWEEN ?1 AND ?2",
	[WRITE_SOURCE_ADD] =
		"INSERT INTO source (file, page_id, size, mtime_ns, content_hash, fingerprint, document_hash, changes_at)"
		" VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
	[WRITE_SOURCE_REMOVE] = "DELETE FROM source WHERE file = ?1",
	[WRITE_FTS_ADD] =
		"INSERT INTO page_fts (rowid, prose, title, headings, code, captions, terms)"
		" VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
	[WRITE_FTS_DELETE] =
		"INSERT INTO page_fts (page_fts, rowid, prose, title, headings, code, captions, terms)"
		" VALUES ('delete', ?1, ?2, ?3, ?4, ?5, ?6, ?7)",
	[WRITE_META_PUT] = "INSERT OR REPLACE INTO meta (key, value) VALUES (?1, ?2)",

	[WRITE_FACET_ADD] = "INSERT INTO facet (name, plural) VALUES (?1, ?2)",
	[WRITE_FACET_SET] = "UPDATE facet SET plural = ?2 WHERE name = ?1",
	[WRITE_FACET_FIND] = "SELECT id FROM facet WHERE name = ?1",
	[WRITE_TERM_FIND] =
		"SELECT id, term_lang.url FROM term LEFT JOIN term_lang ON term_id = id AND lang = ?3"
		" WHERE facet_id = ?1 AND slug = ?2",
	[WRITE_TERM_ADD] = "INSERT INTO term (facet_id, slug) VALUES (?1, ?2)",
	[WRITE_TERM_REMOVE] =
		"DELETE FROM term WHERE id = ?1 AND NOT EXISTS (SELECT 1 FROM term_lang WHERE term_id = ?1)",
	[WRITE_TERM_LANG_ADD] = "INSERT INTO term_lang (term_id, lang, name, url) VALUES (?1, ?2, ?3, ?4)",
	[WRITE_TERM_LANG_NAME] =
		"UPDATE term_lang SET name = ?3, url = coalesce(?4, url) WHERE term_id = ?1 AND lang = ?2",
	[WRITE_TERM_OWN_ADD] = "INSERT OR REPLACE INTO term_own (facet, slug, lang, name, url) VALUES (?1, ?2, ?3, ?4, ?5)",
	[WRITE_TERM_LANG_REMOVE] = "DELETE FROM term_lang WHERE term_id = ?1 AND lang = ?2",
	[WRITE_PAGE_TERMS] = "SELECT terms FROM page WHERE id = ?1",

	[WRITE_CATALOG_PUT] = "INSERT OR REPLACE INTO catalog (part, hash, bytes) VALUES (?1, ?2, ?3)",
	[WRITE_CATALOG_GET] = "SELECT bytes, hash FROM catalog WHERE part = ?1",
	[WRITE_IDS_BY_FILE] = "SELECT page_id FROM source WHERE page_id > 0 ORDER BY file",
	[WRITE_PAGE_ADDRESS] = "SELECT file, relurl FROM page WHERE id = ?1",
	[WRITE_TITLES] = "SELECT id, title FROM page",
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
