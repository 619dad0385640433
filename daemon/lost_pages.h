/*
 * The index is mapped into memory. Where its file is cut short under us (`: > index.db`, `cp` or `rsync --inplace` over
 * it), or the disk cannot read it any more, touching a page that is gone raises SIGBUS, which would end the daemon.
 * Instead such a page is replaced by zeros, which readers find damaged, and counted: what was made of an
 * index while the number went up is not to be believed.
 */
#ifndef DAEMON_LOST_PAGES_H
#define DAEMON_LOST_PAGES_H

/* For the whole process. It needs mmap(), without PROT_EXEC, from the sandbox. */
void lost_pages_survive(void);
/* Pages lost so far; from any thread. */
unsigned lost_pages_count(void);

#endif
