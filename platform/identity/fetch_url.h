// One GET, for key sets. For the sources of platform/identity only.
#ifndef FIVESTRAND_PLATFORM_IDENTITY_FETCH_URL_H_
#define FIVESTRAND_PLATFORM_IDENTITY_FETCH_URL_H_

#include <atomic>
#include <string>

#include "absl/status/statusor.h"

#include "platform/identity/key_source.h"

namespace fivestrand::identity {

// The body of a 200 answer. UNAVAILABLE, with a text for the log, for everything else; about a second after `stop` at the latest.
absl::StatusOr<std::string> FetchUrl(const std::string& url, const UrlOptions& options, const std::atomic<bool>& stop);

}  // namespace fivestrand::identity

#endif  // FIVESTRAND_PLATFORM_IDENTITY_FETCH_URL_H_
