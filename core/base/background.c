/* See background.h. Signals stay with the thread that began. */
#include "blogsearch/background.h"

#include <signal.h>

static void *run(void *context)
{
	Background *background = context;

	background->is_done = background->work(background->context, &background->err);
	return NULL;
}

void background_begin(Background *background, BackgroundWork work, void *context)
{
	sigset_t all, before;

	*background = (Background){ .work = work, .context = context, .err = ERROR_INIT };
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	background->has_thread = pthread_create(&background->thread, NULL, run, background) == 0;
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (!background->has_thread)
		run(background);
}

bool background_end(Background *background, Error *err)
{
	bool is_done;

	if (!background->work)
		return true;
	if (background->has_thread)
		pthread_join(background->thread, NULL);
	is_done = background->is_done;
	if (!is_done)
		error_move(err, &background->err);
	error_deinit(&background->err);
	*background = (Background){ 0 };
	return is_done;
}

void background_deinit(Background *background)
{
	(void)!background_end(background, NULL);
}
