/* Reads a body from standard input: what every program of the comparison does. */
#include "program.h"

int judge(const char *body, size_t length) { return length > 0 && body[0] == '{'; }
