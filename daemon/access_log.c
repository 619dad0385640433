/* See access_log.h. */
#include "access_log.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <unistd.h>

#include "blogsearch/alloc.h"
#include "blogsearch/clock.h"
#include "blogsearch/json.h"

#define BUFFER_BYTES (256u << 10)
/* Of a header or a target that a visitor sent. */
#define SHOWN_BYTES 1024
/* What is left in the end is given up where nobody reads it. */
#define LAST_WRITE_MS 500

/* --- Lines ----------------------------------------------------------------------------------------------- */

/* As Apache does it: what is not printable ASCII, and what ends a quoted field, as \xHH. */
static void append_quoted(Buf *out, Str text)
{
	text = str_slice(text, 0, SHOWN_BYTES);
	buf_append_char(out, '"');
	for (size_t i = 0; i < text.len; i++) {
		unsigned char c = (unsigned char)text.data[i];

		if (c < ' ' || c >= 0x7f || c == '"' || c == '\\')
			buf_printf(out, "\\x%02x", c);
		else
			buf_append_char(out, (char)c);
	}
	buf_append_char(out, '"');
}

static void append_header(Buf *out, Str value)
{
	if (value.len)
		append_quoted(out, value);
	else
		buf_append_c(out, "\"-\"");
}

static const char *show_address(const Address *client, AddressShown shown, char text[ADDRESS_TEXT_SIZE])
{
	Address network = address_network(client, 24, 48);

	if (shown == ADDRESS_NONE)
		return "-";
	return address_to_text(shown == ADDRESS_FULL ? client : &network, text);
}

static void format_combined(const AccessEntry *entry, const char *client, Buf *out)
{
	static const char *const months[] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun",
		                              "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };
	const Request *request = entry->request;
	CivilTime time = time_to_civil(entry->time);
	CLEANUP(buf_deinit) Buf line = BUF_INIT(BUF_NO_CEILING);

	buf_printf(&line, "%.*s %.*s %.*s", STR_ARG(request->method), STR_ARG(str_slice(request->target, 0, SHOWN_BYTES)),
	           STR_ARG(request->version));
	buf_printf(out, "%s - - [%02u/%s/%04lld:%02u:%02u:%02u +0000] ", client, time.day, months[time.month - 1],
	           (long long)time.year, time.hour, time.minute, time.second);
	append_quoted(out, (Str){ line.data, line.len < SHOWN_BYTES ? line.len : SHOWN_BYTES });
	buf_printf(out, " %u %llu ", entry->status, (unsigned long long)entry->n_bytes);
	append_header(out, request->headers[HEADER_REFERER].value);
	buf_append_char(out, ' ');
	append_header(out, request->headers[HEADER_USER_AGENT].value);
}

static void put(JsonWriter *json, const char *key, Str text)
{
	json_key(json, str_from_c(key));
	json_string(json, str_slice(text, 0, SHOWN_BYTES));
}

static void format_json(const AccessEntry *entry, const char *client, Buf *out)
{
	const Request *request = entry->request;
	JsonWriter json = json_writer(out);

	json_begin_object(&json);
	json_key(&json, STR("time"));
	json_time(&json, entry->time);
	put(&json, "client", str_from_c(client));
	put(&json, "method", request->method);
	put(&json, "target", request->target);
	json_key(&json, STR("status"));
	json_uint(&json, entry->status);
	json_key(&json, STR("bytes"));
	json_uint(&json, entry->n_bytes);
	json_key(&json, STR("ms"));
	json_number(&json, (double)entry->spent_ns / 1e6, 3);
	put(&json, "referer", request->headers[HEADER_REFERER].value);
	put(&json, "user_agent", request->headers[HEADER_USER_AGENT].value);
	json_end_object(&json);
}

void access_log_format(const AccessEntry *entry, AccessLogFormat format, AddressShown shown, Buf *out)
{
	char text[ADDRESS_TEXT_SIZE];
	const char *client = show_address(&entry->client, shown, text);

	if (format == ACCESS_LOG_JSON)
		format_json(entry, client, out);
	else
		format_combined(entry, client, out);
	buf_append_char(out, '\n');
}

