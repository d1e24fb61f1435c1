#include "platform/identity/fetch_url.h"

#include <curl/curl.h>
#include <memory>

#include "absl/strings/str_cat.h"

namespace fivestrand::identity {
namespace {

struct FreeCurl {
  void operator()(CURL* curl) const { curl_easy_cleanup(curl); }
};

struct Body {
  std::string text;
  size_t max_bytes;
};

size_t Append(char* data, size_t size, size_t count, void* target) {
  auto* body = static_cast<Body*>(target);
  const size_t bytes = size * count;
  // Fewer bytes than given make curl give up.
  if (body->text.size() + bytes > body->max_bytes) return 0;
  body->text.append(data, bytes);
  return bytes;
}

int CheckStop(void* stop, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  return static_cast<const std::atomic<bool>*>(stop)->load() ? 1 : 0;
}

}  // namespace

absl::StatusOr<std::string> FetchUrl(const std::string& url, const UrlOptions& options, const std::atomic<bool>& stop) {
  const std::unique_ptr<CURL, FreeCurl> curl(curl_easy_init());
  if (curl == nullptr) return absl::UnavailableError("cannot start a request for the key set");
  Body body{{}, options.max_bytes};
  CURL* handle = curl.get();
  const auto milliseconds = static_cast<long>(absl::ToInt64Milliseconds(options.timeout));
  curl_easy_setopt(handle, CURLOPT_URL, url.c_str());
  curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "https,http");
  curl_easy_setopt(handle, CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(handle, CURLOPT_TIMEOUT_MS, milliseconds);
  curl_easy_setopt(handle, CURLOPT_CONNECTTIMEOUT_MS, milliseconds);
  curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, Append);
  curl_easy_setopt(handle, CURLOPT_WRITEDATA, &body);
  curl_easy_setopt(handle, CURLOPT_NOPROGRESS, 0L);
  curl_easy_setopt(handle, CURLOPT_XFERINFOFUNCTION, CheckStop);
  curl_easy_setopt(handle, CURLOPT_XFERINFODATA, const_cast<std::atomic<bool>*>(&stop));
  if (!options.use_proxy) curl_easy_setopt(handle, CURLOPT_NOPROXY, "*");
  if (!options.ca_file.empty()) curl_easy_setopt(handle, CURLOPT_CAINFO, options.ca_file.c_str());
  if (!options.client_cert_file.empty()) curl_easy_setopt(handle, CURLOPT_SSLCERT, options.client_cert_file.c_str());
  if (!options.client_key_file.empty()) curl_easy_setopt(handle, CURLOPT_SSLKEY, options.client_key_file.c_str());
  const CURLcode code = curl_easy_perform(handle);
  if (code != CURLE_OK) return absl::UnavailableError(absl::StrCat("the key set at ", url, ": ", curl_easy_strerror(code)));
  long answer = 0;
  curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &answer);
  if (answer != 200) return absl::UnavailableError(absl::StrCat("the key set at ", url, ": HTTP status ", answer));
  return std::move(body.text);
}

}  // namespace fivestrand::identity
