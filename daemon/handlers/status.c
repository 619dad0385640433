/* GET /v1/status: what is being served. No paths: it is public. */
#include "handlers.h"

#include "blogsearch/json.h"

static void put_texts(JsonWriter *json, Str key, const Str *texts, size_t n)
{
	json_key(json, key);
	json_begin_array(json);
	for (size_t i = 0; i < n; i++)
		json_string(json, texts[i]);
	json_end_array(json);
}

bool answer_status(const Request *request, Daemon *daemon, Response *response, Error *err)
{
	const EngineInfo *info = engine_info(request->engine);
	FacetNames facets = engine_facets(request->engine);
	JsonWriter json = json_writer(response->out);

	(void)daemon, (void)err;
	json_begin_object(&json);
	json_key(&json, STR("version"));
	json_string(&json, STR(BLOGSEARCH_VERSION));
	json_key(&json, STR("generation"));
	json_string(&json, arena_printf(request->arena, "%016llx", (unsigned long long)info->generation));
	json_key(&json, STR("pages"));
	json_uint(&json, info->n_pages);
	json_key(&json, STR("built_at"));
	json_time(&json, info->built_at);
	json_key(&json, STR("title"));
	json_string(&json, info->site_title);
	json_key(&json, STR("base_url"));
	json_string_or_null(&json, info->base_url);
	json_key(&json, STR("default_lang"));
	json_string(&json, info->default_lang);
	put_texts(&json, STR("languages"), info->languages, info->n_languages);
	put_texts(&json, STR("facets"), facets.names, facets.n);
	json_end_object(&json);
	return true;
}
