/* Giving up what serving does not need. */
#ifndef DAEMON_PRIVILEGES_H
#define DAEMON_PRIVILEGES_H

#include "blogsearch/error.h"

/*
 * Started as root: becomes @user or, where that is NULL, the owner of the file @index (of its
 * folder while there is none). Never stays root unless @user is "root": ERROR_USAGE. Started as
 * another user @user can only be that one.
 */
MUST_CHECK bool become_user(const char *user, const char *index, Error *err);

#endif
