// A list call as SQL: parent, filter, order, page and what the caller may see.
#ifndef FIVESTRAND_PLATFORM_RESOURCE_LIST_QUERY_H_
#define FIVESTRAND_PLATFORM_RESOURCE_LIST_QUERY_H_

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

#include "platform/crypto/sealed_text.h"
#include "platform/resource/declaration.h"
#include "platform/resource/filter.h"
#include "platform/rpc/call_context.h"
#include "platform/store/session.h"

namespace fivestrand::resource {

inline constexpr int kDefaultPageSize = 50;
inline constexpr int kMaxPageSize = 200;

// The fields that list requests have.
struct ListRequest {
  std::string parent;
  std::int32_t page_size = 0;
  std::string page_token;
  std::string filter;
  std::string order_by;
  bool show_deleted = false;
};

// 50 for 0, at most 200; INVALID_ARGUMENT for a negative size.
absl::StatusOr<int> PageSize(std::int32_t asked);

// The SELECT of one page. Columns of the result: record, path, then one for each order term.
class ListQuery {
 public:
  // `hidden`: columns that the caller may not read; a filter or order that names one is refused as if it were not indexed.
  static absl::StatusOr<ListQuery> Build(const Declaration& declaration, const rpc::CallContext& context,
                                         const ListRequest& request, const std::vector<const Column*>& hidden,
                                         const crypto::CookieSealer& tokens);

  const std::string& sql() const { return sql_; }
  // Valid as long as this object.
  std::vector<store::Param> params() const;
  int page_size() const { return page_size_; }

  // Token for the page after `row`.
  std::string NextToken(const store::Row& row, const crypto::CookieSealer& tokens) const;

 private:
  struct Value {
    bool text = false;
    std::int64_t number = 0;
    std::string bytes;
  };

  std::string Bind(Value value);
  std::string AccessCondition(const Declaration& declaration, const rpc::CallContext& context, bool any_school);

  std::string sql_;
  std::deque<Value> values_;
  std::vector<OrderTerm> order_;
  std::string binding_;
  int page_size_ = kDefaultPageSize;
};

}  // namespace fivestrand::resource

#endif  // FIVESTRAND_PLATFORM_RESOURCE_LIST_QUERY_H_
