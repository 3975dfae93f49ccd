#include "csat_c/base.h"

#define CSAT_TEXT_OF(x) #x
#define CSAT_TEXT(x) CSAT_TEXT_OF(x)

const char* csat_version(void) {
  return CSAT_TEXT(CSAT_VERSION_MAJOR) "." CSAT_TEXT(CSAT_VERSION_MINOR) "." CSAT_TEXT(CSAT_VERSION_PATCH);
}

const char* csat_status_name(csat_status status) {
  switch (status) {
    case CSAT_OK: return "OK";
    case CSAT_INVALID_ARGUMENT: return "INVALID_ARGUMENT";
    case CSAT_NOT_FOUND: return "NOT_FOUND";
    case CSAT_RESOURCE_EXHAUSTED: return "RESOURCE_EXHAUSTED";
    case CSAT_FAILED_PRECONDITION: return "FAILED_PRECONDITION";
    case CSAT_OUT_OF_RANGE: return "OUT_OF_RANGE";
    case CSAT_UNIMPLEMENTED: return "UNIMPLEMENTED";
    case CSAT_INTERNAL: return "INTERNAL";
    case CSAT_DATA_LOSS: return "DATA_LOSS";
    default: return "UNKNOWN";
  }
}