/* --- Writing --------------------------------------------------------------------------------------------- */

struct AccessLog {
	int fd;
	pthread_mutex_t lock;
	pthread_cond_t has_lines;
	Buf lines, being_written; /* the first with lock; the second is the thread's */
	atomic_ullong n_dropped;
	atomic_bool is_stopping;
	bool is_running;
	pthread_t thread;
};

AccessLog *access_log_new(int fd)
{
	AccessLog *log = xnew0(AccessLog);

	log->fd = fd;
	log->lines = (Buf)BUF_INIT(BUFFER_BYTES);
	log->being_written = (Buf)BUF_INIT(BUFFER_BYTES);
	pthread_mutex_init(&log->lock, NULL);
	pthread_cond_init(&log->has_lines, NULL);
	return log;
}

/* How much write() takes of a pipe without waiting, once poll() says that it takes something. */
#define PIECE_BYTES 4096

/* Never stands in write(): whoever does not read must not keep the daemon from ending. What nobody takes is left. */
static Str write_all(AccessLog *log, Str bytes)
{
	while (bytes.len) {
		struct pollfd fd = { log->fd, POLLOUT, 0 };
		Str piece = str_slice(bytes, 0, PIECE_BYTES);
		ssize_t n;

		if (poll(&fd, 1, LAST_WRITE_MS) == 0) {
			if (atomic_load(&log->is_stopping))
				return bytes;
			continue;
		}
		n = write(log->fd, piece.data, piece.len);
		if (n < 0 && (errno == EINTR || errno == EAGAIN))
			continue;
		if (n < 0)
			return bytes; /* nobody reads it any more, or the disk is full: serving goes on */
		bytes = str_from(bytes, (size_t)n);
	}
	return bytes;
}

static void drop(AccessLog *log, Str lines)
{
	for (size_t i = 0; i < lines.len; i++)
		if (lines.data[i] == '\n')
			atomic_fetch_add(&log->n_dropped, 1);
}

static void *write_lines(void *context)
{
	AccessLog *log = context;
	bool goes_on = true;

	while (goes_on) {
		Buf swapped;

		pthread_mutex_lock(&log->lock);
		while (!log->lines.len && !log->is_stopping)
			pthread_cond_wait(&log->has_lines, &log->lock);
		swapped = log->lines;
		log->lines = log->being_written;
		log->being_written = swapped;
		goes_on = !log->is_stopping;
		pthread_mutex_unlock(&log->lock);
		drop(log, write_all(log, buf_str(&log->being_written)));
		buf_clear(&log->being_written);
	}
	return NULL;
}

bool access_log_start(AccessLog *log, Error *err)
{
	int failed = pthread_create(&log->thread, NULL, write_lines, log);

	log->is_running = failed == 0;
	return log->is_running || error_errno(err, failed, NULL, "no thread can be started");
}

static void stop(AccessLog *log)
{
	pthread_mutex_lock(&log->lock);
	atomic_store(&log->is_stopping, true);
	pthread_cond_signal(&log->has_lines);
	pthread_mutex_unlock(&log->lock);
	pthread_join(log->thread, NULL);
}

AccessLog *access_log_free(AccessLog *log)
{
	if (!log)
		return NULL;
	if (log->is_running)
		stop(log);
	buf_deinit(&log->lines);
	buf_deinit(&log->being_written);
	pthread_cond_destroy(&log->has_lines);
	pthread_mutex_destroy(&log->lock);
	free(log);
	return NULL;
}

void access_log_add(AccessLog *log, Str line)
{
	pthread_mutex_lock(&log->lock);
	if (log->lines.len + line.len > BUFFER_BYTES) {
		atomic_fetch_add(&log->n_dropped, 1);
	} else {
		buf_append(&log->lines, line);
		pthread_cond_signal(&log->has_lines);
	}
	pthread_mutex_unlock(&log->lock);
}

uint64_t access_log_dropped(const AccessLog *log)
{
	return atomic_load(&log->n_dropped);
}
