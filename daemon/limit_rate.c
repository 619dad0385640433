/* See limit_rate.h. A bucket holds when it will be full; how full it is follows from that. */
#include "limit_rate.h"

#include <pthread.h>
#include <stdlib.h>

#include "blogsearch/alloc.h"
#include "blogsearch/clock.h"
#include "blogsearch/hash.h"

/* An address has its place in one of the ways of its set; 192 KB, made with the first request. */
#define N_SETS 1024
#define N_WAYS 8

#define NS UINT64_C(1000000000)

typedef struct Bucket {
	Address network;
	uint64_t full_ns;
} Bucket;

struct RateLimiter {
	pthread_mutex_t lock;
	Bucket *buckets;
	uint64_t seed;
};

RateLimiter *rate_limiter_new(void)
{
	RateLimiter *limiter = xnew0(RateLimiter);

	pthread_mutex_init(&limiter->lock, NULL);
	/* Not to be guessed, so that nobody can aim at another's bucket. */
	limiter->seed = hash_number((uint64_t)(uintptr_t)limiter, monotonic_ns());
	return limiter;
}

RateLimiter *rate_limiter_free(RateLimiter *limiter)
{
	if (limiter) {
		pthread_mutex_destroy(&limiter->lock);
		free(limiter->buckets);
		free(limiter);
	}
	return NULL;
}

/* Its own, or in place of the one that is full first: that one loses least. */
static Bucket *find_bucket(RateLimiter *limiter, const Address *network)
{
	uint64_t hash = hash_more(limiter->seed, (Str){ (const char *)network->bytes, sizeof(network->bytes) });
	Bucket *set = &limiter->buckets[hash % N_SETS * N_WAYS], *victim = set;

	for (Bucket *bucket = set; bucket < set + N_WAYS; bucket++) {
		if (address_equal(&bucket->network, network))
			return bucket;
		if (bucket->full_ns < victim->full_ns)
			victim = bucket;
	}
	*victim = (Bucket){ .network = *network };
	return victim;
}

bool rate_limiter_admit(RateLimiter *limiter, const Address *client, uint32_t rate, uint32_t burst, uint64_t now_ns,
                        uint32_t *ret_seconds)
{
	Address network = address_visitor(client);
	uint64_t token_ns = NS / rate, capacity_ns = token_ns * burst, full_ns;
	bool is_admitted;
	Bucket *bucket;

	pthread_mutex_lock(&limiter->lock);
	if (!limiter->buckets)
		limiter->buckets = xnew0_n(Bucket, N_SETS * N_WAYS);
	bucket = find_bucket(limiter, &network);
	full_ns = (bucket->full_ns > now_ns ? bucket->full_ns : now_ns) + token_ns;
	is_admitted = full_ns <= now_ns + capacity_ns;
	if (is_admitted)
		bucket->full_ns = full_ns;
	pthread_mutex_unlock(&limiter->lock);
	*ret_seconds = is_admitted ? 0 : (uint32_t)((full_ns - now_ns - capacity_ns + NS - 1) / NS);
	return is_admitted;
}
