/* The verbs of the command line. Each takes the arguments from its own name on and returns the exit status. */
#ifndef SERVICES_KARTEI_H
#define SERVICES_KARTEI_H

#include "base/str.h"

int cmd_admin(int argc, char **argv);
int cmd_dedupe(int argc, char **argv);
int cmd_migrate(int argc, char **argv);
int cmd_scan(int argc, char **argv);
int cmd_settings(int argc, char **argv);
int cmd_signature(int argc, char **argv);
int cmd_up(int argc, char **argv);

#endif
