// The tokens of JSON (RFC 8259).
#ifndef FIVESTRAND_GATEWAY_SRC_TRANSCODE_JSON_SCANNER_H_
#define FIVESTRAND_GATEWAY_SRC_TRANSCODE_JSON_SCANNER_H_

#include <string>
#include <string_view>

namespace fivestrand::gateway::transcode {

// Walks through a JSON text. Functions return false at a syntax error, after which the scanner is of no use.
class JsonScanner {
 public:
  static constexpr int kMaxDepth = 64;

  explicit JsonScanner(std::string_view text) : rest_(text) {}

  // The next character that is not white space, or '\0' at the end.
  char Peek();
  bool Take(char c);
  bool AtEnd() { return Peek() == '\0' && rest_.empty(); }

  bool TakeString(std::string* value);
  // A number as it is written.
  bool TakeNumber(std::string_view* text);
  bool TakeWord(std::string_view word);
  // A value of any kind.
  bool SkipValue(int depth = 0);

 private:
  bool TakeEscape(std::string* value);
  bool TakeHex4(uint32_t* value);
  bool TakeDigits(size_t* at) const;

  std::string_view rest_;
};

}  // namespace fivestrand::gateway::transcode

#endif  // FIVESTRAND_GATEWAY_SRC_TRANSCODE_JSON_SCANNER_H_
