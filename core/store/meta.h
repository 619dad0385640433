/* Keys of table meta. */
#ifndef STORE_META_H
#define STORE_META_H

#define META_GENERATION       "generation"       /* grows with every published file; milliseconds since 1970 as far as the clock goes forward */
#define META_BUILT_AT         "built_at"         /* seconds since 1970 */
#define META_TEXT_VERSION     "text_version"     /* TEXT_VERSION: an index of other rules for words is rebuilt */
#define META_LIBRARY_RULES    "library_rules"    /* text_library_rules(): the indexer makes one of others anew */
#define META_SITE_FINGERPRINT "site_fingerprint" /* of what decides about every page */
#define META_SITE_TITLE       "site_title"
#define META_BASE_URL         "base_url"
#define META_SAME_URLS        "same_urls"        /* pages of one URL: store/same_urls.c */
#define META_GLANCE           "glance"           /* what tells that nothing has changed: store/glance.c */
#define META_DEFAULT_LANG     "default_lang"
#define META_OWN_TERMS        "own_terms"        /* hash of what the site itself says of terms */

#endif
