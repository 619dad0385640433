/*
 * How many requests of one network (an IPv4 address, the first 64 bits of an IPv6 one) are answered:
 * a bucket of tokens each, filled at a rate. A fixed table: whoever floods from many addresses makes
 * others forget a little, and us hold no more. Safe from any thread.
 */
#ifndef DAEMON_LIMIT_RATE_H
#define DAEMON_LIMIT_RATE_H

#include <stdbool.h>
#include <stdint.h>

#include "address.h"
#include "blogsearch/cleanup.h"

typedef struct RateLimiter RateLimiter;

RateLimiter *rate_limiter_new(void);
RateLimiter *rate_limiter_free(RateLimiter *limiter);

/*
 * Whether @client may ask once more, at the time @now_ns of the monotonic clock, with @rate requests
 * a second and @burst at once. Else *ret_seconds says when (1 or more).
 */
MUST_CHECK bool rate_limiter_admit(RateLimiter *limiter, const Address *client, uint32_t rate, uint32_t burst,
                                   uint64_t now_ns, uint32_t *ret_seconds);

#endif
