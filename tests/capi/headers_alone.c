/* Compiling the headers is the test; the program ends at once. */
#include <string.h>

#include "csat_c.h"

int main(void) { return strcmp(csat_version(), "") == 0; }
