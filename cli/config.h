/*
 * The configuration: defaults, then blogsearch.yaml, then --set, each over the one before.
 * The only reader of that file; libraries get option structs.
 */
#ifndef CLI_CONFIG_H
#define CLI_CONFIG_H

#include <stdint.h>

#include "blogsearch/arena.h"
#include "blogsearch/error.h"

typedef struct ConfigList {
	const char **items;
	size_t n;
	const char *path; /* of the file that it stands in; NULL where it does not stand in one, item by item */
	unsigned *lines;  /* there */
} ConfigList;

/* @key has item @i of @list, which cannot be: ERROR_USAGE with its place. */
bool config_wrong_item(const char *key, const ConfigList *list, size_t i, const char *hint, Error *err);

#define CONFIG_TYPE_TEXT  const char *
#define CONFIG_TYPE_FLAG  bool
#define CONFIG_TYPE_COUNT uint32_t
#define CONFIG_TYPE_NUMBER double
#define CONFIG_TYPE_BYTES uint64_t
#define CONFIG_TYPE_LIST  ConfigList
#define CONFIG_TYPE_URL   const char *

enum {
	N_CONFIG_KEYS = 0
#define KEY(field, key, type, default_text, manual) +1
#include "config_keys.def"
#undef KEY
};

/* Everything lives in the arena it was read into; texts are never NULL. */
typedef struct Config {
#define KEY(field, key, type, default_text, manual) CONFIG_TYPE_##type field;
#include "config_keys.def"
#undef KEY
	const char *file;              /* that was read; NULL: none */
	unsigned lines[N_CONFIG_KEYS]; /* where it sets each; 0: it does not, or not with the last word */
} Config;

void config_init(Config *config, Arena *arena);
/* ERROR_NOT_FOUND where there is no such file; ERROR_USAGE with line for a wrong key or value; ERROR_SYNTAX. */
MUST_CHECK bool config_read(Config *config, const char *path, Arena *arena, Error *err);
/* The same of a file that is open; @path is for messages. */
MUST_CHECK bool config_read_fd(Config *config, int fd, const char *path, Arena *arena, Error *err);
/* "serve.listen=127.0.0.1:80"; parts of a list are separated by commas. */
MUST_CHECK bool config_set(Config *config, const char *assignment, Arena *arena, Error *err);

/* Says of wrong usage of a key (its parameter) where the file has that key, if it has and no other place is said. */
void config_place(const Config *config, Error *err);

/* Of the values of all keys that begin with @prefix ("ranking."): another number where one is another. */
uint64_t config_hash(const Config *config, const char *prefix);

#endif
