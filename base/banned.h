/* Functions that do not compile here, because each has a safe sibling (house rule 9). Included by the build on
 * every C file of ours (-include), after the system headers below so that their own declarations survive. */
#ifndef BASE_BANNED_H
#define BASE_BANNED_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#pragma GCC poison strcpy strncpy strcat strncat sprintf vsprintf strtok atoi atol atoll atof sscanf gets
#pragma GCC poison localtime gmtime ctime asctime popen tmpnam tempnam mktemp

/* Names that library headers use for parameters cannot be poisoned; calling them fails instead. clang wants the
 * attribute at the first declaration, so only gcc, which every build uses, judges these two. */
#ifndef __clang__
extern int system(const char *command) __attribute__((error("system() is banned")));
extern int rand(void) __attribute__((error("rand() is banned: crypto_random()")));
#endif

#endif
