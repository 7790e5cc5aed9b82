/* A cell for a process that opens untrusted bytes: CPU, memory and a shared answer, nothing else. */
#ifndef SERVICES_SANDBOX_H
#define SERVICES_SANDBOX_H

#include "base/err.h"

struct sandbox_limits {
    size_t memory;   /* bytes of address space beyond what the process has now */
    int cpu_seconds; /* then SIGXCPU, then SIGKILL */
};

/* Locks the calling process up for good; it must have one thread and everything it needs already loaded or mapped.
 * Afterwards: no new file, process, thread, socket or executable page; of system calls only memory, clock, random
 * bytes, exit, and write to standard error. Opening a file gives EPERM, anything else kills the process (SIGSYS). It
 * dies with its parent and leaves no core. Every descriptor is closed; the standard ones lead nowhere. Errors:
 * ERR_INTERNAL; the process must then exit without touching the bytes. */
int sandbox_enter(const struct sandbox_limits *limits, struct err *err);

/* Whether this build can be locked up: sanitizers need system calls of their own. */
bool sandbox_works(void);

#endif
