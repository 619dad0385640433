/*
 * What the libraries' versions decide: an index made with other stemmers or another Unicode has
 * words that a page taken out again would not give. Versions of libstemmer cannot be asked for,
 * so it is told by what it makes of words: endings that its rules are about, in each language.
 */
#include <libstemmer.h>
#include <utf8proc.h>

#include "blogsearch/hash.h"
#include "blogsearch/text.h"

/* Written as stemmers want them: lower case, with their accents. Any language is asked about all of them. */
static const char *const probes[] = {
	"running", "relational", "conditioning", "happily", "skies", "apologist", "generously", "past", "evening", "news",
	"indexes", "aufeinanderfolgende", "häuser", "systeme", "kategorien", "freundlichkeit", "verlor", "gebruikers",
	"mogelijkheden", "lichamelijk", "continuellement", "majestueusement", "élèves", "fêtes", "cansadísimas",
	"rápidamente", "administraciones", "gattini", "abbandonati", "correções", "tristemente", "måneskinnet",
	"havnedistriktene", "barnslighed", "kärlekarna", "taloissammekin", "házaikban", "kitaplarımızdan", "важнейшими",
	"говорившего", "străzilor", "αγαπημένους", "كتابهم", "प्रकाशित",
};

static uint64_t hash_stems(uint64_t hash, const char *algorithm)
{
	struct sb_stemmer *stemmer = sb_stemmer_new(algorithm, NULL);

	for (size_t i = 0; stemmer && i < ARRAY_SIZE(probes); i++) {
		Str probe = str_from_c(probes[i]);
		const sb_symbol *stem = sb_stemmer_stem(stemmer, (const sb_symbol *)probe.data, (int)probe.len);

		if (stem)
			hash = hash_more(hash, (Str){ (const char *)stem, (size_t)sb_stemmer_length(stemmer) });
	}
	if (stemmer)
		sb_stemmer_delete(stemmer);
	return hash_more(hash, str_from_c(algorithm));
}

uint64_t text_library_rules(void)
{
	uint64_t hash = hash_bytes(str_from_c(utf8proc_unicode_version()));

	for (const char **algorithm = sb_stemmer_list(); *algorithm; algorithm++)
		hash = hash_stems(hash, *algorithm);
	return hash;
}
